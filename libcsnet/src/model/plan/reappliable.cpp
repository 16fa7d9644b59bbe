#include "canonical.hpp"
#include "interface_steps.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>

/// The properties that Device.Reapply of NetworkManager 1.42 and newer takes over into an active
/// interface.
namespace csnet::model {
namespace {

using namespace std::string_view_literals;

constexpr std::array kOfBond = {
    "active_slave"sv,     "ad_actor_sys_prio"sv, "ad_actor_system"sv,  "all_slaves_active"sv,
    "arp_all_targets"sv,  "arp_interval"sv,      "arp_ip_target"sv,    "arp_validate"sv,
    "downdelay"sv,        "lp_interval"sv,       "miimon"sv,           "min_links"sv,
    "num_grat_arp"sv,     "packets_per_slave"sv, "peer_notif_delay"sv, "primary"sv,
    "primary_reselect"sv, "resend_igmp"sv,       "updelay"sv,          "use_carrier"sv,
    "xmit_hash_policy"sv};
constexpr std::array kOfBridge = {
    "stp"sv,         "priority"sv,       "forward_delay"sv,      "hello_time"sv,        "max_age"sv,
    "ageing_time"sv, "vlan_filtering"sv, "multicast_snooping"sv, "group_forward_mask"sv};

/// The bond's options that a running bond does not take over. Both profiles are canonical.
std::set<std::string> options_not_reappliable(const Profile& before, const Profile& after) {
  const auto options = [](const Profile& profile) {
    const auto* bond = profile.get_if<BondProfile>();
    return bond == nullptr ? std::map<std::string, std::string>{}
                           : bond->options.value_or(std::map<std::string, std::string>{});
  };
  const auto old_ones = options(before);
  const auto new_ones = options(after);
  std::vector<std::pair<std::string, std::string>> differ;
  std::ranges::set_symmetric_difference(old_ones, new_ones, std::back_inserter(differ));
  std::set<std::string> found;
  for (const auto& [name, value] : differ) {
    if (std::ranges::find(kOfBond, std::string_view(name)) == kOfBond.end()) found.insert(name);
  }
  return found;
}

bool can_reapply(const Profile& profile, const Change& change) {
  const std::string_view property = change.property;
  if (property.starts_with("ipv4.") || property.starts_with("ipv6.")) return true;
  if (property == "zone" || property == "mtu") return true;
  return profile.is<BridgeProfile>() && std::ranges::find(kOfBridge, property) != kOfBridge.end();
}

}  // namespace

std::vector<std::string> not_reappliable(const Profile& before, const Profile& after,
                                         const std::vector<Change>& changes) {
  std::vector<std::string> found;
  for (const auto& change : changes) {
    if (change.property == "options") {
      std::ranges::copy(options_not_reappliable(canonical(before), canonical(after)),
                        std::back_inserter(found));
    } else if (!can_reapply(after, change)) {
      found.push_back(change.property);
    }
  }
  return found;
}

}  // namespace csnet::model
