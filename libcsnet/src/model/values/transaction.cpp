#include <csnet/transaction.hpp>

#include <utility>

namespace csnet {

std::string_view to_string(TransactionOutcome outcome) noexcept {
  switch (outcome) {
    case TransactionOutcome::rolled_back:
      return "rolled_back";
    case TransactionOutcome::rollback_incomplete:
      return "rollback_incomplete";
    case TransactionOutcome::committed_incomplete:
      return "committed_incomplete";
  }
  return "rollback_incomplete";
}

std::string_view to_string(ProgressPhase phase) noexcept {
  switch (phase) {
    case ProgressPhase::before:
      return "before";
    case ProgressPhase::trial:
      return "trial";
    case ProgressPhase::after:
      return "after";
    case ProgressPhase::commit:
      return "commit";
    case ProgressPhase::rollback:
      return "rollback";
  }
  return "trial";
}

std::string_view to_string(ProgressAction action) noexcept {
  switch (action) {
    case ProgressAction::add:
      return "add";
    case ProgressAction::modify:
      return "modify";
    case ProgressAction::activate:
      return "activate";
    case ProgressAction::reapply:
      return "reapply";
    case ProgressAction::restart:
      return "restart";
    case ProgressAction::park:
      return "park";
    case ProgressAction::retire:
      return "retire";
    case ProgressAction::remove:
      return "remove";
    case ProgressAction::probe:
      return "probe";
    case ProgressAction::check:
      return "check";
    case ProgressAction::wait_for_lacp:
      return "wait_for_lacp";
    case ProgressAction::write:
      return "write";
    case ProgressAction::drop_checkpoint:
      return "drop_checkpoint";
    case ProgressAction::commit:
      return "commit";
    case ProgressAction::roll_back:
      return "roll_back";
  }
  return "add";
}

TransactionError::TransactionError(TransactionOutcome outcome, std::string subject,
                                   std::string message, std::string hint, Report report,
                                   std::vector<Leftover> left)
    : Error(outcome == TransactionOutcome::rolled_back ? ErrorKind::rolled_back
                                                       : ErrorKind::incomplete,
            std::move(subject), std::move(message), std::move(hint)),
      outcome_(outcome),
      report_(std::make_shared<const Report>(std::move(report))),
      left_(std::make_shared<const std::vector<Leftover>>(std::move(left))) {}

}  // namespace csnet
