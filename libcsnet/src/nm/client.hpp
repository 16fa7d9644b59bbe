#pragma once

#include "bus.hpp"

#include <csnet/error.hpp>
#include <csnet/session.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

/// By uuid, else by name, else by interface; null when there is none.
/// @throws Error (conflict) when several fit equally
const Stored* find(const std::vector<Stored>& all, std::string_view which);
Error no_such_profile(std::string_view which);

/// What Session does, in NetworkManager's own objects. Each member is one job and keeps nothing between two of them:
/// the daemon is asked, never a cache.
class Client {
 public:
  explicit Client(SessionOptions options);

  [[nodiscard]] const std::string& version() const { return version_; }

  // settings.cpp
  std::vector<Stored> profiles();
  std::optional<Stored> find(std::string_view which);
  std::vector<std::string> add(std::span<const Profile> wanted);
  void modify(std::string_view which, const Profile& changes);
  void remove(std::string_view which);

  // device.cpp
  std::vector<Device> devices();

  // activation.cpp
  void activate(std::span<const std::string> which, ActivateOptions options);
  void deactivate(std::string_view which);

 private:
  std::optional<Stored> find_uuid(std::string_view uuid);
  /// @throws Error (not_found, conflict)
  Stored need(std::string_view which);
  /// The profiles at these paths, less those that are gone in between.
  std::vector<Stored> load(std::span<const std::string> paths);

  Bus bus_;
  std::string version_;
};

}  // namespace csnet::nm
