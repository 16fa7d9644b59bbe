#include "live.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string_view>

/// What Device.Reapply of NetworkManager 1.42 and newer takes over into a running interface.
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

std::set<std::string> split(const std::string& text) {
  std::set<std::string> parts;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(", ", at), text.size());
    parts.insert(text.substr(at, end - at));
    at = end + 2;
  }
  return parts;
}

/// The bond's options that a running bond does not take over.
std::set<std::string> options_not_reappliable(const Change& change) {
  const auto before = split(change.before);
  const auto after = split(change.after);
  std::vector<std::string> differ;
  std::ranges::set_symmetric_difference(before, after, std::back_inserter(differ));
  std::set<std::string> found;
  for (const auto& option : differ) {
    auto name = option.substr(0, option.find('='));
    if (std::ranges::find(kOfBond, std::string_view(name)) == kOfBond.end())
      found.insert(std::move(name));
  }
  return found;
}

bool can_reapply(const Profile& profile, const Change& change) {
  const std::string_view property = change.property;
  if (property.starts_with("ipv4.") || property.starts_with("ipv6.")) return true;
  if (property == "zone" || property == "mtu") return true;
  return std::holds_alternative<BridgeProfile>(profile) &&
         std::ranges::find(kOfBridge, property) != kOfBridge.end();
}

}  // namespace

std::vector<std::string> not_reappliable(const Profile& profile,
                                         const std::vector<Change>& changes) {
  std::vector<std::string> found;
  for (const auto& change : changes) {
    if (change.property == "options") {
      std::ranges::copy(options_not_reappliable(change), std::back_inserter(found));
    } else if (!can_reapply(profile, change)) {
      found.push_back(change.property);
    }
  }
  return found;
}

}  // namespace csnet::model
