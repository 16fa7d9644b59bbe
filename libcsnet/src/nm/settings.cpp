#include "client.hpp"
#include "controller.hpp"
#include "convert.hpp"
#include "device.hpp"
#include "error.hpp"

#include <csnet/validate.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <utility>

/// Profiles: list, find, add, modify, remove.
namespace csnet::nm {
namespace {

constexpr const char* kSettingsPath = "/org/freedesktop/NetworkManager/Settings";
constexpr const char* kSettings = "org.freedesktop.NetworkManager.Settings";

// NMSettingsAddConnection2Flags and NMSettingsUpdate2Flags have the same bit for it.
constexpr guint32 kToDisk = 0x1;

std::string text_of(const char* text) { return text != nullptr ? text : ""; }

Call settings_call(const std::string& path) {
  return {.path = path, .interface = kConnection, .method = "GetSettings", .arguments = {}};
}

/// Nothing for one that is gone in between.
std::optional<Stored> parse(std::string path, const Reply& reply) {
  if (const auto* error = std::get_if<ErrorPtr>(&reply)) {
    if (is_gone(**error)) return std::nullopt;
    throw to_error(**error, "NetworkManager");
  }
  const auto settings = take(g_variant_get_child_value(std::get<VariantPtr>(reply).get(), 0));
  ErrorPtr failure;
  auto* connection = nm_simple_connection_new_from_dbus(settings.get(), Out(failure));
  // A type that this libnm does not know, from a newer daemon: no profile of csnet's.
  if (connection == nullptr) return std::nullopt;
  return Stored{std::move(path),
                std::shared_ptr<NMConnection>(connection, Deleter<g_object_unref>{})};
}

VariantPtr with_options(VariantPtr settings) {
  return take(g_variant_new("(@a{sa{sv}}ua{sv})", settings.get(), kToDisk, nullptr));
}

std::vector<std::string> child_paths(GVariant* reply) {
  std::vector<std::string> paths;
  const auto list = take(g_variant_get_child_value(reply, 0));
  for (std::size_t i = 0; i < g_variant_n_children(list.get()); ++i) {
    const auto path = take(g_variant_get_child_value(list.get(), i));
    paths.emplace_back(g_variant_get_string(path.get(), nullptr));
  }
  return paths;
}

/// The one that matches, or nothing. @throws Error (conflict) when several do
const Stored* only(const std::vector<Stored>& all, std::string_view which,
                   std::string (*key)(const Stored&)) {
  const Stored* found = nullptr;
  for (const auto& stored : all) {
    if (key(stored) != which) continue;
    if (found != nullptr) {
      throw Error(
          ErrorKind::conflict, fmt::format("profile '{}'", which),
          fmt::format("is not the only one: {} and {} both fit", uuid_of(*found), uuid_of(stored)),
          "name one of them by its uuid");
    }
    found = &stored;
  }
  return found;
}

}  // namespace

std::string id_of(const Stored& stored) {
  return text_of(nm_connection_get_id(stored.connection.get()));
}
std::string uuid_of(const Stored& stored) {
  return text_of(nm_connection_get_uuid(stored.connection.get()));
}
std::string interface_of(const Stored& stored) {
  return text_of(nm_connection_get_interface_name(stored.connection.get()));
}
std::string controller_of(const Stored& stored) {
  return text_of(nm_setting_connection_get_master(
      nm_connection_get_setting_connection(stored.connection.get())));
}
bool is_bridge(const Stored& stored) {
  return nm_connection_is_type(stored.connection.get(), "bridge") != FALSE;
}
bool is_bond(const Stored& stored) {
  return nm_connection_is_type(stored.connection.get(), "bond") != FALSE;
}

std::string subject_of(const Stored& stored) {
  if (const auto profile = read_profile(stored.connection.get())) return subject(*profile);
  return fmt::format("{} '{}'", text_of(nm_connection_get_connection_type(stored.connection.get())),
                     id_of(stored));
}

const Stored* find(const std::vector<Stored>& all, std::string_view which) {
  for (auto* key : {uuid_of, id_of, interface_of}) {
    if (const auto* found = only(all, which, key)) return found;
  }
  return nullptr;
}

Error no_such_profile(std::string_view which) {
  return {ErrorKind::not_found, fmt::format("profile '{}'", which),
          "NetworkManager has none of this name, uuid or interface",
          "list what there is: nmcli connection show"};
}

Client::Client(SessionOptions options) : bus_(std::move(options)) {
  const auto reply = bus_.call({.path = kManagerPath,
                                .interface = "org.freedesktop.DBus.Properties",
                                .method = "Get",
                                .arguments = take(g_variant_new("(ss)", kService, "Version"))});
  const auto boxed = take(g_variant_get_child_value(reply.get(), 0));
  const auto version = take(g_variant_get_variant(boxed.get()));
  version_ = g_variant_get_string(version.get(), nullptr);
}

std::vector<Stored> Client::profiles() {
  const auto list = bus_.call({.path = kSettingsPath,
                               .interface = kSettings,
                               .method = "ListConnections",
                               .arguments = {}});
  return load(child_paths(list.get()));
}

std::vector<Stored> Client::load(std::span<const std::string> paths) {
  std::vector<std::optional<Stored>> found(paths.size());
  load_each(paths, [&](std::size_t i, Stored stored) { found[i] = std::move(stored); });
  std::vector<Stored> all;
  all.reserve(paths.size());
  for (auto& stored : found) {
    if (stored) all.push_back(*std::move(stored));
  }
  return all;
}

void Client::load_each(std::span<const std::string> paths,
                       const std::function<void(std::size_t, Stored)>& handle) {
  bus_.call_each(
      paths.size(), [&](std::size_t i) { return settings_call(paths[i]); },
      [&](std::size_t i, const Reply& reply) {
        if (auto stored = parse(paths[i], reply)) handle(i, *std::move(stored));
      });
}

std::optional<Stored> Client::find(std::string_view which) {
  if (auto stored = find_uuid(which)) return stored;
  const auto all = profiles();
  const auto* found = nm::find(all, which);
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

std::optional<Stored> Client::find_uuid(std::string_view uuid) {
  std::optional<Stored> found;
  Bus::Requests requests(bus_);
  find_uuid(requests, std::string(uuid), found);
  requests.run();
  return found;
}

void Client::find_uuid(Bus::Requests& requests, const std::string& uuid,
                       std::optional<Stored>& found) {
  if (g_uuid_string_is_valid(uuid.c_str()) == FALSE) return;
  requests.add(
      {.path = kSettingsPath,
       .interface = kSettings,
       .method = "GetConnectionByUuid",
       .arguments = take(g_variant_new("(s)", uuid.c_str()))},
      [&requests, &found, uuid](const Reply& reply) {
        if (const auto* error = std::get_if<ErrorPtr>(&reply)) {
          // Old daemons say only InvalidConnection for a uuid that they do not have.
          auto failure = to_error(**error, fmt::format("profile '{}'", uuid));
          if (failure.kind() != ErrorKind::not_found && failure.kind() != ErrorKind::invalid)
            throw failure;
          return;
        }
        const char* path = nullptr;
        g_variant_get(std::get<VariantPtr>(reply).get(), "(&o)", &path);
        requests.add(settings_call(path),
                     [&found, path = std::string(path)](const Reply& settings) {
                       found = parse(path, settings);
                     });
      });
}

Stored Client::need(std::string_view which) {
  return std::move(need_all(std::array{std::string(which)}).front());
}

std::vector<Stored> Client::need_all(std::span<const std::string> which) {
  Bus::Requests requests(bus_);
  return need_all(requests, which);
}

std::vector<Stored> Client::need_all(Bus::Requests& requests, std::span<const std::string> which) {
  std::vector<std::optional<Stored>> by_uuid(which.size());
  for (std::size_t i = 0; i < which.size(); ++i) find_uuid(requests, which[i], by_uuid[i]);
  requests.run();
  std::vector<Stored> all;  // only names need them
  std::vector<Stored> found;
  for (std::size_t i = 0; i < which.size(); ++i) {
    if (by_uuid[i]) {
      found.push_back(*std::move(by_uuid[i]));
      continue;
    }
    if (all.empty()) all = profiles();
    const auto* other = nm::find(all, which[i]);
    if (other == nullptr) throw no_such_profile(which[i]);
    found.push_back(*other);
  }
  return found;
}

std::vector<std::string> Client::add(std::span<const Profile> wanted) {
  throw_if_invalid(validate(HostState{{wanted.begin(), wanted.end()}}));
  std::vector<Profile> profiles(wanted.begin(), wanted.end());
  for (auto& profile : profiles) {
    std::visit(
        [](auto& of) {
          if (!of.uuid.empty()) return;
          const StringPtr uuid(nm_utils_uuid_generate());
          of.uuid = uuid.get();
        },
        profile);
  }
  settle_controllers(profiles, [this] { return this->profiles(); });

  // Each is made, and so checked by libnm, before the first is sent; and serialised when its turn comes, while
  // NetworkManager works on those before it.
  std::vector<ConnectionPtr> connections;
  std::vector<std::string> uuids;
  connections.reserve(profiles.size());
  uuids.reserve(profiles.size());
  for (const auto& profile : profiles) {
    connections.push_back(make_connection(profile));
    uuids.push_back(uuid(profile));
  }
  std::vector<Reply> replies(profiles.size());
  bus_.call_each(
      profiles.size(),
      [&](std::size_t i) {
        return Call{.path = kSettingsPath,
                    .interface = kSettings,
                    .method = "AddConnection2",
                    .arguments = with_options(to_variant(connections[i].get())),
                    .subject = subject(profiles[i])};
      },
      [&](std::size_t i, Reply reply) { replies[i] = std::move(reply); });
  const auto failed = std::ranges::find_if(
      replies, [](const Reply& reply) { return std::holds_alternative<ErrorPtr>(reply); });
  if (failed == replies.end()) return uuids;

  // All or nothing: take back what was added, and name what could not be.
  std::vector<Call> removals;
  for (const auto& reply : replies) {
    if (const auto* added = std::get_if<VariantPtr>(&reply)) {
      const char* path = nullptr;
      g_variant_get_child(added->get(), 0, "&o", &path);
      removals.push_back(
          {.path = path, .interface = kConnection, .method = "Delete", .arguments = {}});
    }
  }
  const auto index = static_cast<std::size_t>(failed - replies.begin());
  const auto error = to_error(*std::get<ErrorPtr>(*failed), subject(profiles[index]));
  auto hint = error.hint();
  for (const auto& removed : bus_.call_all(removals)) {
    if (std::holds_alternative<VariantPtr>(removed)) continue;
    hint += fmt::format("{}some of these profiles may be left, look for their uuids: {}",
                        hint.empty() ? "" : "\n  ", fmt::join(uuids, ", "));
    break;
  }
  if (error.kind() == ErrorKind::unavailable || error.kind() == ErrorKind::timeout) {
    hint += fmt::format("\n  it may have been written all the same: its uuid would be {}",
                        uuids[index]);
  }
  const std::string message = std::string(error.what()).substr(error.subject().size() + 2);
  throw Error(error.kind(), error.subject(), message, hint);
}

void Client::add_secrets(const Stored& stored) {
  auto* connection = stored.connection.get();
  if (nm_connection_get_setting_802_1x(connection) == nullptr) return;
  const auto secrets =
      bus_.call({.path = stored.path,
                 .interface = kConnection,
                 .method = "GetSecrets",
                 .arguments = take(g_variant_new("(s)", NM_SETTING_802_1X_SETTING_NAME)),
                 .subject = subject_of(stored)});
  const auto values = take(g_variant_get_child_value(secrets.get(), 0));
  nm_connection_update_secrets(connection, NM_SETTING_802_1X_SETTING_NAME, values.get(), nullptr);
}

void Client::modify(std::string_view which, const Profile& changes) {
  const auto stored = need(which);
  const auto before = read_profile(stored.connection.get());
  if (!before) {
    throw Error(ErrorKind::unsupported, subject_of(stored), "csnet knows no profiles of this type",
                "change it with nmcli");
  }
  // A hand-made profile may hold what csnet would not write: only new problems are this change's.
  const auto already = validate(HostState{{*before}});
  auto problems = validate(HostState{{merge(*before, changes)}});
  std::erase_if(problems, [&](const Finding& finding) {
    return std::ranges::find(already, finding) != already.end();
  });
  throw_if_invalid(problems);

  std::vector<Profile> settled = {changes};
  settle_controllers(settled, [this] { return profiles(); });
  auto* connection = stored.connection.get();
  add_secrets(stored);
  write_profile(connection, settled.front());
  normalize(connection, subject(*before));
  bus_.call({.path = stored.path,
             .interface = kConnection,
             .method = "Update2",
             .arguments = with_options(to_variant(connection)),
             .subject = subject(*before)});
}

void Client::remove(std::string_view which) {
  const auto stored = need(which);
  bus_.call({.path = stored.path,
             .interface = kConnection,
             .method = "Delete",
             .arguments = {},
             .subject = subject_of(stored)});
}

}  // namespace csnet::nm
