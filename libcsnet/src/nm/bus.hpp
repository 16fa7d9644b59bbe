#pragma once

#include "gobject.hpp"
#include "variant.hpp"

#include <csnet/session_options.hpp>

#include <sys/types.h>
#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace csnet::nm {

inline constexpr const char* kService = "org.freedesktop.NetworkManager";
inline constexpr const char* kProperties = "org.freedesktop.DBus.Properties";
inline constexpr const char* kManagerPath = "/org/freedesktop/NetworkManager";

/// One request to NetworkManager. `subject` is what an error will be about.
struct Call {
  std::string path;
  const char* interface;
  const char* method;
  VariantPtr arguments;  ///< A tuple, or null for none.
  std::string subject = "NetworkManager";
  const char* service = kService;
};

/// Signals of NetworkManager's: of one interface, of one name, of one `about` (PropertiesChanged says by its first
/// argument whose properties they are). Null: of any.
struct Signals {
  const char* interface = nullptr;
  const char* name = nullptr;
  const char* about = nullptr;
};

/// What came back: the reply's tuple, or why there is none.
using Reply = std::variant<VariantPtr, ErrorPtr>;

/// Asks for every property that the object has by one interface.
Call properties_call(std::string path, const char* interface);
/// The reply's a{sv}; null where the object is gone. @throws Error
VariantPtr properties_of(const Reply& reply);

/// The same of one property: of many objects, this is much less for everybody.
Call property_call(std::string path, const char* interface, const char* name);
VariantPtr property_of(const Reply& reply);

/// A private connection to the bus, on a main context of its own that only runs inside of these calls: there is no
/// thread and no loop of csnet's, and nothing happens behind the caller's back.
class Bus {
 public:
  explicit Bus(SessionOptions options);
  ~Bus();
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  /// Replaces SessionOptions::on_wait, and returns what was there.
  std::function<void()> set_on_wait(std::function<void()> on_wait) {
    return std::exchange(options_.on_wait, std::move(on_wait));
  }

  /// Before anything else: in a child of fork() GLib's locks may be taken for ever. @throws Error (unsupported)
  void check_process() const;

  /// The reply's tuple. @throws Error
  VariantPtr call(Call call);

  /// Every reply, in the calls' order.
  std::vector<Reply> call_all(std::span<Call> calls);

  /// For many: `make(i)` is asked for each request when its turn comes, and `handle(i, reply)` gets each reply as it
  /// comes, in any order, while NetworkManager works on the next ones.
  void call_each(std::size_t count, const std::function<Call(std::size_t)>& make,
                 const std::function<void(std::size_t, Reply)>& handle);

  /// Requests that follow from each other's replies, in one wait for all of them.
  class Requests {
   public:
    explicit Requests(Bus& bus);
    ~Requests();
    Requests(const Requests&) = delete;
    Requests& operator=(const Requests&) = delete;

    /// `handle` gets the reply in run(), and may add more. At most 64 are under way at once, since the bus cuts off who
    /// has 128.
    void add(Call call, std::function<void(Reply)> handle);
    /// Until all have their reply, also what is added meanwhile.
    void run();

   private:
    struct State;
    std::unique_ptr<State> state_;
  };

  /// NetworkManager's unique name, ":1.5": another one after each start; "" while it does not run.
  std::string owner();

  /// Every property of each object by one interface, a{sv}; null where the object is gone.
  std::vector<VariantPtr> properties(std::span<const std::string> paths, const char* interface);

  /// `handler(path, interface, signal, arguments)`: each of these signals, which must not overlap, and NameOwnerChanged
  /// when NetworkManager comes or goes; while this object lives and one of Bus's calls waits. The bus sends no others:
  /// on a host with many interfaces they are what a wait would be busy with.
  using Handler =
      std::function<void(std::string_view, std::string_view, std::string_view, GVariant*)>;
  class Subscription {
   public:
    Subscription(Bus& bus, std::span<const Signals> which, Handler handler);
    ~Subscription();
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

   private:
    Bus& bus_;
    Handler handler_;
    std::vector<unsigned> ids_;
  };

  /// Waits until done() holds, which is asked again after each event; false when the deadline came first.
  bool wait_until(std::chrono::steady_clock::time_point deadline,
                  const std::function<bool()>& done);

 private:
  void connect();

  SessionOptions options_;
  pid_t process_;  ///< GDBus's thread does not survive a fork.
  ContextPtr context_;
  ObjectPtr<GDBusConnection> connection_;
};

}  // namespace csnet::nm
