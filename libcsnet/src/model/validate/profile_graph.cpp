#include "profile_graph.hpp"

#include "profile_traits.hpp"

#include <algorithm>
#include <unordered_map>
#include <variant>

namespace csnet::model {

ProfileGraph::ProfileGraph(std::span<const Profile> profiles) : profiles_(profiles) {
  for (const auto& profile : profiles_) all_.add_uuid(profile);
  interfaces_.reserve(size());
  for (const auto& profile : profiles_) interfaces_.push_back(all_.named_interface(profile));
  counts_ = find_counting();
  // A reference to an interface prefers a profile that counts.
  for (const bool counting : {true, false}) {
    for (std::size_t at = 0; at < size(); ++at) {
      if (counts_[at] != counting) continue;
      const auto& profile = profiles_[at];
      const bool is_bridge = profile.is<BridgeProfile>();
      const bool is_bond = profile.is<BondProfile>();
      all_.add(profile, interfaces_[at]);
      if (is_bridge || is_bond) with_ports_.add(profile, interfaces_[at]);
      if (is_bridge) bridges_.add(profile, interfaces_[at]);
      if (is_bond) bonds_.add(profile, interfaces_[at]);
    }
  }
  controllers_.reserve(size());
  parents_.reserve(size());
  for (std::size_t at = 0; at < size(); ++at) {
    controllers_.push_back(find_controller(at));
    parents_.push_back(find_parent(at));
  }
}

std::vector<bool> ProfileGraph::find_counting() const {
  std::unordered_map<std::string_view, std::int32_t> highest;
  for (std::size_t at = 0; at < size(); ++at) {
    if (!autoconnects(profiles_[at])) continue;
    const auto priority = priority_of(profiles_[at]);
    const auto [entry, is_new] = highest.try_emplace(interfaces_[at], priority);
    if (!is_new) entry->second = std::max(entry->second, priority);
  }
  std::vector<bool> counting;
  counting.reserve(size());
  for (std::size_t at = 0; at < size(); ++at) {
    const auto entry = highest.find(interfaces_[at]);
    counting.push_back(interfaces_[at].empty() || entry == highest.end() ||
                       autoconnect_rank(profiles_[at]) == std::pair(true, entry->second));
  }
  return counting;
}

std::optional<std::size_t> ProfileGraph::place_of(const Profile* profile) const {
  if (profile == nullptr) return std::nullopt;
  return static_cast<std::size_t>(profile - profiles_.data());
}

/// Never the profile itself: when it has the controller's interface, check_profile() reports that;
/// when it has the controller's name, it is a port that is named after its controller.
std::optional<ProfileGraph::Controller> ProfileGraph::find_controller(std::size_t at) const {
  const auto reference = profiles_[at].controller().value_or("");
  if (reference.empty()) return std::nullopt;
  const auto& its_port = profiles_[at].port();
  const auto& fitting = !its_port                                       ? with_ports_
                        : std::holds_alternative<BridgePort>(*its_port) ? bridges_
                                                                        : bonds_;
  for (const auto* index : {&fitting, &with_ports_, &all_}) {
    const auto found = place_of(index->referred_to_by(reference, &profiles_[at]));
    if (found) return Controller{*found, index == &fitting};
  }
  return std::nullopt;
}

std::optional<std::size_t> ProfileGraph::find_parent(std::size_t at) const {
  const auto* parent = parent_of(profiles_[at]);
  return parent == nullptr ? std::nullopt : place_of(all_.referred_to_by(*parent, &profiles_[at]));
}

std::optional<std::size_t> ProfileGraph::meant_by(std::string_view word) const {
  const auto fit = all_.fitting(word);
  return fit.empty() ? std::nullopt : place_of(fit.front());
}

bool ProfileGraph::one_interface(std::size_t a, std::size_t b) const {
  return a == b || (!interfaces_[a].empty() && interfaces_[a] == interfaces_[b]);
}

std::string ProfileGraph::controller_name(std::size_t at) const {
  const auto& found = controllers_[at];
  if (found && !interfaces_[found->at].empty()) return interfaces_[found->at];
  return profiles_[at].controller().value_or("");
}

std::string ProfileGraph::parent_name(std::size_t at) const {
  const auto& found = parents_[at];
  if (found && !interfaces_[*found].empty()) return interfaces_[*found];
  const auto* parent = parent_of(profiles_[at]);
  return parent == nullptr ? std::string{} : *parent;
}

void FirstHolders::add(std::size_t at) {
  if (!first_) {
    first_ = at;
  } else if (!second_ && !graph_->one_interface(*first_, at)) {
    second_ = at;
  }
}

std::optional<std::size_t> FirstHolders::rival_of(std::size_t at) const {
  return first_ && graph_->one_interface(*first_, at) ? second_ : first_;
}

}  // namespace csnet::model
