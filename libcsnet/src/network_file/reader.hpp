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

/// The places of a file's values, by path: "profiles[0].ipv4.gateway".
using Places = std::map<std::string, Place, std::less<>>;

/// A key of a mapping with its value.
struct Pair {
  const Node* key;
  const Node* value;
};
using Pairs = std::vector<std::pair<std::string_view, Pair>>;

/// Converts nodes to values, and collects the problems of their form.
class Reader {
 public:
  explicit Reader(Problems& problems) : problems_(problems) {}

  /// @throws Stop when there are enough problems
  Contents contents(const Node& root);

  [[nodiscard]] const Places& places() const noexcept { return places_; }

 private:
  /// The keys of a mapping, each once. Keys that `<<` merges in follow the node's own keys, and do
  /// not replace them.
  Pairs keys(const Node& node, const std::string& path);
  void no_such_key(const Node& key, const std::string& path,
                   std::span<const std::string_view> known, std::string_view what);
  /// Adds a problem.
  void refuse(Place place, const std::string& path, const Wrong& wrong);

  /// Reads the keys of a mapping into `made`. Returns the names of all its keys.
  template <class T>
  std::set<std::string_view> object(const Node& node, const std::string& path,
                                    std::string_view what, T& made);
  /// The name of a mapping in messages, and the keys that it must have.
  struct Form {
    std::string_view name;
    std::span<const std::string_view> required;
  };
  /// Like object(), and refuses a mapping that lacks a required key.
  template <class T>
  void with_required(const Node& node, const std::string& path, const Form& form, T& made);

  // Each reads a value. They add a problem for a wrong part, and leave that as it was; they throw
  // Wrong when the whole value is wrong.
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
  std::set<std::string> meant_{};  ///< Keys that a misspelt one probably means.
};

}  // namespace csnet::network_file
