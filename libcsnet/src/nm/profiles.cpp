#include "client.hpp"
#include "controller.hpp"
#include "convert.hpp"
#include "device.hpp"
#include "error.hpp"
#include "profile_calls.hpp"

#include <csnet/validate.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <utility>

/// Lists, finds, adds, modifies and removes profiles.
namespace csnet::nm {
namespace {

/// Nothing for a profile that was deleted in the meantime.
std::optional<Stored> parse(std::string path, const Reply& reply) {
  if (const auto* error = std::get_if<ErrorPtr>(&reply)) {
    if (is_gone(**error)) return std::nullopt;
    throw to_error(**error);
  }
  const auto settings = take(g_variant_get_child_value(std::get<VariantPtr>(reply).get(), 0));
  ErrorPtr failure;
  auto* connection = nm_simple_connection_new_from_dbus(settings.get(), Out(failure));
  // A newer daemon's type that this libnm does not know: csnet has no profile for it either.
  if (connection == nullptr) return std::nullopt;
  return Stored{std::move(path),
                std::shared_ptr<NMConnection>(connection, Deleter<g_object_unref>{})};
}

/// The same error with an addition to its hint.
Error with_hint(const Error& error, const std::string& more) {
  return {error.kind(), error.subject(), error.message(),
          error.hint().empty() ? more : fmt::format("{}\n  {}", error.hint(), more)};
}

/// A request about one profile of several, and the request that undoes it. A request is built when
/// its turn comes, while NetworkManager works on those before.
struct Work {
  std::string uuid;
  std::string subject;
  std::function<Call()> make;
  std::function<Call(const VariantPtr& reply)> undo;
  Reply reply{};
};

/// Words for a message about a failure that was not undone.
struct Words {
  const char* done;  ///< "written"
  const char* left;  ///< "remain"
};

/// Sends all requests. If one fails, undoes the others; the error names the profiles that it could
/// not undo.
void all_or_nothing(Service& service, std::vector<Work> all, const Words& words) {
  service.call_each(
      all.size(), [&](std::size_t i) { return all[i].make(); },
      [&](std::size_t i, Reply reply) { all[i].reply = std::move(reply); });
  const auto failed = std::ranges::find_if(
      all, [](const Work& work) { return std::holds_alternative<ErrorPtr>(work.reply); });
  if (failed == all.end()) return;

  std::vector<Call> undone;
  for (const auto& work : all) {
    if (const auto* reply = std::get_if<VariantPtr>(&work.reply))
      undone.push_back(work.undo(*reply));
  }
  auto error = to_error(*std::get<ErrorPtr>(failed->reply), failed->subject);
  for (const auto& reply : service.call_all(undone)) {
    if (std::holds_alternative<VariantPtr>(reply)) continue;
    std::vector<std::string_view> uuids;
    uuids.reserve(all.size());
    for (const auto& work : all) uuids.emplace_back(work.uuid);
    error = with_hint(error, fmt::format("some of these profiles may {}; look for their uuids: {}",
                                         words.left, fmt::join(uuids, ", ")));
    break;
  }
  if (error.kind() == ErrorKind::unavailable || error.kind() == ErrorKind::timeout) {
    error = with_hint(error, fmt::format("it may have been {} nevertheless; its uuid is {}",
                                         words.done, failed->uuid));
  }
  throw Error(error);
}

/// Refuses two changes of one profile, which may be named in two ways.
void refuse_twice(const std::vector<Stored>& all) {
  std::set<std::string_view> paths;
  for (const auto& stored : all) {
    if (paths.insert(stored.path).second) continue;
    throw Error(ErrorKind::invalid, subject_of(stored), "is named twice among these changes",
                "combine both changes in one entry");
  }
}

}  // namespace

Client::Client(Bus& bus) : service_(bus, kService, to_error) {
  const auto version =
      service_.property_of(service_.call(property_call(kManagerPath, kManager, "Version")));
  version_ = g_variant_get_string(version.get(), nullptr);
}

std::vector<Stored> Client::profiles() {
  const auto list = service_.call(on_settings("ListConnections"));
  return load(paths_of(take(g_variant_get_child_value(list.get(), 0)).get()));
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
  service_.call_each(
      paths.size(), [&](std::size_t i) { return settings_call(paths[i]); },
      [&](std::size_t i, const Reply& reply) {
        if (auto stored = parse(paths[i], reply)) handle(i, *std::move(stored));
      });
}

std::optional<Stored> Client::find(std::string_view which) {
  if (auto stored = find_uuid(which)) return stored;
  const auto all = profiles();
  const auto* found = ProfileIndex(all).find(which);
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

std::optional<Stored> Client::find_uuid(std::string_view uuid) {
  auto paths = paths_by_uuid(std::array{std::string(uuid)});
  if (paths.front().empty()) return std::nullopt;
  auto found = load(paths);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<std::string> Client::paths_by_uuid(std::span<const std::string> uuids) {
  std::vector<std::string> paths(uuids.size());
  std::vector<std::size_t> asked;
  for (std::size_t i = 0; i < uuids.size(); ++i) {
    if (g_uuid_string_is_valid(uuids[i].c_str()) != FALSE) asked.push_back(i);
  }
  service_.call_each(
      asked.size(),
      [&](std::size_t i) {
        return on_settings("GetConnectionByUuid",
                           take(g_variant_new("(s)", uuids[asked[i]].c_str())));
      },
      [&](std::size_t i, const Reply& reply) {
        if (const auto* error = std::get_if<ErrorPtr>(&reply)) {
          // For an unknown uuid, old daemons answer InvalidConnection.
          auto failure = to_error(**error, fmt::format("profile '{}'", uuids[asked[i]]));
          if (failure.kind() != ErrorKind::not_found && failure.kind() != ErrorKind::invalid)
            throw failure;
          return;
        }
        paths[asked[i]] = path_of(std::get<VariantPtr>(reply).get());
      });
  return paths;
}

std::vector<std::string> Client::need_paths(std::span<const std::string> which) {
  auto paths = paths_by_uuid(which);
  if (std::ranges::none_of(paths, &std::string::empty)) return paths;
  const auto all = profiles();
  const ProfileIndex index(all);
  for (std::size_t i = 0; i < which.size(); ++i) {
    if (!paths[i].empty()) continue;
    const auto* found = index.find(which[i]);
    if (found == nullptr) throw no_such_profile(which[i]);
    paths[i] = found->path;
  }
  return paths;
}

Stored Client::need(std::string_view which) {
  return std::move(need_all(std::array{std::string(which)}).front());
}

std::vector<Stored> Client::need_all(std::span<const std::string> which) {
  const auto paths = need_paths(which);
  std::vector<Stored> found(paths.size());
  load_each(paths, [&](std::size_t i, Stored stored) { found[i] = std::move(stored); });
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i].connection) throw no_such_profile(which[i]);  // it was deleted in the meantime
  }
  return found;
}

