#pragma once

#include "finding_kinds.hpp"

#include <csnet/finding.hpp>
#include <csnet/profile.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace csnet::model {

/// One value of a HostState, as a finding names it: "profiles[2]".
struct Item {
  std::string_view list{};
  std::size_t index = 0;
};

/// Collects the findings about one subject.
class Findings {
 public:
  Findings(std::vector<Finding>& all, std::string subject, Item item = {})
      : all_(all), subject_(std::move(subject)), item_(item) {}

  /// @param field "ipv4.gateway"; empty when the finding is not about a field
  void error(FindingId id, std::string field, std::string message, std::string hint = {}) {
    add(Severity::error, id, {std::move(field), std::move(message), std::move(hint)});
  }
  void info(FindingId id, std::string field, std::string message, std::string hint = {}) {
    add(Severity::info, id, {std::move(field), std::move(message), std::move(hint)});
  }
  void warning(FindingId id, std::string field, std::string message, std::string hint = {}) {
    add(Severity::warning, id, {std::move(field), std::move(message), std::move(hint)});
  }

 private:
  struct Texts {
    std::string field;
    std::string message;
    std::string hint;
  };
  void add(Severity severity, FindingId id, Texts texts);

  std::vector<Finding>& all_;
  std::string subject_;
  Item item_;
};

/// Checks the profile alone, without the profiles that it refers to.
void check_profile(const Profile& profile, Findings& findings);

/// Warns when the names of CloudStack's guest bridges, br<parent>-<vlan>, would be above 15 bytes.
/// @param field the field that has the name
void warn_of_long_parent(std::string_view parent, std::string field, Findings& findings);

/// Warns that a bridge has these uplinks.
void warn_of_uplinks(const std::vector<std::string>& uplinks, Findings& findings);

}  // namespace csnet::model
