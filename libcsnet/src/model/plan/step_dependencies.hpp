#pragma once

#include "interface_steps.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace csnet::model {

/// The predecessors of each operation.
///
/// Nodes are the operations, by their index, and after them marks: "the old uplinks of cloudbr0
/// have left". A mark spares an edge from each of many operations to each of many others.
class StepDependencies {
 public:
  /// @param operations must outlive this, and so must the others
  StepDependencies(const PlanContext& context, const Decisions& decisions,
                   const std::vector<Operation>& operations);

  /// For each node, the nodes that must come before it.
  [[nodiscard]] const std::vector<Indexes>& before() const { return before_; }
  /// The mark that the old ports have left this controller; nothing when none has to.
  [[nodiscard]] std::optional<std::size_t> old_ports_have_left(const std::string& controller) const;

 private:
  enum class Mark { left, off, carries, moved };

  [[nodiscard]] std::optional<std::size_t> find_mark(Mark mark, const std::string& interface) const;
  std::size_t need_mark(Mark mark, const std::string& interface);
  [[nodiscard]] std::optional<std::size_t> operation_of(const std::string& interface) const;
  [[nodiscard]] std::optional<std::size_t> reapply_of(const std::string& interface) const;
  [[nodiscard]] bool is_bond(const std::string& interface) const;
  [[nodiscard]] bool comes_after_vlans(std::size_t parent) const;
  [[nodiscard]] int difficulty_of_port(std::size_t port) const;

  void index_followers();
  void put_after(std::size_t later, std::optional<std::size_t> earlier);
  void register_operation(std::size_t index);
  void connect(std::size_t index);
  void connect_port(std::size_t index, const std::string& controller);
  void connect_vlan(std::size_t index, const std::string& parent);
  void connect_bond_ports(const std::string& bond, const Indexes& ports);
  void wait_for_old_uplinks(std::size_t index, const std::string& bridge);
  void wait_for_vlans_in_bridges(std::size_t index, const std::string& bond);

  const PlanContext& context_;
  const Decisions& decisions_;
  const std::vector<Operation>& operations_;
  std::vector<Indexes> before_;
  std::map<std::pair<Mark, std::string>, std::size_t> marks_;
  std::unordered_map<std::string, std::size_t> by_interface_;
  std::map<std::string, Indexes> ports_;  ///< Of each controller.
  /// Controllers with an inactive port that NetworkManager brings up once they are active.
  std::set<std::string, std::less<>> has_followers_;
  /// A VLAN that is a bridge's port, or becomes one on its own.
  struct VlanInBridge {
    std::string interface_name;
    std::string bridge;
  };
  std::unordered_map<std::string, std::vector<VlanInBridge>> vlans_in_bridges_;  ///< By parent.
};

}  // namespace csnet::model
