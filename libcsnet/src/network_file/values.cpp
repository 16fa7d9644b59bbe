#include "characters.hpp"
#include "near.hpp"
#include "reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace csnet::network_file {
namespace {

/// The file's word for a type of profile or port.
template <class T>
inline constexpr std::string_view type_word = T::type;
template <>
inline constexpr std::string_view type_word<BridgePort> = "bridge";
template <>
inline constexpr std::string_view type_word<BondPort> = "bond";

template <class T>
concept has_type = requires {
  T::type;
}
|| std::same_as<T, BridgePort> || std::same_as<T, BondPort>;

Wrong no_value() { return {"has no value", "write one, or leave the key out"}; }

}  // namespace

template <class T>
std::set<std::string_view> Reader::object(const Node& node, const std::string& path,
                                          std::string_view what, T& made) {
  places_.emplace(path, node.place);
  auto known = names_of<T>();
  if constexpr (has_type<T>) known.insert(known.begin(), "type");
  if (node.kind != Node::Kind::map) {
    refuse(node.place, path,
           {fmt::format("{} is {}, and must be a mapping", what, to_text(node)),
            fmt::format("its keys are {}", fmt::join(known, ", "))});
    return {};
  }
  std::set<std::string_view> given;
  for (const auto& [name, pair] : keys(node, path)) {
    given.insert(name);
    const auto here = join(path, name);
    if (std::ranges::find(known, name) == known.end()) {
      no_such_key(*pair.key, here, known, what);
      continue;
    }
    if (pair.value->is_null()) {
      refuse(pair.key->place, here, no_value());
      continue;
    }
    places_.insert_or_assign(here, pair.value->place);
    for_each_key<T>([&, &name = name, &value = *pair.value](const auto& field) {
      if (field.name != name) return;
      try {
        read(value, here, {field.name, field.range, field.note, field.traits.noun},
             made.*field.member);
      } catch (const Wrong& wrong) {
        refuse(value.place, here, wrong);
      }
    });
  }
  return given;
}

template <class T>
void Reader::with_required(const Node& node, const std::string& path, const Form& form, T& made) {
  const auto given = object(node, path, form.name, made);
  if (node.kind != Node::Kind::map) return;
  for (const auto name : form.required) {
    // A misspelt key has been reported already.
    if (given.contains(name) || meant_.contains(join(path, name))) continue;
    for_each_key<T>([&](const auto& field) {
      if (field.name != name) return;
      refuse(places_.find(path)->second, path,
             {fmt::format("'{}' is missing", name),
              fmt::format("{}: {}", name, in_file_words(note_of(field)))});
    });
  }
}

template <is_scalar T>
void Reader::read(const Node& node, const std::string&, const Key& key, T& made) {
  made = scalar<T>(node, key);
}

template <class T>
void Reader::read(const Node& node, const std::string& path, const Key& key,
                  std::optional<T>& made) {
  if constexpr (is_scalar<T>) {
    made = scalar<T>(node, key);
  } else {
    read(node, path, key, made.emplace());
  }
}

template <class T>
void Reader::read(const Node& node, const std::string& path, const Key& key, std::vector<T>& made) {
  if (node.kind != Node::Kind::list) {
    std::string hint = "write [] for an empty list";
    if (node.kind == Node::Kind::text && is_scalar<T>)
      hint = fmt::format("write it in brackets: {}: [{}]", key.name, first(node.text, 60));
    if (node.kind == Node::Kind::map) hint = "begin each with '- '";
    throw Wrong{fmt::format("is {}, and must be a list", to_text(node)), std::move(hint)};
  }
  for (std::size_t index = 0; index < node.items.size(); ++index) {
    const Node& item = *node.items[index];
    const auto here = fmt::format("{}[{}]", path, index);
    places_.insert_or_assign(here, item.place);
    try {
      if (item.is_null()) throw Wrong{"has no value", "write one, or take it out of the list"};
      if constexpr (is_scalar<T>) {
        made.push_back(scalar<T>(item, key));
      } else {
        read(item, here, key, made.emplace_back());
      }
    } catch (const Wrong& wrong) {
      refuse(item.place, here, wrong);
    }
  }
}

