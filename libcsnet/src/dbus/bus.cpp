#include "bus.hpp"

#include "async.hpp"

#include <csnet/error.hpp>

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>

namespace csnet::dbus {
namespace {

constexpr auto kWaitTick = std::chrono::milliseconds{100};

void end_source(GSource* source) {
  g_source_destroy(source);
  g_source_unref(source);
}
using SourcePtr = std::unique_ptr<GSource, Deleter<end_source>>;

/// Wakes the context at each interval.
SourcePtr start_timer(GMainContext* context, std::chrono::milliseconds every) {
  SourcePtr source(g_timeout_source_new(
      static_cast<guint>(std::clamp<std::int64_t>(every.count(), 1, G_MAXINT))));
  g_source_set_callback(
      source.get(), [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr, nullptr);
  g_source_attach(source.get(), context);
  return source;
}

}  // namespace

Bus::Bus(Options options)
    : options_(std::move(options)), process_(getpid()), context_(g_main_context_new()) {
  connect();
}

Bus::~Bus() {
  if (!is_of_this_process()) {
    // The parent still uses the socket, and GDBus's thread does not exist in this child: leave all.
    static_cast<void>(connection_.release());
    static_cast<void>(context_.release());
    return;
  }
  const DefaultContext scope(context_.get());
  bool closed = false;
  g_dbus_connection_close(
      connection_.get(), nullptr,
      [](GObject* source, GAsyncResult* result, gpointer data) {
        g_dbus_connection_close_finish(G_DBUS_CONNECTION(source), result, nullptr);
        *static_cast<bool*>(data) = true;
      },
      &closed);
  while (!closed) g_main_context_iteration(context_.get(), TRUE);
  // Callbacks that GDBus has queued here hold references: without this, each Bus would leak a
  // descriptor. GDBus's own thread may drop the last reference, and must then wake this one.
  struct Finalized {
    GMainContext* context;
    std::atomic<bool> done;
  } finalized{context_.get(), false};
  g_object_weak_ref(
      G_OBJECT(connection_.get()),
      [](gpointer data, GObject*) {
        auto* of_caller = static_cast<Finalized*>(data);
        const ContextPtr context(g_main_context_ref(of_caller->context));
        of_caller->done = true;  // from here on `finalized` may not exist
        g_main_context_wakeup(context.get());
      },
      &finalized);
  connection_.reset();
  while (!finalized.done) g_main_context_iteration(context_.get(), TRUE);
}

void Bus::connect() {
  const DefaultContext scope(context_.get());
  const std::string subject = "D-Bus";
  const char* hint =
      options_.address.empty() && std::getenv("DBUS_SYSTEM_BUS_ADDRESS") == nullptr
          ? "the system bus is not running: systemctl start dbus; in a container without systemd, "
            "dbus-daemon --system"
          : "is a bus running at this address?";
  ErrorPtr error;
  std::string address = options_.address;
  if (address.empty()) {
    const StringPtr system(g_dbus_address_get_for_bus_sync(G_BUS_TYPE_SYSTEM, nullptr, Out(error)));
    if (!system) throw Error(ErrorKind::unavailable, subject, error->message, hint);
    address = system.get();
  }
  Pending pending(context_.get());
  g_dbus_connection_new_for_address(
      address.c_str(),
      static_cast<GDBusConnectionFlags>(G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                        G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION),
      nullptr, pending.cancellable(), Pending::done,
      pending.begin([&](GObject*, GAsyncResult* result) {
        connection_.reset(g_dbus_connection_new_for_address_finish(result, Out(error)));
      }));
  const auto deadline = std::chrono::steady_clock::now() + options_.timeout;
  if (!wait_until(deadline, [&] { return pending.count() == 0; })) {
    throw Error(ErrorKind::timeout, subject, fmt::format("{} did not answer", address), hint);
  }
  if (!connection_) throw Error(ErrorKind::unavailable, subject, error->message, hint);
}

bool Bus::is_of_this_process() const { return process_ == getpid(); }

bool Bus::wait_until(std::chrono::steady_clock::time_point deadline,
                     const std::function<bool()>& done) {
  const DefaultContext scope(context_.get());
  SourcePtr tick;
  SourcePtr end;
  auto last_tick = std::chrono::steady_clock::now();
  while (!done()) {
    const auto left = deadline - std::chrono::steady_clock::now();
    if (left <= std::chrono::steady_clock::duration::zero()) return false;
    if (!end && deadline != std::chrono::steady_clock::time_point::max()) {
      end = start_timer(context_.get(), std::chrono::ceil<std::chrono::milliseconds>(left));
    }
    if (!tick && options_.on_wait) tick = start_timer(context_.get(), kWaitTick);
    g_main_context_iteration(context_.get(), TRUE);
    const auto now = std::chrono::steady_clock::now();
    if (options_.on_wait &&
        now - last_tick >= kWaitTick) {  // not for each message: on_wait may wait for Python's lock
      options_.on_wait();
      last_tick = now;
    }
  }
  return true;
}

}  // namespace csnet::dbus
