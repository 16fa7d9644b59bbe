#pragma once

#include <csnet/plan.hpp>
#include <csnet/profile.hpp>

#include <string>
#include <string_view>
#include <vector>

/// Profiles in one form, so that two that mean the same are equal, and what differs between two.
namespace csnet::model {

/// Every field as NetworkManager would fill and spell it: unmentioned ones get their default, a bond's mode its name,
/// options that say the default are dropped, an empty word is none.
Profile canonical(Profile profile);

/// One property of a profile as text, "ipv4.addresses: 192.168.100.10/24"; the text is empty where there is none.
struct Line {
  std::string property;
  std::string text;
  bool is_standard = false;  ///< What NetworkManager gives it where nobody mentions it.
};

/// Every property but the uuid, in the tables' order; the same properties for every profile of a type.
std::vector<Line> lines(const Profile& profile);

/// What differs; both of one type.
std::vector<Change> changes(const Profile& before, const Profile& after);
/// What the profile mentions.
std::vector<Change> mentioned(const Profile& profile);

}  // namespace csnet::model
