#include "restore.hpp"

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
constexpr auto kInterfacesComeBack = std::chrono::seconds{45};
constexpr auto kCommitTime = std::chrono::seconds{60};
constexpr std::string_view kInMemory = "/run/";

/// The message without the subject that stands before it.
std::string message_of(const Error& error) {
  const std::string text = error.what();
  return error.subject().empty() ? text : text.substr(error.subject().size() + 2);
}

/// Runs one repair; what it cannot do is for the operator.
template <class Repair>
void attempt(std::vector<std::string>& left, const std::string& what, const std::string& by_hand,
             Repair&& repair) {
  try {
    repair();
  } catch (const Error& error) {
    left.push_back(fmt::format("{}: {} (by hand: {})", what, message_of(error), by_hand));
  }
}

void remove_if_there(nm::Client& client, const std::string& uuid) {
  if (client.find(uuid)) client.remove(uuid);
}

/// Files of profiles that a commit had begun to write: byte for byte as they were.
void restore_files(nm::Client& client, const Record& record, std::vector<std::string>& left) {
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
std::vector<std::string> differences(nm::Client& client, const Record& record) {
  std::vector<std::string> found;
  std::map<std::string, Device, std::less<>> devices;
  for (auto& device : client.devices()) {
    auto interface = device.interface_name;
    devices.emplace(std::move(interface), std::move(device));
  }
  for (const auto& before : record.before) {
    const auto device = devices.find(before.interface_name);
    const auto up = fmt::format("nmcli connection up {}", before.uuid);
    if (device == devices.end()) {
      found.push_back(fmt::format("{} is not there (by hand: {})", before.interface_name, up));
      continue;
    }
    const auto& now = device->second;
    if (now.profile != before.uuid || now.state != "activated") {
      found.push_back(fmt::format("{} is {} (by hand: {})", before.interface_name,
                                  now.profile == before.uuid ? now.state : "without its profile",
                                  up));
    } else if (now.controller != before.controller) {
      found.push_back(fmt::format("{} is not in {} (by hand: {})", before.interface_name,
                                  before.controller, up));
    } else {
      for (const auto& address : before.addresses) {
        if (std::ranges::find(now.addresses, Cidr(address)) == now.addresses.end())
          found.push_back(
              fmt::format("{} is without {} (by hand: {})", before.interface_name, address, up));
      }
    }
  }
  for (const auto& saved : record.saved) {
    if (!client.is_as_saved(saved))
      found.push_back(fmt::format("{} is not as it was (by hand: nmcli connection edit {})",
                                  saved.subject, saved.uuid));
  }
  for (const auto* uuids : {&record.added, &record.parked}) {
    for (const auto& uuid : *uuids) {
      if (client.find(uuid))
        found.push_back(fmt::format(
            "a profile of the trial is left (by hand: nmcli connection delete {})", uuid));
    }
  }
  return found;
}

/// NetworkManager 1.42 leaves some interfaces down after its rollback, and after a restart it rolls nothing back.
void bring_back(nm::Client& client, const Record& record) {
  std::vector<nm::Start> starts;
  for (const auto& before : record.before) {
    if (client.find(before.uuid)) starts.push_back({.uuid = before.uuid, .must_start = false});
  }
  try {
    client.activate_exactly(starts, {.timeout = kInterfacesComeBack});
  } catch (const Error&) {
    return;  // what matters is whether it is as it was, and that is looked at next
  }
}

bool is_on_disk(nm::Client& client, const std::string& uuid) {
  const auto file = client.file_of(uuid);
  return !file.empty() && !file.starts_with(kInMemory);
}

/// After the point of no return: each part on its own, since one that fails must not stop the others.
std::vector<std::string> clean_up(nm::Client& client, host::Journal& journal,
                                  const Record& record) {
  std::vector<std::string> left;
  for (std::size_t i = 0; i < record.retired.size(); ++i) {
    attempt(left, fmt::format("profile '{}' is not retired", record.retired_as[i]),
            fmt::format("nmcli connection modify {} autoconnect no", record.retired[i]), [&] {
              if (client.find(record.retired[i]))
                client.switch_autoconnect_off(record.retired[i], record.retired_as[i]);
            });
  }
  for (const auto* uuids : {&record.parked, &record.removed}) {
    for (const auto& uuid : *uuids) {
      attempt(left, fmt::format("profile {} is not deleted", uuid),
              fmt::format("nmcli connection delete {}", uuid),
              [&] { remove_if_there(client, uuid); });
    }
  }
  if (left.empty()) journal.erase();
  return left;
}

}  // namespace

bool is_alive(nm::Client& client, const Record& record) {
  return !record.checkpoint.path.empty() &&
         std::ranges::any_of(client.checkpoints(), [&](const nm::Checkpoint& checkpoint) {
           return checkpoint.path == record.checkpoint.path &&
                  checkpoint.owner == record.checkpoint.owner;
         });
}

std::vector<std::string> undo(nm::Client& client, host::Journal& journal, const Record& record) {
  if (!client.wait_for_daemon(kDaemonComesBack)) {
    throw Error(ErrorKind::unavailable, "NetworkManager",
                "does not run: nothing can be taken back before it does",
                fmt::format("systemctl start NetworkManager, then: csnet rollback {}", record.id));
  }
  std::vector<std::string> left;
  if (is_alive(client, record)) {
    try {
      client.roll_back(record.checkpoint);
    } catch (const Error&) {
      // Its time was over at this moment, or it failed: what follows does it again, and looks.
    }
  }
  for (const auto* uuids : {&record.added, &record.parked}) {
    for (const auto& uuid : *uuids)
      attempt(left, fmt::format("profile {} of the trial", uuid),
              fmt::format("nmcli connection delete {}", uuid),
              [&] { remove_if_there(client, uuid); });
  }
  restore_files(client, record, left);
  for (const auto& saved : record.saved)
    attempt(left, saved.subject, fmt::format("nmcli connection edit {}", saved.uuid),
            [&] { client.restore(saved); });
  bring_back(client, record);

  std::vector<std::string> differ;
  client.wait_until(std::chrono::steady_clock::now() + kInterfacesComeBack, [&] {
    differ = differences(client, record);
    return differ.empty();
  });
  if (differ.empty()) {
    journal.erase();
    return {};
  }
  left.insert(left.end(), differ.begin(), differ.end());
  return left;
}

std::vector<std::string> finish(nm::Client& client, host::Journal& journal, Record record) {
  client.extend(record.checkpoint, kCommitTime);
  record.phase = "commit";
  journal.write(to_json(record));
  client.write_to_disk(record.added);
  client.write_to_disk(record.modified);
  client.destroy(record.checkpoint);  // the point of no return
  return clean_up(client, journal, record);
}

bool recover(nm::Client& client, host::Journal& journal, const Record& record,
             std::vector<std::string>& left) {
  if (record.phase == "commit") {
    const auto is_written = [&](const std::string& uuid) { return is_on_disk(client, uuid); };
    const auto is_changed = [&](const nm::Saved& saved) {
      return std::ranges::find(record.modified, saved.uuid) == record.modified.end() ||
             !client.is_as_saved(saved);
    };
    if (std::ranges::all_of(record.added, is_written) &&
        std::ranges::all_of(record.modified, is_written) &&
        std::ranges::all_of(record.saved, is_changed)) {
      left = clean_up(client, journal, record);
      return true;
    }
  }
  left = undo(client, journal, record);
  return false;
}

}  // namespace csnet
