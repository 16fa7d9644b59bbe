#pragma once

#include <chrono>
#include <functional>

namespace csnet::host {

/// A deadline, and a function to call about every 100 ms meanwhile. An exception of `tick` ends the
/// wait.
struct Wait {
  std::chrono::steady_clock::time_point until;
  std::function<void()> tick{};
};

}  // namespace csnet::host
