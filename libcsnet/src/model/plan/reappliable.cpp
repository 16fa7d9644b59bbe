#include "canonical.hpp"
#include "interface_steps.hpp"
#include "known_words.hpp"

#include <csnet/profile_fields.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace csnet::model {
namespace {

/// The bond's options that an active bond does not take over. Both profiles are canonical.
std::set<std::string> options_not_reappliable(const Profile& before, const Profile& after) {
  const auto options = [](const Profile& profile) {
    const auto* bond = profile.get_if<BondProfile>();
    return bond == nullptr ? std::map<std::string, std::string>{}
                           : bond->options.value_or(std::map<std::string, std::string>{});
  };
  const auto old_ones = options(before);
  const auto new_ones = options(after);
  std::vector<std::pair<std::string, std::string>> differ;
  std::ranges::set_symmetric_difference(old_ones, new_ones, std::back_inserter(differ));
  std::set<std::string> found;
  for (const auto& [name, value] : differ) {
    const auto* option = bond_option(name);
    if (option == nullptr || !option->reappliable) found.insert(name);
  }
  return found;
}

/// By the row of the property's field; "ipv4.gateway" has that of "ipv4".
bool can_reapply(const Profile& profile, std::string_view property) {
  const auto name = property.substr(0, property.find('.'));
  return profile.visit([&]<class P>(const P&) {
    bool found = false;
    for_each_field<P>([&](const auto& field) {
      if (field.name == name) found = field.traits.reappliable;
    });
    return found;
  });
}

}  // namespace

std::vector<std::string> not_reappliable(const Profile& before, const Profile& after,
                                         const std::vector<Change>& changes) {
  std::vector<std::string> found;
  for (const auto& change : changes) {
    if (change.property == "options") {
      std::ranges::copy(options_not_reappliable(canonical(before), canonical(after)),
                        std::back_inserter(found));
    } else if (!can_reapply(after, change.property)) {
      found.push_back(change.property);
    }
  }
  return found;
}

}  // namespace csnet::model
