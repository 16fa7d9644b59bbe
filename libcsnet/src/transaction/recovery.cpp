#include "recovery.hpp"

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

constexpr auto kDaemonComesBack = std::chrono::seconds{60};
constexpr auto kInterfacesComeBack = std::chrono::seconds{30};
constexpr auto kLastLook = std::chrono::seconds{10};  ///< after the second repair
constexpr auto kCommitTime = std::chrono::seconds{60};
constexpr auto kUndoTime = std::chrono::seconds{120};
constexpr std::string_view kInMemory = "/run/";

/// Runs one repair; what it cannot do is for the operator.
template <class Repair>
void attempt(std::vector<Leftover>& left, const std::string& what, const std::string& by_hand,
             Repair&& repair) {
  try {
    repair();
  } catch (const Error& error) {
    left.push_back({fmt::format("{}: {}", what, error.message()), by_hand});
  }
}

void remove_if_there(nm::Client& client, const std::string& uuid) {
  if (client.find(uuid)) client.remove({&uuid, 1});
}

/// Files of profiles that a commit had begun to write: byte for byte as they were.
void restore_files(nm::Client& client, const Record& record, std::vector<Leftover>& left) {
  bool any = false;
  for (std::size_t i = 0; i < record.saved.size(); ++i) {
    const auto& saved = record.saved[i];
    if (saved.file.empty() || saved.file.starts_with(kInMemory) || i >= record.files.size() ||
        host::read_file(saved.file) == record.files[i])
      continue;
    attempt(left, saved.file, "write it again as the journal has it", [&] {
      host::write_file(saved.file, record.files[i]);
      any = true;
    });
  }
  if (any) attempt(left, "profiles", "nmcli connection reload", [&] { client.reload(); });
}

