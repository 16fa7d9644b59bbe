#include "nm/client.hpp"
#include "nm/convert.hpp"

#include <csnet/session.hpp>

#include <algorithm>
#include <mutex>
#include <utility>

namespace csnet {

class Session::Impl {
 public:
  explicit Impl(SessionOptions options) : client(std::move(options)) {}

  nm::Client client;
  std::mutex one_at_a_time;
};

namespace {

std::optional<Profile> to_profile(const nm::Stored& stored) { return nm::read_profile(stored.connection.get()); }

}  // namespace

Session::Session(SessionOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

std::string Session::version() const { return impl_->client.version(); }

std::vector<Profile> Session::profiles() const {
  const std::scoped_lock lock(impl_->one_at_a_time);
  std::vector<Profile> profiles;
  for (const auto& stored : impl_->client.profiles()) {
    if (auto profile = to_profile(stored)) profiles.push_back(*std::move(profile));
  }
  std::ranges::sort(profiles, {}, [](const Profile& p) { return std::pair<const std::string&, const std::string&>(name(p), uuid(p)); });
  return profiles;
}

std::optional<Profile> Session::find(std::string_view which) const {
  const std::scoped_lock lock(impl_->one_at_a_time);
  const auto all = impl_->client.profiles();
  const auto* stored = nm::find(all, which);
  return stored != nullptr ? to_profile(*stored) : std::nullopt;
}

HostState Session::read() const { return {profiles()}; }

std::vector<Device> Session::devices() const {
  const std::scoped_lock lock(impl_->one_at_a_time);
  return impl_->client.devices();
}

std::string Session::add(const Profile& profile) { return add_all({&profile, 1}).front(); }

std::vector<std::string> Session::add_all(std::span<const Profile> profiles) {
  const std::scoped_lock lock(impl_->one_at_a_time);
  return impl_->client.add(profiles);
}

void Session::modify(std::string_view which, const Profile& changes) {
  const std::scoped_lock lock(impl_->one_at_a_time);
  impl_->client.modify(which, changes);
}

void Session::remove(std::string_view which) {
  const std::scoped_lock lock(impl_->one_at_a_time);
  impl_->client.remove(which);
}

void Session::activate(std::string_view which, ActivateOptions options) {
  const std::string name(which);
  activate_all({&name, 1}, options);
}

void Session::activate_all(std::span<const std::string> which, ActivateOptions options) {
  const std::scoped_lock lock(impl_->one_at_a_time);
  impl_->client.activate(which, options);
}

void Session::deactivate(std::string_view which) {
  const std::scoped_lock lock(impl_->one_at_a_time);
  impl_->client.deactivate(which);
}

}  // namespace csnet
