#include "variant.hpp"

#include "gobject.hpp"

namespace csnet::dbus {

std::string path_of(GVariant* reply) {
  const char* path = nullptr;
  g_variant_get_child(reply, 0, "&o", &path);
  return path;
}

std::uint32_t lookup_uint32(GVariant* dictionary, const char* key) {
  const auto value = take(g_variant_lookup_value(dictionary, key, G_VARIANT_TYPE_UINT32));
  return value ? g_variant_get_uint32(value.get()) : 0;
}

bool lookup_bool(GVariant* dictionary, const char* key) {
  const auto value = take(g_variant_lookup_value(dictionary, key, G_VARIANT_TYPE_BOOLEAN));
  return value && g_variant_get_boolean(value.get()) != FALSE;
}

std::string lookup_string(GVariant* dictionary, const char* key) {
  const auto value = take(g_variant_lookup_value(dictionary, key, nullptr));
  const bool is_text =
      value && (g_variant_is_of_type(value.get(), G_VARIANT_TYPE_STRING) != FALSE ||
                g_variant_is_of_type(value.get(), G_VARIANT_TYPE_OBJECT_PATH) != FALSE);
  return is_text ? g_variant_get_string(value.get(), nullptr) : "";
}

std::vector<std::string> lookup_paths(GVariant* dictionary, const char* key) {
  return paths_of(
      take(g_variant_lookup_value(dictionary, key, G_VARIANT_TYPE_OBJECT_PATH_ARRAY)).get());
}

std::vector<std::string> paths_of(GVariant* array) {
  std::vector<std::string> paths;
  if (array == nullptr) return paths;
  for (std::size_t i = 0; i < g_variant_n_children(array); ++i) {
    const auto path = take(g_variant_get_child_value(array, i));
    paths.emplace_back(g_variant_get_string(path.get(), nullptr));
  }
  return paths;
}

}  // namespace csnet::dbus
