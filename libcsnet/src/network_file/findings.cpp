#include "findings.hpp"

#include "characters.hpp"

#include <csnet/validate.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace csnet::network_file {
namespace {

/// Fields whose keys may contain any character: all text after the dot is one key.
constexpr auto with_keys = std::to_array<std::string_view>(
    {"options", "coalesce", "ingress_priority_map", "egress_priority_map"});
/// The recipe's fields that have another name in the file.
constexpr auto in_uplink = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"uplinks", "uplink.ports"},
     {"bond", "uplink.bond"},
     {"bond_mode", "uplink.mode"},
     {"bond_options", "uplink.options"}});

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

std::vector<Finding> errors_of(std::vector<Finding> findings) {
  std::erase_if(findings, [](const Finding& each) { return each.severity != Severity::error; });
  return findings;
}

class Placer {
 public:
  Placer(const Places& places, Problems& problems) : places_(places), problems_(problems) {}

  /// Adds a finding about a profile, a probe or a name to remove that is in the file.
  void add(const Finding& finding, std::string path) {
    const auto dot = finding.field.find('.');
    const auto head = finding.field.substr(0, dot);
    if (dot != std::string::npos && dot + 1 < finding.field.size() &&
        std::ranges::find(with_keys, head) != with_keys.end()) {
      path = join(path + "." + head, finding.field.substr(dot + 1));
    } else if (!finding.field.empty()) {
      path += "." + finding.field;
    }
    add_at(finding, path);
  }

  /// Adds a finding about `management`. Adds only the first one of each key: the others follow from
  /// it.
  void add_of_management(const Finding& finding, std::string_view field) {
    const auto bare = field.substr(0, field.find_first_of("[."));
    const auto* const renamed =
        std::ranges::find(in_uplink, bare, &decltype(in_uplink)::value_type::first);
    std::string key(renamed == in_uplink.end() ? bare : renamed->second);
    if (key.starts_with("uplink.") && !places_.contains("management." + key))
      key = "uplink";  // the NIC, or a list of NICs
    std::string path = "management";
    if (!field.empty()) path = fmt::format("management.{}{}", key, field.substr(bare.size()));
    if (key == "uplink" && !places_.contains(path)) path = "management.uplink";
    if (used_.insert(nearest(path)).second) add_at(finding, path);
  }

 private:
  void add_at(const Finding& finding, const std::string& path) {
    const bool is_absent = finding.id == "missing" && !places_.contains(path);
    problems_.add(nearest(path), path, is_absent ? "is missing" : finding.message, finding.hint);
  }

  /// The place of this value, or of the innermost value around it that is in the file.
  [[nodiscard]] Place nearest(std::string_view path) const {
    auto found = places_.find(path);
    while (!path.empty() && found == places_.end()) {
      const auto ends = path.find_last_of(".[");  // also when a key contains one, the loop ends
      path = path.substr(0, ends == std::string_view::npos ? 0 : ends);
      found = places_.find(path);
    }
    return found == places_.end() ? Place{} : found->second;
  }

  const Places& places_;
  Problems& problems_;
  std::set<Place> used_{};
};

/// The index in "profiles[2]".
std::size_t index_in(std::string_view item) {
  const auto digits = item.substr(std::min(item.find('['), item.size() - 1) + 1);
  std::size_t index = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), index);
  return index;
}

}  // namespace

Judged judge(const Contents& contents) {
  Judged found;
  if (contents.management) {
    found.errors.of_management = errors_of(validate(*contents.management));
    if (found.errors.of_management.empty()) found.made = contents.management->desired();
  }
  found.request = found.made;
  append(found.request.wanted.profiles, contents.profiles);
  append(found.request.remove, contents.remove);
  append(found.request.probes, contents.probes);
  found.errors.of_request = errors_of(validate(found.request));
  return found;
}

void add_errors(const Contents& contents, const Judged& judged, const Places& places,
                Problems& problems) {
  const auto& made = judged.made;
  const auto& errors = judged.errors;
  Placer placer(places, problems);
  for (const auto& finding : errors.of_management) placer.add_of_management(finding, finding.field);
  for (const auto& finding : errors.of_request) {
    const auto index = index_in(finding.item);
    const auto list = finding.item.substr(0, finding.item.find('['));
    // The request begins with the recipe's profiles and probes.
    const auto of_recipe = list == "profiles" ? made.wanted.profiles.size()
                           : list == "probes" ? made.probes.size()
                                              : made.remove.size();
    if (index >= of_recipe) {
      placer.add(finding, fmt::format("{}[{}]", list, index - of_recipe));
    } else if (list == "profiles") {
      placer.add_of_management(
          finding, recipe_field(*contents.management, made.wanted.profiles[index], finding.field));
    } else {
      placer.add_of_management(finding, finding.field);
    }
  }
}

}  // namespace csnet::network_file
