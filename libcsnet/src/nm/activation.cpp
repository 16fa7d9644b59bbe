#include "client.hpp"
#include "convert.hpp"
#include "device.hpp"
#include "error.hpp"
#include "property.hpp"
#include "targets.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <map>
#include <set>
#include <utility>

/// Bringing profiles up, until they are.
namespace csnet::nm {
namespace {

// NMActivationStateFlags; the macro of 0x20 is broken in the headers of 1.50 to 1.58.
constexpr std::uint32_t kLayer2Ready = 0x4;
constexpr std::uint32_t kIp4Ready = 0x8;
constexpr std::uint32_t kIp6Ready = 0x10;
constexpr std::uint32_t kHasPorts = 0x20;

constexpr const char* kNoCarrier = "without a carrier";

Call activate_call(const Target& target) {
  return {.path = kManagerPath,
          .interface = kService,
          .method = "ActivateConnection",
          .arguments = take(g_variant_new("(ooo)", target.profile->path.c_str(), "/", "/")),
          .subject = subject_of(*target.profile)};
}

Error activation_error(const Target& target, const GError& error) {
  auto failure = to_error(error, subject_of(*target.profile));
  const bool is_nic = nm_connection_is_type(target.profile->connection.get(),
                                            NM_SETTING_WIRED_SETTING_NAME) != FALSE;
  if (failure.kind() != ErrorKind::not_found || !is_nic || !target.is_port) return failure;
  // The manual's step 4: a bridge-slave on a VLAN.
  const std::string message = std::string(failure.what()).substr(failure.subject().size() + 2);
  return {failure.kind(), failure.subject(), message,
          "an ethernet profile takes NICs alone: for a VLAN, make the VlanProfile itself the port"};
}

bool is_manual(const Stored& profile, const char* setting) {
  auto* ip =
      NM_SETTING_IP_CONFIG(nm_connection_get_setting_by_name(profile.connection.get(), setting));
  return ip != nullptr && g_strcmp0(nm_setting_ip_config_get_method(ip), "manual") == 0;
}

/// What must be on the interface before it is usable; from 1.46 on NetworkManager tells of 100 at most.
std::vector<Cidr> static_addresses(const Stored& profile) {
  std::vector<Cidr> all;
  for (const char* family : {"ipv4", "ipv6"}) {
    std::optional<std::vector<Cidr>> addresses;
    if (is_manual(profile, family))
      read_property(profile.connection.get(), fmt::format("{}.addresses", family), addresses);
    if (addresses) all.insert(all.end(), addresses->begin(), addresses->end());
  }
  if (all.size() > 100) all.clear();
  return all;
}

bool has_carrier(GVariant* device) {
  return device != nullptr &&
         (lookup_uint32(device, "InterfaceFlags") & NM_DEVICE_INTERFACE_FLAG_CARRIER) != 0;
}

/// What the profile still lacks to be usable, or nothing. `device` may be null where nothing hangs on it.
std::string missing(const Target& target, GVariant* active, GVariant* device) {
  const auto flags = lookup_uint32(active, "StateFlags");
  const auto state = lookup_uint32(active, "State");
  if (state != NM_ACTIVE_CONNECTION_STATE_ACTIVATED)
    return word(NM_TYPE_ACTIVE_CONNECTION_STATE, state);
  const auto controller = lookup_string(active, "Master");
  if (target.is_port && (controller.empty() || controller == "/"))
    return "not joined to its controller";
  if (is_manual(*target.profile, "ipv4") && (flags & kIp4Ready) == 0)
    return "without its IPv4 address";
  if (is_manual(*target.profile, "ipv6") && (flags & kIp6Ready) == 0)
    return "without its IPv6 address";
  if (!target.lacks_address.empty())
    return fmt::format("without its address {}", target.lacks_address);
  if (!target.has_ports) return {};
  if ((flags & kLayer2Ready) == 0 || (flags & kHasPorts) == 0) return "without a port";
  return has_carrier(device) ? "" : kNoCarrier;
}

/// Brings the targets up: starts what must be, then looks again at each that a signal speaks of.
class Activation {
 public:
  Activation(Bus& bus, std::vector<Target> targets)
      : bus_(bus),
        targets_(std::move(targets)),
        signals_(bus, [this](auto path, auto interface, auto signal, auto* arguments) {
          note(path, interface, signal, arguments);
        }) {}

  void run(ActivateOptions options) {
    const auto deadline = std::chrono::steady_clock::now() + options.timeout;
    start_all();
    const auto done = [&] {
      while (!changed_.empty()) look(std::exchange(changed_, {}));
      return std::ranges::all_of(targets_,
                                 [](const Target& target) { return target.waits_for.empty(); });
    };
    if (!bus_.wait_until(deadline, done)) throw_timeout(options);
  }

