#include "checks.hpp"
#include "profile_traits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace csnet::model {
namespace {

void check_controller(const ProfileGraph& graph, std::size_t at, Findings findings) {
  const auto& found = graph.controller(at);
  if (!found || found->fits) return;
  const auto& other = graph[found->at];
  const bool is_bridge = other.is<BridgeProfile>();
  if (is_bridge || other.is<BondProfile>()) {
    findings.error(
        "wrong-port-type", "controller",
        fmt::format("is {}, and this is a {} port", subject(other), is_bridge ? "bond" : "bridge"),
        fmt::format("make it a {} port", is_bridge ? "bridge" : "bond"));
  } else {
    findings.error("controller-without-ports", "controller",
                   fmt::format("'{}' is {}, and neither a bridge nor a bond",
                               graph[at].controller().value_or(""), subject(other)),
                   "only bridges and bonds have ports");
  }
}

void check_mtu(const VlanProfile& vlan, const Profile& parent, Findings& findings) {
  if (!vlan.mtu) return;
  const auto limit = parent.visit([](const auto& of) { return of.mtu; }).value_or(0);
  if (limit != 0 && *vlan.mtu > limit) {
    findings.error(
        "mtu-above-parent", "mtu", fmt::format("{} is above its parent's {}", *vlan.mtu, limit),
        fmt::format("the kernel would silently cut it: raise the mtu of {}", subject(parent)));
  } else if (limit == 0 && *vlan.mtu > 1500) {
    findings.warning("mtu-above-default", "mtu",
                     fmt::format("{} is above the kernel's default of 1500, and {} has no MTU",
                                 *vlan.mtu, subject(parent)),
                     "give the parent an mtu at least as large");
  }
}

/// The kernel accepts such VLANs, but their frames bypass the bond, or mix with the untagged ones
/// in the bridge.
void check_parents_controller(const ProfileGraph& graph, std::size_t at, const VlanProfile& vlan,
                              Findings& findings) {
  const auto parent = *graph.parent(at);
  const auto& above = graph.controller(parent);
  const auto& its_port = graph[parent].port();
  const bool on_bond_port = its_port ? std::holds_alternative<BondPort>(*its_port)
                                     : above && graph[above->at].is<BondProfile>();
  const auto name = graph.controller_name(parent);
  if (on_bond_port) {
    findings.error("parent-in-bond", "parent",
                   fmt::format("'{}' is a port of '{}'", *vlan.parent, name),
                   fmt::format("put it on the bond: its parent is '{}'", name));
  } else if (!name.empty() && name == graph.controller_name(at)) {
    findings.warning(
        "parent-in-same-bridge", "controller",
        fmt::format("'{}' has the parent '{}' as a port, too: VLAN {} and the untagged network "
                    "become one",
                    name, *vlan.parent, vlan.id.value_or(0)),
        "take one of the two out of the bridge");
  }
}

void check_vlan(const ProfileGraph& graph, std::size_t at, Findings findings) {
  const auto* vlan = graph[at].get_if<VlanProfile>();
  const auto& parent = graph.parent(at);
  if (vlan == nullptr || !parent) return;
  check_mtu(*vlan, graph[*parent], findings);
  if (graph.counts(at) && graph.counts(*parent) && *parent != at)
    check_parents_controller(graph, at, *vlan, findings);
}

void check_uuids(const ProfileGraph& graph, FindingsByProfile& findings) {
  std::unordered_map<std::string_view, std::size_t> firsts;
  for (std::size_t at = 0; at < graph.size(); ++at) {
    const auto& its = graph[at].uuid();
    if (its.empty()) continue;
    const auto [first, is_new] = firsts.try_emplace(its, at);
    if (is_new) continue;
    findings.of(at).error("duplicate-uuid", "uuid",
                          fmt::format("'{}' is also the uuid of {}", its,
                                      subject_beside(graph[first->second], graph[at])),
                          "leave it empty to get a new one");
  }
}

void check_names(const ProfileGraph& graph, FindingsByProfile& findings) {
  std::unordered_map<std::string_view, std::size_t> firsts;
  for (std::size_t at = 0; at < graph.size(); ++at) {
    const auto& its = graph[at].name();
    if (its.empty()) continue;
    const auto [first, is_new] = firsts.try_emplace(its, at);
    if (is_new) continue;
    findings.of(at).warning(
        "duplicate-name", "name",
        fmt::format("'{}' is also the name of {}", its,
                    subject_beside(graph[first->second], graph[at])),
        fmt::format("NetworkManager allows it, but `nmcli con up '{}'` then takes either: "
                    "give each a name of its own",
                    its));
  }
}

void check_interfaces(const ProfileGraph& graph, FindingsByProfile& findings) {
  std::map<std::pair<std::string_view, std::int32_t>, std::size_t> firsts;
  for (std::size_t at = 0; at < graph.size(); ++at) {
    const auto& its = graph.interface(at);
    if (its.empty() || !autoconnects(graph[at])) continue;
    const auto [entry, is_new] = firsts.try_emplace({its, priority_of(graph[at])}, at);
    if (is_new) continue;
    const auto first = entry->second;
    const auto above = graph.controller_name(at);
    const auto firsts_controller = graph.controller_name(first);
    const auto why =
        above.empty() || firsts_controller.empty() || above == firsts_controller
            ? std::string("one interface has one profile at a time")
            : fmt::format("it would be a port of both '{}' and '{}'", firsts_controller, above);
    findings.of(at).error(
        "duplicate-interface", "interface_name",
        fmt::format("{} also comes up on '{}': {}", subject_beside(graph[first], graph[at]), its,
                    why),
        "turn autoconnect off in one of them, or give each an autoconnect_priority of its own");
  }
}

void check_vlan_ids(const ProfileGraph& graph, FindingsByProfile& findings) {
  std::map<std::pair<std::string, std::uint32_t>, FirstHolders> holders;
  for (std::size_t at = 0; at < graph.size(); ++at) {
    const auto* vlan = graph[at].get_if<VlanProfile>();
    if (vlan == nullptr || !vlan->id || !graph.counts(at)) continue;
    const auto parent = graph.parent_name(at);
    if (parent.empty()) continue;
    auto& its = holders.try_emplace({parent, *vlan->id}, graph).first->second;
    if (const auto rival = its.rival_of(at)) {
      findings.of(at).error(
          "duplicate-vlan", "id",
          fmt::format("{} is VLAN {} of '{}' already", subject_beside(graph[*rival], graph[at]),
                      *vlan->id, parent),
          "the kernel makes one interface for it: give it another id, or leave one out");
    }
    its.add(at);
  }
}

/// Finds circles: a bridge or bond depends on its ports, and a VLAN on its parent.
///
/// Walks down without recursion, because a chain may be long.
class Circles {
 public:
  Circles(const ProfileGraph& graph, FindingsByProfile& findings)
      : graph_(graph), findings_(findings), below_(graph.size()), seen_(graph.size()) {
    for (std::size_t at = 0; at < graph.size(); ++at) {
      if (!graph.counts(at)) continue;
      const auto& above = graph.controller(at);
      if (above && above->fits && graph.counts(above->at)) below_[above->at].push_back(at);
      const auto& parent = graph.parent(at);
      if (parent && graph.counts(*parent)) below_[at].push_back(*parent);
    }
  }

