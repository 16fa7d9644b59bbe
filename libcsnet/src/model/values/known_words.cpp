#include "known_words.hpp"

#include <csnet/profile_fields.hpp>

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

// All that NetworkManager 1.42 to 1.58 knows; an older libnm refuses a newer one with words of its own. The defaults are
// those of nm_setting_bond_get_option_default() where each version says the same, and that of lacp_rate, which libnm
// has only in mode 802.3ad.
constexpr auto kBondOptions = std::to_array<BondOption>({
    BondOption{"active_slave", {}, true},
    BondOption{"ad_actor_sys_prio", {}, true},
    BondOption{"ad_actor_system", {}, true},
    BondOption{"ad_select", "stable", false},
    BondOption{"ad_user_port_key", {}, false},
    BondOption{"all_slaves_active", "0", true},
    BondOption{"arp_all_targets", "any", true},
    BondOption{"arp_interval", "0", true},
    BondOption{"arp_ip_target", {}, true},
    BondOption{"arp_missed_max", {}, false},
    BondOption{"arp_validate", "none", true},
    BondOption{"balance-slb", "0", false},
    BondOption{"downdelay", "0", true},
    BondOption{"fail_over_mac", "none", false},
    BondOption{"lacp_active", "on", false},
    BondOption{"lacp_rate", "slow", false},
    BondOption{"lp_interval", "1", true},
    BondOption{"miimon", "100", true},
    BondOption{"min_links", "0", true},
    BondOption{"ns_ip6_target", {}, false},
    BondOption{"num_grat_arp", "1", true},
    BondOption{"num_unsol_na", "1", false},
    BondOption{"packets_per_slave", "1", true},
    BondOption{"peer_notif_delay", "0", true},
    BondOption{"primary", {}, true},
    BondOption{"primary_reselect", "always", true},
    BondOption{"resend_igmp", "1", true},
    BondOption{"tlb_dynamic_lb", {}, false},
    BondOption{"updelay", "0", true},
    BondOption{"use_carrier", "1", true},
    BondOption{"xmit_hash_policy", "layer2", true},
});

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

std::optional<std::string_view> bond_mode(std::string_view name_or_number) {
  if (name_or_number.size() == 1 && name_or_number[0] >= '0' && name_or_number[0] <= '6')
    return bond_modes[static_cast<std::size_t>(name_or_number[0] - '0')];
  const auto* found = std::ranges::find(bond_modes, name_or_number);
  if (found == bond_modes.end()) return std::nullopt;
  return *found;
}

bool is_lacp(const BondProfile& bond) { return bond_mode(bond.mode.value_or("")) == "802.3ad"; }

std::span<const BondOption> bond_options() { return kBondOptions; }

const BondOption* bond_option(std::string_view name) {
  const auto* found = std::ranges::find(kBondOptions, name, &BondOption::name);
  return found != kBondOptions.end() ? found : nullptr;
}

std::span<const std::string_view> coalesce_options() { return kCoalesceOptions; }

}  // namespace csnet::model

namespace csnet::inline CSNET_ABI {

std::string words_text(std::span<const std::string_view> words, const Standard& standard) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 < words.size() ? ", " : " or ";
    text += words[i];
    if (standard == Standard(words[i])) text += " (the default)";
  }
  return text;
}

}  // namespace csnet::inline CSNET_ABI
