#include "near.hpp"

#include "characters.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace csnet::network_file {
namespace {

/// The number of characters that the two have in common, in the same order: the longest common
/// piece, and, recursively, the common pieces on its left and on its right.
std::size_t common(std::u32string_view a, std::u32string_view b) {
  std::size_t size = 0;
  std::size_t at_a = 0;
  std::size_t at_b = 0;
  std::vector<std::size_t> above(b.size() + 1);  // the length of the piece that ends here
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      if (a[i] != b[j]) continue;
      row[j + 1] = above[j] + 1;
      if (row[j + 1] <= size) continue;
      size = row[j + 1];
      at_a = i + 1 - size;
      at_b = j + 1 - size;
    }
    above = std::move(row);
  }
  if (size == 0) return 0;
  return size + common(a.substr(0, at_a), b.substr(0, at_b)) +
         common(a.substr(at_a + size), b.substr(at_b + size));
}

}  // namespace

std::string near(std::string_view word, std::span<const std::string_view> known) {
  constexpr double alike = 0.6;
  const auto wanted = decode(word).text;
  double best = 0;
  std::string_view found;
  for (const auto each : known) {
    const auto candidate = decode(each).text;
    const auto both = candidate.size() + wanted.size();
    if (both == 0) continue;
    const double ratio =
        2.0 * static_cast<double>(common(candidate, wanted)) / static_cast<double>(both);
    if (ratio < alike || ratio < best || (ratio == best && each < found)) continue;
    best = ratio;
    found = each;
  }
  return std::string(found);
}

}  // namespace csnet::network_file