  void check() {
    for (std::size_t at = 0; at < below_.size(); ++at) {
      if (seen_[at] == Seen::no) walk(at);
    }
  }

 private:
  enum class Seen { no, on_the_way, done, in_a_circle };

  void walk(std::size_t from) {
    std::vector<std::pair<std::size_t, std::size_t>> way = {{from, 0}};  // a profile, its next edge
    seen_[from] = Seen::on_the_way;
    while (!way.empty()) {
      auto& [at, next] = way.back();
      if (next == below_[at].size()) {
        if (seen_[at] == Seen::on_the_way) seen_[at] = Seen::done;
        way.pop_back();
        continue;
      }
      const auto to = below_[at][next++];
      if (seen_[to] == Seen::no) {
        seen_[to] = Seen::on_the_way;
        way.emplace_back(to, 0);
      } else if (seen_[to] == Seen::on_the_way) {
        report_circle(way, to);
      }
    }
  }

  /// The field whose change takes the profile out of the circle.
  static std::string field_of(const Profile& profile) {
    if (!profile.controller().value_or("").empty()) return "controller";
    return profile.is<VlanProfile>() ? "parent" : "";
  }

  /// Reports only one of the circles that share a profile: a change of one may break the others.
  void report_circle(std::span<const std::pair<std::size_t, std::size_t>> way, std::size_t to) {
    std::vector<std::size_t> circle;
    for (auto step = way.rbegin();; ++step) {
      if (seen_[step->first] == Seen::in_a_circle) return;
      circle.push_back(step->first);
      if (step->first == to) break;
    }
    for (const auto at : circle) seen_[at] = Seen::in_a_circle;
    std::reverse(circle.begin(), circle.end());
    std::rotate(circle.begin(), std::max_element(circle.begin(), circle.end()), circle.end());
    circle.push_back(circle.front());

    std::vector<std::string> names;
    for (const auto at : circle) {
      const auto& interface = graph_.interface(at);
      names.push_back(interface.empty() ? graph_[at].name() : interface);
    }
    findings_.of(circle.front())
        .error("circle", field_of(graph_[circle.front()]),
               fmt::format("it depends on itself: {}", fmt::join(names, " → ")),
               "take one of these out of the circle: another parent, or another controller");
  }

  const ProfileGraph& graph_;
  FindingsByProfile& findings_;
  std::vector<std::vector<std::size_t>> below_;
  std::vector<Seen> seen_;
};

/// The ports that are not in the state are unknown, so this is only a warning.
void check_primaries(const ProfileGraph& graph, FindingsByProfile& findings) {
  std::map<std::size_t, std::set<std::string_view>> ports;  // of bonds with a primary
  const auto primary_of = [&](std::size_t at) -> const std::string* {
    const auto* bond = graph[at].get_if<BondProfile>();
    if (bond == nullptr || !bond->options) return nullptr;
    const auto found = bond->options->find("primary");
    return found != bond->options->end() ? &found->second : nullptr;
  };
  for (std::size_t at = 0; at < graph.size(); ++at) {
    const auto& above = graph.controller(at);
    if (above && above->fits && primary_of(above->at) != nullptr)
      ports[above->at].insert(graph.interface(at));
  }
  for (const auto& [at, names] : ports) {
    const auto& primary = *primary_of(at);
    if (names.contains(primary)) continue;
    findings.of(at).warning(
        "primary-is-not-a-port", "options.primary",
        fmt::format("'{}' is not one of its ports: {}", primary, fmt::join(names, ", ")),
        "name one of the ports, or leave it out");
  }
}

}  // namespace

void check_references(const ProfileGraph& graph, FindingsByProfile& findings) {
  for (std::size_t at = 0; at < graph.size(); ++at) {
    check_controller(graph, at, findings.of(at));
    check_vlan(graph, at, findings.of(at));
  }
  check_uuids(graph, findings);
  check_names(graph, findings);
  check_interfaces(graph, findings);
  check_vlan_ids(graph, findings);
  check_primaries(graph, findings);
  Circles(graph, findings).check();
}

}  // namespace csnet::model
