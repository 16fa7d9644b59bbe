#include "checks.hpp"

#include <csnet/error.hpp>
#include <csnet/validate.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <iterator>
#include <utility>

namespace csnet::model {

std::vector<Finding> FindingsByProfile::all() && {
  std::vector<Finding> all;
  for (auto& found : of_profile_) std::ranges::move(found, std::back_inserter(all));
  return all;
}

std::string subject_beside(const Profile& other, const Profile& profile) {
  auto shown = subject(other);
  return shown == subject(profile) ? "another " + shown : shown;
}

}  // namespace csnet::model

namespace csnet::inline CSNET_ABI {

std::vector<Finding> validate(const HostState& state) {
  const model::ProfileGraph graph(state.profiles);
  model::FindingsByProfile findings(graph);
  for (std::size_t at = 0; at < graph.size(); ++at) {
    auto of_profile = findings.of(at);
    model::check_profile(graph[at], of_profile);
  }
  model::check_references(graph, findings);
  model::check_addresses(graph, findings);
  return std::move(findings).all();
}

std::vector<Finding> validate(const Request& request) {
  auto all = validate(request.wanted);
  if (!request.remove.empty())
    model::check_removals(request.remove, model::ProfileGraph(request.wanted.profiles), all);
  for (std::size_t at = 0; at < request.probes.size(); ++at)
    model::check_probe(request.probes[at], at, all);
  for (std::size_t at = 0; at < request.probes.size(); ++at)
    model::check_way_to_target(request, at, all);
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