template <class K, class T>
void Reader::read(const Node& node, const std::string& path, const Key&, std::map<K, T>& made) {
  if (node.kind != Node::Kind::map) {
    throw Wrong{fmt::format("is {}, and must be a mapping", to_text(node)),
                "write {key: value}; {} is empty"};
  }
  for (const auto& [name, pair] : keys(node, path)) {
    const auto here = join(path, name);
    places_.insert_or_assign(here, pair.key->place);
    Place place = pair.key->place;
    try {
      Node key = *pair.key;
      key.plain = key.plain || std::integral<K>;  // JSON has text keys only
      auto read_key = scalar<K>(key, {"key"});
      if (pair.value->is_null()) throw no_value();
      place = pair.value->place;
      made.insert_or_assign(std::move(read_key), scalar<T>(*pair.value, {"value"}));
    } catch (const Wrong& wrong) {
      refuse(place, here, wrong);
    }
  }
}

template <class... T>
void Reader::read(const Node& node, const std::string& path, const Key&, std::variant<T...>& made) {
  constexpr auto words = std::to_array<std::string_view>({type_word<T>...});
  constexpr std::string_view noun =
      std::same_as<std::variant<T...>, Profile::Types> ? "profile" : "port";
  if (node.kind != Node::Kind::map) {
    throw Wrong{fmt::format("is {}, and must be a mapping", to_text(node)),
                fmt::format("write {{type: {}, …}}", words.front())};
  }
  places_.insert_or_assign(path, node.place);
  const auto all = keys(node, path);
  const auto found = std::ranges::find(all, "type", &Pairs::value_type::first);
  if (found == all.end()) {
    throw Wrong{fmt::format("the {} has no type", noun),
                fmt::format("write type: and one of {}", fmt::join(words, ", "))};
  }
  const Node& word = *found->second.value;
  const auto read_as = [&]<class One>(std::type_identity<One>) {
    if (word.kind != Node::Kind::text || word.text != type_word<One>) return false;
    const auto* const article = type_word<One>.starts_with('e') ? "an" : "a";
    object(node, path, fmt::format("{} {} {}", article, type_word<One>, noun),
           made.template emplace<One>());
    return true;
  };
  if ((read_as(std::type_identity<T>{}) || ...)) return;
  const auto likely = near(first(word.text, 40), words);
  problems_.add(word.place, join(path, "type"),
                fmt::format("{} is not a type of {}", to_text(word), noun),
                likely.empty() ? fmt::format("use one of {}", fmt::join(words, ", "))
                               : fmt::format("did you mean '{}'?", likely));
}

template <int Family>
void Reader::read(const Node& node, const std::string& path, const Key& key,
                  IpConfig<Family>& made) {
  object(node, path, key.name, made);
}

void Reader::read(const Node& node, const std::string& path, const Key& key, Profile& made) {
  Profile::Types found;
  read(node, path, key, found);
  made = std::move(found);
}

void Reader::read(const Node& node, const std::string& path, const Key&, Probe& made) {
  static constexpr auto required = std::to_array<std::string_view>({"type", "target"});
  with_required(node, path, {"a probe", required}, made);
}

void Reader::read(const Node& node, const std::string& path, const Key&, Management& made) {
  static constexpr auto required = std::to_array<std::string_view>({"uplink", "addresses"});
  with_required(node, path, {"management", required}, made);
  if (!made.uplink) return;
  made.uplinks = std::move(made.uplink->ports);
  made.bond = std::move(made.uplink->bond);
  if (made.uplink->mode) made.bond_mode = *std::move(made.uplink->mode);
  if (made.uplink->options) made.bond_options = *std::move(made.uplink->options);
}

void Reader::read(const Node& node, const std::string& path, const Key&, Uplink& made) {
  if (node.kind == Node::Kind::text) {
    made.ports = {scalar<std::string>(node, {"uplink"})};
  } else if (node.kind == Node::Kind::list) {
    read(node, path, {"uplink"}, made.ports);
  } else {
    static constexpr auto required = std::to_array<std::string_view>({"ports"});
    with_required(node, path, {"uplink", required}, made);
    if (!made.bond) made.bond = "bond0";
    // lacp_rate belongs to 802.3ad alone.
    const auto mode = made.mode.value_or("802.3ad");
    if (!made.options && mode != "802.3ad" && mode != "4")
      made.options.emplace().emplace("miimon", "100");
  }
}

Contents Reader::contents(const Node& root) {
  Contents made;
  object(root, "", "the file", made);
  return made;
}

}  // namespace csnet::network_file
