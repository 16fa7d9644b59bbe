#pragma once

#include "record.hpp"
#include "resource.hpp"

#include <csnet/transaction.hpp>

#include <string>
#include <string_view>

/// Texts and errors for the ends of a transaction.
namespace csnet {

std::string joined(const Left& left, std::string_view separator);
/// Each leftover with its command, and the command that tries all of them again.
std::string hint_of_left(const Left& left, const std::string& id);
/// "the host is as it was (5 of 5 steps undone)"
std::string steps_undone(const Record& record);
ProgressOutcome progress_outcome(const Left& left);

TransactionError time_was_over(const std::string& id);
TransactionError rolled_back_incompletely(const std::string& id, const std::string& message,
                                          const Report& report, const Left& left);
TransactionError committed_incompletely(const std::string& subject, const Report& report,
                                        const Left& left);

}  // namespace csnet
