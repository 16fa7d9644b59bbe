#include "activation_targets.hpp"
#include "client.hpp"
#include "device.hpp"
#include "error.hpp"
#include "profile_calls.hpp"

#include <fmt/format.h>
#include <array>
#include <optional>
#include <utility>

/// Takes interfaces down, parks, reapplies and deletes them.
namespace csnet::nm {

void Client::park(const std::string& uuid, const std::string& interface_name,
                  ActivateOptions options, const std::string& next_uuid) {
  // Ask for everything beforehand: once NetworkManager has begun, it answers late.
  const auto profile = need(uuid);
  const auto next = next_uuid.empty() ? std::nullopt : std::optional(need(next_uuid));
  const std::array device = {device_path(service_, interface_name)};
  const std::array old = {
      lookup_string(service_.properties(device, kDevice).front().get(), "ActiveConnection")};
  bool has_left = false;
  bool must_look = true;
  constexpr std::array states = {Signals{.interface = kActiveConnection, .name = "StateChanged"}};
  const Subscription signals(service_, states,
                             [&](auto path, auto /*interface*/, auto signal, auto* arguments) {
                               if (path != old.front()) {
                                 must_look = must_look || signal == "NameOwnerChanged";
                                 return;
                               }
                               std::uint32_t state = 0;
                               std::uint32_t reason = 0;
                               g_variant_get(arguments, "(uu)", &state, &reason);
                               has_left = state == NM_ACTIVE_CONNECTION_STATE_DEACTIVATED;
                             });
  service_.call(activate_call(profile, device.front()));
  const auto is_gone = [&] {
    if (has_left || !std::exchange(must_look, false)) return has_left;
    const auto active = service_.properties(old, kActiveConnection);
    return !active.front() ||
           lookup_uint32(active.front().get(), "State") == NM_ACTIVE_CONNECTION_STATE_DEACTIVATED;
  };
  if (!service_.bus().wait_until(std::chrono::steady_clock::now() + options.timeout, is_gone)) {
    throw Error(ErrorKind::timeout, subject_of(profile),
                fmt::format("the old profile of {} did not go down", interface_name),
                "NetworkManager's log says more: journalctl -u NetworkManager");
  }
  if (next) service_.call(activate_call(*next));
}

void Client::delete_interface(const std::string& interface_name) {
  const auto find_path = [&]() -> std::string {
    for (const auto& [path, device] : devices_of(objects(service_))) {
      if (device.interface_name == interface_name) return path;
    }
    return {};
  };
  std::array calls = {
      Call{.path = find_path(), .interface = kDevice, .method = "Delete", .arguments = {}}};
  if (calls.front().path.empty()) return;
  const auto replies = service_.call_all(calls);
  const auto* error = std::get_if<ErrorPtr>(&replies.front());
  // It may have been deleted meanwhile, as was asked for.
  if (error == nullptr || find_path().empty()) return;
  throw to_error(**error, fmt::format("interface '{}'", interface_name));
}

void Client::delete_interface_of(const std::string& uuid) {
  std::string interface_name;
  for (const auto& device : devices()) {
    if (device.profile == uuid) interface_name = device.interface_name;
  }
  deactivate(uuid);
  if (!interface_name.empty()) delete_interface(interface_name);
}

bool Client::reapply(const std::string& interface_name) {
  std::array calls = {
      Call{.path = device_path(service_, interface_name),
           .interface = kDevice,
           .method = "Reapply",
           .arguments = take(g_variant_new("(a{sa{sv}}tu)", nullptr, guint64{0}, 0U))}};
  const auto replies = service_.call_all(calls);
  const auto* error = std::get_if<ErrorPtr>(&replies.front());
  if (error == nullptr) return true;
  const StringPtr name(g_dbus_error_get_remote_error(error->get()));
  if (g_strcmp0(name.get(), "org.freedesktop.NetworkManager.Device.IncompatibleConnection") == 0)
    return false;
  throw to_error(**error, fmt::format("interface '{}'", interface_name));
}

void Client::deactivate(std::span<const std::string> which) {
  for (const auto& profile : need_all(which)) deactivate(profile);
}

void Client::deactivate(const Stored& profile) {
  const auto subject = subject_of(profile);
  bool changed = true;
  // The properties that is_down() reads; and InterfacesRemoved, the only signal about an interface
  // that is deleted with its profile.
  constexpr std::array about_it = {
      Signals{.interface = kActiveConnection, .name = "StateChanged"},
      Signals{.interface = kProperties, .name = "PropertiesChanged", .about = kDevice},
      Signals{.interface = kObjectManager, .name = "InterfacesRemoved"}};
  const Subscription signals(service_, about_it, [&](auto...) { changed = true; });
  auto active = active_connections(service_);
  const auto found = active.find(profile.path);
  if (found == active.end()) return;

  std::array calls = {Call{.path = kManagerPath,
                           .interface = kManager,
                           .method = "DeactivateConnection",
                           .arguments = take(g_variant_new("(o)", found->second.path.c_str()))}};
  const auto replies = service_.call_all(calls);
  if (const auto* error = std::get_if<ErrorPtr>(&replies.front())) {
    const auto failure = to_error(**error, subject);
    const StringPtr name(g_dbus_error_get_remote_error(error->get()));
    // It went down on its own in the meantime, as was asked for.
    if (g_strcmp0(name.get(), "org.freedesktop.NetworkManager.ConnectionNotActive") != 0)
      throw failure;
  }
  const std::array active_path = {found->second.path};
  const std::array device_path = {found->second.device_path};
  const auto is_down = [&] {
    if (!std::exchange(changed, false)) return false;
    const auto ending = service_.properties(active_path, kActiveConnection);
    if (ending.front() &&
        lookup_uint32(ending.front().get(), "State") != NM_ACTIVE_CONNECTION_STATE_DEACTIVATED)
      return false;
    if (device_path.front().empty()) return true;
    const auto device = service_.properties(device_path, kDevice);
    if (!device.front()) return true;
    // NetworkManager may have brought up another profile there at once.
    const auto now = lookup_string(device.front().get(), "ActiveConnection");
    return now != active_path.front() ||
           lookup_uint32(device.front().get(), "State") <= NM_DEVICE_STATE_DISCONNECTED;
  };
  if (!service_.bus().wait_until(std::chrono::steady_clock::now() + ActivateOptions{}.timeout,
                                 is_down)) {
    throw Error(ErrorKind::timeout, subject, "did not go down",
                "NetworkManager's log says more: journalctl -u NetworkManager");
  }
}

}  // namespace csnet::nm
