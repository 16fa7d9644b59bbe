#pragma once

#include "nm/client.hpp"

#include <csnet/plan.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace csnet {

/// Whether a step comes after the probes, when the new profiles are written to disk.
inline bool is_at_the_end(Action action) {
  return action == Action::retire || action == Action::remove;
}

/// How an interface was before the trial.
struct Before {
  std::string interface_name{};
  std::string uuid{};  ///< of its active profile
  std::string controller{};
  std::vector<std::string> addresses{};
};

/// What the journal holds of a transaction: enough for any later process to finish or undo it.
struct Record {
  std::string id{};
  /// trial: nothing is on disk. commit: the profiles are being written; what is there decides how it ends.
  std::string phase = "trial";
  nm::Checkpoint checkpoint{};
  std::vector<std::string> added{};       ///< uuids of new profiles
  std::vector<std::string> parked{};      ///< uuids of new profiles that are gone in any case
  std::vector<std::string> modified{};    ///< uuids
  std::vector<std::string> removed{};     ///< uuids
  std::vector<std::string> retired{};     ///< uuids
  std::vector<std::string> retired_as{};  ///< their names afterwards
  std::vector<nm::Saved> saved{};         ///< what was modified, retired or removed, as it was
  std::vector<std::string> files{};       ///< the content of each saved one's file
  std::vector<Before> before{};
  std::vector<std::string> restarted{};  ///< uuids: their interfaces are made of something else
  std::vector<std::string> new_interfaces{};  ///< which the plan makes
  std::vector<std::string> steps{};           ///< in words, for whoever finds the journal
};

/// For a plan that is about to begin; `before` is the host as it is. Asks NetworkManager for what the plan touches.
/// @param uuids gets the uuid of each step's profile, those of new profiles among them
Record make_record(nm::Client& client, const Plan& plan, const HostState& before,
                   std::vector<std::string>& uuids);

/// "activate vlan 'eth0.100'"
std::string in_words(const Step& step);

std::string to_json(const Record& record);
/// @param file where it is, for messages
/// @throws Error (unsupported) when a newer csnet wrote it; Error (unavailable) when it does not read as one
Record parse_record(const std::string& json, const std::filesystem::path& file);

}  // namespace csnet
