#include "references.hpp"

#include <csnet/error.hpp>
#include <csnet/validate.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace csnet::inline CSNET_ABI {

std::vector<Finding> validate(const HostState& state) {
  const model::Relations relations(state.profiles);
  model::Report report(relations);
  for (std::size_t at = 0; at < relations.size(); ++at) {
    auto findings = report.of(at);
    model::check_profile(relations[at], findings);
  }
  model::check_relations(relations, report);
  model::check_addresses(relations, report);
  auto all = std::move(report).all();
  model::check_removals(state.remove, relations, all);
  for (std::size_t at = 0; at < state.probes.size(); ++at)
    model::check_probe(state.probes[at], at, all);
  return all;
}

void throw_if_invalid(std::span<const Finding> findings) {
  const auto is_error = [](const Finding& finding) { return finding.severity == Severity::error; };
  const auto first = std::ranges::find_if(findings, is_error);
  if (first == findings.end()) return;
  auto hint = first->hint;
  for (const auto& other : findings) {
    if (!is_error(other) || &other == &*first) continue;
    hint += fmt::format("{}also: {}", hint.empty() ? "" : "\n  ", to_text(other));
  }
  throw Error(
      ErrorKind::invalid, first->subject,
      first->field.empty() ? first->message : fmt::format("{}: {}", first->field, first->message),
      hint);
}

}  // namespace csnet::inline CSNET_ABI
