#include <csnet/probe.hpp>
#include <csnet/transaction.hpp>

#include <fmt/format.h>
#include <utility>

namespace csnet::inline CSNET_ABI {

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

std::string_view to_string(ProgressOutcome outcome) noexcept {
  switch (outcome) {
    case ProgressOutcome::begun:
      return "begun";
    case ProgressOutcome::done:
      return "done";
    case ProgressOutcome::failed:
      return "failed";
    case ProgressOutcome::skipped:
      return "skipped";
  }
  return "begun";
}

std::string_view to_string(TransactionState state) noexcept {
  switch (state) {
    case TransactionState::trial:
      return "trial";
    case TransactionState::running:
      return "running";
    case TransactionState::interrupted:
      return "interrupted";
  }
  return "interrupted";
}

std::string_view to_string(ProbeType type) noexcept {
  switch (type) {
    case ProbeType::tcp:
      return "tcp";
    case ProbeType::arp:
      return "arp";
    case ProbeType::command:
      return "command";
  }
  return "tcp";
}

std::string to_text(const Progress& progress) {
  const auto* before = progress.phase == ProgressPhase::before ? ", before" : "";
  switch (progress.action) {
    case ProgressAction::wait_for_lacp:
      return fmt::format("LACP on {}", progress.subject);
    case ProgressAction::write:
      return fmt::format("write {} to disk", progress.subject);
    case ProgressAction::drop_checkpoint:
      return "destroy the checkpoint";
    case ProgressAction::commit:
      return "commit";
    case ProgressAction::roll_back:
      return "roll back";
    case ProgressAction::add:
    case ProgressAction::modify:
    case ProgressAction::activate:
    case ProgressAction::reapply:
    case ProgressAction::restart:
    case ProgressAction::park:
    case ProgressAction::retire:
    case ProgressAction::remove:
    case ProgressAction::probe:
    case ProgressAction::check:
      break;
  }
  return fmt::format("{} {}{}", to_string(progress.action), progress.subject, before);
}

std::string to_text(const Report& report) {
  if (report.id.empty() && report.steps.empty())
    return report.committed ? "committed" : "there was nothing to do";
  auto text = fmt::format("transaction {}: {}", report.id,
                          report.committed ? "committed" : "not committed");
  for (const auto& step : report.steps) {
    fmt::format_to(std::back_inserter(text), "\n  {}: {}", to_string(step.outcome), to_text(step));
    if (!step.detail.empty()) fmt::format_to(std::back_inserter(text), ": {}", step.detail);
  }
  return text;
}

std::string to_text(const Leftover& left) {
  return left.command.empty() ? left.what
                              : fmt::format("{} (by hand: {})", left.what, left.command);
}

TransactionError::TransactionError(TransactionEnd end, std::string subject, std::string message,
                                   std::string hint)
    : Error(end.outcome == TransactionOutcome::rolled_back ? ErrorKind::rolled_back
                                                           : ErrorKind::incomplete,
            std::move(subject), std::move(message), std::move(hint)),
      end_(std::make_shared<const TransactionEnd>(std::move(end))) {}

}  // namespace csnet::inline CSNET_ABI
