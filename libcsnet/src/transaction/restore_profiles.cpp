#include "restore_profiles.hpp"

#include "host/arp.hpp"
#include "host/files.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace csnet {
namespace {

constexpr auto kInterfacesComeBack = std::chrono::seconds{30};

/// Runs one repair. If it fails, tells the operator what to do by hand.
template <class Repair>
void attempt(Left& left, const std::string& what, const std::string& by_hand, Repair&& repair) {
  try {
    repair();
  } catch (const Error& error) {
    left.push_back({fmt::format("{}: {}", what, error.message()), by_hand});
  }
}

void remove_if_there(nm::Client& client, const std::string& uuid) {
  if (client.find(uuid)) client.remove({&uuid, 1});
}

/// Restores, byte for byte, the profiles' files that a commit has changed.
void restore_files(nm::Client& client, const SavedProfiles& saved, Left& left) {
  bool any = false;
  for (const auto& one : saved.saved) {
    const auto& file = one.profile.file;
    if (!nm::is_on_disk(file) || host::read_file(file) == one.content) continue;
    attempt(left, file, "restore the file from the journal", [&] {
      host::write_file(file, one.content);
      any = true;
    });
  }
  if (any) attempt(left, "profiles", "nmcli connection reload", [&] { client.reload(); });
}

bool is_one_of(const std::vector<std::string>& uuids, const std::string& uuid) {
  return std::ranges::find(uuids, uuid) != uuids.end();
}

bool is_retired(const SavedProfiles& saved, const std::string& uuid) {
  return std::ranges::find(saved.retired, uuid, &RetiredProfile::uuid) != saved.retired.end();
}

/// Deletes the trial's profiles, and waits until NetworkManager has taken their interfaces down:
/// the old uplink must not come up beside the new one.
void remove_added(nm::Client& client, const SavedProfiles& saved, Left& left) {
  for (const auto& uuid : saved.added) {
    attempt(left, fmt::format("profile {} of the trial", uuid),
            fmt::format("nmcli connection delete {}", uuid),
            [&] { remove_if_there(client, uuid); });
  }
  client.wait_until(std::chrono::steady_clock::now() + kInterfacesComeBack, [&] {
    return std::ranges::none_of(client.devices(), [&](const Device& device) {
      return is_one_of(saved.added, device.profile.value_or(""));
    });
  });
}

/// Reapplies the profile. False, too, for an interface that is being taken down, such as a port
/// whose bridge was just deleted: it must be started again.
bool takes_over(nm::Client& client, const std::string& interface) {
  try {
    return client.reapply(interface);
  } catch (const Error&) {
    return false;
  }
}

/// Reapplies the old settings to an active interface, and activates the old profile on any other.
/// Does not use NetworkManager's own rollback, which restarts whole bridges and removes VMs' new
/// taps.
void bring_back(nm::Client& client, const SavedProfiles& saved) {
  std::map<std::string, std::string, std::less<>> now;
  for (const auto& device : client.devices())
    now.emplace(device.interface_name, device.profile.value_or(""));
  std::vector<nm::Start> starts;
  for (const auto& before : saved.interfaces) {
    if (!client.find(before.uuid)) continue;
    nm::Start start{.uuid = before.uuid, .must_start = now[before.interface_name] != before.uuid};
    if (!start.must_start && is_one_of(saved.modified, before.uuid))
      start.must_start = !takes_over(client, before.interface_name);
    starts.push_back(std::move(start));
  }
  try {
    client.activate_exactly(starts, {.timeout = kInterfacesComeBack});
  } catch (const Error&) {
    return;  // profile_differences(), which is next, finds all that is not restored
  }
}

}  // namespace

Left profile_differences(nm::Client& client, const SavedProfiles& saved) {
  Left found;
  std::map<std::string, Device, std::less<>> devices;
  for (auto& device : client.devices()) {
    auto interface = device.interface_name;
    devices.emplace(std::move(interface), std::move(device));
  }
  for (const auto& before : saved.interfaces) {
    const auto device = devices.find(before.interface_name);
    const auto up = fmt::format("nmcli connection up {}", before.uuid);
    if (device == devices.end()) {
      found.push_back({fmt::format("{} is not there", before.interface_name), up});
      continue;
    }
    const auto& now = device->second;
    if (now.profile != before.uuid || now.state != "activated") {
      found.push_back({fmt::format("{} is {}", before.interface_name,
                                   now.profile == before.uuid ? now.state : "without its profile"),
                       up});
    } else if (now.controller != before.controller) {
      found.push_back(
          {fmt::format("{} is not in {}", before.interface_name, before.controller), up});
    } else {
      for (const auto& address : before.addresses) {
        if (std::ranges::find(now.addresses, Cidr(address)) == now.addresses.end())
          found.push_back({fmt::format("{} is without {}", before.interface_name, address), up});
      }
    }
  }
  for (const auto& interface : saved.new_interfaces) {
    if (devices.contains(interface))
      found.push_back({fmt::format("interface {} still exists", interface),
                       fmt::format("ip link delete {}", interface)});
  }
  for (const auto& [profile, content] : saved.saved) {
    if (!client.is_as_saved(profile))
      found.push_back({fmt::format("{} is not as it was", profile.subject),
                       fmt::format("nmcli connection edit {}", profile.uuid)});
  }
  for (const auto* uuids : {&saved.added, &saved.parked}) {
    for (const auto& uuid : *uuids) {
      if (client.find(uuid))
        found.push_back({"a profile of the trial still exists",
                         fmt::format("nmcli connection delete {}", uuid)});
    }
  }
  return found;
}

