#pragma once

#include "source.hpp"

#include <csnet/network_file.hpp>

#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace csnet::network_file {

/// Thrown when the rest of the file cannot be judged, or when there are enough problems.
struct Stop {};

/// Collects the problems of a file.
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
