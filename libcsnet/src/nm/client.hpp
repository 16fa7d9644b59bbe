#pragma once

#include "nm/bus.hpp"

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
/// @throws Error (not_found, conflict)
const Stored& need(const std::vector<Stored>& all, std::string_view which);

/// What Session does, in NetworkManager's own objects. Each member is one job and keeps nothing between two of them:
/// the daemon is asked, never a cache.
class Client {
 public:
  explicit Client(SessionOptions options);

  [[nodiscard]] const std::string& version() const { return version_; }

  // settings.cpp
  std::vector<Stored> profiles();
  std::vector<std::string> add(std::span<const Profile> profiles);
  void modify(std::string_view which, const Profile& changes);
  void remove(std::string_view which);

  // device.cpp
  std::vector<Device> devices();

  // activation.cpp
  void activate(std::span<const std::string> which, ActivateOptions options);
  void deactivate(std::string_view which);

 private:
  Bus bus_;
  std::string version_;
};

}  // namespace csnet::nm
