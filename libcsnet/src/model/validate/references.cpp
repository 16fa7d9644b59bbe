#include "references.hpp"

#include "host_index.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace csnet::model {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

/// NetworkManager's own name for a VLAN; a parent that is a uuid has none here, and too long a one is cut differently.
std::string interface_of(const Profile& profile) {
  const auto* vlan = profile.get_if<VlanProfile>();
  if (vlan == nullptr || !vlan->interface_name.empty() || !vlan->parent || !vlan->id) {
    return profile.interface_name();
  }
  auto made = fmt::format("{}.{}", *vlan->parent, *vlan->id);
  return vlan->parent->empty() || made.size() > 15 ? std::string{} : made;
}

}  // namespace

Relations::Relations(std::span<const Profile> profiles) : profiles_(profiles) {
  interfaces_.reserve(size());
  for (const auto& profile : profiles_) interfaces_.push_back(interface_of(profile));
  find_who_counts();
  fill_indexes();
  controllers_.reserve(size());
  parents_.reserve(size());
  for (std::size_t at = 0; at < size(); ++at) {
    controllers_.push_back(find_controller(at));
    parents_.push_back(find_parent(at));
  }
}

Relations::Kind Relations::kind_of(const Profile& profile) {
  if (profile.is<BridgeProfile>()) return bridge;
  return profile.is<BondProfile>() ? bond : other;
}

void Relations::find_who_counts() {
  std::unordered_map<std::string_view, std::int32_t> highest;
  for (std::size_t at = 0; at < size(); ++at) {
    if (!autoconnects(profiles_[at])) continue;
    const auto priority = priority_of(profiles_[at]);
    const auto [entry, is_new] = highest.try_emplace(interfaces_[at], priority);
    if (!is_new) entry->second = std::max(entry->second, priority);
  }
  counts_.reserve(size());
  for (std::size_t at = 0; at < size(); ++at) {
    const auto entry = highest.find(interfaces_[at]);
    counts_.push_back(interfaces_[at].empty() || entry == highest.end() ||
                      (autoconnects(profiles_[at]) && priority_of(profiles_[at]) == entry->second));
  }
}

/// Those that count come first among the bearers: a reference to an interface means them.
void Relations::fill_indexes() {
  for (const bool counting : {true, false}) {
    for (std::size_t at = 0; at < size(); ++at) {
      if (counts_[at] != counting) continue;
      const auto kind = kind_of(profiles_[at]);
      const auto add = [&](Index& index, std::string_view key) {
        if (!key.empty()) index[key].at(kind).push_back(at);
      };
      add(by_uuid_, profiles_[at].uuid());
      add(by_interface_, interfaces_[at]);
      add(by_name_, profiles_[at].name());
    }
  }
}

std::optional<std::size_t> Relations::pick(const Index& index, std::string_view reference,
                                           std::span<const Kind> kinds, std::size_t except) const {
  const auto found = index.find(reference);
  if (found == index.end()) return std::nullopt;
  std::optional<std::size_t> best;
  for (const auto kind : kinds) {
    const auto& bearers = found->second.at(kind);
    const auto first =
        std::ranges::find_if(bearers, [&](std::size_t bearer) { return bearer != except; });
    if (first == bearers.end()) continue;
    if (!best || std::pair(!counts_[*first], *first) < std::pair(!counts_[*best], *best))
      best = *first;
  }
  return best;
}

/// The profile itself is never meant by an interface or a name: check_profile() reports the one, and the other is that
/// of a port called after its controller.
std::optional<Relations::Controller> Relations::find_controller(std::size_t at) const {
  static constexpr std::array bridges = {bridge};
  static constexpr std::array bonds = {bond};
  static constexpr std::array both = {bridge, bond};
  static constexpr std::array others = {other};
  const auto named = profiles_[at].controller().value_or("");
  if (named.empty()) return std::nullopt;
  const auto any = [&](std::span<const Kind> kinds) {
    auto found = pick(by_uuid_, named, kinds, kNone);
    if (!found) found = pick(by_interface_, named, kinds, at);
    return found ? found : pick(by_name_, named, kinds, at);
  };
  const auto& port = profiles_[at].port();
  const auto fitting = !port                                       ? std::span<const Kind>(both)
                       : std::holds_alternative<BridgePort>(*port) ? std::span<const Kind>(bridges)
                                                                   : std::span<const Kind>(bonds);
  if (const auto found = any(fitting)) return Controller{*found, true};
  auto found = any(both);
  if (!found) found = any(others);
  return found ? std::optional(Controller{*found, false}) : std::nullopt;
}

std::optional<std::size_t> Relations::find_parent(std::size_t at) const {
  static constexpr std::array all = {bridge, bond, other};
  const auto* vlan = profiles_[at].get_if<VlanProfile>();
  if (vlan == nullptr || !vlan->parent) return std::nullopt;
  auto found = pick(by_uuid_, *vlan->parent, all, kNone);
  if (!found) found = pick(by_interface_, *vlan->parent, all, at);
  return found ? found : pick(by_name_, *vlan->parent, all, at);
}

std::optional<std::size_t> Relations::find(std::string_view reference) const {
  static constexpr std::array all = {bridge, bond, other};
  auto found = pick(by_uuid_, reference, all, kNone);
  if (!found) found = pick(by_name_, reference, all, kNone);
  return found ? found : pick(by_interface_, reference, all, kNone);
}

bool Relations::one_interface(std::size_t a, std::size_t b) const {
  return a == b || (!interfaces_[a].empty() && interfaces_[a] == interfaces_[b]);
}

std::string Relations::controller_name(std::size_t at) const {
  const auto& found = controllers_[at];
  if (found && !interfaces_[found->at].empty()) return interfaces_[found->at];
  return profiles_[at].controller().value_or("");
}

std::string Relations::parent_name(std::size_t at) const {
  const auto& found = parents_[at];
  if (found && !interfaces_[*found].empty()) return interfaces_[*found];
  const auto* vlan = profiles_[at].get_if<VlanProfile>();
  return vlan == nullptr ? std::string{} : vlan->parent.value_or("");
}

std::vector<Finding> Report::all() && {
  std::vector<Finding> all;
  for (auto& found : of_profile_) {
    all.insert(all.end(), std::make_move_iterator(found.begin()),
               std::make_move_iterator(found.end()));
  }
  return all;
}

void Rivals::add(std::size_t at) {
  if (!first_) {
    first_ = at;
  } else if (!second_ && !relations_->one_interface(*first_, at)) {
    second_ = at;
  }
}

std::optional<std::size_t> Rivals::of(std::size_t at) const {
  return first_ && relations_->one_interface(*first_, at) ? second_ : first_;
}

std::string subject_beside(const Profile& other, const Profile& profile) {
  auto shown = subject(other);
  return shown == subject(profile) ? "another " + shown : shown;
}

}  // namespace csnet::model
