#include "interface_steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

/// The traffic that a step stops.
namespace csnet::model {
namespace {

/// Whether the interface keeps the address. With DHCP it is likely to get the same one again.
template <int Family>
bool keeps(const std::optional<IpConfig<Family>>& ip, const Cidr& address) {
  if (!ip || address.is_ipv6() != (Family == 6)) return false;
  const auto method = ip->method.value_or("auto");
  if (method != "manual" && method != "disabled" && method != "ignore") return true;
  return ip->addresses && std::ranges::find(*ip->addresses, address) != ip->addresses->end();
}

bool starts(Action action) { return action == Action::activate || action == Action::restart; }

/// The effect of the whole plan on interfaces and addresses.
struct Movements {
  std::unordered_map<std::string, std::string> joining{};  ///< New ports, by their controller.
  std::unordered_set<std::string> starting_anew{};         ///< Active interfaces that start again.
  std::map<IpAddress, std::string> holders{};              ///< The interfaces of wanted addresses.
};

template <class Config>
void add_holder(Movements& movements, const std::optional<Config>& ip,
                const std::string& interface) {
  if (!ip || !ip->addresses) return;
  for (const auto& address : *ip->addresses)
    movements.holders.emplace(address.address(), interface);
}

Movements movements_of(const PlanContext& context, const Decisions& decisions,
                       const std::vector<Operation>& operations) {
  Movements movements;
  for (const auto& operation : operations) {
    if (!starts(operation.step.action)) continue;
    const auto above = context.references.controller_of(profile_of(operation.step));
    const auto* device = context.host.device(operation.interface_name);
    if (!above.empty() && (device == nullptr || device->controller != above))
      movements.joining.emplace(above, operation.interface_name);
    if (device != nullptr && device->profile)
      movements.starting_anew.insert(operation.interface_name);
  }
  for (const auto& wanted : decisions.wanted) {
    if (!decisions.comes_up(wanted)) continue;
    wanted.after.visit([&](const auto& of) {
      add_holder(movements, of.ipv4, wanted.interface_name);
      add_holder(movements, of.ipv6, wanted.interface_name);
    });
  }
  return movements;
}

void append_lost_addresses(const Movements& movements, const Device& device, const Step& step,
                           std::vector<std::string>& sentences) {
  std::vector<std::string> lost;
  std::map<std::string, std::vector<std::string>> moved;  // by where to
  for (const auto& address : lost_addresses(device, profile_of(step))) {
    const auto found = movements.holders.find(address.address());
    const bool is_elsewhere =
        found != movements.holders.end() && found->second != device.interface_name;
    (is_elsewhere ? moved[found->second] : lost).push_back(address.to_string());
  }
  if (!lost.empty())
    sentences.push_back(fmt::format("{} loses {}", device.interface_name, fmt::join(lost, ", ")));
  for (const auto& [to, addresses] : moved) {
    sentences.push_back(fmt::format("{} loses {}, which {} has by then", device.interface_name,
                                    fmt::join(addresses, ", "), to));
  }
}

/// For a port that leaves its controller, at least for a moment; "" when the controller's own step
/// says it.
std::string gap_in_controller(const Movements& movements, const Device& device,
                              const std::string& next_controller) {
  const auto& above = device.controller;
  if (next_controller == above) {
    return movements.starting_anew.contains(above)
               ? std::string{}
               : fmt::format("{} is without {} for a moment", above, device.interface_name);
  }
  if (const auto joining = movements.joining.find(above); joining != movements.joining.end())
    return fmt::format("{} is without {} until {} has joined", above, device.interface_name,
                       joining->second);
  return fmt::format("{} leaves {}", device.interface_name, above);
}

std::vector<std::string> interruptions_of(const PlanContext& context, const Movements& movements,
                                          const Operation& operation) {
  const auto& step = operation.step;
  const auto* device = context.host.device(operation.interface_name);
  if (device == nullptr) return {};
  std::vector<std::string> sentences;
  append_lost_addresses(movements, *device, step, sentences);
  const bool goes_down = starts(step.action);
  if (!device->controller.empty() && (goes_down || step.action == Action::park)) {
    auto gap =
        gap_in_controller(movements, *device, context.references.controller_of(profile_of(step)));
    if (!gap.empty()) sentences.push_back(std::move(gap));
  }
  const auto ports = fmt::format("{}", fmt::join(device->ports, ", "));
  const auto* ending = device->ports.size() == 1 ? "s" : "";
  if (!device->ports.empty() && goes_down) {
    sentences.push_back(
        fmt::format("{} starts anew: {} leave{} it and join{} again, and it carries no traffic "
                    "meanwhile",
                    device->interface_name, ports, ending, ending));
  } else if (!device->ports.empty() && step.action == Action::park) {
    sentences.push_back(fmt::format("{} lose{} {}", ports, ending, device->interface_name));
  }
  if (sentences.empty() && goes_down && has_address(*device))
    sentences.push_back(fmt::format("{} is down for a moment", device->interface_name));
  return sentences;
}

}  // namespace

bool has_address(const Device& device) {
  return std::ranges::any_of(device.addresses, [](const Cidr& address) {
    return !address.address().is_ipv6_link_local();
  });
}

std::vector<Cidr> lost_addresses(const Device& device, const Profile& after) {
  std::vector<Cidr> lost;
  after.visit([&](const auto& of) {
    for (const auto& address : device.addresses) {
      if (address.address().is_ipv6_link_local()) continue;
      if (of.port || (!keeps(of.ipv4, address) && !keeps(of.ipv6, address)))
        lost.push_back(address);
    }
  });
  return lost;
}

void describe_interruptions(const PlanContext& context, const Decisions& decisions,
                            std::vector<Operation>& operations) {
  const auto movements = movements_of(context, decisions, operations);
  for (auto& operation : operations) {
    const auto sentences = interruptions_of(context, movements, operation);
    operation.step.interrupts = fmt::format("{}", fmt::join(sentences, "; "));
    operation.step.interrupts_traffic = !sentences.empty();
  }
}

}  // namespace csnet::model
