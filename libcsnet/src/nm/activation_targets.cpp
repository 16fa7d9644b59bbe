#include "activation_targets.hpp"

#include "convert.hpp"
#include "device.hpp"
#include "error.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>
#include <tuple>
#include <utility>

namespace csnet::nm {

Call applied_call(const std::string& device_path) {
  return {.path = device_path,
          .interface = kDevice,
          .method = "GetAppliedConnection",
          .arguments = take(g_variant_new("(u)", 0U))};
}

bool is_applied(const Stored& profile, GVariant* reply) {
  const auto settings = take(g_variant_get_child_value(reply, 0));
  const ConnectionPtr applied(nm_simple_connection_new_from_dbus(settings.get(), nullptr));
  if (!applied) return false;
  // These say when a profile comes up and its name, and do not affect the interface.
  auto* now = nm_connection_get_setting_connection(applied.get());
  auto* stored = nm_connection_get_setting_connection(profile.connection.get());
  g_object_set(now, NM_SETTING_CONNECTION_ID, nm_setting_connection_get_id(stored),
               NM_SETTING_CONNECTION_INTERFACE_NAME,
               nm_setting_connection_get_interface_name(stored), NM_SETTING_CONNECTION_AUTOCONNECT,
               nm_setting_connection_get_autoconnect(stored),
               NM_SETTING_CONNECTION_AUTOCONNECT_PRIORITY,
               nm_setting_connection_get_autoconnect_priority(stored), nullptr);
  return same_settings(profile.connection.get(), applied.get());
}

namespace {

using Profiles = std::vector<const Stored*>;
using ByProfile = std::map<std::string, Active>;

std::string parent_of(const Stored& profile) {
  auto* vlan = nm_connection_get_setting_vlan(profile.connection.get());
  const char* parent = vlan != nullptr ? nm_setting_vlan_get_parent(vlan) : nullptr;
  return parent != nullptr ? parent : "";
}

/// Finds a profile's controller, parent and ports. A profile names the first two by uuid or by
/// interface.
class Relations {
 public:
  void add(const Stored& profile) {
    by_name_.emplace(uuid_of(profile), &profile);
    if (auto interface = interface_of(profile); !interface.empty())
      by_name_.emplace(std::move(interface), &profile);
    if (auto controller = controller_of(profile); !controller.empty())
      ports_.emplace(std::move(controller), &profile);
  }

  /// Several profiles may have one interface.
  [[nodiscard]] Profiles controllers_of(const Stored& profile) const {
    return values(by_name_, {controller_of(profile)});
  }
  [[nodiscard]] Profiles parents_of(const Stored& profile) const {
    return values(by_name_, {parent_of(profile)});
  }
  [[nodiscard]] Profiles ports_of(const Stored& profile) const {
    return values(ports_, {uuid_of(profile), interface_of(profile)});
  }

 private:
  using Map = std::multimap<std::string, const Stored*>;
  static Profiles values(const Map& map, std::initializer_list<std::string> keys) {
    Profiles found;
    for (const auto& key : keys) {
      const auto [first, last] = map.equal_range(key);
      for (auto each = first; each != last; ++each) found.push_back(each->second);
    }
    return found;
  }

  Map by_name_;
  Map ports_;  ///< by the name that they use for their controller
};

/// Adds the named profiles' ports and parents, out of all profiles of the host.
class Collector {
 public:
  Collector(const std::vector<Stored>& all, const ByProfile& active) : active_(active) {
    for (const auto& profile : all) relations_.add(profile);
  }

  void add(const Stored& profile, bool is_named) {
    const auto [known, is_new] = index_.emplace(&profile, targets_.size());
    if (!is_new) {
      auto& target = targets_[known->second];
      target.is_named = target.is_named || is_named;
      return;
    }
    targets_.push_back({.profile = &profile, .is_named = is_named});
    if (const auto* parent = best(relations_.parents_of(profile))) add(*parent, false);
    if (!is_bridge(profile) && !is_bond(profile)) return;
    // Several profiles may want one NIC for this controller: each interface has one.
    const auto ports = relations_.ports_of(profile);
    std::map<std::string, Profiles> by_interface;
    for (const auto* port : ports) by_interface[interface_of(*port)].push_back(port);
    for (const auto* port : ports) {
      if (best(by_interface[interface_of(*port)]) == port) add(*port, false);
    }
  }

