#include "bus.hpp"

#include "error.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <utility>

namespace csnet::nm {
namespace {

constexpr std::size_t kMostInFlight = 64;
constexpr auto kWaitTick = std::chrono::milliseconds{100};

/// GLib's asynchronous calls answer on the thread's default context: ours, as long as this lives.
class DefaultContext {
 public:
  explicit DefaultContext(GMainContext* context) : context_(context) {
    g_main_context_push_thread_default(context_);
  }
  ~DefaultContext() { g_main_context_pop_thread_default(context_); }
  DefaultContext(const DefaultContext&) = delete;
  DefaultContext& operator=(const DefaultContext&) = delete;

 private:
  GMainContext* context_;
};

void end_source(GSource* source) {
  g_source_destroy(source);
  g_source_unref(source);
}
using SourcePtr = std::unique_ptr<GSource, Deleter<end_source>>;

/// Wakes the context every so often.
SourcePtr start_timer(GMainContext* context, std::chrono::milliseconds every) {
  SourcePtr source(g_timeout_source_new(
      static_cast<guint>(std::clamp<std::int64_t>(every.count(), 1, G_MAXINT))));
  g_source_set_callback(
      source.get(), [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr, nullptr);
  g_source_attach(source.get(), context);
  return source;
}

}  // namespace

/// An asynchronous operation's answer. The callback may come after the caller was interrupted, so that whoever starts
/// one must either wait for it or cancel it and wait: ~Pending does the latter.
class Pending {
 public:
  explicit Pending(GMainContext* context) : context_(context), cancellable_(g_cancellable_new()) {}
  ~Pending() {
    if (count_ == 0) return;
    g_cancellable_cancel(cancellable_.get());
    while (count_ > 0) g_main_context_iteration(context_, TRUE);
  }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  [[nodiscard]] GCancellable* cancellable() const { return cancellable_.get(); }
  [[nodiscard]] std::size_t count() const { return count_; }

  /// GLib's pair of callback and user data for one operation; `finish` is called with the answer.
  struct Operation {
    Pending* pending;
    std::function<void(GObject*, GAsyncResult*)> finish;
  };
  gpointer begin(std::function<void(GObject*, GAsyncResult*)> finish) {
    ++count_;
    return new Operation{
        this, std::move(finish)};  // NOLINT(cppcoreguidelines-owning-memory): done() deletes it
  }
  static void done(GObject* source, GAsyncResult* result, gpointer data) {
    const std::unique_ptr<Operation> operation(static_cast<Operation*>(data));
    --operation->pending->count_;
    operation->finish(source, result);
  }