std::vector<std::string> Client::add(std::span<const Profile> wanted) {
  throw_if_invalid(validate(HostState{{wanted.begin(), wanted.end()}}));
  std::vector<Profile> profiles(wanted.begin(), wanted.end());
  for (auto& profile : profiles) {
    profile.visit([](auto& of) {
      if (!of.uuid.empty()) return;
      const StringPtr uuid(nm_utils_uuid_generate());
      of.uuid = uuid.get();
    });
  }
  settle_controllers(profiles, [this] { return this->profiles(); });

  // libnm checks all of them before the first is sent.
  std::vector<Work> all;
  std::vector<std::string> uuids;
  all.reserve(profiles.size());
  uuids.reserve(profiles.size());
  for (const auto& profile : profiles) {
    const std::shared_ptr<NMConnection> connection = make_connection(profile);
    all.push_back(
        {.uuid = profile.uuid(),
         .subject = subject(profile),
         .make =
             [connection] {
               return add_call(to_variant(connection.get()),
                               NM_SETTINGS_ADD_CONNECTION2_FLAG_TO_DISK);
             },
         .undo = [](const VariantPtr& added) { return delete_call(path_of(added.get())); }});
    uuids.push_back(profile.uuid());
  }
  all_or_nothing(service_, std::move(all), {.done = "written", .left = "remain"});
  return uuids;
}

