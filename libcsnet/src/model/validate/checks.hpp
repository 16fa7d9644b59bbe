#pragma once

#include "findings.hpp"
#include "profile_graph.hpp"

#include <csnet/host_state.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// The checks of a whole state. check_profile(), of a single profile, is in findings.hpp.
namespace csnet::model {

/// Findings in the order of the profiles, independent of the order of the checks.
class FindingsByProfile {
 public:
  /// @param graph must outlive this
  explicit FindingsByProfile(const ProfileGraph& graph)
      : graph_(graph), of_profile_(graph.size()) {}

  /// Takes findings about the profile at this place.
  Findings of(std::size_t at) { return {of_profile_[at], subject(graph_[at]), {"profiles", at}}; }
  [[nodiscard]] std::vector<Finding> all() &&;

 private:
  const ProfileGraph& graph_;
  std::vector<std::vector<Finding>> of_profile_;
};

/// "vlan 'eth0.100'", or "another vlan 'eth0.100'" beside a profile with the same subject.
std::string subject_beside(const Profile& other, const Profile& profile);

/// Controllers, parents, circles of both, and two profiles for one thing.
void check_references(const ProfileGraph& graph, FindingsByProfile& findings);
/// Addresses, networks and default gateways that collide with those of another interface.
void check_addresses(const ProfileGraph& graph, FindingsByProfile& findings);
/// Profiles that are to be removed.
void check_removals(std::span<const std::string> remove, const ProfileGraph& graph,
                    std::vector<Finding>& all);
/// @param at the probe's place in its state
void check_probe(const Probe& probe, std::size_t at, std::vector<Finding>& all);
/// "probe 'tcp 192.168.100.2:8250'"
std::string subject_of_probe(const Probe& probe);
/// Whether the wanted profiles lead to the target of the probe at this place.
void check_way_to_target(const Request& request, std::size_t at, std::vector<Finding>& all);

}  // namespace csnet::model
