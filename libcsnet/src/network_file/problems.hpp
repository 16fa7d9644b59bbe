#pragma once

#include "source.hpp"

#include <csnet/network_file.hpp>

#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace csnet::network_file {

/// Thrown where nothing after a problem can be judged, or there are enough of them.
struct Stop {};

/// Collects what is wrong with a file.
class Problems {
 public:
  explicit Problems(const Source& source) : source_(source) {}

  /// @throws Stop when there are enough
  void add(Place place, std::string path, std::string message, std::string hint = {});
  /// @throws Stop always: the file cannot be read further
  [[noreturn]] void fatal(Place place, std::string message, std::string hint = {});

  [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
  [[nodiscard]] FileError error() const;

 private:
  const Source& source_;
  std::vector<Problem> all_{};
  std::set<std::tuple<Place, std::string>> seen_{};
};

}  // namespace csnet::network_file
