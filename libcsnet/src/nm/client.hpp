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

/// A profile that NetworkManager stores: its object, and all its settings, also those that csnet
/// has no field for.
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
/// Whether a profile with this keyfile survives a reboot. NetworkManager keeps a profile on trial
/// in /run, where it hides the file on disk. `file` is "" for a profile that is in memory alone.
bool is_on_disk(std::string_view file);

/// Finds profiles by uuid, name or interface.
class ProfileIndex {
 public:
  /// `all` must outlive it.
  explicit ProfileIndex(const std::vector<Stored>& all);
  /// By uuid, else by name, else by interface; null when no profile matches.
  /// @throws Error (conflict) when several match equally
  [[nodiscard]] const Stored* find(std::string_view which) const;

 private:
  using Map = std::multimap<std::string, const Stored*, std::less<>>;
  Map by_uuid_;
  Map by_id_;
  Map by_interface_;
};
Error no_such_profile(std::string_view which);

/// A profile as it was before a trial, for the journal. It restores the profile whichever program
/// has changed it since.
struct Saved {
  std::string uuid;
  std::string subject;
  std::string settings;  ///< all but the secrets, as GVariant text
  std::string file;      ///< its keyfile; empty: it was in memory alone
};

/// One of NetworkManager's checkpoints.
struct Checkpoint {
  std::string path;
  std::string owner;  ///< the daemon's unique name on the bus: a restarted daemon reuses paths
};

/// One profile for activate_exactly().
struct Start {
  std::string uuid;
  bool must_start = true;  ///< False: it has been started already.
  bool is_awaited = true;
};

/// Carries out Session's calls with NetworkManager's own objects. It keeps no state between two
/// calls: each one asks the daemon.
class Client {
 public:
  /// Asks for NetworkManager's version. `bus` must outlive the Client. @throws Error (unavailable)
  explicit Client(Bus& bus);

  [[nodiscard]] const std::string& version() const { return version_; }
  /// Replaces the function that runs while a call waits, and returns the one before.
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
  /// Whether NetworkManager has so few profiles and devices that read() takes less than
  /// read_running().
  bool is_small_host();
  /// The part of read() that shows whether all of `wanted` is active and unchanged: the active
  /// profiles, and those that could come up on the wanted interfaces. Nothing when a wanted
  /// profile is inactive.
  std::optional<Facts> read_running(const HostState& wanted);

  static std::string new_uuid();

  // trial_profiles.cpp: profiles in memory, and how they get to disk
  std::string add_in_memory(const Profile& profile);
  /// Whether NetworkManager made the profile for a NIC without one: "Wired connection 1".
  bool is_generated(const std::string& uuid);
  void change_in_memory(const std::string& uuid, const Profile& before, const Profile& after);
  std::vector<Saved> save_for_journal(std::span<const std::string> uuids);
  void write_to_disk(const std::string& uuid);
  void switch_autoconnect_off(const std::string& uuid, const std::string& new_name);
  /// Whether the profile exists, with the settings that were saved.
  bool is_as_saved(const Saved& saved);
  /// The path of its keyfile; "" for a profile that is in memory alone or does not exist.
  std::string file_of(const std::string& uuid);
  /// Restores the saved profile: by reloading its file if that is unchanged, else by writing it.
  void restore(const Saved& saved);
  void reload();

  // checkpoint.cpp
  Checkpoint create_checkpoint(std::span<const std::string> interfaces,
                               std::chrono::seconds timeout);
  /// All checkpoints, csnet's and other programs'.
  std::vector<Checkpoint> checkpoints();
  /// The time until it rolls back on its own; 0 when it never will, or no longer exists.
  std::chrono::milliseconds left(const Checkpoint& checkpoint);
  void extend(const Checkpoint& checkpoint, std::chrono::seconds timeout);
  void destroy(const Checkpoint& checkpoint);
  /// Waits until NetworkManager is on the bus and has read its profiles; false after `timeout`.
  bool wait_for_daemon(std::chrono::milliseconds timeout);
  /// Calls done() again after each signal of NetworkManager until it returns true; false when the
  /// deadline comes first.
  bool wait_until(std::chrono::steady_clock::time_point deadline,
                  const std::function<bool()>& done);

  // activation.cpp
  void activate(std::span<const std::string> which, ActivateOptions options);
  /// Brings up these profiles alone, in this order, without their ports and parents. Returns when
  /// all are usable.
  void activate_exactly(std::span<const Start> profiles, ActivateOptions options);

  // interface_actions.cpp
  /// Brings the profile up on the interface and, as soon as that has left its controller, starts
  /// the other profile, unless `next_uuid` is empty. The time between the two is the outage.
  /// Returns without waiting for either to be up.
  void park(const std::string& uuid, const std::string& interface_name, ActivateOptions options,
            const std::string& next_uuid);
  /// Deletes a virtual interface that no profile uses; does nothing when it does not exist.
  void delete_interface(const std::string& interface_name);
  /// Deactivates the profile and deletes its virtual interface. NetworkManager deletes the
  /// interface only after deactivate() has returned, and never one that another program made; until
  /// then it refuses to activate the profile with another VLAN id or parent.
  void delete_interface_of(const std::string& uuid);
  /// False when NetworkManager cannot apply the changed profile to the active interface.
  bool reapply(const std::string& interface_name);
  void deactivate(std::string_view which) { deactivate(need(which)); }
  /// Takes them down one after the other. All are looked up before the first is taken down.
  void deactivate(std::span<const std::string> which);

 private:
  std::optional<Stored> find_uuid(std::string_view uuid);
  /// The path for each uuid; empty where no profile has it, or where it is not a uuid.
  std::vector<std::string> paths_by_uuid(std::span<const std::string> uuids);
  /// @throws Error (not_found, conflict)
  std::vector<std::string> need_paths(std::span<const std::string> which);
  void deactivate(const Stored& profile);
  Stored need(std::string_view which);
  std::vector<Stored> need_all(std::span<const std::string> which);
  /// Adds the secrets, which GetSettings leaves out and Update2 would then drop.
  void add_secrets(const Stored& stored);
  Facts read_of(std::map<std::string, VariantPtr, std::less<>> all);
  /// The profiles at these paths, without those that were deleted meanwhile.
  std::vector<Stored> load(std::span<const std::string> paths);
  /// Like load(), but calls `handle(index of the path, profile)` for each as it arrives.
  void load_each(std::span<const std::string> paths,
                 const std::function<void(std::size_t, Stored)>& handle);

  Service service_;
  std::string version_;
};

}  // namespace csnet::nm
