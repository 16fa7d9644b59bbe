#include "references.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace csnet::model {
namespace {

void check_controller(const Relations& relations, std::size_t at, Findings findings) {
  const auto& found = relations.controller(at);
  if (!found || found->fits) return;
  const auto& other = relations[found->at];
  const bool is_bridge = other.is<BridgeProfile>();
  if (is_bridge || other.is<BondProfile>()) {
    findings.error(
        "wrong-port-type", "controller",
        fmt::format("is {}, and this is a {} port", subject(other), is_bridge ? "bond" : "bridge"),
        fmt::format("make it a {} port", is_bridge ? "bridge" : "bond"));
  } else {
    findings.error("controller-without-ports", "controller",
                   fmt::format("'{}' is {}, and neither a bridge nor a bond",
                               relations[at].controller().value_or(""), subject(other)),
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

/// The kernel makes such VLANs: their frames pass the bond by, or mix with the untagged ones in the bridge.
void check_parents_controller(const Relations& relations, std::size_t at, const VlanProfile& vlan,
                              Findings& findings) {
  const auto parent = *relations.parent(at);
  const auto& above = relations.controller(parent);
  const auto& port = relations[parent].port();
  const bool on_bond_port = port ? std::holds_alternative<BondPort>(*port)
                                 : above && relations[above->at].is<BondProfile>();
  const auto name = relations.controller_name(parent);
  if (on_bond_port) {
    findings.error("parent-in-bond", "parent",
                   fmt::format("'{}' is a port of '{}'", *vlan.parent, name),
                   fmt::format("put it on the bond: its parent is '{}'", name));
  } else if (!name.empty() && name == relations.controller_name(at)) {
    findings.warning(
        "parent-in-same-bridge", "controller",
        fmt::format("'{}' has the parent '{}' as a port, too: VLAN {} and the untagged network "
                    "become one",
                    name, *vlan.parent, vlan.id.value_or(0)),
        "take one of the two out of the bridge");
  }
}

void check_vlan(const Relations& relations, std::size_t at, Findings findings) {
  const auto* vlan = relations[at].get_if<VlanProfile>();
  const auto& parent = relations.parent(at);
  if (vlan == nullptr || !parent) return;
  check_mtu(*vlan, relations[*parent], findings);
  if (relations.counts(at) && relations.counts(*parent) && *parent != at)
    check_parents_controller(relations, at, *vlan, findings);
}

/// What each profile has for itself alone.
class Twins {
 public:
  Twins(const Relations& relations, Report& report) : relations_(relations), report_(report) {}

  void check(std::size_t at) {
    check_uuid(at);
    check_name(at);
    check_interface(at);
    check_vlan_id(at);
  }

 private:
  void check_uuid(std::size_t at) {
    const auto& its = relations_[at].uuid();
    if (its.empty()) return;
    const auto [first, is_new] = by_uuid_.try_emplace(its, at);
    if (is_new) return;
    report_.of(at).error("duplicate-uuid", "uuid",
                         fmt::format("'{}' is also the uuid of {}", its, beside(first->second, at)),
                         "leave it empty, and one is made");
  }

  void check_name(std::size_t at) {
    const auto& its = relations_[at].name();
    if (its.empty()) return;
    const auto [first, is_new] = by_name_.try_emplace(its, at);
    if (is_new) return;
    report_.of(at).warning(
        "duplicate-name", "name",
        fmt::format("'{}' is also the name of {}", its, beside(first->second, at)),
        fmt::format("NetworkManager allows it, but `nmcli con up '{}'` then takes either: "
                    "give each a name of its own",
                    its));
  }

  void check_interface(std::size_t at) {
    const auto& its = relations_.interface(at);
    const auto [comes_up, priority] = relations_[at].visit([](const auto& of) {
      return std::pair(of.autoconnect.value_or(true), of.autoconnect_priority.value_or(0));
    });
    if (its.empty() || !comes_up) return;
    const auto [entry, is_new] = by_interface_.try_emplace({its, priority}, at);
    if (is_new) return;
    const auto first = entry->second;
    const auto above = relations_.controller_name(at);
    const auto firsts = relations_.controller_name(first);
    const auto why = above.empty() || firsts.empty() || above == firsts
                         ? std::string("one interface has one profile at a time")
                         : fmt::format("it would be a port of both '{}' and '{}'", firsts, above);
    report_.of(at).error(
        "duplicate-interface", "interface_name",
        fmt::format("{} also comes up on '{}': {}", beside(first, at), its, why),
        "turn autoconnect off in one of them, or give each an autoconnect_priority of its own");
  }

  void check_vlan_id(std::size_t at) {
    const auto* vlan = relations_[at].get_if<VlanProfile>();
    if (vlan == nullptr || !vlan->id || !relations_.counts(at)) return;
    const auto parent = relations_.parent_name(at);
    if (parent.empty()) return;
    auto& rivals = by_vlan_.try_emplace({parent, *vlan->id}, relations_).first->second;
    if (const auto first = rivals.of(at)) {
      report_.of(at).error(
          "duplicate-vlan", "id",
          fmt::format("{} is VLAN {} of '{}' already", beside(*first, at), *vlan->id, parent),
          "the kernel makes one interface for it: give it another id, or leave one out");
    }
    rivals.add(at);
  }

  [[nodiscard]] std::string beside(std::size_t other, std::size_t at) const {
    return subject_beside(relations_[other], relations_[at]);
  }

  const Relations& relations_;
  Report& report_;
  std::unordered_map<std::string_view, std::size_t> by_uuid_, by_name_;
  std::map<std::pair<std::string_view, std::int32_t>, std::size_t> by_interface_;
  std::map<std::pair<std::string, std::uint32_t>, Rivals> by_vlan_;
};

/// A bridge or bond lies on its ports, and a VLAN on its parent. Walks down without recursion: a chain may be long.
class Circles {
 public:
  Circles(const Relations& relations, Report& report)
      : relations_(relations), report_(report), below_(relations.size()), seen_(relations.size()) {
    for (std::size_t at = 0; at < relations.size(); ++at) {
      if (!relations.counts(at)) continue;
      const auto& above = relations.controller(at);
      if (above && above->fits && relations.counts(above->at)) below_[above->at].push_back(at);
      const auto& parent = relations.parent(at);
      if (parent && relations.counts(*parent)) below_[at].push_back(*parent);
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

  /// Once for circles that share a profile: who breaks the one looks at the other again.
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
      const auto& interface = relations_.interface(at);
      names.push_back(interface.empty() ? relations_[at].name() : interface);
    }
    report_.of(circle.front())
        .error("circle", field_of(relations_[circle.front()]),
               fmt::format("it depends on itself: {}", fmt::join(names, " → ")),
               "take one of these out of the circle: another parent, or another controller");
  }

  const Relations& relations_;
  Report& report_;
  std::vector<std::vector<std::size_t>> below_;
  std::vector<Seen> seen_;
};

}  // namespace

void check_relations(const Relations& relations, Report& report) {
  Twins twins(relations, report);
  for (std::size_t at = 0; at < relations.size(); ++at) {
    check_controller(relations, at, report.of(at));
    check_vlan(relations, at, report.of(at));
    twins.check(at);
  }
  Circles(relations, report).check();
}

}  // namespace csnet::model
