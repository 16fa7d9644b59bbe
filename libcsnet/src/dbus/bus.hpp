#pragma once

#include "gobject.hpp"

#include <sys/types.h>
#include <chrono>
#include <functional>
#include <string>
#include <utility>

namespace csnet::dbus {

struct Options {
  /// A D-Bus address, "unix:path=/run/dbus/system_bus_socket". Empty: the system bus.
  std::string address{};
  /// The longest that the bus may take to answer, and a service to answer one request.
  std::chrono::milliseconds timeout = std::chrono::seconds{25};
  /// Called about every 100 ms while a call waits. If it throws, the wait ends.
  std::function<void()> on_wait{};
  /// Called with each request in words, without what may be secret.
  std::function<void(const std::string&)> on_request{};
};

/// A private connection to the bus, on a main context of its own that only runs inside of a call: csnet has no thread
/// and no loop, and nothing happens behind the caller's back.
class Bus {
 public:
  /// @throws Error (unavailable, timeout) when no bus answers at the address
  explicit Bus(Options options);
  ~Bus();
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] GDBusConnection* connection() const { return connection_.get(); }
  [[nodiscard]] GMainContext* context() const { return context_.get(); }

  /// Replaces Options::on_wait, and returns the one before.
  std::function<void()> set_on_wait(std::function<void()> on_wait) {
    return std::exchange(options_.on_wait, std::move(on_wait));
  }

  /// False in a child of fork(), which must not use the Bus: GLib's locks may be taken there for ever.
  [[nodiscard]] bool is_of_this_process() const;

  /// Waits until done() holds, which is asked again after each event; false when the deadline came first.
  bool wait_until(std::chrono::steady_clock::time_point deadline,
                  const std::function<bool()>& done);

 private:
  void connect();

  Options options_;
  pid_t process_;
  ContextPtr context_;
  ObjectPtr<GDBusConnection> connection_;
};

}  // namespace csnet::dbus
