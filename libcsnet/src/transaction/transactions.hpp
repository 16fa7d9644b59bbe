#pragma once

#include "journal.hpp"
#include "nm/client.hpp"
#include "resource.hpp"

#include <csnet/plan.hpp>
#include <csnet/transaction.hpp>

#include <optional>
#include <string>

namespace csnet {

/// The transactions of this host, of which one at a time is open: the engine over the resources. It keeps the clock, the
/// probes, the progress and the journal, and leaves to each resource how that is saved, tried, written and undone.
class Transactions {
 public:
  /// @param client must outlive this
  /// @param resources in the order in which they are tried, NetworkManager's profiles first; undone in the reverse order
  Transactions(nm::Client& client, Journal journal, Resources resources)
      : client_(client), journal_(std::move(journal)), resources_(std::move(resources)) {}

  /// @throws as Session::apply()
  Report apply(const Plan& plan, const ApplyOptions& options);
  /// @throws as Session::commit()
  Report commit(const std::string& id);
  /// @throws as Session::rollback()
  Report rollback(const std::string& id);
  /// @throws as Session::recover()
  std::optional<Report> recover();
  [[nodiscard]] std::optional<Transaction> open();

 private:
  /// The journal's record, each resource's part checked.
  [[nodiscard]] std::optional<Record> read_record() const;
  [[nodiscard]] Record open_record(const std::string& id) const;
  [[nodiscard]] Resource& resource(const SavedResource& saved) const;
  /// Until a switch fires; 0 when one has fired, and the trial cannot be committed any longer.
  [[nodiscard]] std::chrono::milliseconds time_left(const Record& record) const;
  void keep_alive(const Record& record, std::chrono::seconds time) const;

  void settle();
  Left undo(const Record& record);
  Left undo_once(const Record& record) const;
  Left differences(const Record& record, std::chrono::milliseconds time) const;
  void disarm_what_is_armed(const Record& record, Left& left) const;
  Left finish(Record record, ProgressLog& log);
  /// How the end of an interrupted transaction went.
  struct Recovery {
    bool is_committed = false;
    Left left{};
  };
  Recovery recover(const Record& record, ProgressLog& log);
  [[noreturn]] void roll_back_and_throw(const Record& record, ProgressLog& log,
                                        const std::exception_ptr& cause);

  nm::Client& client_;
  Journal journal_;
  Resources resources_;
};

/// Every resource that this csnet knows, in the engine's order.
Resources all_resources(nm::Client& client);

}  // namespace csnet
