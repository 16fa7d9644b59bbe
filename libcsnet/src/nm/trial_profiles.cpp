#include "client.hpp"
#include "convert.hpp"
#include "device.hpp"
#include "error.hpp"
#include "profile_calls.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

/// Profiles on trial: in memory alone, until they are written to disk or undone.
namespace csnet::nm {
namespace {

/// Does not change an active interface: the plan decides when that happens.
Call change_call(const Stored& stored, const VariantPtr& settings, guint32 flags) {
  return update_call(stored.path, settings, flags | NM_SETTINGS_UPDATE2_FLAG_NO_REAPPLY,
                     subject_of(stored));
}

VariantPtr parse_settings(const std::string& text) {
  return take(
      g_variant_parse(G_VARIANT_TYPE("a{sa{sv}}"), text.c_str(), nullptr, nullptr, nullptr));
}

}  // namespace

std::string Client::new_uuid() { return StringPtr(nm_utils_uuid_generate()).get(); }

std::string Client::add_in_memory(const Profile& profile) {
  auto wanted = profile;
  wanted.visit([](auto& of) {
    if (of.uuid.empty()) of.uuid = new_uuid();
  });
  const auto connection = make_connection(wanted);
  // NetworkManager must not bring it up on its own: the plan decides when it comes up.
  const guint32 flags = NM_SETTINGS_ADD_CONNECTION2_FLAG_IN_MEMORY |
                        NM_SETTINGS_ADD_CONNECTION2_FLAG_BLOCK_AUTOCONNECT;
  service_.call(add_call(to_variant(connection.get()), flags, subject(wanted)));
  return wanted.uuid();
}

void Client::change_in_memory(const std::string& uuid, const Profile& before,
                              const Profile& after) {
  const auto stored = need(uuid);
  add_secrets(stored);
  write_difference(stored.connection.get(), before, after);
  normalize(stored.connection.get(), subject(before));
  service_.call(
      change_call(stored, to_variant(stored.connection.get()),
                  NM_SETTINGS_UPDATE2_FLAG_IN_MEMORY | NM_SETTINGS_UPDATE2_FLAG_BLOCK_AUTOCONNECT));
}

bool Client::is_generated(const std::string& uuid) {
  const auto stored = find_uuid(uuid);
  if (!stored) return false;
  const std::array path = {stored->path};
  const auto properties = service_.properties(path, kConnection);
  return properties.front() && (lookup_uint32(properties.front().get(), "Flags") &
                                NM_SETTINGS_CONNECTION_FLAG_NM_GENERATED) != 0;
}

void Client::write_to_disk(const std::string& uuid) {
  const auto stored = need(uuid);
  service_.call(change_call(stored, nullptr, NM_SETTINGS_UPDATE2_FLAG_TO_DISK));
}

void Client::switch_autoconnect_off(const std::string& uuid, const std::string& new_name) {
  const auto stored = need(uuid);
  add_secrets(stored);
  auto* setting = nm_connection_get_setting_connection(stored.connection.get());
  g_object_set(setting, NM_SETTING_CONNECTION_AUTOCONNECT, FALSE, NM_SETTING_CONNECTION_ID,
               new_name.c_str(), nullptr);
  service_.call(
      change_call(stored, to_variant(stored.connection.get()),
                  NM_SETTINGS_UPDATE2_FLAG_TO_DISK | NM_SETTINGS_UPDATE2_FLAG_BLOCK_AUTOCONNECT));
}

std::vector<Saved> Client::save_for_journal(std::span<const std::string> uuids) {
  const auto stored = need_all(uuids);
  std::vector<std::string> paths(stored.size());
  std::ranges::transform(stored, paths.begin(), &Stored::path);
  const auto properties = service_.properties(paths, kConnection);
  std::vector<Saved> all;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const auto settings = take(
        nm_connection_to_dbus(stored[i].connection.get(), NM_CONNECTION_SERIALIZE_WITH_NON_SECRET));
    const StringPtr text(g_variant_print(settings.get(), TRUE));
    all.push_back({uuids[i], subject_of(stored[i]), text.get(),
                   properties[i] ? lookup_string(properties[i].get(), "Filename") : ""});
  }
  return all;
}

std::string Client::file_of(const std::string& uuid) {
  const auto stored = find_uuid(uuid);
  if (!stored) return {};
  const std::array path = {stored->path};
  const auto properties = service_.properties(path, kConnection);
  return properties.front() ? lookup_string(properties.front().get(), "Filename") : std::string{};
}

bool Client::is_as_saved(const Saved& saved) {
  const auto stored = find_uuid(saved.uuid);
  if (!stored) return false;
  const auto settings = parse_settings(saved.settings);
  if (!settings) return false;
  const ConnectionPtr wanted(nm_simple_connection_new_from_dbus(settings.get(), nullptr));
  return wanted && same_settings(stored->connection.get(), wanted.get());
}

void Client::reload() { service_.call(on_settings("ReloadConnections")); }

void Client::restore(const Saved& saved) {
  // The profile on trial hides an unchanged file on disk. Without it, the file counts again.
  const auto file = file_of(saved.uuid);
  if (!file.empty() && !is_on_disk(file) && file != saved.file) {
    if (unlink(file.c_str()) != 0 && errno != ENOENT) {
      throw Error(ErrorKind::unavailable, saved.subject,
                  fmt::format("{} cannot be removed: {}", file, std::strerror(errno)),
                  "remove it by hand, then run: nmcli connection reload");
    }
    reload();
  }
  if (is_as_saved(saved)) return;
  const auto settings = parse_settings(saved.settings);
  const bool to_disk = is_on_disk(saved.file);
  if (const auto stored = find_uuid(saved.uuid)) {
    const guint32 flags =
        to_disk ? NM_SETTINGS_UPDATE2_FLAG_TO_DISK : NM_SETTINGS_UPDATE2_FLAG_IN_MEMORY;
    service_.call(change_call(*stored, settings, flags));
    return;
  }
  const guint32 flags = to_disk ? NM_SETTINGS_ADD_CONNECTION2_FLAG_TO_DISK
                                : NM_SETTINGS_ADD_CONNECTION2_FLAG_IN_MEMORY;
  service_.call(add_call(settings, flags, saved.subject));
}

}  // namespace csnet::nm
