#pragma once

#include "host_index.hpp"

#include <span>
#include <string>
#include <vector>

/// The profiles and interfaces that controllers and parents refer to, wanted or on the host.
namespace csnet::model {

class References {
 public:
  /// @param desired must outlive this
  /// @param host must outlive this
  References(std::span<const Profile> desired, const HostIndex& host);
  References(const References&) = delete;
  References& operator=(const References&) = delete;

  /// The wanted profile, or else the host's; null when neither has one.
  [[nodiscard]] const Profile* profile_of(const std::string& reference) const;
  /// The interface that a reference stands for; the reference itself when nothing fits it.
  [[nodiscard]] std::string interface_of(const std::string& reference) const;
  /// The interface of the profile's controller; "" when it has none.
  [[nodiscard]] std::string controller_of(const Profile& profile) const;

 private:
  const HostIndex& host_;
  ReferenceIndex desired_;
  std::vector<std::string> interfaces_;  ///< of each wanted profile; desired_ points into it
};

}  // namespace csnet::model
