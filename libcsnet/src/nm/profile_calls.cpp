#include "profile_calls.hpp"

#include <utility>

namespace csnet::nm {
namespace {

/// The arguments of AddConnection2 and Update2.
VariantPtr with_flags(const VariantPtr& settings, guint32 flags) {
  auto* given = settings ? settings.get() : g_variant_new("a{sa{sv}}", nullptr);
  return take(g_variant_new("(@a{sa{sv}}ua{sv})", given, flags, nullptr));
}

}  // namespace

Call on_settings(const char* method, VariantPtr arguments, std::string subject) {
  return {.path = kSettingsPath,
          .interface = kSettings,
          .method = method,
          .arguments = std::move(arguments),
          .subject = std::move(subject)};
}

Call add_call(const VariantPtr& settings, guint32 flags, std::string subject) {
  return on_settings("AddConnection2", with_flags(settings, flags), std::move(subject));
}

Call update_call(std::string path, const VariantPtr& settings, guint32 flags, std::string subject) {
  return {.path = std::move(path),
          .interface = kConnection,
          .method = "Update2",
          .arguments = with_flags(settings, flags),
          .subject = std::move(subject)};
}

Call settings_call(std::string path) {
  return {
      .path = std::move(path), .interface = kConnection, .method = "GetSettings", .arguments = {}};
}

Call delete_call(std::string path) {
  return {.path = std::move(path), .interface = kConnection, .method = "Delete", .arguments = {}};
}

Call activate_call(const Stored& profile, const std::string& device) {
  return {.path = kManagerPath,
          .interface = kManager,
          .method = "ActivateConnection",
          .arguments = take(g_variant_new("(ooo)", profile.path.c_str(), device.c_str(), "/")),
          .subject = subject_of(profile)};
}

}  // namespace csnet::nm
