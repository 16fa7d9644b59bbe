#pragma once

#include <csnet/facts.hpp>
#include <csnet/host_state.hpp>
#include <csnet/plan.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace csnet::inline CSNET_ABI {

// <csnet/session_options.hpp>
struct SessionOptions;
struct ActivateOptions;
struct Modification;
// <csnet/transaction.hpp>
struct ApplyOptions;
struct Report;
struct Transaction;

/// A session with NetworkManager over D-Bus.
///
/// Each Session has a bus connection and a GMainContext of its own. Several may be used in several
/// threads at once; a Session that threads share serves them one after the other. The destructor
/// releases everything. A Session does not survive fork(): in the child every call throws
/// Error (unsupported). A Session that was moved from can be assigned to and destroyed; every call
/// that asks NetworkManager throws Error (invalid).
///
/// A profile is named by its uuid, its name or its interface, looked for in this order. Every call
/// may throw Error (unavailable, permission, timeout). Further errors are listed with each call.
class CSNET_API Session {
 public:
  /// @throws Error (unavailable) when there is no bus or no NetworkManager on it.
  Session();
  explicit Session(const SessionOptions& options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  Session(Session&& other) noexcept;
  Session& operator=(Session&& other) noexcept;

  /// NetworkManager's version, "1.42.4".
  [[nodiscard]] std::string version() const;

  /// Every bridge, VLAN, bond and ethernet profile, sorted by name; profiles of other types are
  /// left out.
  [[nodiscard]] std::vector<Profile> profiles() const;

  /// The named profile, or nothing when there is none.
  /// @throws Error (conflict) when the name fits several profiles: name one by its uuid.
  [[nodiscard]] std::optional<Profile> find(std::string_view which) const;

  /// Reads the facts of the host for plan(): profiles and devices of one moment.
  ///
  /// Profiles of external connections (a VM's tap, libvirt's bridge) are left out.
  [[nodiscard]] Facts read() const;

  /// Computes the steps from the present host to `request`, as csnet::plan(request, read(),
  /// options).
  ///
  /// When nothing is to be done, the cost depends on the number of active connections, not on the
  /// number of profiles.
  /// @throws Error (invalid, not_found, conflict) as csnet::plan() does
  [[nodiscard]] Plan plan(const Request& request, const PlanOptions& options = {}) const;
  /// The same for the request that a recipe makes, network.desired().
  [[nodiscard]] Plan plan(const ManagementNetwork& network, const PlanOptions& options = {}) const;

  /// Every interface that NetworkManager sees, sorted by name.
  [[nodiscard]] std::vector<Device> devices() const;

  /// Every interface of the kernel in this process's network namespace, sorted by name.
  ///
  /// Includes interfaces that NetworkManager does not see. Sends nothing over the bus.
  [[nodiscard]] std::vector<Link> links() const;

  /// Adds a profile on disk, exactly as `nmcli con add` does, and returns its uuid.
  ///
  /// NetworkManager begins to activate it at once unless `autoconnect` is false. A `controller`
  /// that is a profile's name is replaced by that profile's uuid; a missing `port` is derived from
  /// the controller.
  /// @throws Error (invalid, not_found, conflict)
  std::string add(const Profile& profile);

  /// Adds several profiles, and returns their uuids in the same order.
  ///
  /// All are checked together before the first is sent. When one fails, csnet deletes those already
  /// added; the error names those that could not be deleted. When on_wait interrupts the call,
  /// profiles that were already sent remain.
  /// @throws Error (invalid, not_found, conflict)
  std::vector<std::string> add_all(std::span<const Profile> profiles);

  /// Changes the properties that `changes` mentions, as `nmcli con mod` does, and no others.
  ///
  /// Properties that csnet has no field for are kept. An active interface changes when the profile
  /// is activated next.
  /// @throws Error (invalid, not_found, conflict)
  void modify(std::string_view which, const Profile& changes);

  /// Changes several profiles.
  ///
  /// All changes are checked together before the first is sent. When one fails, csnet restores the
  /// profiles already changed; the error names those that could not be restored. When on_wait
  /// interrupts the call, profiles that were already sent remain changed.
  /// @throws Error (invalid, not_found, conflict); invalid, too, when two are for one profile
  void modify_all(std::span<const Modification> changes);

  /// Deletes the profile, as `nmcli con delete` does; an interface that uses it goes down.
  /// @throws Error (not_found, conflict)
  void remove(std::string_view which);

  /// Deletes several profiles.
  ///
  /// Every one is found before the first is deleted. When NetworkManager refuses one, the others
  /// are deleted, and the error names those that remain. A profile that is named twice is deleted
  /// once.
  /// @throws Error (not_found, conflict)
  void remove_all(std::span<const std::string> which);

  /// Brings the profile up, and returns when it is usable.
  ///
  /// A profile is usable when its addresses are set. A port has joined its controller, too; every
  /// profile that is a port of the bridge or bond has joined, and the bridge or bond has a carrier.
  ///
  /// csnet brings up ports that NetworkManager does not bring up on its own, unless
  /// `options.related` is false: then it brings up only the named profile, and a bridge or bond
  /// none of whose ports is named is usable without one.
  /// @throws Error (not_found, conflict, timeout), with NetworkManager's own reason
  void activate(std::string_view which);
  void activate(std::string_view which, const ActivateOptions& options);

  /// Brings several profiles up, with one wait for all; controllers before ports, in any order of
  /// the names.
  void activate_all(std::span<const std::string> which);
  void activate_all(std::span<const std::string> which, const ActivateOptions& options);

  /// Takes the profile down, and returns when it is down. Does nothing when it is not active.
  /// @throws Error (not_found, conflict)
  void deactivate(std::string_view which);

  /// Takes several profiles down, one after the other. Every one is found before the first is taken
  /// down.
  /// @throws Error (not_found, conflict)
  void deactivate_all(std::span<const std::string> which);

  /// Carries out a plan as one transaction.
  ///
  /// The transaction ends with the probes passed and the profiles on disk, or with the host as it
  /// was before. Nothing is written to disk before the probes have passed; when a process or the
  /// power fails meanwhile, the host is rolled back (docs/transactions.md).
  ///
  /// Needs root, and must run on the host itself, because the probes are sent from this process. An
  /// empty plan changes nothing and writes no file.
  /// @throws Error (conflict) when the host has changed since the plan was made, or another
  /// transaction is open
  /// @throws TransactionError with the cause: the host is as it was, or outcome() and left() say
  /// what differs
  Report apply(const Plan& plan);
  Report apply(const Plan& plan, const ApplyOptions& options);

  /// Commits a transaction that apply() left open (`commit = false`), or whose process has died.
  ///
  /// Any process may call it.
  /// @throws Error (not_found) when no such transaction is open
  /// @throws TransactionError when its time was over, and the host is as it was; or when something
  /// is left to do
  Report commit(std::string_view id);

  /// Rolls such a transaction back, or tries again to restore what an earlier rollback could not.
  /// @throws Error (not_found) when no such transaction is open
  /// @throws TransactionError when something could not be restored
  Report rollback(std::string_view id);

  /// Ends a transaction whose process has died, as csnet-recover.service does at boot.
  ///
  /// Finishes a commit that had written everything, and rolls back any other transaction; the
  /// report says which. Returns nothing when no transaction is open, or when the open one is on
  /// trial and waits for its commit.
  /// @throws Error (conflict) when another process is working on it
  /// @throws TransactionError when something is left to do
  std::optional<Report> recover();

  /// The open transaction, if there is one. Changes nothing.
  [[nodiscard]] std::optional<Transaction> transaction() const;

 private:
  class Impl;
  // Owned. Not a std::unique_ptr: <memory> takes as long to compile as the rest of this header.
  Impl* impl_;
};

}  // namespace csnet::inline CSNET_ABI
