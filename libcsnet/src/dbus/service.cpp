#include "service.hpp"

#include "async.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <utility>

namespace csnet::dbus {
namespace {

constexpr const char* kBusName = "org.freedesktop.DBus";  ///< Of the bus and of its interface.
constexpr std::size_t kMostInFlight = 64;

/// The request in words, without settings, which may hold secrets.
std::string in_words(const Call& call) {
  if (!call.arguments) return fmt::format("{} {}", call.method, call.path);
  const std::string_view type = g_variant_get_type_string(call.arguments.get());
  if (type.find("a{sa{sv}}") != std::string_view::npos)
    return fmt::format("{} {} (…)", call.method, call.path);
  const StringPtr arguments(g_variant_print(call.arguments.get(), FALSE));
  return fmt::format("{} {} {}", call.method, call.path, arguments.get());
}

}  // namespace

bool is_gone(const GError& error) {
  return g_error_matches(&error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT) != FALSE ||
         g_error_matches(&error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) != FALSE ||
         g_error_matches(&error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE) != FALSE;
}

Call properties_call(std::string path, const char* interface) {
  return {.path = std::move(path),
          .interface = kProperties,
          .method = "GetAll",
          .arguments = take(g_variant_new("(s)", interface))};
}

Call property_call(std::string path, const char* interface, const char* name) {
  return {.path = std::move(path),
          .interface = kProperties,
          .method = "Get",
          .arguments = take(g_variant_new("(ss)", interface, name))};
}

VariantPtr Service::call(Call call) {
  const auto subject = call.subject;
  auto replies = call_all({&call, 1});
  if (auto* error = std::get_if<ErrorPtr>(&replies.front())) throw to_error_(**error, subject);
  return std::get<VariantPtr>(std::move(replies.front()));
}

std::vector<Reply> Service::call_all(std::span<Call> calls) {
  std::vector<Reply> replies(calls.size());
  call_each(
      calls.size(), [&](std::size_t i) { return std::move(calls[i]); },
      [&](std::size_t i, Reply reply) { replies[i] = std::move(reply); });
  return replies;
}

void Service::call_each(std::size_t count, const std::function<Call(std::size_t)>& make,
                        const std::function<void(std::size_t, Reply)>& handle) {
  Requests requests(*this);
  std::size_t next = 0;
  const std::function<void()> add_next = [&] {
    if (next == count) return;
    const auto index = next++;
    requests.add(make(index), [&, index](Reply reply) {
      add_next();  // first, so that the service works on it meanwhile
      handle(index, std::move(reply));
    });
  };
  for (std::size_t i = 0; i < kMostInFlight; ++i) add_next();
  requests.run();
}

std::vector<VariantPtr> Service::properties(std::span<const std::string> paths,
                                            const char* interface) {
  std::vector<VariantPtr> all(paths.size());
  call_each(
      paths.size(), [&](std::size_t i) { return properties_call(paths[i], interface); },
      [&](std::size_t i, const Reply& reply) { all[i] = properties_of(reply); });
  return all;
}

VariantPtr Service::properties_of(const Reply& reply) const {
  if (const auto* error = std::get_if<ErrorPtr>(&reply)) {
    if (is_gone(**error)) return nullptr;
    throw to_error_(**error, {});
  }
  return take(g_variant_get_child_value(std::get<VariantPtr>(reply).get(), 0));
}

VariantPtr Service::property_of(const Reply& reply) const {
  const auto boxed = properties_of(reply);
  return boxed ? take(g_variant_get_variant(boxed.get())) : nullptr;
}

std::string Service::owner() {
  std::array calls = {Call{.path = "/org/freedesktop/DBus",
                           .interface = kBusName,
                           .method = "GetNameOwner",
                           .arguments = take(g_variant_new("(s)", name_))}};
  const auto replies = Service(bus_, kBusName, to_error_).call_all(calls);
  if (const auto* error = std::get_if<ErrorPtr>(&replies.front())) {
    if (g_error_matches(error->get(), G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) != FALSE)
      return {};
    throw to_error_(**error, "D-Bus");
  }
  const char* owner = nullptr;
  g_variant_get(std::get<VariantPtr>(replies.front()).get(), "(&s)", &owner);
  return owner;
}

struct Requests::State {
  using Handle = std::function<void(Reply)>;
  explicit State(const Service& of) : service(of), bus(of.bus()), pending(bus.context()) {}

  void send(const Call& call, Handle handle) {
    const DefaultContext scope(bus.context());
    const auto& options = bus.options();
    if (options.on_request) options.on_request(in_words(call));
    const auto timeout =
        static_cast<int>(std::min<std::int64_t>(options.timeout.count(), G_MAXINT));
    g_dbus_connection_call(
        bus.connection(), service.name(), call.path.c_str(), call.interface, call.method,
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

  const Service service;
  Bus& bus;
  std::deque<std::pair<Call, Handle>> waiting{};
  std::vector<std::pair<Handle, Reply>> arrived{};
  Pending pending;  ///< the last member: replies may arrive until its destructor ends
};

Requests::Requests(const Service& service) : state_(std::make_unique<State>(service)) {}
Requests::~Requests() = default;

void Requests::add(Call call, std::function<void(Reply)> handle) {
  state_->waiting.emplace_back(std::move(call), std::move(handle));
  state_->send_waiting();
}

void Requests::run() {
  // GDBus has a timeout for each request, so that this wait needs none.
  state_->bus.wait_until(std::chrono::steady_clock::time_point::max(), [&] {
    while (!state_->arrived.empty()) {
      state_->send_waiting();
      for (auto& [handle, reply] : std::exchange(state_->arrived, {})) handle(std::move(reply));
    }
    return state_->waiting.empty() && state_->pending.count() == 0;
  });
}

Subscription::Subscription(const Service& service, std::span<const Signals> which, Handler handler)
    : bus_(service.bus()), handler_(std::move(handler)) {
  const DefaultContext scope(bus_.context());
  const auto subscribe = [&](const char* sender, const Signals& signals) {
    ids_.push_back(g_dbus_connection_signal_subscribe(
        bus_.connection(), sender, signals.interface, signals.name, nullptr, signals.about,
        G_DBUS_SIGNAL_FLAGS_NONE,
        [](GDBusConnection*, const char*, const char* path, const char* interface,
           const char* signal, GVariant* arguments, gpointer self) {
          static_cast<Subscription*>(self)->handler_(path, interface, signal, arguments);
        },
        this, nullptr));
  };
  for (const auto& signals : which) subscribe(service.name(), signals);
  // A service that is killed sends no signal; the bus does.
  subscribe(kBusName, {.interface = kBusName, .name = "NameOwnerChanged", .about = service.name()});
}

Subscription::~Subscription() {
  const DefaultContext scope(bus_.context());
  for (const auto id : ids_) g_dbus_connection_signal_unsubscribe(bus_.connection(), id);
}

}  // namespace csnet::dbus
