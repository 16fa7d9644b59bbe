#pragma once

#include <csnet/plan.hpp>
#include <csnet/profile.hpp>

#include <string>
#include <string_view>
#include <vector>

/// A canonical form of profiles, in which two that mean the same are equal, and the differences
/// between two.
namespace csnet::model {

/// Returns the profile with every field as NetworkManager would fill and spell it.
///
/// Fields that are not mentioned get their default, a bond's mode becomes its name, options with
/// the default value are dropped, and an empty word becomes none.
Profile canonical(Profile profile);

/// One property of a profile as text, "ipv4.addresses: 192.168.100.10/24"; the text is empty when
/// there is no value.
struct Line {
  std::string property;
  std::string text;
  bool is_standard = false;  ///< Whether the value is NetworkManager's default.
};

/// Every property but the uuid, in the tables' order; the same properties for every profile of a
/// type.
std::vector<Line> lines(const Profile& profile);

/// The properties that differ. Both profiles are of one type.
std::vector<Change> changes(const Profile& before, const Profile& after);
/// The properties that the profile mentions.
std::vector<Change> mentioned(const Profile& profile);

}  // namespace csnet::model
