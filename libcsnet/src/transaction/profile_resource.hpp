#pragma once

#include "nm/client.hpp"
#include "profile_trial.hpp"
#include "resource.hpp"
#include "saved_profiles.hpp"

#include <memory>

namespace csnet {

/// NetworkManager's profiles and their interfaces. The dead man's switch is NetworkManager's
/// checkpoint.
class ProfileResource : public Resource {
 public:
  /// @param client must outlive this
  explicit ProfileResource(nm::Client& client) : client_(client) {}

  [[nodiscard]] std::string_view kind() const override { return SavedProfiles::kKind; }

  void check_free() override;
  Json save(const Attempt& attempt) override;
  void begin(Json& saved, std::chrono::seconds time) override;
  void keep_alive(const Json& saved, std::chrono::seconds time) override;
  void try_steps(const Attempt& attempt, const Json& saved) override;
  void wait_until_usable(const Attempt& attempt) override;

  void check(const Json& saved) const override;
  std::chrono::milliseconds time_left(const Json& saved) override;
  void make_last(const Json& saved, ProgressLog& log) override;
  bool is_last(const Json& saved) override;
  void disarm(const Json& saved, ProgressLog& log) override;
  Left finish(const Json& saved, bool interrupted, ProgressLog& log) override;
  Left undo(const Json& saved) override;
  Left differences(const Json& saved, std::chrono::milliseconds time) override;

 private:
  nm::Client& client_;
  std::unique_ptr<ProfileTrial> trial_;
};

}  // namespace csnet
