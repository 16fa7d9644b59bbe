#include "record.hpp"

#include "host/files.hpp"

#include <csnet/error.hpp>
#include <csnet/plan.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <set>
#include <utility>

/// What must be known before a plan is begun, so that whoever comes later can finish or undo it.
namespace csnet {
namespace {

/// The plan's interfaces, and what hangs together with them. What others do to the rest meanwhile is no concern of ours.
std::set<std::string> concerned_interfaces(const Plan& plan, const HostState& before) {
  std::map<std::string, std::vector<std::string>> neighbours;
  const auto join = [&](const std::string& a, const std::string& b) {
    neighbours[a].push_back(b);
    neighbours[b].push_back(a);
  };
  std::map<std::string, std::string> by_uuid;
  for (const auto& device : before.devices) {
    if (!device.controller.empty()) join(device.interface_name, device.controller);
    by_uuid.emplace(device.profile, device.interface_name);
  }
  for (const auto& profile : before.profiles) {
    const auto* vlan = profile.get_if<VlanProfile>();
    const auto held = by_uuid.find(profile.uuid());
    if (vlan == nullptr || !vlan->parent || held == by_uuid.end()) continue;
    const auto parent = by_uuid.find(*vlan->parent);
    join(held->second, parent != by_uuid.end() ? parent->second : *vlan->parent);
  }
  std::vector<std::string> open;
  for (const auto& step : plan.steps) {
    open.push_back(step.profile.interface_name());
    if (const auto held = by_uuid.find(step.profile.uuid()); held != by_uuid.end())
      open.push_back(held->second);
  }
  std::set<std::string> concerned;
  while (!open.empty()) {
    const auto interface = std::move(open.back());
    open.pop_back();
    if (!concerned.insert(interface).second) continue;
    const auto& next = neighbours[interface];
    open.insert(open.end(), next.begin(), next.end());
  }
  return concerned;
}

}  // namespace

std::string in_words(const Step& step) {
  return fmt::format("{} {}", to_string(step.action), subject(step.profile));
}

namespace {

/// The uuid of a step's profile; what is new gets one, and its later steps find it again.
class Uuids {
 public:
  std::string of(const Step& step) {
    if (!step.profile.uuid().empty()) return step.profile.uuid();
    const std::pair key(step.profile.name(), step.profile.interface_name());
    if (step.action == Action::add || step.action == Action::park) {
      auto made = nm::Client::new_uuid();
      if (step.action == Action::add) new_.emplace(key, made);
      return made;
    }
    if (const auto found = new_.find(key); found != new_.end()) return found->second;
    throw Error(ErrorKind::bug, subject(step.profile), "is new, and no step of the plan adds it");
  }

 private:
  std::map<std::pair<std::string, std::string>, std::string> new_;
};

void record_step(Record& record, const Step& step, const std::string& uuid) {
  switch (step.action) {
    case Action::add:
      record.added.push_back(uuid);
      break;
    case Action::modify:
      record.modified.push_back(uuid);
      break;
    case Action::park:
      record.parked.push_back(uuid);
      break;
    case Action::restart:
      record.restarted.push_back(uuid);
      break;
    case Action::retire:
      record.retired.push_back(uuid);
      record.retired_as.push_back(step.profile.name());
      break;
    case Action::remove:
      record.removed.push_back(uuid);
      break;
    case Action::activate:
    case Action::reapply:
      break;
  }
  record.steps.push_back(in_words(step));
}

void record_interfaces(Record& record, const Plan& plan, const HostState& before) {
  const auto concerned = concerned_interfaces(plan, before);
  std::set<std::string, std::less<>> persistent;
  for (const auto& profile : before.profiles) persistent.insert(profile.uuid());
  // A controller comes back before its ports, and a NIC before its VLANs.
  const auto rank = [](const Device& device) {
    return device.type == "bridge" ? 0 : device.type == "bond" ? 1 : device.type == "vlan" ? 3 : 2;
  };
  for (int turn = 0; turn < 4; ++turn) {
    for (const auto& device : before.devices) {
      if (rank(device) != turn || device.state != "activated" ||
          !persistent.contains(device.profile) || !concerned.contains(device.interface_name))
        continue;
      Before one{device.interface_name, device.profile, device.controller, {}};
      for (const auto& address : device.addresses) {
        // A link-local address comes back in its own time, or as another one.
        if (!address.address().is_ipv6_link_local()) one.addresses.push_back(address.to_string());
      }
      record.before.push_back(std::move(one));
    }
  }
  std::set<std::string, std::less<>> known = {""};
  for (const auto& device : before.devices) known.insert(device.interface_name);
  for (const auto& step : plan.steps) {
    if (known.insert(step.profile.interface_name()).second)
      record.new_interfaces.push_back(step.profile.interface_name());
  }
}

}  // namespace

Record make_record(nm::Client& client, const Plan& plan, const HostState& before,
                   std::vector<std::string>& uuids) {
  Record record{.id = nm::Client::new_uuid().substr(0, 8)};
  std::vector<std::string> touched;
  Uuids of_steps;
  for (const auto& step : plan.steps) {
    uuids.push_back(of_steps.of(step));
    record_step(record, step, uuids.back());
    if (step.action == Action::modify || is_at_the_end(step.action))
      touched.push_back(uuids.back());
  }
  record.saved = client.save_for_journal(touched);
  for (const auto& saved : record.saved) record.files.push_back(host::read_file(saved.file));
  record_interfaces(record, plan, before);
  return record;
}

}  // namespace csnet
