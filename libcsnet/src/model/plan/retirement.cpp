#include "retirement.hpp"

#include <fmt/format.h>
#include <string_view>

namespace csnet::model {
namespace {

constexpr std::string_view kSuffix = " (retired by csnet";

}  // namespace

std::string name_for_retirement(const std::string& name, std::set<std::string>& taken) {
  auto found = fmt::format("{}{})", name, kSuffix);
  for (int number = 2; !taken.insert(found).second; ++number)
    found = fmt::format("{}{} {})", name, kSuffix, number);
  return found;
}

std::string name_before_retirement(const std::string& name) {
  const auto at = name.rfind(kSuffix);
  return at == 0 || at == std::string::npos || name.back() != ')' ? name : name.substr(0, at);
}

}  // namespace csnet::model
