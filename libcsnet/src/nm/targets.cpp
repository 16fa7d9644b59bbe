#include "targets.hpp"

#include "device.hpp"
#include "error.hpp"

#include <algorithm>
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
  // These say when a profile comes up and what it is called, and nothing of how the interface runs.
  auto* now = nm_connection_get_setting_connection(applied.get());
  auto* stored = nm_connection_get_setting_connection(profile.connection.get());
  g_object_set(now, NM_SETTING_CONNECTION_ID, nm_setting_connection_get_id(stored),
               NM_SETTING_CONNECTION_INTERFACE_NAME,
               nm_setting_connection_get_interface_name(stored), NM_SETTING_CONNECTION_AUTOCONNECT,
               nm_setting_connection_get_autoconnect(stored),
               NM_SETTING_CONNECTION_AUTOCONNECT_PRIORITY,
               nm_setting_connection_get_autoconnect_priority(stored), nullptr);
  return nm_connection_compare(
             profile.connection.get(), applied.get(),
             static_cast<NMSettingCompareFlags>(NM_SETTING_COMPARE_FLAG_IGNORE_TIMESTAMP |
                                                NM_SETTING_COMPARE_FLAG_IGNORE_SECRETS)) != FALSE;
}

namespace {

bool is_port_of(const Stored& port, const Stored& controller) {
  const auto named = controller_of(port);
  return !named.empty() && (named == uuid_of(controller) || named == interface_of(controller));
}

std::string parent_of(const Stored& profile) {
  auto* vlan = nm_connection_get_setting_vlan(profile.connection.get());
  const char* parent = vlan != nullptr ? nm_setting_vlan_get_parent(vlan) : nullptr;
  return parent != nullptr ? parent : "";
}

bool is_parent_of(const Stored& candidate, const Stored& vlan) {
  const auto named = parent_of(vlan);
  return !named.empty() && (named == uuid_of(candidate) || named == interface_of(candidate));
}

/// Whether NetworkManager holds the interface by the profile as it is now, not as it was before a change.
bool is_as_stored(Bus& bus, const Stored& profile, const Active& active) {
  if (active.device_path.empty()) return true;  // it has hardly begun
  std::array calls = {applied_call(active.device_path)};
  const auto replies = bus.call_all(calls);
  const auto* reply = std::get_if<VariantPtr>(&replies.front());
  if (reply == nullptr) return true;
  return is_applied(profile, reply->get());
}

/// Collects targets, each behind what it needs.
class Collector {
 public:
  Collector(Bus& bus, const std::vector<Stored>& all)
      : all_(all), active_(active_connections(bus)), bus_(bus) {}

  void add(const Stored& profile, bool is_named) {
    if (auto* known = find_target(profile)) {
      known->is_named = known->is_named || is_named;
      return;
    }
    if (const auto* parent =
            best([&](const Stored& other) { return is_parent_of(other, profile); }))
      add(*parent, false);
    if (find_target(profile) != nullptr) return;  // a loop of parents: NetworkManager will say so
    targets_.push_back(
        {.profile = &profile, .is_named = is_named, .is_port = !controller_of(profile).empty()});
    if (!is_bridge(profile) && !is_bond(profile)) return;
    // Several profiles may want one NIC for this controller: each interface has one.
    for (const auto& port : all_) {
      const auto same = [&](const Stored& other) {
        return is_port_of(other, profile) && interface_of(other) == interface_of(port);
      };
      if (is_port_of(port, profile) && best(same) == &port) add(port, false);
    }
  }

  std::vector<Target> finish() {
    // A port is asked for after its controller, also when it was named first.
    std::ranges::stable_sort(targets_, {},
                             [&](const Target& target) { return depth(*target.profile); });
    for (auto& target : targets_) {
      for (auto& other : targets_) {
        if (!is_port_of(*target.profile, *other.profile)) continue;
        target.controller = other.profile;
        other.has_ports = true;
      }
    }
    for (auto& target : targets_) decide(target);
    return std::move(targets_);
  }

 private:
  Target* find_target(const Stored& profile) {
    const auto found = std::ranges::find(targets_, &profile, &Target::profile);
    return found == targets_.end() ? nullptr : &*found;
  }

