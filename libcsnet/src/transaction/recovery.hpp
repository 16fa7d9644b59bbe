#pragma once

#include "journal.hpp"
#include "nm/client.hpp"
#include "progress.hpp"
#include "record.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

/// The two ends of a transaction. Each can be begun again by a later process, wherever the first one died.
namespace csnet {

/// Takes everything back, step by step, whatever NetworkManager's own rollback has done by then. The checkpoint stands
/// until the end, for the case that this process dies.
/// Returns what could not be restored; the journal is erased when there is nothing.
/// @throws Error (unavailable) when NetworkManager does not come back: the journal then stays
std::vector<Leftover> undo(nm::Client& client, Journal& journal, const Record& record);

/// Makes everything last. Until the checkpoint is destroyed a failure throws, and the caller undoes; afterwards it
/// returns what is left to do by hand.
std::vector<Leftover> finish(nm::Client& client, Journal& journal, Record record, ProgressLog& log);

/// "eth0 is not there (by hand: nmcli connection up …)"
std::string in_words(const Leftover& one);

/// Whether NetworkManager still holds the checkpoint, and would roll back.
bool is_alive(nm::Client& client, const Record& record);

/// For a journal without a living checkpoint: finishes a commit that had written everything, undoes all else.
/// Returns true when the transaction's outcome is "committed".
bool recover(nm::Client& client, Journal& journal, const Record& record, ProgressLog& log,
             std::vector<Leftover>& left);

}  // namespace csnet
