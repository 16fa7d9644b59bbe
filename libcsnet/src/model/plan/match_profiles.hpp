#pragma once

#include "decisions.hpp"

#include <set>
#include <string>

/// Which profile of the host's does a wanted one's job, and what becomes of it.
namespace csnet::model {

class Adopter {
 public:
  /// @param all must outlive this
  /// @param purge what is not wanted is to be removed
  Adopter(const HostState& desired, const HostIndex& host, const References& references,
          bool purge);

  /// By its uuid, or else by interface and type, the active one first; null when there is none.
  /// @throws Error (conflict) when the uuid is that of another type
  [[nodiscard]] const Profile* find(const Profile& wanted) const;
  /// What `before` becomes. @throws Error (not_found) for a controller that nobody has
  [[nodiscard]] Profile adopt(const Profile& before, const Profile& wanted) const;
  /// What is added: the controller by its interface, and the kind of port that follows from it.
  /// @throws Error (not_found) for a controller that nobody has
  [[nodiscard]] Profile settle(Profile profile) const;

  /// Put aside: it neither runs nor comes up by itself.
  [[nodiscard]] bool is_out_of_use(const Profile& profile) const;

 private:
  [[nodiscard]] bool can_adopt(const Profile& candidate, const Profile& wanted) const;
  [[nodiscard]] std::string as_kept(const std::string& reference) const;
  template <class P>
  [[nodiscard]] bool ends_being_a_port(const P& before, const P& wanted) const;
  template <class P>
  [[nodiscard]] std::optional<Port> port_kind(const P& profile) const;

  const HostIndex& host_;
  const References& references_;
  std::set<std::string, std::less<>> given_ports_;  ///< interfaces of wanted ports' controllers
  std::set<std::string, std::less<>> removed_;      ///< interfaces of what is to be removed
};

/// An IP configuration of its own, which a NIC beneath a VLAN, a bond or a bridge has not.
bool has_ip(const Profile& profile);

/// How a profile is called once it is retired, where another takes its name; the number is 1 mostly.
std::string retired_name(const std::string& name, int number);
/// What it was called before.
std::string name_before_retirement(const std::string& name);

}  // namespace csnet::model
