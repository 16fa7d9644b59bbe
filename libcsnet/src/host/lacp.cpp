#include "lacp.hpp"

#include "lacp_sysfs.hpp"
#include "waiter.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <linux/rtnetlink.h>
#include <algorithm>
#include <fstream>
#include <vector>

namespace csnet::host {
namespace {

constexpr auto kLookAgain = std::chrono::milliseconds{100};

/// The bits of a port's state, IEEE 802.1AX: synchronization, collecting, distributing.
constexpr unsigned kReady = 0x08 | 0x10 | 0x20;
/// Defaulted or expired: the partner's state does not come from a partner.
constexpr unsigned kNobodyThere = 0x40 | 0x80;

struct Bond {
  bool exists = false;
  bool is_lacp = false;
  std::vector<std::string> ports{};
};

struct PortState {
  unsigned actor = kNobodyThere;
  unsigned partner = 0;
};

Bond read_bond(const std::filesystem::path& directory) {
  Bond bond;
  std::string mode;  // "802.3ad 4"
  bond.exists = static_cast<bool>(std::ifstream(directory / "mode") >> mode);
  bond.is_lacp = mode == "802.3ad";
  std::ifstream ports(directory / "slaves");
  std::string port;
  while (ports >> port) bond.ports.push_back(port);
  return bond;
}

/// The file has a decimal number, or "N/A" as long as the port is not in an aggregator.
std::optional<unsigned> read_state(const std::filesystem::path& file) {
  unsigned state = 0;
  if (std::ifstream(file) >> state) return state;
  return std::nullopt;
}

PortState read_port(const std::filesystem::path& directory) {
  const auto actor = read_state(directory / "ad_actor_oper_port_state");
  const auto partner = read_state(directory / "ad_partner_oper_port_state");
  return actor && partner ? PortState{*actor, *partner} : PortState{};
}

bool is_ready(const PortState& state) {
  return (state.actor & kReady) == kReady && (state.partner & kReady) == kReady;
}

bool is_alone(const PortState& state) { return (state.actor & kNobodyThere) != 0; }

std::string why_not_ready(const Bond& bond, const std::vector<PortState>& states) {
  if (bond.ports.empty()) return "the bond has no port";
  if (std::all_of(states.begin(), states.end(), is_alone)) {
    return fmt::format("no LACP partner answers on {}", fmt::join(bond.ports, ", "));
  }
  std::vector<std::string> answered;
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (is_alone(states[i])) continue;
    answered.push_back(fmt::format("{} (state {:#04x}, the partner's {:#04x})", bond.ports[i],
                                   states[i].actor, states[i].partner));
  }
  return fmt::format("LACP is not in sync on {}", fmt::join(answered, ", "));
}

}  // namespace

std::optional<std::string> why_no_lacp(const std::filesystem::path& class_net,
                                       const std::string& bond, const Wait& wait) {
  Waiter waiter(wait);
  NetworkChanges changes(RTMGRP_LINK);
  while (true) {
    changes.forget();
    const auto now = read_bond(class_net / bond / "bonding");
    if (!now.exists) return fmt::format("there is no bond '{}'", bond);
    if (!now.is_lacp) return std::nullopt;
    std::vector<PortState> states;
    states.reserve(now.ports.size());
    for (const auto& port : now.ports)
      states.push_back(read_port(class_net / port / "bonding_slave"));
    if (std::any_of(states.begin(), states.end(), is_ready)) return std::nullopt;
    if (waiter.is_over()) return why_not_ready(now, states);
    // The kernel reports an added or removed port and a carrier, but not LACP's states: look again.
    changes.wait(waiter, std::min(Clock::now() + kLookAgain, wait.until));
  }
}

std::optional<LacpState> lacp_state(const std::filesystem::path& bonding_slave) {
  // In other modes than 802.3ad the kernel has no such file.
  if (!std::ifstream(bonding_slave / "ad_actor_oper_port_state")) return std::nullopt;
  const auto state = read_port(bonding_slave);
  if (is_ready(state)) return LacpState::up;
  return is_alone(state) ? LacpState::alone : LacpState::negotiating;
}

std::optional<std::string> why_no_lacp(const std::string& bond, const Wait& wait) {
  return why_no_lacp("/sys/class/net", bond, wait);
}

}  // namespace csnet::host
