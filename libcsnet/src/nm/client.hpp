#pragma once

#include "bus_names.hpp"
#include "libnm.hpp"
#include "service.hpp"
#include "variant.hpp"

#include <csnet/error.hpp>
#include <csnet/facts.hpp>
#include <csnet/host_state.hpp>
#include <csnet/session_options.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace csnet::nm {

/// A profile that NetworkManager holds: its object and everything in it, csnet's fields or not.
struct Stored {
  std::string path;
  std::shared_ptr<NMConnection> connection;
};

std::string id_of(const Stored& stored);
std::string uuid_of(const Stored& stored);
std::string interface_of(const Stored& stored);
std::string controller_of(const Stored& stored);
/// "vlan 'eth0.100'"
std::string subject_of(const Stored& stored);
bool is_bridge(const Stored& stored);
bool is_bond(const Stored& stored);
/// Whether a profile with this keyfile survives a reboot: NetworkManager keeps in /run what is on trial, and what hides
/// another file until then. `file` is "" for a profile in NetworkManager's memory alone.
bool is_on_disk(std::string_view file);

/// Finds profiles by the words for them.
class ProfileIndex {
 public:
  /// `all` must outlive it.
  explicit ProfileIndex(const std::vector<Stored>& all);
  /// By uuid, else by name, else by interface; null when there is none.
  /// @throws Error (conflict) when several fit equally
  [[nodiscard]] const Stored* find(std::string_view which) const;

 private:
  using Map = std::multimap<std::string, const Stored*, std::less<>>;
  Map by_uuid_;
  Map by_id_;
  Map by_interface_;
};
Error no_such_profile(std::string_view which);

/// A profile as it was before a trial, for the journal: enough to have it back whoever changed it since.
struct Saved {
  std::string uuid;
  std::string subject;
  std::string settings;  ///< as GVariant text, everything but secrets
  std::string file;      ///< its keyfile; empty: it was in memory alone
};

/// A checkpoint of NetworkManager's.
struct Checkpoint {
  std::string path;
  std::string owner;  ///< the daemon's unique name on the bus: another daemon counts its paths anew
};

/// One profile to come up, in activate_exactly().
struct Start {
  std::string uuid;
  bool must_start = true;  ///< False: it has been started already.
  bool is_awaited = true;
};

/// What Session does, in NetworkManager's own objects. Each member is one job and keeps nothing between two of them:
/// the daemon is asked, never a cache.
class Client {
 public:
  /// Asks for NetworkManager's version. `bus` must outlive the Client. @throws Error (unavailable)
  explicit Client(Bus& bus);

  [[nodiscard]] const std::string& version() const { return version_; }
  /// Replaces what is called while a call waits, and returns what was there.
  std::function<void()> set_on_wait(std::function<void()> on_wait) {
    return service_.bus().set_on_wait(std::move(on_wait));
  }

  // profiles.cpp
  std::vector<Stored> profiles();
  std::optional<Stored> find(std::string_view which);
  std::vector<std::string> add(std::span<const Profile> wanted);
  void modify(std::span<const Modification> all);
  void remove(std::span<const std::string> which);

  // read_host.cpp
  std::vector<Device> devices();
  Facts read();
  /// Of what read() has, as much as it takes to see that all of `wanted` is active: what runs, and what could come up
  /// on these interfaces. Nothing when a wanted profile is inactive.
  std::optional<Facts> read_running(const HostState& wanted);

  static std::string new_uuid();

  // trial_profiles.cpp: profiles in memory, and what makes them last
  std::string add_in_memory(const Profile& profile);
  void change_in_memory(const std::string& uuid, const Profile& before, const Profile& after);
  std::vector<Saved> save_for_journal(std::span<const std::string> uuids);
  void write_to_disk(const std::string& uuid);
  void switch_autoconnect_off(const std::string& uuid, const std::string& new_name);
  /// Whether it is there, and says what was saved.
  bool is_as_saved(const Saved& saved);
  /// Where its keyfile is, "" for one that is in memory alone or gone.
  std::string file_of(const std::string& uuid);
  /// Takes the profile back to what was saved: by its file where that says so, else by writing it.
  void restore(const Saved& saved);
  void reload();

  // checkpoint.cpp
  Checkpoint create_checkpoint(std::span<const std::string> interfaces,
                               std::chrono::seconds timeout);
  /// All that exist, ours or not.
  std::vector<Checkpoint> checkpoints();
  /// Until it rolls back by itself; 0 when it never will, or is gone.
  std::chrono::milliseconds left(const Checkpoint& checkpoint);
  void extend(const Checkpoint& checkpoint, std::chrono::seconds timeout);
  void destroy(const Checkpoint& checkpoint);
  /// Waits until NetworkManager is on the bus and has read its profiles; false when it has not by then.
  bool wait_for_daemon(std::chrono::milliseconds timeout);
  /// Calls done() again after whatever NetworkManager says, until it holds.
  bool wait_until(std::chrono::steady_clock::time_point deadline,
                  const std::function<bool()>& done);

  // activation.cpp
  void activate(std::span<const std::string> which, ActivateOptions options);
  /// These profiles alone, in this order, and nothing that belongs to them; returns when all are usable.
  void activate_exactly(std::span<const Start> profiles, ActivateOptions options);

  // interface_actions.cpp
  /// Brings the profile up on the interface, and as soon as that has left its controller, starts the other profile (if
  /// `next_uuid` is not empty): what lies between is the outage. Returns without waiting for either to be up.
  void park(const std::string& uuid, const std::string& interface_name, ActivateOptions options,
            const std::string& next_uuid);
  /// Removes a virtual interface that no profile holds any more; nothing happens when it is not there.
  void delete_interface(const std::string& interface_name);
  /// False when NetworkManager cannot take the change over into the running interface.
  bool reapply(const std::string& interface_name);
  void deactivate(std::string_view which) { deactivate(need(which)); }
  /// The same one after the other; every one is found before the first is taken down.
  void deactivate(std::span<const std::string> which);

 private:
  std::optional<Stored> find_uuid(std::string_view uuid);
  /// Empty for what is no uuid, or none of a profile's.
  std::vector<std::string> paths_by_uuid(std::span<const std::string> uuids);
  /// @throws Error (not_found, conflict)
  std::vector<std::string> need_paths(std::span<const std::string> which);
  void deactivate(const Stored& profile);
  Stored need(std::string_view which);
  std::vector<Stored> need_all(std::span<const std::string> which);
  /// GetSettings leaves secrets out, and Update2 would then drop them.
  void add_secrets(const Stored& stored);
  /// The profiles at these paths, less those that are gone in between.
  Facts read_of(std::map<std::string, VariantPtr, std::less<>> all);
  std::vector<Stored> load(std::span<const std::string> paths);
  /// The same, one by one as they come: `handle(index of the path, profile)`.
  void load_each(std::span<const std::string> paths,
                 const std::function<void(std::size_t, Stored)>& handle);

  Service service_;
  std::string version_;
};

}  // namespace csnet::nm
