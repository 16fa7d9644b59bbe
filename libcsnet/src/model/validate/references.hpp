#pragma once

#include "findings.hpp"

#include <csnet/host_state.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace csnet::model {

/// Which profile refers to which, looked up once. A profile is its place in the state, and what refers to one that is
/// not in the state refers to none.
class Relations {
 public:
  /// @param profiles must outlive this
  explicit Relations(std::span<const Profile> profiles);

  [[nodiscard]] std::size_t size() const { return profiles_.size(); }
  [[nodiscard]] const Profile& operator[](std::size_t at) const { return profiles_[at]; }

  /// The interface_name; a VLAN that has none gets NetworkManager's, "eth0.100". Otherwise empty.
  [[nodiscard]] const std::string& interface(std::size_t at) const { return interfaces_[at]; }
  /// An interface has one profile at a time: two of one interface cannot be in each other's way.
  [[nodiscard]] bool one_interface(std::size_t a, std::size_t b) const;
  /// Several profiles may wait for one interface, the real one and a retired one. Those count that come up first by
  /// themselves: autoconnect is not false, and no other such has a higher autoconnect_priority. Where none comes up by
  /// itself, all count.
  [[nodiscard]] bool counts(std::size_t at) const { return counts_[at]; }

  struct Controller {
    std::size_t at;
    bool fits;  ///< Has ports of this kind.
  };
  /// By uuid, interface or name; of several that bear the name, one that has such ports.
  [[nodiscard]] const std::optional<Controller>& controller(std::size_t at) const {
    return controllers_[at];
  }
  /// What the VLAN lies on: by uuid, else by interface, else by name.
  [[nodiscard]] const std::optional<std::size_t>& parent(std::size_t at) const {
    return parents_[at];
  }
  /// The profile that a word means: by uuid, by name, by interface.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view reference) const;
  /// The controller's interface, or what the profile calls it where it is not in the state; empty without one.
  [[nodiscard]] std::string controller_name(std::size_t at) const;
  [[nodiscard]] std::string parent_name(std::size_t at) const;

 private:
  enum Kind : std::size_t { bridge, bond, other };
  /// Who bears a uuid, interface or name, by kind: so that 10,000 of one name are not looked through for each port.
  using Bearers = std::array<std::vector<std::size_t>, 3>;
  using Index = std::unordered_map<std::string_view, Bearers>;

  static Kind kind_of(const Profile& profile);
  void find_who_counts();
  void fill_indexes();
  [[nodiscard]] std::optional<std::size_t> pick(const Index& index, std::string_view reference,
                                                std::span<const Kind> kinds,
                                                std::size_t except) const;
  [[nodiscard]] std::optional<Controller> find_controller(std::size_t at) const;
  [[nodiscard]] std::optional<std::size_t> find_parent(std::size_t at) const;

  std::span<const Profile> profiles_;
  std::vector<std::string> interfaces_;
  std::vector<bool> counts_;
  Index by_uuid_, by_interface_, by_name_;
  std::vector<std::optional<Controller>> controllers_;
  std::vector<std::optional<std::size_t>> parents_;
};

/// The findings of each profile, whatever the order of the checks.
class Report {
 public:
  explicit Report(const Relations& relations)
      : relations_(relations), of_profile_(relations.size()) {}

  Findings of(std::size_t at) {
    return {of_profile_[at], subject(relations_[at]), {"profiles", at}};
  }
  /// In the profiles' order.
  [[nodiscard]] std::vector<Finding> all() &&;

 private:
  const Relations& relations_;
  std::vector<std::vector<Finding>> of_profile_;
};

/// The first of some profiles, and the first of another interface: enough to name a rival to any profile.
class Rivals {
 public:
  explicit Rivals(const Relations& relations) : relations_(&relations) {}

  void add(std::size_t at);
  /// The first that is not of this one's interface.
  [[nodiscard]] std::optional<std::size_t> of(std::size_t at) const;

 private:
  const Relations* relations_;
  std::optional<std::size_t> first_, second_;
};

/// "vlan 'eth0.100'", or "another vlan 'eth0.100'" beside one that is called the same.
std::string subject_beside(const Profile& other, const Profile& profile);

/// What lies on what: controllers, parents, and two profiles for one thing.
void check_relations(const Relations& relations, Report& report);
/// Addresses, networks and default gateways, of which a host has each once.
void check_addresses(const Relations& relations, Report& report);
/// Profiles that shall be gone.
void check_removals(std::span<const std::string> remove, const Relations& relations,
                    std::vector<Finding>& all);
void check_probe(const Probe& probe, std::size_t at, std::vector<Finding>& all);

}  // namespace csnet::model
