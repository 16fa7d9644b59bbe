#include "interface_steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

/// Whose traffic stops.
namespace csnet::model {
namespace {

/// With DHCP nobody knows: the same address is likely.
template <int Family>
bool keeps(const std::optional<IpConfig<Family>>& ip, const Cidr& address) {
  if (!ip || address.is_ipv6() != (Family == 6)) return false;
  const auto method = ip->method.value_or("auto");
  if (method != "manual" && method != "disabled" && method != "ignore") return true;
  return ip->addresses && std::ranges::find(*ip->addresses, address) != ip->addresses->end();
}

bool starts(Action action) { return action == Action::activate || action == Action::restart; }

class Describer {
 public:
  Describer(const std::vector<Operation>& operations, const Decisions& decisions, const Host& host,
            const Names& names)
      : host_(host), names_(names) {
    for (const auto& operation : operations) {
      const auto above = names.controller_of(profile_of(operation.step));
      const auto* device = host.device(operation.interface_name);
      const bool joins = starts(operation.step.action) && !above.empty() &&
                         (device == nullptr || device->controller != above);
      if (joins) joining_.emplace(above, operation.interface_name);
      if (starts(operation.step.action) && device != nullptr && device->profile)
        start_anew_.insert(operation.interface_name);
    }
    for (const auto& wanted : decisions.wanted) {
      if (!decisions.is_in_force(wanted)) continue;
      wanted.after.visit([&](const auto& of) {
        note_addresses(of.ipv4, wanted.interface_name);
        note_addresses(of.ipv6, wanted.interface_name);
      });
    }
  }

  [[nodiscard]] std::vector<std::string> describe(const Operation& operation) const {
    const auto* device = host_.device(operation.interface_name);
    if (device == nullptr) return {};
    std::vector<std::string> parts;
    note_lost(*device, operation.step, parts);
    const bool goes_down = starts(operation.step.action);
    if (goes_down || operation.step.action == Action::park)
      note_controller(*device, operation.step, parts);
    if (!device->ports.empty() && goes_down) {
      parts.push_back(fmt::format(
          "{} starts anew: {} leave{} it and join{} again, and what lies on it waits meanwhile",
          device->interface_name, fmt::join(device->ports, ", "),
          device->ports.size() == 1 ? "s" : "", device->ports.size() == 1 ? "s" : ""));
    } else if (!device->ports.empty() && operation.step.action == Action::park) {
      parts.push_back(fmt::format("{} lose{} {}", fmt::join(device->ports, ", "),
                                  device->ports.size() == 1 ? "s" : "", device->interface_name));
    }
    const bool has_addresses = !std::ranges::all_of(device->addresses, is_link_local);
    if (parts.empty() && goes_down && has_addresses)
      parts.push_back(fmt::format("{} is down for a moment", device->interface_name));
    return parts;
  }

 private:
  template <class Config>
  void note_addresses(const std::optional<Config>& ip, const std::string& interface) {
    if (!ip || !ip->addresses) return;
    for (const auto& address : *ip->addresses) holders_.emplace(address.address(), interface);
  }

  void note_lost(const Device& device, const Step& step, std::vector<std::string>& parts) const {
    std::vector<std::string> lost;
    std::map<std::string, std::vector<std::string>> moved;  // by where to
    for (const auto& address : lost_addresses(device, profile_of(step))) {
      const auto found = holders_.find(address.address());
      const bool is_elsewhere = found != holders_.end() && found->second != device.interface_name;
      (is_elsewhere ? moved[found->second] : lost).push_back(address.to_string());
    }
    if (!lost.empty())
      parts.push_back(fmt::format("{} loses {}", device.interface_name, fmt::join(lost, ", ")));
    for (const auto& [to, addresses] : moved) {
      parts.push_back(fmt::format("{} loses {}, which {} has by then", device.interface_name,
                                  fmt::join(addresses, ", "), to));
    }
  }

  void note_controller(const Device& device, const Step& step,
                       std::vector<std::string>& parts) const {
    if (device.controller.empty()) return;
    const auto above = names_.controller_of(profile_of(step));
    const auto joining = joining_.find(device.controller);
    if (above == device.controller) {
      if (!start_anew_.contains(above))  // otherwise its own step says it
        parts.push_back(
            fmt::format("{} is without {} for a moment", device.controller, device.interface_name));
    } else if (joining != joining_.end()) {
      parts.push_back(fmt::format("{} is without {} until {} has joined", device.controller,
                                  device.interface_name, joining->second));
    } else {
      parts.push_back(fmt::format("{} leaves {}", device.interface_name, device.controller));
    }
  }

  const Host& host_;
  const Names& names_;
  std::unordered_map<std::string, std::string> joining_;  ///< new ports, by their controller
  std::unordered_set<std::string> start_anew_;
  std::map<IpAddress, std::string> holders_;  ///< wanted addresses' interfaces
};

}  // namespace

bool is_link_local(const Cidr& cidr) { return cidr.address().is_ipv6_link_local(); }

std::vector<Cidr> lost_addresses(const Device& device, const Profile& after) {
  std::vector<Cidr> lost;
  after.visit([&](const auto& of) {
    for (const auto& address : device.addresses) {
      if (is_link_local(address)) continue;
      if (of.port || (!keeps(of.ipv4, address) && !keeps(of.ipv6, address)))
        lost.push_back(address);
    }
  });
  return lost;
}

void describe_interruptions(std::vector<Operation>& operations, const Decisions& decisions,
                            const Host& host, const Names& names) {
  const Describer describer(operations, decisions, host, names);
  for (auto& operation : operations) {
    const auto stops = describer.describe(operation);
    operation.step.interrupts = fmt::format("{}", fmt::join(stops, "; "));
    operation.step.interrupts_traffic = !stops.empty();
  }
}

}  // namespace csnet::model
