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

/// poll() that keeps a Wait's tick going.
class Waiter {
 public:
  explicit Waiter(const Wait& wait) : wait_(wait), ticked_(Clock::now()) {}

  /// Until one of the descriptors is ready (true) or it is `until`. Negative ones are ignored.
  bool poll(std::span<pollfd> descriptors, Clock::time_point until);
  bool poll(const Descriptor& descriptor, short events, Clock::time_point until);

  [[nodiscard]] bool is_over() const { return Clock::now() >= wait_.until; }

 private:
  void tick_if_due();

  const Wait& wait_;
  Clock::time_point ticked_;
};

/// Tells that a link, an address or a route changed: one thing less to wait for.
class NetworkChanges {
 public:
  /// @param groups RTMGRP_LINK and its like
  explicit NetworkChanges(unsigned groups);

  void forget();
  /// Until something changes, or it is `until`. Without a netlink socket this is a mere pause: everyone looks again
  /// after 100 ms anyway.
  void wait(Waiter& waiter, Clock::time_point until);

 private:
  Descriptor socket_;
};

/// How one attempt of a probe ended.
struct Attempt {
  enum class End {
    passed,
    failed,     ///< at once, for the reason `why`
    silent,     ///< there was no answer in an attempt's time
    cut_short,  ///< the wait was over before that
    hopeless,   ///< as failed, and the next would fail alike
  };
  End end = End::passed;
  std::string why{};
};

struct Manner {
  std::chrono::milliseconds least{};  ///< from one attempt's beginning to the next
  std::chrono::milliseconds
      most{};  ///< as long, when an attempt failed and nothing in the network changes
  const char* silence = "no answer";
};

/// Tries until an attempt passes (nothing) or the wait is over (the reason). There is always a first attempt, and it
/// has 200 ms even when the wait has been over already.
std::optional<std::string> why_none_passes(
    const Wait& wait, const Manner& manner,
    const std::function<Attempt(Waiter&, Clock::time_point until)>& attempt);

}  // namespace csnet::host
