#include "outcomes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

namespace csnet {

std::string joined(const Left& left, std::string_view separator) {
  std::vector<std::string> texts;
  texts.reserve(left.size());
  for (const auto& one : left) texts.push_back(to_text(one));
  return fmt::format("{}", fmt::join(texts, separator));
}

std::string hint_of_left(const Left& left, const std::string& id) {
  return fmt::format("differences from the state before:\n    {}\n  csnet rollback {} tries again",
                     joined(left, "\n    "), id);
}

ProgressOutcome progress_outcome(const Left& left) {
  return left.empty() ? ProgressOutcome::done : ProgressOutcome::failed;
}

TransactionError time_was_over(const std::string& id) {
  return {{.outcome = TransactionOutcome::rolled_back, .report = {.id = id}},
          fmt::format("transaction {}", id),
          "its time was over, and NetworkManager has rolled it back",
          "the host is as it was: apply again"};
}

TransactionError rolled_back_incompletely(const std::string& id, const std::string& message,
                                          const Report& report, const Left& left) {
  return {{TransactionOutcome::rollback_incomplete, report, left},
          fmt::format("transaction {}", id),
          message,
          hint_of_left(left, id)};
}

TransactionError committed_incompletely(const std::string& subject, const Report& report,
                                        const Left& left) {
  return {{TransactionOutcome::committed_incomplete, report, left},
          subject,
          joined(left, "; "),
          fmt::format("the new network is active and on disk; csnet commit {} tries the rest again",
                      report.id)};
}

std::string steps_undone(const Record& record) {
  return fmt::format("the host is as it was ({0} of {0} steps undone)", record.steps.size());
}

}  // namespace csnet