Left restore_profiles(nm::Client& client, const SavedProfiles& saved) {
  if (!client.wait_for_daemon(kDaemonComesBack)) {
    throw Error(ErrorKind::unavailable, "NetworkManager",
                "is not running: csnet cannot restore the host without it",
                "systemctl start NetworkManager, then csnet rollback");
  }
  Left left;
  remove_added(client, saved, left);
  restore_files(client, saved, left);
  for (const auto& one : saved.saved) {
    attempt(left, one.profile.subject, fmt::format("nmcli connection edit {}", one.profile.uuid),
            [&] { client.restore(one.profile); });
  }
  for (const auto& uuid : saved.restarted) {
    // A VLAN keeps its id as long as it exists, and NetworkManager does not notice the difference
    // from its profile.
    attempt(left, fmt::format("profile {}", uuid),
            fmt::format("nmcli connection down {0}; nmcli connection up {0}", uuid), [&] {
              if (client.find(uuid)) client.delete_interface_of(uuid);
            });
  }
  bring_back(client, saved);
  for (const auto& uuid : saved.parked) {
    attempt(left, fmt::format("profile {} of the trial", uuid),
            fmt::format("nmcli connection delete {}", uuid),
            [&] { remove_if_there(client, uuid); });
  }
  for (const auto& interface : saved.new_interfaces) {
    attempt(left, interface, fmt::format("ip link delete {}", interface),
            [&] { client.delete_interface(interface); });
  }
  for (const auto& before : saved.interfaces) {
    for (const auto& address : before.addresses)
      host::announce(Cidr(address).address(), before.interface_name);
  }
  return left;
}

bool is_on_disk(nm::Client& client, const std::string& uuid) {
  return nm::is_on_disk(client.file_of(uuid));
}

Left remove_replaced(nm::Client& client, const SavedProfiles& saved, ProgressLog& log) {
  log.ignore_exceptions();
  Left left;
  const auto part = [&](ProgressAction action, const std::string& subject,
                        const std::string& by_hand, auto&& act) {
    const auto at = log.begin(ProgressPhase::commit, action, subject);
    const auto before = left.size();
    attempt(left, to_text(log.steps().back()), by_hand, act);
    const bool is_done = left.size() == before;
    log.end(at, is_done ? ProgressOutcome::done : ProgressOutcome::failed,
            is_done ? "" : to_text(left.back()));
  };
  for (const auto& one : saved.retired) {
    part(ProgressAction::retire, one.name,
         fmt::format("nmcli connection modify {} autoconnect no", one.uuid), [&] {
           if (client.find(one.uuid)) client.switch_autoconnect_off(one.uuid, one.name);
         });
  }
  // Delete the old profiles first: each would come up again when the parked one leaves the
  // interface.
  for (const auto* uuids : {&saved.removed, &saved.parked}) {
    for (const auto& uuid : *uuids) {
      part(ProgressAction::remove, uuid, fmt::format("nmcli connection delete {}", uuid),
           [&] { remove_if_there(client, uuid); });
    }
  }
  return left;
}

void bring_up_new(nm::Client& client, const SavedProfiles& saved, Left& left) {
  const auto facts = client.read();
  for (const auto& device : facts.devices) {
    if (!device.profile || !is_retired(saved, *device.profile)) continue;
    attempt(left, fmt::format("{} is still active with a retired profile", device.interface_name),
            fmt::format("nmcli connection down {}", *device.profile),
            [&] { client.deactivate(*device.profile); });
  }
  std::vector<nm::Start> starts;
  std::string by_hand;
  for (const bool controllers : {true, false}) {
    for (const auto& profile : facts.current.profiles) {
      const auto& id = profile.uuid();
      const bool is_controller = profile.is<BridgeProfile>() || profile.is<BondProfile>();
      const bool comes_up =
          profile.visit([](const auto& of) { return of.autoconnect.value_or(true); });
      if (is_controller != controllers || !comes_up ||
          (!is_one_of(saved.added, id) && !is_one_of(saved.modified, id)))
        continue;
      starts.push_back({.uuid = id, .must_start = false});
      by_hand += fmt::format("{}nmcli connection up {}", by_hand.empty() ? "" : "; ", id);
    }
  }
  attempt(left, "the new profiles are not all up", by_hand,
          [&] { client.activate_exactly(starts, {.timeout = kInterfacesComeBack}); });
}

}  // namespace csnet
