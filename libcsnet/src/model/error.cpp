#include <csnet/error.hpp>
#include <csnet/transaction.hpp>

#include <utility>

namespace csnet {

std::string_view to_string(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::invalid:
      return "invalid";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::conflict:
      return "conflict";
    case ErrorKind::permission:
      return "permission";
    case ErrorKind::unavailable:
      return "unavailable";
    case ErrorKind::timeout:
      return "timeout";
    case ErrorKind::rolled_back:
      return "rolled_back";
    case ErrorKind::incomplete:
      return "incomplete";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::bug:
      return "bug";
  }
  return "bug";
}

Error::Error(ErrorKind kind, std::string subject, std::string message, std::string hint)
    : std::runtime_error(subject.empty() ? message : subject + ": " + message),
      kind_(kind),
      subject_(std::move(subject)),
      message_(std::move(message)),
      hint_(std::move(hint)) {}

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