void Client::add_secrets(const Stored& stored) {
  auto* connection = stored.connection.get();
  if (nm_connection_get_setting_802_1x(connection) == nullptr) return;
  const auto secrets =
      service_.call({.path = stored.path,
                     .interface = kConnection,
                     .method = "GetSecrets",
                     .arguments = take(g_variant_new("(s)", NM_SETTING_802_1X_SETTING_NAME)),
                     .subject = subject_of(stored)});
  const auto values = take(g_variant_get_child_value(secrets.get(), 0));
  nm_connection_update_secrets(connection, NM_SETTING_802_1X_SETTING_NAME, values.get(), nullptr);
}

void Client::modify(std::span<const Modification> all) {
  std::vector<std::string> which;
  which.reserve(all.size());
  for (const auto& one : all) which.push_back(one.which);
  const auto stored = need_all(which);
  refuse_twice(stored);

  HostState before;
  HostState after;
  std::vector<Profile> changes;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto profile = read_profile(stored[i].connection.get());
    if (!profile) {
      throw Error(ErrorKind::unsupported, subject_of(stored[i]),
                  "is of a type that csnet does not support", "change it with nmcli");
    }
    before.profiles.push_back(*profile);
    after.profiles.push_back(merge(*profile, all[i].changes));
    changes.push_back(all[i].changes);
    if (!changes.back().uuid().empty() && changes.back().uuid() != profile->uuid()) {
      throw Error(ErrorKind::invalid, subject(*profile),
                  "its uuid cannot be changed",  // NetworkManager would ignore it
                  "leave the uuid out, or add a new profile and remove this one");
    }
    // Other changes may name this profile as their controller.
    changes.back().visit([&](auto& of) { of.uuid = profile->uuid(); });
  }
  // A profile of another program may have problems already: report only those that the changes add.
  const auto found = validate(before);
  const std::set<Finding> already(found.begin(), found.end());
  auto problems = validate(after);
  std::erase_if(problems, [&](const Finding& finding) { return already.contains(finding); });
  throw_if_invalid(problems);
  settle_controllers(changes, [this] { return profiles(); });

  std::vector<Work> updates;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& one = stored[i];
    const auto about = subject(before.profiles[i]);
    add_secrets(one);
    const std::shared_ptr<GVariant> original = to_variant(one.connection.get());
    write_profile(one.connection.get(), changes[i]);
    normalize(one.connection.get(), about);
    const auto update = [&one](VariantPtr settings) {
      return update_call(one.path, settings, NM_SETTINGS_UPDATE2_FLAG_TO_DISK);
    };
    updates.push_back(
        {.uuid = uuid_of(one),
         .subject = about,
         .make = [&one, update] { return update(to_variant(one.connection.get())); },
         .undo = [original, update](
                     const VariantPtr&) { return update(take(g_variant_ref(original.get()))); }});
  }
  all_or_nothing(service_, std::move(updates), {.done = "changed", .left = "be changed"});
}

void Client::remove(std::span<const std::string> which) {
  const auto found = need_paths(which);
  std::set<std::string_view> known;
  std::vector<std::size_t> wanted;  // one may be named twice, by uuid and by name
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (known.insert(found[i]).second) wanted.push_back(i);
  }
  std::map<std::size_t, Error> failed;
  service_.call_each(
      wanted.size(), [&](std::size_t i) { return delete_call(found[wanted[i]]); },
      [&](std::size_t i, const Reply& reply) {
        const auto* error = std::get_if<ErrorPtr>(&reply);
        if (error == nullptr) return;
        const auto index = wanted[i];
        failed.emplace(index, to_error(**error, fmt::format("profile '{}'", which[index])));
      });
  if (failed.empty()) return;
  const auto& first = failed.begin()->second;
  if (wanted.size() == 1) throw Error(first);
  std::vector<std::string> left;
  left.reserve(failed.size());
  for (const auto& [index, _] : failed) left.push_back(which[index]);
  throw with_hint(first,
                  fmt::format("{} of {} were removed, but not: {}", wanted.size() - left.size(),
                              wanted.size(), fmt::join(left, ", ")));
}

}  // namespace csnet::nm
