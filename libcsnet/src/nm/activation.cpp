#include "activation_targets.hpp"
#include "client.hpp"
#include "convert.hpp"
#include "device.hpp"
#include "error.hpp"
#include "profile_calls.hpp"
#include "readiness.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

/// Brings profiles up, and waits until they are usable.
namespace csnet::nm {
namespace {

Error activation_error(const Target& target, const GError& error) {
  auto failure = to_error(error, subject_of(*target.profile));
  const bool is_nic = nm_connection_is_type(target.profile->connection.get(),
                                            NM_SETTING_WIRED_SETTING_NAME) != FALSE;
  if (failure.kind() != ErrorKind::not_found || !is_nic || !target.is_port) return failure;
  // The manual's step 4: a bridge-slave on a VLAN.
  return {failure.kind(), failure.subject(), failure.message(),
          "an ethernet profile is for NICs: for a VLAN, make the VlanProfile itself the port"};
}

std::vector<Target> with_addresses(std::vector<Target> targets) {
  for (auto& target : targets) target.addresses = static_addresses(*target.profile);
  return targets;
}

/// Starts the targets that must be started, then reads each target again after a signal about it.
class Activation {
 public:
  Activation(Service& service, std::vector<Target> targets)
      : service_(service),
        targets_(with_addresses(std::move(targets))),
        signals_(service, signals_about(targets_),
                 [this](auto path, auto /*interface*/, auto signal, auto* arguments) {
                   note(path, signal, arguments);
                 }) {}

  void run(ActivateOptions options) {
    const auto deadline = std::chrono::steady_clock::now() + options.timeout;
    start_all();
    const auto done = [&] {
      while (!changed_.empty()) look(std::exchange(changed_, {}));
      return std::ranges::all_of(targets_,
                                 [](const Target& target) { return target.waits_for.empty(); });
    };
    if (!service_.bus().wait_until(deadline, done)) throw_timeout(options);
  }

 private:
  void note(std::string_view path, std::string_view signal, GVariant* arguments) {
    if (signal == "NameOwnerChanged") {
      for (auto& target : targets_) changed_.insert(&target);
      return;
    }
    const bool is_state = signal == "StateChanged";
    if (is_state) {
      std::uint32_t state = 0;
      std::uint32_t reason = 0;
      g_variant_get(arguments, "(uu)", &state, &reason);
      reasons_[std::string(path)] = reason;
      if (state < NM_ACTIVE_CONNECTION_STATE_ACTIVATED) return;
    }
    const auto found = watched_.find(path);
    if (found == watched_.end()) return;
    for (auto* target : found->second) {
      // While NetworkManager activates it, everything changes many times; only the result matters.
      if (is_state || target->is_up) changed_.insert(target);
    }
  }

  /// A target's properties as NetworkManager reports them; its device's too, if they are needed.
  struct Sight {
    Target* target;
    VariantPtr active{};
    VariantPtr device{};
    std::uint32_t state = NM_ACTIVE_CONNECTION_STATE_DEACTIVATED;

    [[nodiscard]] bool has_ended() const { return state == NM_ACTIVE_CONNECTION_STATE_DEACTIVATED; }
  };

  /// Reads the target again after each signal about this object.
  void watch(Target& target, const std::string& path) {
    if (!path.empty()) watched_[path].insert(&target);
  }

  void start_all() {
    std::vector<Call> calls;
    std::vector<Target*> started;
    for (auto& target : targets_) {
      if (target.must_start) {
        calls.push_back(activate_call(*target.profile));
        started.push_back(&target);
      } else {
        adopt(target);
      }
    }
    const auto replies = service_.call_all(calls);
    for (std::size_t i = 0; i < replies.size(); ++i) {
      if (const auto* error = std::get_if<ErrorPtr>(&replies[i])) {
        refused(*started[i], activation_error(*started[i], **error));
      } else {
        set_active(*started[i], replies[i]);
      }
    }
    for (auto& target : targets_) {
      if (!target.is_awaited) target.waits_for.clear();
    }
    give_up_portless();
  }

  void adopt(Target& target) {
    watch(target, target.active_path);
    watch(target, target.device_path);
    changed_.insert(&target);
  }

  void set_active(Target& target, const Reply& reply) {
    target.active_path = path_of(std::get<VariantPtr>(reply).get());
    target.device_path.clear();
    target.waits_for = "activating";
    target.is_up = false;
    adopt(target);
  }

  /// A bond works with one NIC less: a port that the caller has not named may fail, unless it is
  /// the last one.
  void refused(Target& target, Error error) {
    if (target.is_named) throw error;
    target.waits_for.clear();
    target.failed = true;
    last_port_error_.emplace(std::move(error));
  }

