#pragma once

#include "client.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

/// Finds the profiles to bring up so that the named ones are usable, and their order.
namespace csnet::nm {

/// One profile to bring up, and how far NetworkManager has come with it.
struct Target {
  const Stored* profile = nullptr;
  const Stored* controller = nullptr;  ///< When it is a target too.
  bool is_named = false;  ///< The caller named it; the others are ports and parents of named ones.
  bool is_port = false;
  bool has_ports = false;  ///< Some of its port profiles are among the targets.
  bool is_awaited = true;
  bool must_start = false;  ///< Inactive, or its profile has changed since it was activated.
  bool is_exact =
      false;  ///< The caller has set must_start; only an inactive profile starts against it.
  bool is_adopted = false;  ///< NetworkManager began to activate it before csnet asked.
  bool is_second_try = false;
  bool is_up =
      false;  ///< As NetworkManager says; it may still lack an address, a port or a carrier.
  bool failed = false;
  std::vector<Cidr> addresses{};  ///< The interface must have them before it is usable.
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

/// Asks for the settings that the device uses; is_applied() compares the reply with the profile.
Call applied_call(const std::string& device_path);
bool is_applied(const Stored& profile, GVariant* reply);

/// All active connections, by the path of their profile.
std::map<std::string, Active> active_connections(Service& service);
/// The active connections of these profiles, each looked for on its own interface: the cost does
/// not depend on others. An activation that waits until another one has left its interface is
/// missing here; only the overload above finds it.
std::map<std::string, Active> active_connections(Service& service,
                                                 const std::vector<Stored>& profiles);

/// The profiles that `which` names, their ports, and their VLANs' parents, each after those that it
/// needs. `all` are the host's profiles. @throws Error (not_found, conflict)
std::vector<Target> related_targets(Service& service, const std::vector<Stored>& all,
                                    std::span<const std::string> which,
                                    const std::map<std::string, Active>& active);

/// These profiles alone, each after those that it needs.
std::vector<Target> named_targets(Service& service, const std::vector<Stored>& profiles,
                                  const std::map<std::string, Active>& active);

/// A profile for exact_targets(), and whether to start it.
struct ExactStart {
  const Stored* profile = nullptr;
  Start start;
};

/// These profiles alone, each after those that it needs. The caller decides which are started.
std::vector<Target> exact_targets(Service& service, std::span<const ExactStart> starts,
                                  const std::map<std::string, Active>& active);

}  // namespace csnet::nm
