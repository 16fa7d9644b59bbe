#include "transaction/plan_host.hpp"
#include "transaction/transactions.hpp"

#include "dbus/bus.hpp"
#include "host/links.hpp"
#include "nm/client.hpp"
#include "nm/convert.hpp"

#include <csnet/error.hpp>
#include <csnet/management_network.hpp>
#include <csnet/session.hpp>
#include <csnet/session_options.hpp>
#include <csnet/transaction.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace csnet::inline CSNET_ABI {

class Session::Impl {
 public:
  explicit Impl(const SessionOptions& options)
      : bus({.address = options.bus_address,
             .timeout = options.request_timeout,
             .on_wait = options.on_wait,
             .on_request = options.on_request}),
        client(bus),
        transactions(client, Journal(options.state_directory), all_resources(client)),
        on_wait_(options.on_wait) {}

  /// @throws Error (invalid) for a Session that was moved from
  static Impl& of(Impl* impl) {
    if (impl == nullptr) {
      throw Error(ErrorKind::invalid, "Session", "it was moved from",
                  "call the Session that it was moved to");
    }
    return *impl;
  }

  dbus::Bus bus;
  nm::Client client;
  Transactions transactions;

  /// The call that is being served. Other threads' calls wait for it, and run on_wait meanwhile.
  class Turn {
   public:
    explicit Turn(Impl& impl) : impl_(impl) {
      if (!impl_.bus.is_of_this_process()) {
        throw Error(ErrorKind::unsupported, "Session", "was made before fork()",
                    "make a new Session in the child");
      }
      const auto self = std::this_thread::get_id();
      std::unique_lock lock(impl_.mutex_);
      if (impl_.owner_ == self) {
        throw Error(ErrorKind::invalid, "Session",
                    "a call was made inside another call, by on_wait or a signal handler",
                    "wait until the first call has returned, or use another Session");
      }
      while (impl_.owner_ != std::thread::id{}) {
        impl_.freed_.wait_for(lock, std::chrono::milliseconds{100});
        if (!impl_.on_wait_) continue;
        lock.unlock();
        impl_.on_wait_();
        lock.lock();
      }
      impl_.owner_ = self;
    }
    ~Turn() {
      {
        const std::scoped_lock lock(impl_.mutex_);
        impl_.owner_ = std::thread::id{};
      }
      impl_.freed_.notify_one();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Impl& impl_;
  };

 private:
  std::function<void()> on_wait_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::thread::id owner_;
};

namespace {

std::optional<Profile> to_profile(const nm::Stored& stored) {
  return nm::read_profile(stored.connection.get());
}

}  // namespace

Session::Session() : Session(SessionOptions{}) {}
Session::Session(const SessionOptions& options) : impl_(new Impl(options)) {}
Session::~Session() { delete impl_; }
Session::Session(Session&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
Session& Session::operator=(Session&& other) noexcept {
  if (this != &other) delete std::exchange(impl_, std::exchange(other.impl_, nullptr));
  return *this;
}

std::string Session::version() const { return Impl::of(impl_).client.version(); }

std::vector<Profile> Session::profiles() const {
  const Impl::Turn turn(Impl::of(impl_));
  std::vector<Profile> profiles;
  for (const auto& stored : impl_->client.profiles()) {
    if (auto profile = to_profile(stored)) profiles.push_back(*std::move(profile));
  }
  std::ranges::sort(profiles, {}, [](const Profile& p) {
    return std::pair<const std::string&, const std::string&>(p.name(), p.uuid());
  });
  return profiles;
}

std::optional<Profile> Session::find(std::string_view which) const {
  const Impl::Turn turn(Impl::of(impl_));
  const auto stored = impl_->client.find(which);
  return stored ? to_profile(*stored) : std::nullopt;
}

HostState Session::read() const {
  const Impl::Turn turn(Impl::of(impl_));
  return impl_->client.read();
}

Plan Session::plan(const HostState& desired, const PlanOptions& options) const {
  const Impl::Turn turn(Impl::of(impl_));
  return plan_host(impl_->client, desired, options);
}

Plan Session::plan(const ManagementNetwork& network, const PlanOptions& options) const {
  return plan(network.desired(), options);
}

std::vector<Device> Session::devices() const {
  const Impl::Turn turn(Impl::of(impl_));
  return impl_->client.devices();
}

std::vector<Link> Session::links() const { return host::links(); }

std::string Session::add(const Profile& profile) { return add_all({&profile, 1}).front(); }

std::vector<std::string> Session::add_all(std::span<const Profile> profiles) {
  const Impl::Turn turn(Impl::of(impl_));
  return impl_->client.add(profiles);
}

void Session::modify(std::string_view which, const Profile& changes) {
  const Modification one{.which = std::string(which), .changes = changes};
  modify_all({&one, 1});
}

void Session::modify_all(std::span<const Modification> changes) {
  const Impl::Turn turn(Impl::of(impl_));
  impl_->client.modify(changes);
}

void Session::remove(std::string_view which) {
  const std::string name(which);
  remove_all({&name, 1});
}

void Session::remove_all(std::span<const std::string> which) {
  const Impl::Turn turn(Impl::of(impl_));
  impl_->client.remove(which);
}

void Session::activate(std::string_view which) { activate(which, {}); }

void Session::activate(std::string_view which, const ActivateOptions& options) {
  const std::string name(which);
  activate_all({&name, 1}, options);
}

void Session::activate_all(std::span<const std::string> which) { activate_all(which, {}); }

void Session::activate_all(std::span<const std::string> which, const ActivateOptions& options) {
  const Impl::Turn turn(Impl::of(impl_));
  impl_->client.activate(which, options);
}

void Session::deactivate(std::string_view which) {
  const std::string name(which);
  deactivate_all({&name, 1});
}

void Session::deactivate_all(std::span<const std::string> which) {
  const Impl::Turn turn(Impl::of(impl_));
  impl_->client.deactivate(which);
}

Report Session::apply(const Plan& plan) { return apply(plan, {}); }

Report Session::apply(const Plan& plan, const ApplyOptions& options) {
  const Impl::Turn turn(Impl::of(impl_));
  return impl_->transactions.apply(plan, options);
}

Report Session::commit(std::string_view id) {
  const Impl::Turn turn(Impl::of(impl_));
  return impl_->transactions.commit(std::string(id));
}

Report Session::rollback(std::string_view id) {
  const Impl::Turn turn(Impl::of(impl_));
  return impl_->transactions.rollback(std::string(id));
}

std::optional<Report> Session::recover() {
  const Impl::Turn turn(Impl::of(impl_));
  return impl_->transactions.recover();
}

std::optional<Transaction> Session::transaction() const {
  const Impl::Turn turn(Impl::of(impl_));
  return impl_->transactions.open();
}

}  // namespace csnet::inline CSNET_ABI
