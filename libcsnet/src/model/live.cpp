#include "live.hpp"
#include "names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>

namespace csnet::model {
namespace {

using namespace std::string_view_literals;

/// What Device.Reapply of NetworkManager 1.42 and newer takes over into a running interface.
bool can_reapply(const Profile& profile, const std::vector<Change>& changes) {
  static constexpr std::array of_bond = {
      "active_slave"sv,     "ad_actor_sys_prio"sv, "ad_actor_system"sv,  "all_slaves_active"sv,
      "arp_all_targets"sv,  "arp_interval"sv,      "arp_ip_target"sv,    "arp_validate"sv,
      "downdelay"sv,        "lp_interval"sv,       "miimon"sv,           "min_links"sv,
      "num_grat_arp"sv,     "packets_per_slave"sv, "peer_notif_delay"sv, "primary"sv,
      "primary_reselect"sv, "resend_igmp"sv,       "updelay"sv,          "use_carrier"sv,
      "xmit_hash_policy"sv};
  static constexpr std::array of_bridge = {"stp"sv,
                                           "priority"sv,
                                           "forward_delay"sv,
                                           "hello_time"sv,
                                           "max_age"sv,
                                           "ageing_time"sv,
                                           "vlan_filtering"sv,
                                           "multicast_snooping"sv,
                                           "group_forward_mask"sv};
  const bool is_bridge = std::holds_alternative<BridgeProfile>(profile);
  return std::ranges::all_of(changes, [&](const Change& change) {
    const std::string_view property = change.property;
    if (property.starts_with("ipv4.") || property.starts_with("ipv6.")) return true;
    if (property == "zone" || property == "mtu") return true;
    if (is_bridge && std::ranges::find(of_bridge, property) != of_bridge.end()) return true;
    if (property != "options") return false;
    const auto split = [](const std::string& text) {
      std::set<std::string> parts;
      for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(", ", at), text.size());
        parts.insert(text.substr(at, end - at));
        at = end + 2;
      }
      return parts;
    };
    const auto before = split(change.before);
    const auto after = split(change.after);
    std::vector<std::string> differ;
    std::ranges::set_symmetric_difference(before, after, std::back_inserter(differ));
    return std::ranges::all_of(differ, [](const std::string& option) {
      return std::ranges::find(of_bond, std::string_view(option).substr(0, option.find('='))) !=
             of_bond.end();
    });
  });
}

/// Nothing of the running interface depends on it.
bool is_dormant(const Change& change) {
  return change.property == "name" || change.property.starts_with("autoconnect");
}

std::vector<Change> live_part(const std::vector<Change>& changes) {
  std::vector<Change> live;
  std::ranges::copy_if(changes, std::back_inserter(live), std::not_fn(is_dormant));
  return live;
}

bool is_link_local(const Cidr& cidr) {
  const auto& bytes = cidr.address().bytes();
  return cidr.is_ipv6() && bytes[0] == 0xfe && (bytes[1] & 0xc0U) == 0x80;
}

/// The profile that an interface waits with: no controller, no addresses.
Profile parked(const Profile& profile) {
  auto waiting = profile;
  std::visit(
      [](auto& of) {
        of.name += " (parked by csnet)";
        of.uuid.clear();
        of.autoconnect = false;
        of.controller.reset();
        of.port.reset();
        of.ipv4 = Ip4Config{.method = "disabled"};
        of.ipv6 = Ip6Config{.method = "disabled"};
      },
      waiting);
  return waiting;
}

class Collector {
 public:
  Collector(const Decisions& decisions, const Host& host, const Names& names)
      : decisions_(decisions), host_(host), names_(names) {
    for (const auto& profile : host.profiles()) {
      const auto* parent = parent_of(profile);
      const auto* device = host.device_of(profile);
      if (parent != nullptr && device != nullptr)
        carries_vlans_.insert(names.interface_of(*parent));
    }
  }

  std::vector<Operation> run() {
    for (const auto& wanted : decisions_.wanted) consider(wanted);
    for (const auto& leaving : decisions_.leaving) consider(leaving);
    follow_controllers();
    return std::move(operations_);
  }

 private:
  void consider(const Wanted& wanted) {
    if (!autoconnects(wanted.after)) return;  // what does not come up by itself stays down
    const auto* device = host_.device(wanted.interface_name);
    const bool is_up = wanted.before != nullptr && host_.device_of(*wanted.before) != nullptr;
    const bool is_unknown = wanted.before != nullptr && !host_.knows_devices();
    const auto changes = wanted.before != nullptr ? live_part(wanted.changes) : wanted.changes;
    if (is_unknown || is_up) {
      const bool is_stale = is_up && device != nullptr && device->stale;
      const bool has_left =
          is_up && changes.empty() && device != nullptr && has_left_its_controller(wanted, *device);
      if (changes.empty() && !is_stale && !has_left) return;
      if (!has_left && can_reapply(wanted.after, changes)) {
        add(Action::reapply, wanted,
            changes.empty() ? "it still runs by what its profile said before"
                            : "the interface takes it over while it runs");
        return;
      }
      const bool is_new_link = std::ranges::any_of(changes, [](const Change& change) {
        return change.property == "parent" || change.property == "id";
      });
      add(is_new_link ? Action::restart : Action::activate, wanted,
          has_left ? fmt::format("it is not in {}", names_.interface_of(*controller(wanted.after)))
                   : "it takes that over only when it starts anew");
      return;
    }
    add(Action::activate, wanted, wanted.before != nullptr ? "it is down" : "it is new");
  }