 private:
  void note(std::string_view path, std::string_view interface, std::string_view signal,
            GVariant* arguments) {
    if (signal == "NameOwnerChanged") {
      for (const auto& target : targets_) changed_.insert(target.active_path);
      return;
    }
    if (interface == kActiveConnection && signal == "StateChanged") {
      std::uint32_t state = 0;
      std::uint32_t reason = 0;
      g_variant_get(arguments, "(uu)", &state, &reason);
      reasons_[std::string(path)] = reason;
    }
    for (const auto& target : targets_) {
      if (target.active_path == path || target.device_path == path || target.ip_paths[0] == path ||
          target.ip_paths[1] == path)
        changed_.insert(target.active_path);
    }
  }

  void start_all() {
    std::vector<Call> calls;
    std::vector<Target*> started;
    for (auto& target : targets_) {
      changed_.insert(target.active_path);
      if (!target.must_start) continue;
      calls.push_back(activate_call(target));
      started.push_back(&target);
    }
    const auto replies = bus_.call_all(calls);
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
    changed_.erase(std::string{});
    give_up_portless();
  }

  void set_active(Target& target, const Reply& reply) {
    const char* path = nullptr;
    g_variant_get(std::get<VariantPtr>(reply).get(), "(&o)", &path);
    target.active_path = path;
    target.device_path.clear();
    target.waits_for = "activating";
    changed_.insert(path);
  }

  /// A bond lives with one NIC less, so a port that nobody asked for by name may fail, unless it was the last.
  void refused(Target& target, Error error) {
    if (target.is_named) throw error;
    target.waits_for.clear();
    target.failed = true;
    last_port_error_.emplace(std::move(error));
  }

  void give_up_portless() {
    for (const auto& target : targets_) {
      if (!target.has_ports || !last_port_error_) continue;
      const bool any = std::ranges::any_of(targets_, [&](const Target& port) {
        return port.controller == &*target.profile && !port.failed;
      });
      if (!any) throw *last_port_error_;
    }
  }

  void look(const std::set<std::string>& active_paths) {
    std::vector<Target*> seen;
    std::vector<std::string> paths;
    for (auto& target : targets_) {
      if (target.failed || target.waits_for.empty() || !active_paths.contains(target.active_path))
        continue;
      seen.push_back(&target);
      paths.push_back(target.active_path);
    }
    const auto active = bus_.properties(paths, kActiveConnection);
    std::vector<std::string> device_paths;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const auto devices =
          active[i] ? lookup_paths(active[i].get(), "Devices") : std::vector<std::string>{};
      if (!devices.empty()) seen[i]->device_path = devices.front();
      if (!seen[i]->device_path.empty()) device_paths.push_back(seen[i]->device_path);
    }
    const auto devices = bus_.properties(device_paths, kDevice);
    const auto device_of = [&](const Target& target) -> GVariant* {
      const auto found = std::ranges::find(device_paths, target.device_path);
      return found == device_paths.end()
                 ? nullptr
                 : devices[static_cast<std::size_t>(found - device_paths.begin())].get();
    };
    look_for_addresses(seen, device_of);
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const bool ended = !active[i] || lookup_uint32(active[i].get(), "State") ==
                                           NM_ACTIVE_CONNECTION_STATE_DEACTIVATED;
      if (ended) {
        failed(*seen[i], device_of(*seen[i]));
      } else {
        seen[i]->waits_for = missing(*seen[i], active[i].get(), device_of(*seen[i]));
      }
    }
  }

