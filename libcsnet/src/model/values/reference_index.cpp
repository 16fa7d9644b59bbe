#include "reference_index.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <iterator>

namespace csnet::model {
namespace {

using Profiles = std::vector<const Profile*>;

const Profiles& found_in(const std::unordered_map<std::string_view, Profiles>& map,
                         std::string_view key) {
  static const Profiles none;
  const auto found = map.find(key);
  return found == map.end() ? none : found->second;
}

/// The kernel's limit, in bytes. NetworkManager's versions shorten a longer name in different ways.
constexpr std::size_t kLongestInterfaceName = 15;

}  // namespace

void ReferenceIndex::add_uuid(const Profile& profile) {
  if (!profile.uuid().empty()) by_uuid_.emplace(profile.uuid(), &profile);
}

void ReferenceIndex::add(const Profile& profile, std::string_view interface_name) {
  add_uuid(profile);
  if (!profile.name().empty()) by_name_[profile.name()].push_back(&profile);
  if (!interface_name.empty()) by_interface_[interface_name].push_back(&profile);
}

const Profile* ReferenceIndex::with_uuid(std::string_view uuid) const {
  const auto found = by_uuid_.find(uuid);
  return found == by_uuid_.end() ? nullptr : found->second;
}

const Profiles& ReferenceIndex::for_interface(std::string_view name) const {
  return found_in(by_interface_, name);
}

Profiles ReferenceIndex::fitting(std::string_view word) const {
  if (const auto* profile = with_uuid(word)) return {profile};
  if (const auto& named = found_in(by_name_, word); !named.empty()) return named;
  // A profile that names the interface comes before one that is only active on it, or would be.
  const auto& all = for_interface(word);
  Profiles exact;
  std::ranges::copy_if(all, std::back_inserter(exact),
                       [&](const Profile* profile) { return profile->interface_name() == word; });
  return exact.empty() ? all : exact;
}

const Profile* ReferenceIndex::meant_by(std::string_view word) const {
  const auto fit = fitting(word);
  if (fit.size() < 2) return fit.empty() ? nullptr : fit.front();
  std::vector<std::string> uuids;
  uuids.reserve(fit.size());
  for (const auto* profile : fit) uuids.push_back(profile->uuid());
  std::ranges::sort(uuids);
  throw Error(ErrorKind::conflict, fmt::format("profile '{}'", word),
              fmt::format("matches several profiles: {}", fmt::join(uuids, ", ")),
              "name one of them by its uuid");
}

const Profile* ReferenceIndex::referred_to_by(std::string_view reference,
                                              const Profile* except) const {
  if (const auto* profile = with_uuid(reference)) return profile;
  for (const auto* map : {&by_interface_, &by_name_}) {
    const auto& all = found_in(*map, reference);
    const auto first =
        std::ranges::find_if(all, [&](const Profile* profile) { return profile != except; });
    if (first != all.end()) return *first;
  }
  return nullptr;
}

std::string ReferenceIndex::named_interface(const Profile& profile) const {
  const auto* vlan = profile.get_if<VlanProfile>();
  if (vlan == nullptr || !vlan->interface_name.empty() || !vlan->id)
    return profile.interface_name();
  const auto reference = vlan->parent.value_or("");
  const auto* by_uuid = with_uuid(reference);
  const auto& parent = by_uuid == nullptr ? reference : by_uuid->interface_name();
  auto made = fmt::format("{}.{}", parent, *vlan->id);
  return parent.empty() || made.size() > kLongestInterfaceName ? std::string{} : made;
}

}  // namespace csnet::model
