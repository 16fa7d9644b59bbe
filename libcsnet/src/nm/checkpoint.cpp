#include "client.hpp"
#include "device.hpp"
#include "error.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

/// NetworkManager's checkpoints: it restores the saved state when csnet does not renew them.
namespace csnet::nm {
namespace {

Call on_manager(const char* method, GVariant* arguments) {
  return {
      .path = kManagerPath, .interface = kManager, .method = method, .arguments = take(arguments)};
}

}  // namespace

Checkpoint Client::create_checkpoint(std::span<const std::string> interfaces,
                                     std::chrono::seconds timeout) {
  GVariantBuilder devices;
  g_variant_builder_init(&devices, G_VARIANT_TYPE("ao"));
  for (const auto& interface : interfaces)
    g_variant_builder_add(&devices, "o", device_path(service_, interface).c_str());
  // A rollback deletes new profiles, and new virtual interfaces with them: two uplinks in one
  // bridge would be a loop. The price is that the tap of a VM that was started meanwhile is removed
  // from its bridge, as NetworkManager has generated a profile for it. Therefore csnet rolls back
  // itself while its process runs. Taps that existed before are not affected.
  const auto reply = service_.call(on_manager(
      "CheckpointCreate",
      g_variant_new("(aouu)", &devices, static_cast<guint32>(timeout.count()),
                    static_cast<guint32>(NM_CHECKPOINT_CREATE_FLAG_DELETE_NEW_CONNECTIONS))));
  return {path_of(reply.get()), service_.owner()};
}

std::vector<Checkpoint> Client::checkpoints() {
  const std::array manager = {std::string(kManagerPath)};
  const auto properties = service_.properties(manager, kManager);
  std::vector<Checkpoint> all;
  if (!properties.front()) return all;
  const auto owner = service_.owner();
  for (auto& path : lookup_paths(properties.front().get(), "Checkpoints"))
    all.push_back({std::move(path), owner});
  return all;
}

std::chrono::milliseconds Client::left(const Checkpoint& checkpoint) {
  if (checkpoint.owner != service_.owner()) return {};
  const std::array path = {checkpoint.path};
  const auto properties = service_.properties(path, kCheckpoint);
  const auto timeout =
      properties.front() ? lookup_uint32(properties.front().get(), "RollbackTimeout") : 0;
  if (timeout == 0) return {};
  const auto created =
      take(g_variant_lookup_value(properties.front().get(), "Created", G_VARIANT_TYPE_INT64));
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  const auto until =
      (created ? g_variant_get_int64(created.get()) : 0) + std::int64_t{timeout} * 1000;
  const auto left = until - (std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000);
  return std::chrono::milliseconds{std::max<std::int64_t>(left, 1)};
}

void Client::extend(const Checkpoint& checkpoint, std::chrono::seconds timeout) {
  service_.call(on_manager(
      "CheckpointAdjustRollbackTimeout",
      g_variant_new("(ou)", checkpoint.path.c_str(), static_cast<guint32>(timeout.count()))));
}

void Client::destroy(const Checkpoint& checkpoint) {
  service_.call(on_manager("CheckpointDestroy", g_variant_new("(o)", checkpoint.path.c_str())));
}

bool Client::wait_for_daemon(std::chrono::milliseconds timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  // NetworkManager owns its name before it serves profiles, and brings up the first ones before it
  // has read all of them.
  const auto has_started = [&] {
    if (service_.owner().empty()) return false;
    try {
      const std::array manager = {std::string(kManagerPath)};
      const auto properties = service_.properties(manager, kManager);
      return properties.front() != nullptr && !lookup_bool(properties.front().get(), "Startup");
    } catch (const Error&) {
      return false;
    }
  };
  if (wait_until(until, has_started)) return true;
  return !service_.owner().empty();  // an unanswered DHCP request keeps it in startup
}

bool Client::wait_until(std::chrono::steady_clock::time_point deadline,
                        const std::function<bool()>& done) {
  bool changed = true;
  constexpr std::array everything = {Signals{}};
  const Subscription signals(service_, everything, [&](auto...) { changed = true; });
  return service_.bus().wait_until(deadline,
                                   [&] { return std::exchange(changed, false) && done(); });
}

}  // namespace csnet::nm
