#pragma once

#include "client.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

/// What must come up so that the named profiles are usable, and in which order.
namespace csnet::nm {

/// One profile on its way up.
struct Target {
  const Stored* profile = nullptr;
  const Stored* controller = nullptr;  ///< When it is a target too.
  bool is_named = false;  ///< The caller asked for it; the others are ports and parents of these.
  bool is_port = false;
  bool has_ports = false;  ///< Port profiles of it are among the targets.
  bool is_awaited = true;
  bool must_start = false;  ///< Not active, or not as its profile now says.
  bool is_exact =
      false;  ///< must_start is the caller's word: only what is not active starts against it.
  bool is_adopted = false;  ///< NetworkManager began it before we came.
  bool is_second_try = false;
  bool is_up =
      false;  ///< As NetworkManager says; it may still lack an address, a port or a carrier.
  bool failed = false;
  std::vector<Cidr> addresses{};  ///< What must be on the interface before it is usable.
  std::string active_path{};      ///< Its active connection.
  std::string device_path{};
  std::string lacks_address{};            ///< A static address that is not on the interface yet.
  std::string waits_for = "not started";  ///< Empty: usable.
};

/// An active connection as far as targets need it.
struct Active {
  std::string path;
  std::uint32_t state = 0;
  std::string device_path{};
};

/// Asks by what the device runs; is_applied() compares the reply with what the profile says now.
Call applied_call(const std::string& device_path);
bool is_applied(const Stored& profile, GVariant* reply);

/// By the path of their profile.
std::map<std::string, Active> active_connections(Service& service);
/// Only of these profiles, each looked for on its own interface, however many others run. One that waits for its
/// interface, until what ran there is down, is only in active_connections().
std::map<std::string, Active> active_connections(Service& service,
                                                 const std::vector<Stored>& profiles);

/// The named ones of all profiles of the host, every profile that is a port of one of them, and what their VLANs lie
/// on; each after what it needs. @throws Error (not_found, conflict)
std::vector<Target> related_targets(Service& service, const std::vector<Stored>& all,
                                    std::span<const std::string> which,
                                    const std::map<std::string, Active>& active);

/// These alone, each after what it needs.
std::vector<Target> named_targets(Service& service, const std::vector<Stored>& profiles,
                                  const std::map<std::string, Active>& active);

/// One of exact_targets(), and what the caller says of it.
struct ExactStart {
  const Stored* profile;
  Start start;
};

/// These alone, each after what it needs, started or not as the caller says.
std::vector<Target> exact_targets(Service& service, std::span<const ExactStart> starts,
                                  const std::map<std::string, Active>& active);

}  // namespace csnet::nm