 private:
  GMainContext* context_;
  ObjectPtr<GCancellable> cancellable_;
  std::size_t count_ = 0;
};

namespace {

/// Profiles, which may hold secrets, are left out.
std::string in_words(const Call& call) {
  if (!call.arguments) return fmt::format("{} {}", call.method, call.path);
  const std::string_view type = g_variant_get_type_string(call.arguments.get());
  if (type.find("a{sa{sv}}") != std::string_view::npos)
    return fmt::format("{} {} (…)", call.method, call.path);
  const StringPtr arguments(g_variant_print(call.arguments.get(), FALSE));
  return fmt::format("{} {} {}", call.method, call.path, arguments.get());
}

}  // namespace

Bus::Bus(SessionOptions options)
    : options_(std::move(options)), process_(getpid()), context_(g_main_context_new()) {
  connect();
}

Bus::~Bus() {
  if (process_ != getpid()) {
    // The parent still uses the socket, and here no thread would answer: leave everything alone.
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
  // What GDBus has still queued here holds references: without this, each Session would leak a descriptor. The last of
  // them may be dropped in GDBus's own thread, which must then wake this one.
  struct Finalized {
    GMainContext* context;
    std::atomic<bool> done;
  } finalized{context_.get(), false};
  g_object_weak_ref(
      G_OBJECT(connection_.get()),
      [](gpointer data, GObject*) {
        auto* of_caller = static_cast<Finalized*>(data);
        const ContextPtr context(g_main_context_ref(of_caller->context));
        of_caller->done = true;  // from here on the caller may be gone
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
      "is the system bus running, and is this its address? (DBUS_SYSTEM_BUS_ADDRESS)";
  ErrorPtr error;
  std::string address = options_.bus_address;
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
  const auto deadline = std::chrono::steady_clock::now() + options_.request_timeout;
  if (!wait_until(deadline, [&] { return pending.count() == 0; })) {
    throw Error(ErrorKind::timeout, subject, fmt::format("{} did not answer", address), hint);
  }
  if (!connection_) throw Error(ErrorKind::unavailable, subject, error->message, hint);
}

void Bus::check_process() const {
  if (process_ != getpid()) {
    throw Error(ErrorKind::unsupported, "Session", "was made before fork()",
                "make a new Session in the child");
  }
}

VariantPtr Bus::call(Call call) {
  const auto subject = call.subject;
  auto replies = call_all({&call, 1});
  if (auto* error = std::get_if<ErrorPtr>(&replies.front())) throw to_error(**error, subject);
  return std::get<VariantPtr>(std::move(replies.front()));
}

std::vector<Reply> Bus::call_all(std::span<Call> calls) {
  std::vector<Reply> replies(calls.size());
  call_each(
      calls.size(), [&](std::size_t i) { return std::move(calls[i]); },
      [&](std::size_t i, Reply reply) { replies[i] = std::move(reply); });
  return replies;
}

void Bus::call_each(std::size_t count, const std::function<Call(std::size_t)>& make,
                    const std::function<void(std::size_t, Reply)>& handle) {
  Requests requests(*this);
  std::size_t next = 0;
  const std::function<void()> add_next = [&] {
    if (next == count) return;
    const auto index = next++;
    requests.add(make(index), [&, index](Reply reply) {
      add_next();  // first, so that NetworkManager has something to do meanwhile
      handle(index, std::move(reply));
    });
  };
  for (std::size_t i = 0; i < kMostInFlight; ++i) add_next();
  requests.run();
}

struct Bus::Requests::State {
  using Handle = std::function<void(Reply)>;
  explicit State(Bus& of) : bus(of), pending(of.context_.get()) {}

  void send(const Call& call, Handle handle) {
    const DefaultContext scope(bus.context_.get());
    if (bus.options_.on_request) bus.options_.on_request(in_words(call));
    const auto timeout =
        static_cast<int>(std::min<std::int64_t>(bus.options_.request_timeout.count(), G_MAXINT));
    g_dbus_connection_call(
        bus.connection_.get(), call.service, call.path.c_str(), call.interface, call.method,
        call.arguments.get(), nullptr, G_DBUS_CALL_FLAGS_NO_AUTO_START, timeout,
        pending.cancellable(), Pending::done,
        pending.begin([this, handle = std::move(handle)](GObject* source, GAsyncResult* result) {
          ErrorPtr error;
          auto answer =
              take(g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, Out(error)));
          // Handled later: an exception must not leave GLib's callback.
          arrived.emplace_back(handle, answer ? Reply(std::move(answer)) : Reply(std::move(error)));
        }));
  }

  void send_waiting() {
    while (!waiting.empty() && pending.count() < kMostInFlight) {
      const auto [call, handle] = std::move(waiting.front());
      waiting.pop_front();
      send(call, handle);
    }
  }

  Bus& bus;
  std::deque<std::pair<Call, Handle>> waiting{};
  std::vector<std::pair<Handle, Reply>> arrived{};
  Pending pending;  ///< the last member: when it ends, replies may still arrive
};

Bus::Requests::Requests(Bus& bus) : state_(std::make_unique<State>(bus)) {}
Bus::Requests::~Requests() = default;

void Bus::Requests::add(Call call, std::function<void(Reply)> handle) {
  state_->waiting.emplace_back(std::move(call), std::move(handle));
  state_->send_waiting();
}

void Bus::Requests::run() {
  // Each request has a timeout of its own in GDBus, so that this wait needs none.
  state_->bus.wait_until(std::chrono::steady_clock::time_point::max(), [&] {
    while (!state_->arrived.empty()) {
      state_->send_waiting();
      for (auto& [handle, reply] : std::exchange(state_->arrived, {})) handle(std::move(reply));
    }
    return state_->waiting.empty() && state_->pending.count() == 0;
  });
}

std::string Bus::owner() {
  std::array calls = {Call{.path = "/org/freedesktop/DBus",
                           .interface = "org.freedesktop.DBus",
                           .method = "GetNameOwner",
                           .arguments = take(g_variant_new("(s)", kService)),
                           .service = "org.freedesktop.DBus"}};
  const auto replies = call_all(calls);
  if (const auto* error = std::get_if<ErrorPtr>(&replies.front())) {
    if (g_error_matches(error->get(), G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) != FALSE)
      return {};
    throw to_error(**error, "D-Bus");
  }
  const char* name = nullptr;
  g_variant_get(std::get<VariantPtr>(replies.front()).get(), "(&s)", &name);
  return name;
}

std::vector<VariantPtr> Bus::properties(std::span<const std::string> paths, const char* interface) {
  std::vector<VariantPtr> all(paths.size());
  call_each(
      paths.size(), [&](std::size_t i) { return properties_call(paths[i], interface); },
      [&](std::size_t i, const Reply& reply) { all[i] = properties_of(reply); });
  return all;
}

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
        now - last_tick >= kWaitTick) {  // not for each message: it may wait for Python's lock
      options_.on_wait();
      last_tick = now;
    }
  }
  return true;
}

Bus::Subscription::Subscription(Bus& bus, std::span<const Signals> which, Handler handler)
    : bus_(bus), handler_(std::move(handler)) {
  const DefaultContext scope(bus.context_.get());
  const auto subscribe = [&](const char* sender, const Signals& signals) {
    ids_.push_back(g_dbus_connection_signal_subscribe(
        bus.connection_.get(), sender, signals.interface, signals.name, nullptr, signals.about,
        G_DBUS_SIGNAL_FLAGS_NONE,
        [](GDBusConnection*, const char*, const char* path, const char* interface,
           const char* signal, GVariant* arguments, gpointer self) {
          static_cast<Subscription*>(self)->handler_(path, interface, signal, arguments);
        },
        this, nullptr));
  };
  for (const auto& signals : which) subscribe(kService, signals);
  // A daemon that dies sends no signal of its own: whoever waits must look again then.
  subscribe("org.freedesktop.DBus",
            {.interface = "org.freedesktop.DBus", .name = "NameOwnerChanged", .about = kService});
}

Bus::Subscription::~Subscription() {
  const DefaultContext scope(bus_.context_.get());
  for (const auto id : ids_) g_dbus_connection_signal_unsubscribe(bus_.connection_.get(), id);
}

Call properties_call(std::string path, const char* interface) {
  return {.path = std::move(path),
          .interface = kProperties,
          .method = "GetAll",
          .arguments = take(g_variant_new("(s)", interface))};
}

VariantPtr properties_of(const Reply& reply) {
  if (const auto* error = std::get_if<ErrorPtr>(&reply)) {
    if (is_gone(**error)) return nullptr;
    throw to_error(**error, "NetworkManager");
  }
  return take(g_variant_get_child_value(std::get<VariantPtr>(reply).get(), 0));
}

Call property_call(std::string path, const char* interface, const char* name) {
  return {.path = std::move(path),
          .interface = kProperties,
          .method = "Get",
          .arguments = take(g_variant_new("(ss)", interface, name))};
}

VariantPtr property_of(const Reply& reply) {
  const auto boxed = properties_of(reply);
  return boxed ? take(g_variant_get_variant(boxed.get())) : nullptr;
}

}  // namespace csnet::nm
