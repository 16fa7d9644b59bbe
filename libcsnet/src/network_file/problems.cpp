#include "problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace csnet {

FileError::FileError(std::string name, std::string text, std::string hint,
                     std::vector<Problem> problems)
    : Error(ErrorKind::invalid, std::move(name), text, std::move(hint)),
      content_(std::make_shared<const Content>(Content{std::move(text), std::move(problems)})) {}

namespace network_file {
namespace {

/// The most problems of one file: a picture that is given by mistake must not print a thousand
/// lines.
constexpr std::size_t most = 25;

}  // namespace

void Problems::add(Place place, std::string path, std::string message, std::string hint) {
  // libyaml places an empty value at the end of a file on the line after the last.
  place = std::min(place, source_.end());
  // An alias repeats a mistake, and one key may mean the same mistake for several profiles.
  if (!seen_.emplace(place, message).second) return;
  all_.push_back({place.line, place.column, std::move(path), std::move(message), std::move(hint)});
  if (all_.size() >= most) throw Stop{};
}

void Problems::fatal(Place place, std::string message, std::string hint) {
  add(place, "", std::move(message), std::move(hint));
  throw Stop{};
}

FileError Problems::error() const {
  auto found = all_;
  std::ranges::sort(found);
  std::string text;
  for (const auto& [line, column, path, message, hint] : found) {
    text += fmt::format("{}{}:{}:{}: {}{}{}", text.empty() ? "" : "\n", source_.name(), line,
                        column, path, path.empty() ? "" : ": ", message);
    const auto excerpt = source_.excerpt({line, column});
    if (!excerpt.empty()) text += "\n" + excerpt;
    if (!hint.empty() && found.size() > 1) text += "\n  hint: " + hint;
  }
  if (found.size() > 1) {
    text += fmt::format("\n{} problems{} in {}", found.size(),
                        found.size() >= most ? " or more" : "", source_.name());
  }
  auto hint = found.size() == 1 ? found.front().hint : std::string{};
  return {source_.name(), std::move(text), std::move(hint), std::move(found)};
}

}  // namespace network_file
}  // namespace csnet