  void give_up_portless() {
    if (!last_port_error_) return;
    std::set<const Stored*> have_port;
    for (const auto& port : targets_) {
      if (!port.failed) have_port.insert(port.controller);
    }
    for (const auto& target : targets_) {
      if (target.has_ports && !have_port.contains(target.profile)) throw *last_port_error_;
    }
  }

  void look(const std::set<Target*>& targets) {
    std::vector<Sight> sights;
    std::vector<std::string> paths;
    for (auto* target : targets) {
      if (target->failed || target->waits_for.empty() || target->active_path.empty()) continue;
      sights.push_back({.target = target});
      paths.push_back(target->active_path);
    }
    auto active = service_.properties(paths, kActiveConnection);
    std::vector<Sight*> with_device;
    paths.clear();
    for (std::size_t i = 0; i < sights.size(); ++i) {
      auto& target = *sights[i].target;
      sights[i].active = std::move(active[i]);
      if (sights[i].active) {
        sights[i].state = lookup_uint32(sights[i].active.get(), "State");
        const auto devices = lookup_paths(sights[i].active.get(), "Devices");
        if (!devices.empty()) target.device_path = devices.front();
        watch(target, target.device_path);
      }
      target.is_up = sights[i].state == NM_ACTIVE_CONNECTION_STATE_ACTIVATED;
      const bool has_carrier_to_show = target.is_up && target.has_ports;
      if (target.device_path.empty() || !(has_carrier_to_show || sights[i].has_ended())) continue;
      with_device.push_back(&sights[i]);
      paths.push_back(target.device_path);
    }
    auto devices = service_.properties(paths, kDevice);
    for (std::size_t i = 0; i < devices.size(); ++i) with_device[i]->device = std::move(devices[i]);
    look_for_addresses(sights);
    for (const auto& sight : sights) {
      if (sight.has_ended()) {
        failed(*sight.target, sight.device.get());
      } else {
        sight.target->waits_for = missing(*sight.target, sight.active.get(), sight.device.get());
      }
    }
  }

  /// The flags say that a family is configured, but after a change of addresses they may be old.
  void look_for_addresses(std::span<const Sight> sights) {
    const auto present = addresses_of(sights);
    for (std::size_t i = 0; i < sights.size(); ++i) {
      auto& target = *sights[i].target;
      target.lacks_address.clear();
      for (const auto& address : target.addresses) {
        if (std::ranges::find(present[i], address) == present[i].end())
          target.lacks_address = address.to_string();
      }
    }
  }

  /// Each interface's addresses, of the families that its target has addresses of.
  std::vector<std::vector<Cidr>> addresses_of(std::span<const Sight> sights) {
    std::vector<std::vector<Cidr>> present(sights.size());
    for (const bool is_v6 : {false, true}) {
      std::vector<std::size_t> asked;
      std::vector<std::string> paths;
      for (std::size_t i = 0; i < sights.size(); ++i) {
        auto& target = *sights[i].target;
        const bool is_wanted = std::ranges::any_of(
            target.addresses, [&](const Cidr& address) { return address.is_ipv6() == is_v6; });
        if (!is_wanted || !target.is_up) continue;
        auto path = lookup_string(sights[i].active.get(), is_v6 ? "Ip6Config" : "Ip4Config");
        if (path.empty()) continue;
        asked.push_back(i);
        paths.push_back(std::move(path));
        watch(target, paths.back());
      }
      const auto configs = service_.properties(paths, is_v6 ? kIp6Config : kIp4Config);
      for (std::size_t i = 0; i < asked.size(); ++i)
        append_addresses(configs[i].get(), present[asked[i]]);
    }
    return present;
  }

  void failed(Target& target, GVariant* device) {
    std::uint32_t device_state = 0;
    std::uint32_t device_reason = NM_DEVICE_STATE_REASON_NONE;
    if (device != nullptr) {
      const auto of_device =
          take(g_variant_lookup_value(device, "StateReason", G_VARIANT_TYPE("(uu)")));
      if (of_device) g_variant_get(of_device.get(), "(uu)", &device_state, &device_reason);
    }
    // csnet's request may supersede an activation that NetworkManager began earlier, or may itself
    // be superseded by one that NetworkManager begins right after an add. Neither says anything
    // about the profile: try once more.
    const bool superseded = device_reason == NM_DEVICE_STATE_REASON_NONE ||
                            device_reason == NM_DEVICE_STATE_REASON_NEW_ACTIVATION ||
                            device_reason == NM_DEVICE_STATE_REASON_USER_REQUESTED ||
                            device_reason == NM_DEVICE_STATE_REASON_DEPENDENCY_FAILED;
    if (target.is_adopted || (superseded && !std::exchange(target.is_second_try, true))) {
      target.is_adopted = false;
      start_again(target);
      return;
    }
    auto words = word(NM_TYPE_ACTIVE_CONNECTION_STATE_REASON, reasons_[target.active_path]);
    // "device-disconnected" says nothing (nor does 1.58's "user-disconnected"): add the device's
    // reason.
    if (device_reason != NM_DEVICE_STATE_REASON_NONE)
      words += fmt::format(", {}", word(NM_TYPE_DEVICE_STATE_REASON, device_reason));
    refused(target, Error(ErrorKind::conflict, subject_of(*target.profile),
                          fmt::format("did not come up: {}", words),
                          "NetworkManager's log says more: journalctl -u NetworkManager"));
    give_up_portless();
  }

