#include "property.hpp"

#include <csnet/error.hpp>

#include <algorithm>
#include <string>

namespace csnet::nm {
namespace {

struct Name {
  std::string setting;
  std::string property;
};

Name split(std::string_view name) {
  const auto dot = name.find('.');
  return {std::string(name.substr(0, dot)),
          std::string(dot == std::string_view::npos ? "" : name.substr(dot + 1))};
}

/// GLib's typed box, emptied at the end of its scope.
class Value {
 public:
  Value() = default;
  explicit Value(GType type) { g_value_init(&value_, type); }
  ~Value() {
    if (G_VALUE_TYPE(&value_) != 0) g_value_unset(&value_);
  }
  Value(const Value&) = delete;
  Value& operator=(const Value&) = delete;
  GValue* get() { return &value_; }

 private:
  GValue value_ = G_VALUE_INIT;
};

/// GLib converts a number to the property's own type (guint, gint, gint64, flags) and back.
template <class Number>
void write_number(NMConnection* connection, std::string_view name,
                  const std::optional<Number>& number) {
  if (!number) return;
  Value value(G_TYPE_INT64);
  g_value_set_int64(value.get(), static_cast<gint64>(*number));
  g_object_set_property(G_OBJECT(need_setting(connection, split(name).setting)),
                        split(name).property.c_str(), value.get());
}

template <class Number>
void read_number(NMConnection* connection, std::string_view name, std::optional<Number>& number) {
  auto* setting = find_setting(connection, split(name).setting);
  if (setting == nullptr) return;
  Value value(G_TYPE_INT64);
  g_object_get_property(G_OBJECT(setting), split(name).property.c_str(), value.get());
  number = static_cast<Number>(g_value_get_int64(value.get()));
}

void write_text(NMConnection* connection, std::string_view name, const char* text) {
  g_object_set(need_setting(connection, split(name).setting), split(name).property.c_str(), text,
               nullptr);
}

std::optional<std::string> read_text(NMConnection* connection, std::string_view name) {
  auto* setting = find_setting(connection, split(name).setting);
  if (setting == nullptr) return std::nullopt;
  StringPtr text;
  g_object_get(setting, split(name).property.c_str(), static_cast<char**>(Out(text)), nullptr);
  if (!text) return std::nullopt;
  return text.get();
}

/// Another program's profile may hold what csnet's stricter types refuse: csnet then reads no value.
template <class T>
void read_parsed(NMConnection* connection, std::string_view name, std::optional<T>& value) {
  if (const auto text = read_text(connection, name)) value = T::parse(*text);
}

}  // namespace

const char* checked(std::string_view name, const std::string& text) {
  if (g_utf8_validate_len(text.data(), text.size(), nullptr) != FALSE) return text.c_str();
  throw Error(ErrorKind::invalid, std::string(name), "is not UTF-8 text, or holds a null character",
              "write it in UTF-8");
}

NMSetting* find_setting(NMConnection* connection, std::string_view name) {
  return nm_connection_get_setting_by_name(connection, std::string(name).c_str());
}

NMSetting* need_setting(NMConnection* connection, std::string_view name) {
  if (auto* setting = find_setting(connection, name)) return setting;
  auto* setting =
      NM_SETTING(g_object_new(nm_setting_lookup_type(std::string(name).c_str()), nullptr));
  nm_connection_add_setting(connection, setting);
  return setting;
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::string& value) {
  if (!value.empty()) write_text(connection, property, checked(property, value));
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<std::string>& value) {
  if (!value) return;
  write_text(connection, property, value->empty() ? nullptr : checked(property, *value));
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<bool>& value) {
  if (!value) return;
  g_object_set(need_setting(connection, split(property).setting), split(property).property.c_str(),
               static_cast<gboolean>(*value), nullptr);
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<std::int32_t>& value) {
  write_number(connection, property, value);
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<std::uint32_t>& value) {
  write_number(connection, property, value);
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<std::int64_t>& value) {
  write_number(connection, property, value);
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<MacAddress>& value) {
  if (value) write_text(connection, property, value->to_string().c_str());
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<IpAddress>& value) {
  if (value) write_text(connection, property, value->to_string().c_str());
}

void write_property(codec::Property, NMConnection* connection, std::string_view property,
                    const std::optional<std::vector<std::string>>& value) {
  if (!value) return;
  std::vector<const char*> words;
  words.reserve(value->size() + 1);
  for (auto word = value->begin(); word != value->end(); ++word) {
    // nmcli drops what is named twice, and so do we.
    if (std::find(value->begin(), word, *word) == word) words.push_back(checked(property, *word));
  }
  words.push_back(nullptr);
  g_object_set(need_setting(connection, split(property).setting), split(property).property.c_str(),
               words.data(), nullptr);
}

/// NetworkManager keeps the mode among the options.
void reset_property(codec::Property, NMConnection* connection, std::string_view property) {
  auto* setting = find_setting(connection, split(property).setting);
  if (setting == nullptr) return;
  const auto name = split(property).property;
  auto* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(setting), name.c_str());
  Value value(G_PARAM_SPEC_VALUE_TYPE(spec));
  g_param_value_set_default(spec, value.get());
  g_object_set_property(G_OBJECT(setting), name.c_str(), value.get());
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::string& value) {
  value = read_text(connection, property).value_or("");
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<std::string>& value) {
  value = read_text(connection, property);
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<bool>& value) {
  auto* setting = find_setting(connection, split(property).setting);
  if (setting == nullptr) return;
  gboolean flag = FALSE;
  g_object_get(setting, split(property).property.c_str(), &flag, nullptr);
  value = flag != FALSE;
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<std::int32_t>& value) {
  read_number(connection, property, value);
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<std::uint32_t>& value) {
  read_number(connection, property, value);
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<std::int64_t>& value) {
  read_number(connection, property, value);
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<MacAddress>& value) {
  read_parsed(connection, property, value);
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<IpAddress>& value) {
  read_parsed(connection, property, value);
}

void read_property(codec::Property, NMConnection* connection, std::string_view property,
                   std::optional<std::vector<std::string>>& value) {
  auto* setting = find_setting(connection, split(property).setting);
  if (setting == nullptr) return;
  StringsPtr words;
  g_object_get(setting, split(property).property.c_str(), static_cast<char***>(Out(words)),
               nullptr);
  value.emplace();
  for (char** word = words.get(); word != nullptr && *word != nullptr; ++word)
    value->emplace_back(*word);
}

}  // namespace csnet::nm
