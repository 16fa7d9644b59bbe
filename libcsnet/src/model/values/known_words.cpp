#include "known_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>
#include <utility>
#include <vector>

namespace csnet::model {
namespace {

using namespace std::string_view_literals;

constexpr std::array kBondModes = {"balance-rr"sv, "active-backup"sv, "balance-xor"sv,
                                   "broadcast"sv,  "802.3ad"sv,       "balance-tlb"sv,
                                   "balance-alb"sv};

// All that NetworkManager 1.42 to 1.58 knows; an older libnm refuses a newer one with words of its own.
constexpr std::array kBondOptions = {
    "active_slave"sv,    "ad_actor_sys_prio"sv, "ad_actor_system"sv,
    "ad_select"sv,       "ad_user_port_key"sv,  "all_slaves_active"sv,
    "arp_all_targets"sv, "arp_interval"sv,      "arp_ip_target"sv,
    "arp_missed_max"sv,  "arp_validate"sv,      "balance-slb"sv,
    "downdelay"sv,       "fail_over_mac"sv,     "lacp_active"sv,
    "lacp_rate"sv,       "lp_interval"sv,       "miimon"sv,
    "min_links"sv,       "ns_ip6_target"sv,     "num_grat_arp"sv,
    "num_unsol_na"sv,    "packets_per_slave"sv, "peer_notif_delay"sv,
    "primary"sv,         "primary_reselect"sv,  "resend_igmp"sv,
    "tlb_dynamic_lb"sv,  "updelay"sv,           "use_carrier"sv,
    "xmit_hash_policy"sv};

// nm_setting_bond_get_option_default(), where each version says the same, and lacp_rate, which has one only in mode
// 802.3ad.
constexpr std::array kBondOptionDefaults = {
    std::pair{"ad_select"sv, "stable"sv},    std::pair{"all_slaves_active"sv, "0"sv},
    std::pair{"arp_all_targets"sv, "any"sv}, std::pair{"arp_interval"sv, "0"sv},
    std::pair{"arp_validate"sv, "none"sv},   std::pair{"balance-slb"sv, "0"sv},
    std::pair{"downdelay"sv, "0"sv},         std::pair{"fail_over_mac"sv, "none"sv},
    std::pair{"lacp_active"sv, "on"sv},      std::pair{"lacp_rate"sv, "slow"sv},
    std::pair{"lp_interval"sv, "1"sv},       std::pair{"miimon"sv, "100"sv},
    std::pair{"min_links"sv, "0"sv},         std::pair{"num_grat_arp"sv, "1"sv},
    std::pair{"num_unsol_na"sv, "1"sv},      std::pair{"packets_per_slave"sv, "1"sv},
    std::pair{"peer_notif_delay"sv, "0"sv},  std::pair{"primary_reselect"sv, "always"sv},
    std::pair{"resend_igmp"sv, "1"sv},       std::pair{"updelay"sv, "0"sv},
    std::pair{"use_carrier"sv, "1"sv},       std::pair{"xmit_hash_policy"sv, "layer2"sv}};

constexpr std::array kCoalesceOptions = {
    "adaptive-rx"sv,     "adaptive-tx"sv,       "pkt-rate-high"sv, "pkt-rate-low"sv,
    "rx-frames"sv,       "rx-frames-high"sv,    "rx-frames-irq"sv, "rx-frames-low"sv,
    "rx-usecs"sv,        "rx-usecs-high"sv,     "rx-usecs-irq"sv,  "rx-usecs-low"sv,
    "sample-interval"sv, "stats-block-usecs"sv, "tx-frames"sv,     "tx-frames-high"sv,
    "tx-frames-irq"sv,   "tx-frames-low"sv,     "tx-usecs"sv,      "tx-usecs-high"sv,
    "tx-usecs-irq"sv,    "tx-usecs-low"sv};

// LibvirtComputingResource.isInterface(); "p1p1" is its p\d+p\d+.
constexpr std::array kAgentPrefixes = {"eth"sv,   "bond"sv, "team"sv, "vlan"sv, "vx"sv,
                                       "em"sv,    "ens"sv,  "eno"sv,  "enp"sv,  "enx"sv,
                                       "dummy"sv, "lo"sv,   "vni"sv,  "enc"sv};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// p1p1, p12p3: how biosdevname calls a PCI card's ports.
bool is_pci_port(std::string_view name) {
  for (int part = 0; part < 2; ++part) {
    if (name.empty() || name.front() != 'p') return false;
    name.remove_prefix(1);
    const auto digits =
        std::min(static_cast<std::size_t>(std::ranges::find_if_not(name, is_digit) - name.begin()),
                 name.size());
    if (digits == 0) return false;
    name.remove_prefix(digits);
  }
  return true;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> why_no_interface_name(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.size() > 15)
    return fmt::format("has {} bytes: the kernel takes 15 at most", name.size());
  if (name == "." || name == "..") return "is not a name that the kernel takes";
  if (name == "all" || name == "default" || name == "bonding_masters")
    return "is reserved by the kernel";
  for (const char c : name) {
    if (c == '/' || c == ':' || c == '%') return fmt::format("contains '{}'", c);
    if (std::isspace(static_cast<unsigned char>(c)) != 0) return "contains white space";
    if (std::iscntrl(static_cast<unsigned char>(c)) != 0) return "contains a control character";
  }
  return std::nullopt;
}

bool agent_accepts_port(std::string_view interface_name) {
  return std::ranges::any_of(kAgentPrefixes,
                             [&](auto prefix) { return interface_name.starts_with(prefix); }) ||
         is_pci_port(interface_name);
}

std::string suggest(std::string_view word, std::span<const std::string_view> known) {
  const auto nearest = std::ranges::min(
      known, {}, [&](std::string_view candidate) { return edit_distance(word, candidate); });
  if (edit_distance(word, nearest) <= 1 + word.size() / 4)
    return fmt::format("did you mean '{}'?", nearest);
  return fmt::format("use one of: {}", fmt::join(known, ", "));
}

std::span<const std::string_view> bond_modes() { return kBondModes; }

std::optional<std::string_view> bond_mode(std::string_view name_or_number) {
  if (name_or_number.size() == 1 && name_or_number[0] >= '0' && name_or_number[0] <= '6') {
    return kBondModes[static_cast<std::size_t>(name_or_number[0] - '0')];
  }
  const auto* found = std::ranges::find(kBondModes, name_or_number);
  if (found == kBondModes.end()) return std::nullopt;
  return *found;
}

std::span<const std::string_view> bond_options() { return kBondOptions; }

std::optional<std::string_view> bond_option_default(std::string_view option) {
  const auto* found = std::ranges::find(kBondOptionDefaults, option,
                                        &std::pair<std::string_view, std::string_view>::first);
  if (found == kBondOptionDefaults.end()) return std::nullopt;
  return found->second;
}

std::span<const std::string_view> coalesce_options() { return kCoalesceOptions; }

}  // namespace csnet::model
