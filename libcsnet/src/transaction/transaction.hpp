#pragma once

#include "journal.hpp"
#include "nm/client.hpp"

#include <csnet/plan.hpp>
#include <csnet/transaction.hpp>

#include <string>

/// Session's transactions, between NetworkManager (nm) and the machine (host).
namespace csnet {

Report apply_plan(nm::Client& client, Journal& journal, const Plan& plan,
                  const ApplyOptions& options);
Report commit_transaction(nm::Client& client, Journal& journal, const std::string& id);
Report roll_back_transaction(nm::Client& client, Journal& journal, const std::string& id);
std::optional<Transaction> open_transaction(nm::Client& client, const Journal& journal);

}  // namespace csnet
