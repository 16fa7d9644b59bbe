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
  /// The most time for the bus to answer, and for a service to answer one request.
  std::chrono::milliseconds timeout = std::chrono::seconds{25};
  /// Called about every 100 ms while a call waits. If it throws, the wait ends.
  std::function<void()> on_wait{};
  /// Called with each request in words, without settings, which may hold secrets.
  std::function<void(const std::string&)> on_request{};
};

/// A private connection to the bus, on its own main context, which runs only inside a call: csnet
/// has no thread and no loop.
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

  /// False in a child of fork(), which must not use the Bus: GLib's locks may be held there for
  /// ever.
  [[nodiscard]] bool is_of_this_process() const;

  /// Calls done() after each event until it returns true; false when the deadline comes first.
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
