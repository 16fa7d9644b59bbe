#pragma once

#include <csnet/profile.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace csnet::inline CSNET_ABI {

struct SessionOptions {
  /// A D-Bus address, "unix:path=/run/dbus/system_bus_socket". Empty: the system bus.
  std::string bus_address{};
  /// How long one request to NetworkManager may take. Activation has a time of its own.
  std::chrono::milliseconds request_timeout = std::chrono::seconds{25};
  /// Called in the caller's thread about every 100 ms while a call waits; what it throws ends the wait and leaves the
  /// call (the daemon may still finish the request). This is how Python's Ctrl-C gets through.
  std::function<void()> on_wait{};
  /// Called in the caller's thread with each request that is sent, in words: "GetSettings
  /// /org/freedesktop/NetworkManager/Settings/3 ()". Never with a profile's content, which may hold secrets.
  std::function<void(const std::string&)> on_request{};
  /// Where the journal of a transaction is kept, on a disk that survives a reboot.
  std::string state_directory = "/var/lib/csnet";
};

struct ActivateOptions {
  /// Until every profile is usable. A bridge with STP on needs 30 s for its carrier alone.
  std::chrono::milliseconds timeout = std::chrono::seconds{90};
  /// Also brings up what is not named: ports of what is named, and what its VLANs lie on. Without it nothing is looked
  /// for, and profiles that are named by uuid come up equally fast on a host of thousands.
  bool related = true;

  bool operator==(const ActivateOptions&) const = default;
};

/// One change for Session::modify_all(), and the profile that it changes.
struct Modification {
  std::string which{};  ///< its uuid, name or interface
  Profile changes{};    ///< of its type; what it does not mention is left alone

  bool operator==(const Modification&) const = default;
};

}  // namespace csnet::inline CSNET_ABI