  std::vector<Target> take() { return std::move(targets_); }

 private:
  /// The active one, else the one that NetworkManager would bring up on its own; null for none.
  [[nodiscard]] const Stored* best(const Profiles& profiles) const {
    const auto rank = [&](const Stored* profile) {
      auto* setting = nm_connection_get_setting_connection(profile->connection.get());
      return std::tuple{active_.contains(profile->path),
                        nm_setting_connection_get_autoconnect(setting) != FALSE,
                        nm_setting_connection_get_autoconnect_priority(setting),
                        nm_setting_connection_get_timestamp(setting)};
    };
    const auto found = std::ranges::max_element(profiles, {}, rank);
    return found == profiles.end() ? nullptr : *found;
  }

  Relations relations_;
  const ByProfile& active_;
  std::map<const Stored*, std::size_t> index_;  ///< into targets_
  std::vector<Target> targets_;
};

/// The active profiles that have changed since NetworkManager activated them.
std::set<const Stored*> changed_since(Service& service, const std::vector<Target>& targets,
                                      const ByProfile& active) {
  std::vector<const Stored*> asked;
  std::vector<Call> calls;
  for (const auto& target : targets) {
    const auto found = active.find(target.profile->path);
    if (target.is_exact || !target.is_named || found == active.end() ||
        found->second.device_path.empty())  // NetworkManager has just begun to activate it
      continue;
    asked.push_back(target.profile);
    calls.push_back(applied_call(found->second.device_path));
  }
  const auto replies = service.call_all(calls);
  std::set<const Stored*> changed;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const auto* reply = std::get_if<VariantPtr>(&replies[i]);
    if (reply != nullptr && !is_applied(*asked[i], reply->get())) changed.insert(asked[i]);
  }
  return changed;
}

/// Decides which targets to start, and puts each behind those that it needs; otherwise they keep
/// their order.
class Order {
 public:
  Order(Service& service, const ByProfile& active) : service_(service), active_(active) {}

  std::vector<Target> of(std::vector<Target> targets) {
    changed_ = changed_since(service_, targets, active_);
    Profiles order;
    for (auto& target : targets) {
      order.push_back(target.profile);
      relations_.add(*target.profile);
      waiting_.emplace(target.profile, std::move(target));
    }
    for (const auto* profile : order) place(*profile);
    for (auto& target : placed_) target.has_ports = controllers_.contains(target.profile);
    return std::move(placed_);
  }

 private:
  void place(const Stored& profile) {
    const auto waiting = waiting_.extract(&profile);
    if (waiting.empty()) return;  // placed already, or in a cycle, which NetworkManager will refuse
    auto& target = waiting.mapped();
    target.is_port = !controller_of(profile).empty();
    for (const auto* controller : relations_.controllers_of(profile)) {
      place(*controller);
      controllers_.insert(controller);
      target.controller = controller;
    }
    for (const auto* parent : relations_.parents_of(profile)) place(*parent);
    decide(target);
    placed_.push_back(std::move(target));
  }

  void decide(Target& target) {
    const auto found = active_.find(target.profile->path);
    const bool is_active = found != active_.end();
    if (target.is_exact) {
      target.must_start = target.must_start || !is_active;
    } else {
      const bool runs =
          is_active && (found->second.state == NM_ACTIVE_CONNECTION_STATE_ACTIVATING ||
                        found->second.state == NM_ACTIVE_CONNECTION_STATE_ACTIVATED);
      // A controller that starts anew drops its ports.
      target.must_start =
          !runs || starting_.contains(target.controller) || changed_.contains(target.profile);
      target.is_adopted = !target.must_start;
    }
    if (target.must_start) {
      starting_.insert(target.profile);
    } else {
      target.active_path = found->second.path;
      target.device_path = found->second.device_path;
    }
  }