  bool has_left_its_controller(const Wanted& wanted, const Device& device) const {
    const auto& above = controller(wanted.after);
    return above && device.controller != names_.interface_of(*above);
  }

  void add(Action action, const Wanted& wanted, std::string why) {
    Operation operation{.step = {.action = action, .profile = wanted.after, .why = std::move(why)},
                        .interface_name = wanted.interface_name};
    const auto* device = host_.device(wanted.interface_name);
    const bool is_there = device != nullptr && !device->profile.empty();
    const auto lost =
        device != nullptr ? lost_addresses(*device, wanted.after) : std::vector<std::string>{};
    auto& interrupts = operation.step.interrupts;
    if (!lost.empty())
      interrupts = fmt::format("{} loses {}", wanted.interface_name, fmt::join(lost, ", "));
    if (action == Action::reapply) {
      operation.rank = lost.empty() ? Rank::reapply : Rank::lose;
    } else if (!is_there && std::holds_alternative<BridgeProfile>(wanted.after)) {
      operation.rank = Rank::bridge;
    } else if (!is_there && std::holds_alternative<BondProfile>(wanted.after)) {
      operation.rank = Rank::bond;
    } else if (is_bond_port(wanted) && !is_in_use(wanted.interface_name)) {
      operation.rank = Rank::free_port;
    } else if (is_there) {
      operation.rank =
          std::holds_alternative<EthernetProfile>(wanted.after) ? Rank::nic : Rank::swap;
      if (interrupts.empty() && !device->ports.empty())
        interrupts = fmt::format("{} starts anew: its ports {} lose the link for a moment",
                                 wanted.interface_name, fmt::join(device->ports, ", "));
      if (interrupts.empty() && !device->controller.empty())
        interrupts = fmt::format("{} leaves {} for a moment, or for good", wanted.interface_name,
                                 device->controller);
    }
    push(std::move(operation));
  }

  std::vector<std::string> lost_addresses(const Device& device, const Profile& after) const {
    return std::visit(
        [&](const auto& of) {
          std::vector<std::string> lost;
          for (const auto& address : device.addresses) {
            if (is_link_local(address)) continue;
            if (!keeps(of.ipv4, address) && !keeps(of.ipv6, address))
              lost.push_back(address.to_string());
          }
          return lost;
        },
        after);
  }

  /// With DHCP nobody knows: the same address is likely.
  template <int Family>
  static bool keeps(const std::optional<IpConfig<Family>>& ip, const Cidr& address) {
    if (!ip || address.is_ipv6() != (Family == 6)) return false;
    const auto method = ip->method.value_or("auto");
    if (method != "manual" && method != "disabled" && method != "ignore") return true;
    return ip->addresses && std::ranges::find(*ip->addresses, address) != ip->addresses->end();
  }

  static bool is_bond_port(const Wanted& wanted) {
    return port(wanted.after) && std::holds_alternative<BondPort>(*port(wanted.after));
  }

  /// Something hangs on it: an address, a controller, a VLAN.
  bool is_in_use(const std::string& interface) const {
    const auto* device = host_.device(interface);
    if (device == nullptr) return false;
    const bool has_address = !std::ranges::all_of(device->addresses, is_link_local);
    return has_address || !device->controller.empty() || carries_vlans_.contains(interface);
  }

  void consider(const Leaving& leaving) {
    const auto* device = host_.device_of(*leaving.profile);
    if (device == nullptr) return;
    if (has_operation_.contains(device->interface_name)) return;  // which takes it over
    Operation operation{
        .step = {.action = Action::park, .profile = parked(*leaving.profile), .why = leaving.why},
        .interface_name = device->interface_name,
        .rank = Rank::park};
    const auto lost = lost_addresses(*device, operation.step.profile);
    if (!device->controller.empty()) {
      operation.step.interrupts = fmt::format("{} is without this uplink", device->controller);
    } else if (!lost.empty()) {
      operation.step.interrupts =
          fmt::format("{} loses {}", device->interface_name, fmt::join(lost, ", "));
      operation.rank = Rank::lose;
    }
    push(std::move(operation));
  }

  /// A bridge or bond that starts anew lets its ports go: those that NetworkManager holds for it start again.
  void follow_controllers() {
    std::set<std::string, std::less<>> start_anew;
    for (const auto& operation : operations_) {
      const auto* device = host_.device(operation.interface_name);
      const auto action = operation.step.action;
      if ((action == Action::activate || action == Action::restart) && device != nullptr &&
          !device->profile.empty())
        start_anew.insert(operation.interface_name);
    }
    if (start_anew.empty()) return;
    for (const auto& profile : host_.profiles()) {
      const auto* device = host_.device_of(profile);
      if (device == nullptr || !controller(profile)) continue;
      const auto above = names_.interface_of(*controller(profile));
      if (!start_anew.contains(above) || has_operation_.contains(device->interface_name)) continue;
      push({.step = {.action = Action::activate,
                     .profile = profile,
                     .why = fmt::format("{} starts anew", above)},
            .interface_name = device->interface_name,
            .rank = Rank::swap});
    }
  }

  void push(Operation operation) {
    has_operation_.insert(operation.interface_name);
    operations_.push_back(std::move(operation));
  }

  const Decisions& decisions_;
  const Host& host_;
  const Names& names_;
  std::vector<Operation> operations_;
  std::set<std::string, std::less<>> has_operation_;
  std::set<std::string, std::less<>> carries_vlans_;
};

}  // namespace

std::vector<Operation> live_operations(const Decisions& decisions, const Host& host,
                                       const Names& names) {
  return Collector(decisions, host, names).run();
}

}  // namespace csnet::model