/// What is not as it was; each with what to type.
std::vector<Leftover> differences(nm::Client& client, const Record& record) {
  std::vector<Leftover> found;
  std::map<std::string, Device, std::less<>> devices;
  for (auto& device : client.devices()) {
    auto interface = device.interface_name;
    devices.emplace(std::move(interface), std::move(device));
  }
  for (const auto& before : record.before) {
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
  for (const auto& interface : record.new_interfaces) {
    if (devices.contains(interface))
      found.push_back({fmt::format("interface {} is left", interface),
                       fmt::format("ip link delete {}", interface)});
  }
  for (const auto& saved : record.saved) {
    if (!client.is_as_saved(saved))
      found.push_back({fmt::format("{} is not as it was", saved.subject),
                       fmt::format("nmcli connection edit {}", saved.uuid)});
  }
  for (const auto* uuids : {&record.added, &record.parked}) {
    for (const auto& uuid : *uuids) {
      if (client.find(uuid))
        found.push_back(
            {"a profile of the trial is left", fmt::format("nmcli connection delete {}", uuid)});
    }
  }
  return found;
}

bool is_one_of(const std::vector<std::string>& uuids, const std::string& uuid) {
  return std::ranges::find(uuids, uuid) != uuids.end();
}

/// Deleting a profile takes its interface down in NetworkManager's own time; the old uplink must not meet the new one.
void remove_added(nm::Client& client, const Record& record, std::vector<Leftover>& left) {
  for (const auto& uuid : record.added) {
    attempt(left, fmt::format("profile {} of the trial", uuid),
            fmt::format("nmcli connection delete {}", uuid),
            [&] { remove_if_there(client, uuid); });
  }
  client.wait_until(std::chrono::steady_clock::now() + kInterfacesComeBack, [&] {
    return std::ranges::none_of(client.devices(), [&](const Device& device) {
      return is_one_of(record.added, device.profile);
    });
  });
}

/// No, too, when it is on its way down, as a former port is whose bridge was just removed: it must start anew.
bool takes_over(nm::Client& client, const std::string& interface) {
  try {
    return client.reapply(interface);
  } catch (const Error&) {
    return false;
  }
}

/// A running interface takes its old settings over; one that was taken from its profile gets it back. Not by
/// NetworkManager's own rollback: that restarts whole bridges, and drops VMs' taps that are new.
void bring_back(nm::Client& client, const Record& record) {
  std::map<std::string, std::string, std::less<>> now;
  for (const auto& device : client.devices()) now.emplace(device.interface_name, device.profile);
  std::vector<nm::Start> starts;
  for (const auto& before : record.before) {
    if (!client.find(before.uuid)) continue;
    nm::Start start{.uuid = before.uuid, .must_start = now[before.interface_name] != before.uuid};
    if (!start.must_start && is_one_of(record.modified, before.uuid))
      start.must_start = !takes_over(client, before.interface_name);
    starts.push_back(std::move(start));
  }
  try {
    client.activate_exactly(starts, {.timeout = kInterfacesComeBack});
  } catch (const Error&) {
    return;  // what matters is whether it is as it was, and that is looked at next
  }
}

void repair(nm::Client& client, const Record& record, std::vector<Leftover>& left) {
  remove_added(client, record, left);
  restore_files(client, record, left);
  for (const auto& saved : record.saved) {
    attempt(left, saved.subject, fmt::format("nmcli connection edit {}", saved.uuid),
            [&] { client.restore(saved); });
  }
  for (const auto& uuid : record.restarted) {
    // A VLAN keeps its id as long as it exists, whatever its profile says, and NetworkManager does not notice.
    attempt(left, fmt::format("profile {}", uuid),
            fmt::format("nmcli connection down {0}; nmcli connection up {0}", uuid), [&] {
              if (client.find(uuid)) client.deactivate(uuid);
            });
  }
  bring_back(client, record);
  for (const auto& uuid : record.parked) {
    attempt(left, fmt::format("profile {} of the trial", uuid),
            fmt::format("nmcli connection delete {}", uuid),
            [&] { remove_if_there(client, uuid); });
  }
  for (const auto& interface : record.new_interfaces) {
    attempt(left, interface, fmt::format("ip link delete {}", interface),
            [&] { client.delete_interface(interface); });
  }
}

bool is_on_disk(nm::Client& client, const std::string& uuid) {
  const auto file = client.file_of(uuid);
  return !file.empty() && !file.starts_with(kInMemory);
}

/// After the point of no return: each part on its own, since one that fails must not stop the others.
std::vector<Leftover> clean_up(nm::Client& client, const Record& record, ProgressLog& log) {
  log.ignore_exceptions();
  std::vector<Leftover> left;
  const auto part = [&](ProgressAction action, const std::string& subject, const std::string& what,
                        const std::string& by_hand, auto&& act) {
    const auto at = log.begin(ProgressPhase::commit, action, subject, what);
    const auto before = left.size();
    attempt(left, what, by_hand, act);
    log.end(at, left.size() == before ? "done" : "failed",
            left.size() == before ? "" : in_words(left.back()));
  };
  for (std::size_t i = 0; i < record.retired.size(); ++i) {
    part(ProgressAction::retire, record.retired_as[i],
         fmt::format("retire {}", record.retired_as[i]),
         fmt::format("nmcli connection modify {} autoconnect no", record.retired[i]), [&] {
           if (client.find(record.retired[i]))
             client.switch_autoconnect_off(record.retired[i], record.retired_as[i]);
         });
  }
  // What is parked holds its interface as long as the old profile is there, which would come up once more.
  for (const auto* uuids : {&record.removed, &record.parked}) {
    for (const auto& uuid : *uuids) {
      part(ProgressAction::remove, uuid,
           fmt::format("delete {}{}", uuids == &record.parked ? "parked " : "", uuid),
           fmt::format("nmcli connection delete {}", uuid), [&] { remove_if_there(client, uuid); });
    }
  }
  return left;
}

/// After a power failure in the middle of a commit, an old profile that had not retired yet may hold an interface, or be
/// a second uplink of the bridge.
void bring_up_new(nm::Client& client, const Record& record, std::vector<Leftover>& left) {
  const auto state = client.read();
  for (const auto& device : state.devices) {
    if (!is_one_of(record.retired, device.profile)) continue;
    attempt(left, fmt::format("{} still runs by a retired profile", device.interface_name),
            fmt::format("nmcli connection down {}", device.profile),
            [&] { client.deactivate(device.profile); });
  }
  std::vector<nm::Start> starts;
  std::string by_hand;
  for (const bool controllers : {true, false}) {
    for (const auto& profile : state.profiles) {
      const auto& id = profile.uuid();
      const bool is_controller = profile.is<BridgeProfile>() || profile.is<BondProfile>();
      const bool comes_up =
          profile.visit([](const auto& of) { return of.autoconnect.value_or(true); });
      if (is_controller != controllers || !comes_up ||
          (!is_one_of(record.added, id) && !is_one_of(record.modified, id)))
        continue;
      starts.push_back({.uuid = id, .must_start = false});
      by_hand += fmt::format("{}nmcli connection up {}", by_hand.empty() ? "" : "; ", id);
    }
  }
  attempt(left, "the new profiles are not all up", by_hand,
          [&] { client.activate_exactly(starts, {.timeout = kInterfacesComeBack}); });
}

}  // namespace

