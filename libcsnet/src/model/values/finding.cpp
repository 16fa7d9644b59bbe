#include "findings.hpp"
#include "for_people.hpp"

#include <fmt/format.h>
#include <utility>

namespace csnet::inline CSNET_ABI {

std::string to_text(const Finding& finding) {
  std::string text;
  for (const auto* part : {&finding.subject, &finding.field}) {
    if (!part->empty()) text += *part + ": ";
  }
  return text + finding.message;
}

std::string_view to_string(Severity severity) noexcept {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "error";
}

std::span<const FindingKind> finding_kinds() noexcept { return model::kFindingKinds; }

}  // namespace csnet::inline CSNET_ABI

namespace csnet::model {

void Findings::add(Severity severity, FindingId id, Texts texts) {
  all_.push_back({
      .severity = severity,
      .id = std::string(id.text()),
      .subject = subject_,
      .item = item_.list.empty() ? std::string{} : fmt::format("{}[{}]", item_.list, item_.index),
      .field = std::move(texts.field),
      .message = for_people(std::move(texts.message)),
      .hint = for_people(std::move(texts.hint)),
  });
}

}  // namespace csnet::model
