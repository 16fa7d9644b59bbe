#pragma once

#include "descriptor.hpp"
#include "wait.hpp"

#include <poll.h>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace csnet::host {

using Clock = std::chrono::steady_clock;

/// poll() that calls a Wait's tick.
class Waiter {
 public:
  explicit Waiter(const Wait& wait) : wait_(wait), ticked_(Clock::now()) {}

  /// Waits until a descriptor is ready (true) or `until` (false). Ignores negative descriptors.
  bool poll(std::span<pollfd> descriptors, Clock::time_point until);
  bool poll(const Descriptor& descriptor, short events, Clock::time_point until);

  [[nodiscard]] bool is_over() const { return Clock::now() >= wait_.until; }

 private:
  void tick_if_due();

  const Wait& wait_;
  Clock::time_point ticked_;
};

/// Tells when a link, an address or a route changes, so that a wait need not run to its end.
class NetworkChanges {
 public:
  /// @param groups RTMGRP_LINK and its like
  explicit NetworkChanges(unsigned groups);

  void forget();
  /// Waits until something changes, or `until`. Without a netlink socket this is a mere pause:
  /// callers look again after 100 ms anyway.
  void wait(Waiter& waiter, Clock::time_point until);

 private:
  Descriptor socket_;
};

/// How one attempt of a probe ended.
struct Attempt {
  enum class End {
    passed,
    failed,     ///< at once, for the reason `why`
    silent,     ///< no answer came in an attempt's time
    cut_short,  ///< the wait was over before that
    no_route,   ///< like failed: the kernel has no route, or no neighbour answers
    hopeless,   ///< like failed, and the next attempt would fail in the same way
  };
  End end = End::passed;
  std::string why{};
};

struct Manner {
  std::chrono::milliseconds least{};  ///< between the beginnings of two attempts
  std::chrono::milliseconds most{};   ///< the same, when nothing in the network changes meanwhile
  const char* silence = "no answer";
  /// Whether the first no_route ends the attempts: nothing changes the network meanwhile.
  bool ends_without_route = false;
};

/// Tries until an attempt passes (returns nothing) or the wait is over (returns the reason). There
/// is always a first attempt; it has 200 ms even when the wait is over before it.
std::optional<std::string> why_none_passes(
    const Wait& wait, const Manner& manner,
    const std::function<Attempt(Waiter&, Clock::time_point until)>& attempt);

}  // namespace csnet::host
