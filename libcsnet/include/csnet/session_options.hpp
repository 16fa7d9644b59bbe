#pragma once

#include <csnet/profile.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace csnet::inline CSNET_ABI {

/// Options of a Session.
struct SessionOptions {
  /// A D-Bus address, "unix:path=/run/dbus/system_bus_socket". Empty: the system bus.
  std::string bus_address{};
  /// The time limit of one request to NetworkManager. Activation has its own limit.
  std::chrono::milliseconds request_timeout = std::chrono::seconds{25};
  /// Called in the caller's thread about every 100 ms while a call waits.
  ///
  /// An exception from it ends the wait and leaves the call; NetworkManager may still finish the
  /// request. Python's Ctrl-C works this way.
  std::function<void()> on_wait{};
  /// Called in the caller's thread with each request that is sent, as text: "GetSettings
  /// /org/freedesktop/NetworkManager/Settings/3 ()".
  ///
  /// The text never has a profile's content, which may hold secrets.
  std::function<void(const std::string&)> on_request{};
  /// The directory of the transaction's journal, on a disk that survives a reboot.
  std::string state_directory = "/var/lib/csnet";
};

/// Options of Session::activate() and Session::activate_all().
struct ActivateOptions {
  /// The time limit until every profile is usable. A bridge with STP needs 30 s for its carrier.
  std::chrono::milliseconds timeout = std::chrono::seconds{90};
  /// Also bring up profiles that are not named: ports of the named ones, and parents of VLANs.
  ///
  /// When it is false, csnet does not search for any, and profiles that are named by uuid come up
  /// equally fast on a host with thousands of profiles.
  bool related = true;

  bool operator==(const ActivateOptions&) const = default;
};

/// One change for Session::modify_all(), and the profile that it changes.
struct Modification {
  std::string which{};  ///< The profile's uuid, name or interface.
  Profile changes{};    ///< Of the profile's type; fields that it does not mention are left alone.

  bool operator==(const Modification&) const = default;
};

}  // namespace csnet::inline CSNET_ABI
