#pragma once

#include <chrono>
#include <functional>

namespace csnet::host {

/// How long something may take, and what to call meanwhile, every 100 ms or so: what `tick` throws ends the wait.
struct Wait {
  std::chrono::steady_clock::time_point until;
  std::function<void()> tick{};
};

}  // namespace csnet::host
