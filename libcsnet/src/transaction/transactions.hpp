#pragma once

#include "journal.hpp"
#include "nm/client.hpp"
#include "resource.hpp"

#include <csnet/plan.hpp>
#include <csnet/transaction.hpp>

#include <optional>
#include <string>

namespace csnet {

/// The transactions of this host; one at a time is open. The engine has the clock, the probes, the
/// progress and the journal; each resource saves, tries, writes and undoes its own changes.
class Transactions {
 public:
  /// @param client must outlive this
  /// @param resources in the order of the trial, NetworkManager's profiles first; the engine undoes
  /// them in reverse order
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
  /// The journal's record. Each resource has checked its part.
  [[nodiscard]] std::optional<Record> read_record() const;
  [[nodiscard]] Record open_record(const std::string& id) const;
  [[nodiscard]] Resource& resource(const SavedResource& saved) const;
  /// The time until a switch fires; 0 when one has fired: the trial can no longer be committed.
  [[nodiscard]] std::chrono::milliseconds time_left(const Record& record) const;
  void keep_alive(const Record& record, std::chrono::seconds time) const;

  void settle();
  Left undo(const Record& record);
  Left undo_once(const Record& record) const;
  Left differences(const Record& record, std::chrono::milliseconds time) const;
  void disarm_what_is_armed(const Record& record, Left& left) const;
  Left finish(Record record, ProgressLog& log);
  /// The outcome of an interrupted transaction.
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
