#pragma once

#include "bus.hpp"
#include "gobject.hpp"

#include <csnet/error.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace csnet::dbus {

inline constexpr const char* kProperties = "org.freedesktop.DBus.Properties";
inline constexpr const char* kObjectManager = "org.freedesktop.DBus.ObjectManager";

/// One request to a service.
struct Call {
  std::string path;
  const char* interface;
  const char* method;
  VariantPtr arguments;      ///< A tuple, or null for none.
  std::string subject = {};  ///< The subject of an error; empty: the service.
};

/// Asks for all of the object's properties of one D-Bus interface.
Call properties_call(std::string path, const char* interface);
/// Asks for one property: for many objects, that is much less work.
Call property_call(std::string path, const char* interface, const char* name);

/// The reply's tuple, or the error that came instead.
using Reply = std::variant<VariantPtr, ErrorPtr>;

/// Whether the object does not exist, or not with this D-Bus interface: it has been removed.
bool is_gone(const GError& error);

/// A service's signals of one interface, one name and one `about`, the first argument, which for
/// PropertiesChanged is the interface of the properties. Null: any.
struct Signals {
  const char* interface = nullptr;
  const char* name = nullptr;
  const char* about = nullptr;
};

/// A service on a bus. Several services may share a Bus.
class Service {
 public:
  /// Makes csnet's error from one of this service. `subject` is Call::subject.
  using ToError = Error (*)(const GError& error, const std::string& subject);

  /// Sends nothing. `name` is the name on the bus, "org.freedesktop.systemd1". It and `bus` must
  /// outlive the Service.
  Service(Bus& bus, const char* name, ToError to_error)
      : bus_(bus), name_(name), to_error_(to_error) {}

  [[nodiscard]] Bus& bus() const { return bus_; }
  [[nodiscard]] const char* name() const { return name_; }

  /// The reply's tuple. @throws Error
  VariantPtr call(Call call);

  /// Sends all calls, and returns the replies in their order.
  std::vector<Reply> call_all(std::span<Call> calls);

  /// Sends many requests. `make(i)` makes each when its turn comes; `handle(i, reply)` gets each
  /// reply as it arrives, in any order, while the service works on the next ones.
  void call_each(std::size_t count, const std::function<Call(std::size_t)>& make,
                 const std::function<void(std::size_t, Reply)>& handle);

  /// Each object's properties of one D-Bus interface, a{sv}; null for an object that does not
  /// exist.
  /// @throws Error
  std::vector<VariantPtr> properties(std::span<const std::string> paths, const char* interface);

  /// The a{sv} in the reply to properties_call(); null when the object does not exist. @throws
  /// Error
  [[nodiscard]] VariantPtr properties_of(const Reply& reply) const;
  /// The value in the reply to property_call(); null when the object does not exist. @throws Error
  [[nodiscard]] VariantPtr property_of(const Reply& reply) const;

  /// The service's unique name, ":1.5", which is new after each start; "" while it is not running.
  /// @throws Error
  std::string owner();

 private:
  Bus& bus_;
  const char* name_;
  ToError to_error_;
};

/// Requests of which some follow from others' replies, with one wait for all of them.
class Requests {
 public:
  explicit Requests(const Service& service);
  ~Requests();
  Requests(const Requests&) = delete;
  Requests& operator=(const Requests&) = delete;

  /// `handle` gets the reply in run(), and may add more requests. At most 64 are under way at once,
  /// since the bus disconnects a client that has 128.
  void add(Call call, std::function<void(Reply)> handle);
  /// Returns when each request has its reply, also the requests that handlers add.
  void run();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// While it exists and a call waits on the bus, a handler gets each of these signals, which must
/// not overlap, and NameOwnerChanged when the service starts or ends. The bus sends no other
/// signals: they would keep a wait busy on a host with many interfaces.
class Subscription {
 public:
  /// `handler(path, interface, signal, arguments)`
  using Handler =
      std::function<void(std::string_view, std::string_view, std::string_view, GVariant*)>;

  Subscription(const Service& service, std::span<const Signals> which, Handler handler);
  ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

 private:
  Bus& bus_;
  Handler handler_;
  std::vector<unsigned> ids_;
};

}  // namespace csnet::dbus