  void start_again(Target& target) {
    // NetworkManager may have begun anew on its own; another request would only abort that.
    const auto active = active_connections(service_);
    const auto found = active.find(target.profile->path);
    if (found != active.end() && found->second.path != target.active_path &&
        found->second.state <= NM_ACTIVE_CONNECTION_STATE_ACTIVATED) {
      target.active_path = found->second.path;
      target.device_path = found->second.device_path;
      adopt(target);
      return;
    }
    std::vector<Call> calls;
    calls.push_back(activate_call(*target.profile));
    const auto replies = service_.call_all(calls);
    if (const auto* error = std::get_if<ErrorPtr>(&replies.front())) {
      refused(target, activation_error(target, **error));
      give_up_portless();
    } else {
      set_active(target, replies.front());
    }
  }

  [[noreturn]] void throw_timeout(ActivateOptions options) const {
    std::vector<std::string> waiting;
    std::string subject;
    for (const auto& target : targets_) {
      if (target.waits_for.empty()) continue;
      if (subject.empty() || target.is_named) subject = subject_of(*target.profile);
      const auto why = target.waits_for == kNoCarrier ? why_no_carrier(target) : std::string{};
      waiting.push_back(
          fmt::format("{} is {}{}", subject_of(*target.profile), target.waits_for, why));
    }
    throw Error(ErrorKind::timeout, subject,
                fmt::format("was not usable after {} s: {}",
                            std::chrono::duration<double>(options.timeout).count(),
                            fmt::join(waiting, "; ")),
                "check the cable and the switch; NetworkManager keeps trying");
  }

  /// The targets that came up without a carrier, one of which has the loose cable; else STP, if on.
  std::string why_no_carrier(const Target& target) const {
    std::vector<std::string> subjects;
    std::vector<std::string> paths;
    for (const auto& other : targets_) {
      if (!other.waits_for.empty() || other.failed || other.device_path.empty()) continue;
      subjects.push_back(subject_of(*other.profile));
      paths.push_back(other.device_path);
    }
    const auto devices = service_.properties(paths, kDevice);
    std::vector<std::string> without;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (!has_carrier(devices[i].get())) without.push_back(subjects[i]);
    }
    if (!without.empty())
      return fmt::format(", as {} {}", without.size() == 1 ? "is" : "are",
                         fmt::join(without, ", "));
    auto* bridge = nm_connection_get_setting_bridge(target.profile->connection.get());
    if (bridge == nullptr || nm_setting_bridge_get_stp(bridge) == FALSE) return {};
    return fmt::format(" (STP delays it by {} s)", 2 * nm_setting_bridge_get_forward_delay(bridge));
  }

  Service& service_;
  std::vector<Target> targets_;
  std::set<Target*> changed_;                     ///< to be read again
  std::map<std::string, std::uint32_t> reasons_;  ///< why an active connection ended, by its path
  /// By the path of their active connection, device or IP configuration.
  std::map<std::string, std::set<Target*>, std::less<>> watched_;
  std::optional<Error> last_port_error_;
  Subscription signals_;
};

}  // namespace

void Client::activate(std::span<const std::string> which, ActivateOptions options) {
  if (options.related) {
    const auto all = profiles();
    Activation(service_, related_targets(service_, all, which, active_connections(service_)))
        .run(options);
    return;
  }
  const auto stored = need_all(which);
  Activation(service_, named_targets(service_, stored, active_connections(service_, stored)))
      .run(options);
}

void Client::activate_exactly(std::span<const Start> profiles, ActivateOptions options) {
  std::vector<std::string> uuids;
  for (const auto& profile : profiles) uuids.push_back(profile.uuid);
  const auto stored = need_all(uuids);
  auto active = active_connections(service_, stored);
  std::vector<ExactStart> starts;
  starts.reserve(stored.size());
  for (std::size_t i = 0; i < stored.size(); ++i) starts.push_back({&stored[i], profiles[i]});
  const auto may_wait = [&](const ExactStart& one) {
    return !one.start.must_start && !active.contains(one.profile->path);
  };
  if (std::ranges::any_of(starts, may_wait)) active = active_connections(service_);
  Activation(service_, exact_targets(service_, starts, active)).run(options);
}

}  // namespace csnet::nm