std::string in_words(const Leftover& one) {
  return one.command.empty() ? one.what : fmt::format("{} (by hand: {})", one.what, one.command);
}

bool is_alive(nm::Client& client, const Record& record) {
  return !record.checkpoint.path.empty() &&
         std::ranges::any_of(client.checkpoints(), [&](const nm::Checkpoint& checkpoint) {
           return checkpoint.path == record.checkpoint.path &&
                  checkpoint.owner == record.checkpoint.owner;
         });
}

std::vector<Leftover> undo(nm::Client& client, Journal& journal, const Record& record) {
  if (!client.wait_for_daemon(kDaemonComesBack)) {
    throw Error(ErrorKind::unavailable, "NetworkManager",
                "does not run: nothing can be taken back before it does",
                fmt::format("systemctl start NetworkManager, then csnet rollback {}", record.id));
  }
  // Until all is done, NetworkManager is ready to do it if this process dies, too.
  const bool alive = is_alive(client, record);
  if (alive) client.extend(record.checkpoint, kUndoTime);
  std::vector<Leftover> left;
  std::vector<Leftover> differ;
  // What NetworkManager is in the middle of can spoil a repair: then once more.
  for (int turn = 0; turn < 2; ++turn) {
    left.clear();
    repair(client, record, left);
    const auto most = turn == 0 ? kInterfacesComeBack : kLastLook;
    client.wait_until(std::chrono::steady_clock::now() + most, [&] {
      differ = differences(client, record);
      return differ.empty();
    });
    if (differ.empty()) break;
  }
  for (const auto& before : record.before) {
    for (const auto& address : before.addresses)
      host::announce(Cidr(address).address(), before.interface_name);
  }
  if (alive && is_alive(client, record)) {
    attempt(left, "checkpoint", "systemctl restart NetworkManager",
            [&] { client.destroy(record.checkpoint); });
  }
  if (differ.empty()) {
    journal.erase();
    return {};
  }
  left.insert(left.end(), differ.begin(), differ.end());
  return left;
}

std::vector<Leftover> finish(nm::Client& client, Journal& journal, Record record,
                             ProgressLog& log) {
  client.extend(record.checkpoint, kCommitTime);
  record.phase = "commit";
  journal.write(to_json(record));
  for (const auto* uuids : {&record.added, &record.modified}) {
    for (const auto& uuid : *uuids) {
      const auto profile = client.find(uuid);
      const auto subject = profile ? nm::subject_of(*profile) : uuid;
      const auto at = log.begin(ProgressPhase::commit, ProgressAction::write, subject,
                                fmt::format("write {} to disk", subject));
      client.write_to_disk(uuid);
      log.end(at, "done");
    }
  }
  const auto at = log.begin(ProgressPhase::commit, ProgressAction::drop_checkpoint, "",
                            "destroy the checkpoint");
  client.destroy(record.checkpoint);  // the point of no return
  log.ignore_exceptions();
  log.end(at, "done");
  auto left = clean_up(client, record, log);
  if (left.empty()) journal.erase();
  return left;
}

bool recover(nm::Client& client, Journal& journal, const Record& record, ProgressLog& log,
             std::vector<Leftover>& left) {
  if (record.phase == "commit") {
    const auto is_written = [&](const std::string& uuid) { return is_on_disk(client, uuid); };
    const auto is_changed = [&](const nm::Saved& saved) {
      return std::ranges::find(record.modified, saved.uuid) == record.modified.end() ||
             !client.is_as_saved(saved);
    };
    if (std::ranges::all_of(record.added, is_written) &&
        std::ranges::all_of(record.modified, is_written) &&
        std::ranges::all_of(record.saved, is_changed)) {
      left = clean_up(client, record, log);
      bring_up_new(client, record, left);
      if (left.empty()) journal.erase();
      return true;
    }
  }
  left = undo(client, journal, record);
  return false;
}

}  // namespace csnet