  /// Of those that match: the active one, else that which NetworkManager would bring up itself.
  template <class Matches>
  const Stored* best(Matches&& matches) const {
    const auto rank = [&](const Stored& profile) {
      auto* setting = nm_connection_get_setting_connection(profile.connection.get());
      return std::tuple{active_.contains(profile.path),
                        nm_setting_connection_get_autoconnect(setting) != FALSE,
                        nm_setting_connection_get_autoconnect_priority(setting),
                        nm_setting_connection_get_timestamp(setting)};
    };
    const Stored* found = nullptr;
    for (const auto& profile : all_) {
      if (matches(profile) && (found == nullptr || rank(profile) > rank(*found))) found = &profile;
    }
    return found;
  }

  /// How many of the targets must be asked for before this one.
  std::size_t depth(const Stored& profile, std::size_t seen = 0) const {
    std::size_t deepest = 0;
    if (seen > targets_.size()) return seen;
    for (const auto& other : targets_) {
      if (is_port_of(profile, *other.profile) || is_parent_of(*other.profile, profile)) {
        deepest = std::max(deepest, 1 + depth(*other.profile, seen + 1));
      }
    }
    return deepest;
  }

  void decide(Target& target) {
    const auto* above = target.controller != nullptr ? find_target(*target.controller) : nullptr;
    const auto found = active_.find(target.profile->path);
    const bool runs =
        found != active_.end() && (found->second.state == NM_ACTIVE_CONNECTION_STATE_ACTIVATING ||
                                   found->second.state == NM_ACTIVE_CONNECTION_STATE_ACTIVATED);
    // A controller that starts anew drops its ports.
    target.must_start = !runs || (above != nullptr && above->must_start) ||
                        (target.is_named && !is_as_stored(bus_, *target.profile, found->second));
    if (target.must_start) return;
    target.is_adopted = true;
    target.active_path = found->second.path;
    target.device_path = found->second.device_path;
  }

  const std::vector<Stored>& all_;
  std::map<std::string, Active> active_;
  Bus& bus_;
  std::vector<Target> targets_;
};

}  // namespace

std::map<std::string, Active> active_connections(Bus& bus) {
  const std::array manager = {std::string(kManagerPath)};
  const auto properties = bus.properties(manager, kService);
  const auto paths = properties.front()
                         ? lookup_paths(properties.front().get(), "ActiveConnections")
                         : std::vector<std::string>{};
  const auto each = bus.properties(paths, kActiveConnection);
  std::map<std::string, Active> by_profile;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (!each[i]) continue;
    const auto devices = lookup_paths(each[i].get(), "Devices");
    by_profile.insert_or_assign(lookup_string(each[i].get(), "Connection"),
                                Active{paths[i], lookup_uint32(each[i].get(), "State"),
                                       devices.empty() ? "" : devices.front()});
  }
  return by_profile;
}

std::vector<Target> activation_targets(Bus& bus, const std::vector<Stored>& all,
                                       std::span<const std::string> which) {
  Collector collector(bus, all);
  for (const auto& name : which) {
    const auto* named = find(all, name);
    if (named == nullptr) throw no_such_profile(name);
    collector.add(*named, true);
  }
  return collector.finish();
}

std::vector<Target> exact_targets(Bus& bus, const std::vector<Stored>& profiles,
                                  std::span<const Start> starts) {
  const auto active = active_connections(bus);
  std::vector<Target> targets;
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    Target target{.profile = &profiles[i],
                  .is_named = true,
                  .is_port = !controller_of(profiles[i]).empty(),
                  .is_awaited = starts[i].is_awaited,
                  .must_start = starts[i].must_start};
    const auto found = active.find(profiles[i].path);
    if (!target.must_start && found != active.end()) {
      target.active_path = found->second.path;
      target.device_path = found->second.device_path;
    } else {
      target.must_start = true;
    }
    for (const auto& other : profiles) {
      if (is_port_of(profiles[i], other)) target.controller = &other;
      if (is_port_of(other, profiles[i])) target.has_ports = true;
    }
    targets.push_back(std::move(target));
  }
  return targets;
}

}  // namespace csnet::nm
