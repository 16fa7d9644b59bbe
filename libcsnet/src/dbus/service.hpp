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
  std::string subject = {};  ///< What an error is about; empty: the service.
};

/// Asks for every property that the object has by one interface.
Call properties_call(std::string path, const char* interface);
/// Asks for one of them: for many objects, that is much less work for everyone.
Call property_call(std::string path, const char* interface, const char* name);

/// The reply's tuple, or the error that came instead.
using Reply = std::variant<VariantPtr, ErrorPtr>;

/// Whether the service has no such object, or none with this interface: it was there, and was removed.
bool is_gone(const GError& error);

/// Signals of a service: of one interface, of one name, of one `about` (PropertiesChanged says by its first argument
/// which interface's properties they are). Null: of any.
struct Signals {
  const char* interface = nullptr;
  const char* name = nullptr;
  const char* about = nullptr;
};

/// A service on a bus. Several may share one.
class Service {
 public:
  /// Says in csnet's kinds and words what an error of this service means. `subject` is Call::subject.
  using ToError = Error (*)(const GError& error, const std::string& subject);

  /// Sends nothing. `name` is the name on the bus, "org.freedesktop.systemd1"; it and `bus` must outlive the Service.
  Service(Bus& bus, const char* name, ToError to_error)
      : bus_(bus), name_(name), to_error_(to_error) {}

  [[nodiscard]] Bus& bus() const { return bus_; }
  [[nodiscard]] const char* name() const { return name_; }

  /// The reply's tuple. @throws Error
  VariantPtr call(Call call);

  /// Every reply, in the calls' order.
  std::vector<Reply> call_all(std::span<Call> calls);

  /// For many: `make(i)` is asked for each request when its turn comes, and `handle(i, reply)` gets each reply as it
  /// comes, in any order, while the service works on the next ones.
  void call_each(std::size_t count, const std::function<Call(std::size_t)>& make,
                 const std::function<void(std::size_t, Reply)>& handle);

  /// Every property of each object by one interface, a{sv}; null where the object is gone. @throws Error
  std::vector<VariantPtr> properties(std::span<const std::string> paths, const char* interface);

  /// The a{sv} in the reply to properties_call(); null where the object is gone. @throws Error
  [[nodiscard]] VariantPtr properties_of(const Reply& reply) const;
  /// The value in the reply to property_call(); null where the object is gone. @throws Error
  [[nodiscard]] VariantPtr property_of(const Reply& reply) const;

  /// The service's unique name, ":1.5": another one after each start; "" while it is not running. @throws Error
  std::string owner();

 private:
  Bus& bus_;
  const char* name_;
  ToError to_error_;
};

/// Requests that follow from each other's replies, in one wait for all of them.
class Requests {
 public:
  explicit Requests(const Service& service);
  ~Requests();
  Requests(const Requests&) = delete;
  Requests& operator=(const Requests&) = delete;

  /// `handle` gets the reply in run(), and may add more. At most 64 are under way at once, since the bus disconnects a
  /// client that has 128.
  void add(Call call, std::function<void(Reply)> handle);
  /// Returns when each request has its reply, also those that are added meanwhile.
  void run();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// While it exists and one of the bus's calls waits, a handler gets each of these signals, which must not overlap; and
/// NameOwnerChanged when the service starts or ends. The bus sends no others: on a host with many interfaces, a wait
/// would be busy with them.
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
