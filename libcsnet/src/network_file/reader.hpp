#pragma once

#include "contents.hpp"
#include "nodes.hpp"
#include "problems.hpp"
#include "scalar.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace csnet::network_file {

/// Where the values of a file are: "profiles[0].ipv4.gateway".
using Places = std::map<std::string, Place, std::less<>>;

/// A key of a mapping with its value.
struct Pair {
  const Node* key;
  const Node* value;
};
using Pairs = std::vector<std::pair<std::string_view, Pair>>;

/// Makes values of nodes, and collects everything that has not the right form.
class Reader {
 public:
  explicit Reader(Problems& problems) : problems_(problems) {}

  /// @throws Stop when there are enough problems
  Contents contents(const Node& root);

  [[nodiscard]] const Places& places() const noexcept { return places_; }

 private:
  /// The keys of a mapping, each once. Those that `<<` merges in come after the node's own keys, and do not count beside
  /// one of them.
  Pairs keys(const Node& node, const std::string& path);
  void no_such_key(const Node& key, const std::string& path,
                   std::span<const std::string_view> known, std::string_view what);
  /// Says what is wrong, and where.
  void refuse(Place place, const std::string& path, const Wrong& wrong);

  /// Reads the keys of a mapping into `made`. Returns the names of all keys that are there.
  template <class T>
  std::set<std::string_view> object(const Node& node, const std::string& path,
                                    std::string_view what, T& made);
  /// As object(), and refuses a mapping without one of these keys.
  template <class T>
  void with_required(const Node& node, const std::string& path, std::string_view what,
                     std::span<const std::string_view> required, T& made);

  // Each reads a value, or says inside what is wrong and leaves the value as it was.
  // They throw Wrong for what is wrong with the whole of it.
  template <is_scalar T>
  void read(const Node& node, const std::string& path, const Key& key, T& made);
  template <class T>
  void read(const Node& node, const std::string& path, const Key& key, std::optional<T>& made);
  template <class T>
  void read(const Node& node, const std::string& path, const Key& key, std::vector<T>& made);
  template <class K, class T>
  void read(const Node& node, const std::string& path, const Key& key, std::map<K, T>& made);
  template <class... T>
  void read(const Node& node, const std::string& path, const Key& key, std::variant<T...>& made);
  template <int Family>
  void read(const Node& node, const std::string& path, const Key& key, IpConfig<Family>& made);
  void read(const Node& node, const std::string& path, const Key& key, Profile& made);
  void read(const Node& node, const std::string& path, const Key& key, Probe& made);
  void read(const Node& node, const std::string& path, const Key& key, Management& made);
  void read(const Node& node, const std::string& path, const Key& key, Uplink& made);

  Problems& problems_;
  Places places_{};
  std::set<std::string> meant_{};  ///< Keys that a misspelt one is likely to be.
};

}  // namespace csnet::network_file
