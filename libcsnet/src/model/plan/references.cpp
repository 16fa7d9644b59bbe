#include "references.hpp"

namespace csnet::model {

References::References(std::span<const Profile> desired, const HostIndex& host) : host_(host) {
  for (const auto& profile : desired) desired_.add_uuid(profile);
  interfaces_.reserve(desired.size());
  for (const auto& profile : desired) interfaces_.push_back(desired_.named_interface(profile));
  for (std::size_t i = 0; i < desired.size(); ++i) desired_.add(desired[i], interfaces_[i]);
}

const Profile* References::profile_of(const std::string& reference) const {
  const auto* wanted = desired_.referred_to_by(reference);
  return wanted != nullptr ? wanted : host_.references().referred_to_by(reference);
}

std::string References::interface_of(const std::string& reference) const {
  if (host_.device(reference) != nullptr) return reference;
  for (const auto* index : {&desired_, &host_.references()}) {
    const auto* profile = index->referred_to_by(reference);
    if (profile == nullptr) continue;
    auto interface = host_.interface_of(*profile);
    if (!interface.empty()) return interface;
  }
  return reference;
}

std::string References::controller_of(const Profile& profile) const {
  const auto& above = profile.controller();
  return above ? interface_of(*above) : std::string{};
}

}  // namespace csnet::model
