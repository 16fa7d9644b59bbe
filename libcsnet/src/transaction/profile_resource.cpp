#include "profile_resource.hpp"

#include "restore_profiles.hpp"
#include "saved_profiles.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace csnet {

/// Two checkpoints would restore each other's work.
void ProfileResource::check_free() {
  const auto all = client_.checkpoints();
  if (all.empty()) return;
  const auto left = std::chrono::ceil<std::chrono::seconds>(client_.left(all.front()));
  throw Error(
      ErrorKind::conflict, "NetworkManager",
      fmt::format("another program holds the checkpoint {}{}", all.front().path,
                  left.count() > 0 ? fmt::format(", which rolls back in {} s", left.count()) : ""),
      "wait until that program (nmstate, Cockpit) has finished, then try again");
}

Json ProfileResource::save(const Attempt& attempt) {
  trial_ = std::make_unique<ProfileTrial>(client_, attempt);
  return to_json(save_profiles(client_, trial_->steps(), attempt.before));
}

void ProfileResource::begin(Json& saved, std::chrono::seconds time) {
  auto profiles = to_saved_profiles(saved);
  // NetworkManager's own rollback restores these interfaces only: not VMs' taps, which have no
  // profile, and not other programs' interfaces.
  auto interfaces = trial_->touched_interfaces();
  for (const auto& one : profiles.interfaces) interfaces.insert(one.interface_name);
  const std::vector<std::string> names(interfaces.begin(), interfaces.end());
  profiles.checkpoint = client_.create_checkpoint(names, time);
  saved = to_json(profiles);
}

void ProfileResource::keep_alive(const Json& saved, std::chrono::seconds time) {
  client_.extend(checkpoint_of(saved), time);
}

void ProfileResource::try_steps(const Attempt& /*attempt*/, const Json& /*saved*/) {
  trial_->run();
}

void ProfileResource::wait_until_usable(const Attempt& /*attempt*/) { trial_->wait_until_usable(); }

void ProfileResource::check(const Json& saved) const {
  static_cast<void>(to_saved_profiles(saved));
}

std::chrono::milliseconds ProfileResource::time_left(const Json& saved) {
  const auto checkpoint = checkpoint_of(saved);
  return checkpoint.path.empty() ? std::chrono::milliseconds{} : client_.left(checkpoint);
}

void ProfileResource::make_last(const Json& saved, ProgressLog& log) {
  const auto profiles = to_saved_profiles(saved);
  for (const auto* uuids : {&profiles.added, &profiles.modified}) {
    for (const auto& uuid : *uuids) {
      const auto profile = client_.find(uuid);
      const auto at = log.begin(ProgressPhase::commit, ProgressAction::write,
                                profile ? nm::subject_of(*profile) : uuid);
      client_.write_to_disk(uuid);
      log.end(at, ProgressOutcome::done);
    }
  }
}

bool ProfileResource::is_last(const Json& saved) {
  // At boot NetworkManager owns its name before it has read its profiles, which would seem not to
  // be on disk.
  client_.wait_for_daemon(kDaemonComesBack);
  const auto profiles = to_saved_profiles(saved);
  const auto is_written = [&](const std::string& uuid) { return is_on_disk(client_, uuid); };
  const auto is_changed = [&](const SavedProfile& one) {
    return std::ranges::find(profiles.modified, one.profile.uuid) == profiles.modified.end() ||
           !client_.is_as_saved(one.profile);
  };
  return std::ranges::all_of(profiles.added, is_written) &&
         std::ranges::all_of(profiles.modified, is_written) &&
         std::ranges::all_of(profiles.saved, is_changed);
}

void ProfileResource::disarm(const Json& saved, ProgressLog& log) {
  const auto at = log.begin(ProgressPhase::commit, ProgressAction::drop_checkpoint, "");
  client_.destroy(checkpoint_of(saved));
  log.ignore_exceptions();
  log.end(at, ProgressOutcome::done);
}

Left ProfileResource::finish(const Json& saved, bool interrupted, ProgressLog& log) {
  const auto profiles = to_saved_profiles(saved);
  auto left = remove_replaced(client_, profiles, log);
  if (interrupted) bring_up_new(client_, profiles, left);
  return left;
}

Left ProfileResource::undo(const Json& saved) {
  return restore_profiles(client_, to_saved_profiles(saved));
}

Left ProfileResource::differences(const Json& saved, std::chrono::milliseconds time) {
  const auto profiles = to_saved_profiles(saved);
  Left differ;
  client_.wait_until(std::chrono::steady_clock::now() + time, [&] {
    differ = profile_differences(client_, profiles);
    return differ.empty();
  });
  return differ;
}

}  // namespace csnet
