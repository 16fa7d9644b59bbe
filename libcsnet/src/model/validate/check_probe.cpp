#include "checks.hpp"
#include "known_words.hpp"

#include <csnet/address.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <string_view>

namespace csnet::model {
namespace {

/// The text without NULs, which would end the message.
std::string shown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\0') {
      out += "\\0";
    } else {
      out += c;
    }
  }
  return out;
}

void check_endpoint(std::string_view target, Findings& findings) {
  if (Endpoint::parse(target)) return;
  constexpr auto hint = "write 192.168.100.2:8250 or [fd00::2]:8250";
  const auto colon = target.rfind(':');
  if (colon != std::string_view::npos &&
      Endpoint::parse(fmt::format("{}:1", target.substr(0, colon)))) {
    findings.error("out-of-range", "target",
                   fmt::format("'{}' is not a port (1 to 65535)", shown(target.substr(colon + 1))),
                   hint);
  } else {
    findings.error("unreadable-value", "target",
                   fmt::format("'{}' is not ADDRESS:PORT", shown(target)), hint);
  }
}

void check_target(const Probe& probe, Findings& findings) {
  if (probe.target.empty()) {
    findings.error("missing", "target", "is empty",
                   "tcp: 192.168.100.2:8250, arp: 192.168.100.1, command: a line for the shell");
    return;
  }
  switch (probe.type) {
    case ProbeType::tcp:
      check_endpoint(probe.target, findings);
      return;
    case ProbeType::arp: {
      const auto address = IpAddress::parse(probe.target);
      if (!address || address->is_ipv6()) {
        findings.error("unreadable-value", "target",
                       fmt::format("'{}' is not an IPv4 address", shown(probe.target)),
                       "arp asks for an IPv4 neighbour, 192.168.100.1");
      }
      return;
    }
    case ProbeType::command:
      if (probe.target.find('\0') != std::string::npos) {
        findings.error("unreadable-value", "target", "contains a NUL",
                       "the shell would run only the text before it");
      }
  }
}

}  // namespace

std::string subject_of_probe(const Probe& probe) {
  return fmt::format("probe '{} {}'", to_string(probe.type), shown(probe.target));
}

void check_probe(const Probe& probe, std::size_t at, std::vector<Finding>& all) {
  Findings findings(all, subject_of_probe(probe), {"probes", at});
  check_target(probe, findings);
  if (probe.interface_name.empty()) return;
  if (const auto why = why_no_interface_name(probe.interface_name)) {
    findings.error("unusable-interface-name", "interface_name",
                   fmt::format("'{}' {}", shown(probe.interface_name), *why));
  }
}

void check_removals(std::span<const std::string> remove, const ProfileGraph& graph,
                    std::vector<Finding>& all) {
  for (std::size_t at = 0; at < remove.size(); ++at) {
    Findings findings(all, fmt::format("remove '{}'", shown(remove[at])), {"remove", at});
    if (remove[at].empty()) {
      findings.error("missing", "", "is empty",
                     "name the profile: its uuid, its name or its interface");
    } else if (const auto wanted = graph.meant_by(remove[at])) {
      findings.error("removed-and-wanted", "",
                     fmt::format("is also wanted, by {}", subject(graph[*wanted])),
                     "leave it out of one of the two");
    }
  }
}

}  // namespace csnet::model
