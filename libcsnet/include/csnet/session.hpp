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

/// One conversation with NetworkManager.
///
/// Each Session has a bus connection and a GMainContext of its own: several may work in several threads at once, and
/// one that is shared by threads serves them one after the other. Nothing of it outlives its destructor. A Session
/// does not survive fork(): in the child every call throws Error (unsupported). One that was moved from can be
/// assigned to and destroyed; every call that asks NetworkManager throws Error (invalid).
///
/// A profile is named by its uuid, its name or its interface, looked for in this order. Every call may throw
/// Error (unavailable, permission, timeout); what else, stands beside it.
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

  /// Every bridge, VLAN, bond and ethernet profile, sorted by name; profiles of other types are left out.
  [[nodiscard]] std::vector<Profile> profiles() const;

  /// @throws Error (conflict) when the name fits several profiles: name one by its uuid.
  [[nodiscard]] std::optional<Profile> find(std::string_view which) const;

  /// Reads the host as plan() compares it with the wanted state: profiles and devices of one moment. Profiles that NetworkManager made up
  /// for interfaces of others (a VM's tap, libvirt's bridge) are left out.
  [[nodiscard]] Facts read() const;

  /// The steps from the host as it is now to `desired`: what csnet::plan(desired, read(), options) says. Where there is
  /// nothing to do it takes as long as what runs on the host takes to look at, however many profiles sleep beside it.
  /// @throws Error (invalid, not_found, conflict) as csnet::plan() does
  [[nodiscard]] Plan plan(const Request& request, const PlanOptions& options = {}) const;
  /// The same for the state that a recipe makes, network.desired().
  [[nodiscard]] Plan plan(const ManagementNetwork& network, const PlanOptions& options = {}) const;

  /// Every interface that NetworkManager sees, sorted by name.
  [[nodiscard]] std::vector<Device> devices() const;

  /// Every interface that the kernel has in this process's network namespace, sorted by name: also what NetworkManager
  /// does not see, or sees otherwise. Nothing is asked over the bus.
  [[nodiscard]] std::vector<Link> links() const;

  /// Adds a persistent profile, exactly as `nmcli con add` does, and returns its uuid. NetworkManager begins to
  /// activate it at once unless `autoconnect` is false.
  /// A `controller` that is a profile's name becomes its uuid; a missing `port` follows from the controller.
  /// @throws Error (invalid, not_found, conflict)
  std::string add(const Profile& profile);

  /// Adds them all, checked together before the first is sent, and returns their uuids in the same order. When one
  /// fails, those already added are removed again; what could not be removed is named in the error. When on_wait
  /// interrupts it, those that were already sent stay.
  /// @throws Error (invalid, not_found, conflict)
  std::vector<std::string> add_all(std::span<const Profile> profiles);

  /// Changes what `changes` mentions, as `nmcli con mod` does, and nothing else: properties that csnet has no field
  /// for survive. The running interface changes when the profile is activated next.
  /// @throws Error (invalid, not_found, conflict)
  void modify(std::string_view which, const Profile& changes);

  /// Changes them all, checked together before the first is sent. When one fails, those already changed are put back;
  /// what could not be is named in the error. When on_wait interrupts it, those that were already sent stay changed.
  /// @throws Error (invalid, not_found, conflict); invalid, too, when two are for one profile
  void modify_all(std::span<const Modification> changes);

  /// Removes the profile; an interface that it holds goes down, as with `nmcli con delete`.
  /// @throws Error (not_found, conflict)
  void remove(std::string_view which);

  /// Removes them all. Every one is found before the first is removed; where NetworkManager refuses one, the others go,
  /// and the error names what is left. One that is named twice is removed once.
  /// @throws Error (not_found, conflict)
  void remove_all(std::span<const std::string> which);

  /// Brings the profile up and returns when it is really usable: addresses set; for a port, when it has joined its
  /// controller; for a bridge or bond, when every profile that is its port has joined and the link has a carrier.
  /// Ports that do not come up by themselves are brought up too, unless `options.related` is false: then only what is
  /// named comes up, and a bridge or bond none of whose ports is named is usable without one.
  /// @throws Error (not_found, conflict, timeout), with NetworkManager's own reason
  void activate(std::string_view which);
  void activate(std::string_view which, const ActivateOptions& options);

  /// The same for many at once, with one wait for all; controllers before ports, in whatever order they are named.
  void activate_all(std::span<const std::string> which);
  void activate_all(std::span<const std::string> which, const ActivateOptions& options);

  /// Takes the profile down, and returns when it is. Nothing happens when it is not active.
  /// @throws Error (not_found, conflict)
  void deactivate(std::string_view which);

  /// Takes them all down, one after the other. Every one is found before the first is taken down.
  /// @throws Error (not_found, conflict)
  void deactivate_all(std::span<const std::string> which);

  /// Carries out a plan as one transaction: it ends with what the probes ask for reachable and the profiles on disk, or
  /// with the host as it was. Nothing is written to disk before the probes have passed; whoever dies meanwhile, the host
  /// goes back (docs/transactions.md). Needs root, and to run on the host itself: the probes go out from here. An empty
  /// plan sends nothing that changes anything, and writes no file.
  /// @throws Error (conflict) when the host is no longer what the plan was made from, or another transaction is open
  /// @throws TransactionError naming the cause: the host is as it was, or outcome() and left() say what is not
  Report apply(const Plan& plan);
  Report apply(const Plan& plan, const ApplyOptions& options);

  /// Makes a transaction last that apply() left open (`commit = false`), or whose process died: from any process.
  /// @throws Error (not_found) when no such transaction is open
  /// @throws TransactionError when its time was over, and the host is as it was; or when something is left to do
  Report commit(std::string_view id);

  /// Takes such a transaction back, or tries again what could not be restored.
  /// @throws Error (not_found) when no such transaction is open
  /// @throws TransactionError when something could not be restored
  Report rollback(std::string_view id);

  /// Ends a transaction whose process has died, as csnet-recover.service does at boot: finishes a commit that had written
  /// everything, and undoes all else. Returns whether it is committed; nothing when no transaction is open, or the open
  /// one is on trial and waits for its commit.
  /// @throws Error (conflict) when another process is at work on it
  /// @throws TransactionError when something is left to do
  std::optional<Report> recover();

  /// The transaction that is not over, if there is one. Changes nothing.
  [[nodiscard]] std::optional<Transaction> transaction() const;

 private:
  class Impl;
  Impl*
      impl_;  // owned; not a std::unique_ptr, for <memory> takes as long to compile as all else here
};

}  // namespace csnet::inline CSNET_ABI