  Service& service_;
  const ByProfile& active_;
  Relations relations_;  ///< among the targets
  std::set<const Stored*> changed_;
  std::set<const Stored*> controllers_;  ///< those with a port among the targets
  std::set<const Stored*> starting_;
  std::map<const Stored*, Target> waiting_;
  std::vector<Target> placed_;
};

/// Asks for one active connection.
void add_active(Service& service, Requests& requests, std::string path, ByProfile& by_profile) {
  auto call = properties_call(path, kActiveConnection);
  requests.add(std::move(call),
               [&service, &by_profile, path = std::move(path)](const Reply& reply) {
                 const auto active = service.properties_of(reply);
                 if (!active) return;
                 const auto devices = lookup_paths(active.get(), "Devices");
                 by_profile.insert_or_assign(lookup_string(active.get(), "Connection"),
                                             Active{path, lookup_uint32(active.get(), "State"),
                                                    devices.empty() ? "" : devices.front()});
               });
}

}  // namespace

std::map<std::string, Active> active_connections(Service& service) {
  std::map<std::string, Active> by_profile;
  Requests requests(service);
  requests.add(property_call(kManagerPath, kManager, "ActiveConnections"), [&](const Reply& reply) {
    for (auto& path : paths_of(service.property_of(reply).get()))
      add_active(service, requests, std::move(path), by_profile);
  });
  requests.run();
  return by_profile;
}

std::map<std::string, Active> active_connections(Service& service,
                                                 const std::vector<Stored>& profiles) {
  const auto may_run_anywhere = [](const Stored& profile) { return interface_of(profile).empty(); };
  if (std::ranges::any_of(profiles, may_run_anywhere)) return active_connections(service);
  std::map<std::string, Active> by_profile;
  Requests requests(service);
  for (const auto& profile : profiles) {
    requests.add(device_call(interface_of(profile)), [&](const Reply& device) {
      if (const auto* error = std::get_if<ErrorPtr>(&device)) {
        // Any other failure must not count as "inactive": the profile would be started again.
        const auto failure = to_error(**error);
        if (failure.kind() != ErrorKind::not_found) throw Error(failure);
        return;  // there is no such interface
      }
      auto path = path_of(std::get<VariantPtr>(device).get());
      requests.add(property_call(std::move(path), kDevice, "ActiveConnection"),
                   [&](const Reply& reply) {
                     const auto active = service.property_of(reply);
                     if (!active) return;
                     std::string active_path = g_variant_get_string(active.get(), nullptr);
                     if (active_path != "/")
                       add_active(service, requests, std::move(active_path), by_profile);
                   });
    });
  }
  requests.run();
  return by_profile;
}

std::vector<Target> related_targets(Service& service, const std::vector<Stored>& all,
                                    std::span<const std::string> which,
                                    const std::map<std::string, Active>& active) {
  Collector collector(all, active);
  const ProfileIndex index(all);
  for (const auto& name : which) {
    const auto* named = index.find(name);
    if (named == nullptr) throw no_such_profile(name);
    collector.add(*named, true);
  }
  return Order(service, active).of(collector.take());
}

std::vector<Target> named_targets(Service& service, const std::vector<Stored>& profiles,
                                  const std::map<std::string, Active>& active) {
  std::vector<Target> targets;
  std::set<std::string> paths;  // one may be named twice, by uuid and by name
  for (const auto& profile : profiles) {
    if (paths.insert(profile.path).second)
      targets.push_back({.profile = &profile, .is_named = true});
  }
  return Order(service, active).of(std::move(targets));
}

std::vector<Target> exact_targets(Service& service, std::span<const ExactStart> starts,
                                  const std::map<std::string, Active>& active) {
  std::vector<Target> targets;
  targets.reserve(starts.size());
  for (const auto& [profile, start] : starts) {
    targets.push_back({.profile = profile,
                       .is_named = true,
                       .is_awaited = start.is_awaited,
                       .must_start = start.must_start,
                       .is_exact = true});
  }
  return Order(service, active).of(std::move(targets));
}

}  // namespace csnet::nm