  /// The flags say that a family is configured; after a change of the addresses they say so from before.
  template <class DeviceOf>
  void look_for_addresses(std::span<Target* const> seen, DeviceOf&& device_of) {
    std::vector<std::string> paths;
    std::vector<std::pair<Target*, std::vector<Cidr>>> wanted;
    for (auto* target : seen) {
      target->lacks_address.clear();
      auto addresses = static_addresses(*target->profile);
      auto* device = device_of(*target);
      if (addresses.empty() || device == nullptr) continue;
      target->ip_paths = {lookup_string(device, "Ip4Config"), lookup_string(device, "Ip6Config")};
      paths.insert(paths.end(), target->ip_paths.begin(), target->ip_paths.end());
      wanted.emplace_back(target, std::move(addresses));
    }
    std::vector<std::string> of_family[2];
    for (std::size_t i = 0; i < paths.size(); ++i) of_family[i % 2].push_back(paths[i]);
    const auto v4 = bus_.properties(of_family[0], "org.freedesktop.NetworkManager.IP4Config");
    const auto v6 = bus_.properties(of_family[1], "org.freedesktop.NetworkManager.IP6Config");
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      std::vector<Cidr> present;
      append_addresses(v4[i].get(), present);
      append_addresses(v6[i].get(), present);
      for (const auto& address : wanted[i].second) {
        if (std::ranges::find(present, address) == present.end())
          wanted[i].first->lacks_address = address.to_string();
      }
    }
  }

  void failed(Target& target, GVariant* device) {
    std::uint32_t device_state = 0;
    std::uint32_t device_reason = NM_DEVICE_STATE_REASON_NONE;
    if (device != nullptr) {
      const auto of_device =
          take(g_variant_lookup_value(device, "StateReason", G_VARIANT_TYPE("(uu)")));
      if (of_device) g_variant_get(of_device.get(), "(uu)", &device_state, &device_reason);
    }
    // An attempt that NetworkManager began before the profile was asked for may give way to ours; and ours, to one that
    // it began at the same moment, as happens right after an add. That is no verdict on the profile: once more.
    const bool superseded = device_reason == NM_DEVICE_STATE_REASON_NONE ||
                            device_reason == NM_DEVICE_STATE_REASON_NEW_ACTIVATION ||
                            device_reason == NM_DEVICE_STATE_REASON_USER_REQUESTED ||
                            device_reason == NM_DEVICE_STATE_REASON_DEPENDENCY_FAILED;
    if (target.is_adopted || (superseded && !std::exchange(target.is_second_try, true))) {
      target.is_adopted = false;
      start_again(target);
      return;
    }
    const auto found = reasons_.find(target.active_path);
    const auto reason = found != reasons_.end()
                            ? found->second
                            : std::uint32_t{NM_ACTIVE_CONNECTION_STATE_REASON_UNKNOWN};
    auto words = word(NM_TYPE_ACTIVE_CONNECTION_STATE_REASON, reason);
    // "device-disconnected" says nothing; the device knows why. (1.58 says "user-disconnected" for some of these.)
    if (device_reason != NM_DEVICE_STATE_REASON_NONE)
      words += fmt::format(", {}", word(NM_TYPE_DEVICE_STATE_REASON, device_reason));
    refused(target, Error(ErrorKind::conflict, subject_of(*target.profile),
                          fmt::format("did not come up: {}", words),
                          "NetworkManager's log says more: journalctl -u NetworkManager"));
    give_up_portless();
  }

  void start_again(Target& target) {
    // NetworkManager may have begun anew by itself; another start would only take that away again.
    const auto active = active_connections(bus_);
    const auto found = active.find(target.profile->path);
    if (found != active.end() && found->second.path != target.active_path &&
        found->second.state <= NM_ACTIVE_CONNECTION_STATE_ACTIVATED) {
      target.active_path = found->second.path;
      target.device_path = found->second.device_path;
      changed_.insert(target.active_path);
      return;
    }
    std::vector<Call> calls;
    calls.push_back(activate_call(target));
    const auto replies = bus_.call_all(calls);
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
                "is the cable in, and does the switch answer? NetworkManager goes on trying");
  }

  /// The links that came up without a carrier, as the one with the loose cable is among them; else STP, if it is on.
  std::string why_no_carrier(const Target& target) const {
    std::vector<std::string> subjects;
    std::vector<std::string> paths;
    for (const auto& other : targets_) {
      if (!other.waits_for.empty() || other.failed || other.device_path.empty()) continue;
      subjects.push_back(subject_of(*other.profile));
      paths.push_back(other.device_path);
    }
    const auto devices = bus_.properties(paths, kDevice);
    std::vector<std::string> without;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (!has_carrier(devices[i].get())) without.push_back(subjects[i]);
    }
    if (!without.empty())
      return fmt::format(", as {} {}", without.size() == 1 ? "is" : "are",
                         fmt::join(without, ", "));
    auto* bridge = nm_connection_get_setting_bridge(target.profile->connection.get());
    if (bridge == nullptr || nm_setting_bridge_get_stp(bridge) == FALSE) return {};
    return fmt::format(" (STP keeps it back for {} s)",
                       2 * nm_setting_bridge_get_forward_delay(bridge));
  }

  Bus& bus_;
  std::vector<Target> targets_;
  std::set<std::string> changed_;                 ///< active connections to look at again
  std::map<std::string, std::uint32_t> reasons_;  ///< why an active connection ended, by its path
  std::optional<Error> last_port_error_;
  Bus::Subscription signals_;
};

}  // namespace

void Client::activate(std::span<const std::string> which, ActivateOptions options) {
  const auto all = profiles();
  Activation(bus_, activation_targets(bus_, all, which)).run(options);
}

void Client::activate_exactly(std::span<const Start> profiles, ActivateOptions options) {
  std::vector<Stored> stored;
  for (const auto& profile : profiles) stored.push_back(need(profile.uuid));
  Activation(bus_, exact_targets(bus_, stored, profiles)).run(options);
}

}  // namespace csnet::nm
