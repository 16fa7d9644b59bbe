#include "controller.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace csnet::nm {
namespace {

/// A profile, of the batch or of the host, that a controller field may refer to.
struct Candidate {
  std::string id;
  std::string uuid;
  std::string interface_name;
  std::optional<Port> port;  ///< The kind of ports that it has; empty: it is not a controller.
  std::string subject;
};

Candidate candidate(const Profile& profile) {
  std::optional<Port> port;
  if (profile.is<BridgeProfile>()) port = BridgePort{};
  if (profile.is<BondProfile>()) port = BondPort{};
  return {profile.name(), profile.uuid(), profile.interface_name(), port, subject(profile)};
}

Candidate candidate(const Stored& stored) {
  std::optional<Port> port;
  if (is_bridge(stored)) port = BridgePort{};
  if (is_bond(stored)) port = BondPort{};
  return {id_of(stored), uuid_of(stored), interface_of(stored), port, subject_of(stored)};
}

/// Candidates by uuid, interface and name.
class Candidates {
 public:
  void add(Candidate candidate) {
    const auto& one = all_.emplace_back(std::move(candidate));
    for (const auto* word : {&one.uuid, &one.interface_name, &one.id})
      by_word_.emplace(*word, &one);
  }

  /// The best match for `named`: prefers this kind of port, then any ports, then a uuid or
  /// interface to a profile's name, then the one that was added first.
  [[nodiscard]] const Candidate* find(const std::string& named,
                                      const std::optional<Port>& port) const {
    const auto rank = [&](const Candidate& c) {
      const bool exact = c.uuid == named || c.interface_name == named;
      const bool fits = c.port && port && c.port->index() == port->index();
      return (fits ? 4 : 0) + (c.port ? 2 : 0) + (exact ? 2 : 1);
    };
    const Candidate* best = nullptr;
    const auto [first, last] = by_word_.equal_range(named);
    for (auto at = first; at != last; ++at) {
      if (best == nullptr || rank(*at->second) > rank(*best)) best = at->second;
    }
    return best;
  }

 private:
  std::deque<Candidate> all_;  // a deque does not move its elements
  std::multimap<std::string, const Candidate*, std::less<>>
      by_word_;  // equal keys keep the order in which they were added
};

template <class P>
void settle(P& profile, const Candidate* found) {
  const auto named = *profile.controller;
  const auto about = subject(profile);
  if (found == nullptr) {
    // Like nmcli, csnet accepts a controller that does not exist yet if the kind of port is given.
    if (profile.port) return;
    throw Error(
        ErrorKind::not_found, about, fmt::format("controller '{}' is not on this host", named),
        "add the bridge or bond first or with it, or give the kind of port: port=BridgePort()");
  }
  if (!found->port) {
    throw Error(
        ErrorKind::invalid, about,
        fmt::format("controller '{}' is not a bridge or bond: it is {}", named, found->subject),
        "only bridges and bonds have ports");
  }
  if (!profile.port) profile.port = found->port;
  if (profile.port->index() != found->port->index()) {
    const bool is_bridge = std::holds_alternative<BridgePort>(*found->port);
    throw Error(ErrorKind::invalid, about,
                fmt::format("is a {} port, but its controller is {}", is_bridge ? "bond" : "bridge",
                            found->subject),
                fmt::format("give it a {}", is_bridge ? "BridgePort" : "BondPort"));
  }
  if (found->uuid != named && found->interface_name != named) profile.controller = found->uuid;
}

}  // namespace

void settle_controllers(std::span<Profile> profiles,
                        const std::function<std::vector<Stored>()>& host) {
  Candidates candidates;
  for (const auto& profile : profiles) candidates.add(candidate(profile));
  bool host_is_known = false;
  for (auto& profile : profiles) {
    const auto named = profile.controller().value_or("");
    if (named.empty()) continue;
    const auto& wanted = profile.port();
    const auto* found = candidates.find(named, wanted);
    const bool fits =
        found != nullptr && found->port && (!wanted || wanted->index() == found->port->index());
    if (!fits && !host_is_known) {
      for (const auto& stored : host()) candidates.add(candidate(stored));
      host_is_known = true;
      found = candidates.find(named, wanted);
    }
    profile.visit([&](auto& of) { settle(of, found); });
  }
}

}  // namespace csnet::nm
