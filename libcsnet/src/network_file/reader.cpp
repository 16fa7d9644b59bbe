#include "reader.hpp"

#include "characters.hpp"
#include "near.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace csnet::network_file {
namespace {

using Words = std::vector<std::string_view>;

/// Words that csnet will know one day.
constexpr auto coming = std::to_array<std::string_view>({"firewall", "tuning", "agent"});

/// The key for a word of nmcli or of the library; "" for others.
std::string_view renamed(std::string_view word) {
  static constexpr auto all =
      std::to_array<std::pair<std::string_view, std::string_view>>({{"con_name", "name"},
                                                                    {"ifname", "interface_name"},
                                                                    {"dev", "parent"},
                                                                    {"master", "controller"},
                                                                    {"ip4", "ipv4"},
                                                                    {"ip6", "ipv6"},
                                                                    {"gw4", "gateway"},
                                                                    {"gw6", "gateway6"},
                                                                    {"uplinks", "uplink"}});
  const auto* const found =
      std::ranges::find(all, word, &std::pair<std::string_view, std::string_view>::first);
  return found == all.end() ? std::string_view{} : found->second;
}

bool holds(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// The types of profiles that have this key.
Words owners(std::string_view key) {
  Words found;
  const auto ask = [&]<class P>(const P&) {
    if (holds(names_of<P>(), key)) found.push_back(P::type);
  };
  ask(BridgeProfile{});
  ask(VlanProfile{});
  ask(BondProfile{});
  ask(EthernetProfile{});
  return found;
}

}  // namespace

void Reader::refuse(Place place, const std::string& path, const Wrong& wrong) {
  problems_.add(place, path, wrong.message, wrong.hint);
}

Pairs Reader::keys(const Node& node, const std::string& path) {
  Pairs found;
  std::map<std::string_view, Place> own;
  std::vector<const Node*> merged;
  for (std::size_t at = 0; at + 1 < node.items.size(); at += 2) {
    const Node& key = *node.items[at];
    const Node& value = *node.items[at + 1];
    if (key.kind != Node::Kind::text) {
      problems_.add(key.place, path, fmt::format("a key is {}, and must be a word", to_text(key)),
                    "is a ':' too many?");
    } else if (key.text == "<<" && key.plain) {
      if (value.kind == Node::Kind::list) {
        std::ranges::copy(value.items, std::back_inserter(merged));
      } else {
        merged.push_back(&value);
      }
    } else if (const auto [first, is_new] = own.emplace(key.text, key.place); !is_new) {
      problems_.add(key.place, join(path, key.text),
                    fmt::format("appears twice, first in line {}", first->second.line),
                    "leave one of the two out");
    } else {
      found.emplace_back(key.text, Pair{&key, &value});
    }
  }
  for (const Node* other : merged) {
    if (other->kind != Node::Kind::map) {
      problems_.add(other->place, join(path, "<<"),
                    fmt::format("is {}, and must be a mapping", to_text(*other)),
                    "name an anchor: <<: *anchor");
      continue;
    }
    for (const auto& [name, pair] : keys(*other, path)) {
      if (own.emplace(name, pair.key->place).second) found.emplace_back(name, pair);
    }
  }
  return found;
}

void Reader::no_such_key(const Node& key, const std::string& path,
                         std::span<const std::string_view> known, std::string_view what) {
  const bool is_top = what == "the file";
  if (is_top && holds(coming, key.text)) {
    problems_.add(key.place, path, "is not supported yet", "leave it out");
    return;
  }
  auto word = lower(first(key.text, 40));
  std::ranges::replace(word, '-', '_');
  const auto now = renamed(word);
  const std::string likely = holds(known, now) ? std::string(now) : near(word, known);
  if (!likely.empty() && path.ends_with(key.text))
    meant_.insert(path.substr(0, path.size() - key.text.size()) + likely);
  auto hint = likely.empty() ? fmt::format("its keys are {}", fmt::join(known, ", "))
                             : fmt::format("did you mean '{}'?", likely);
  if (const auto of = what.ends_with(" profile") ? owners(key.text) : Words{}; !of.empty()) {
    hint = fmt::format("it is a key of: {}", fmt::join(of, ", "));
  } else if (is_top && holds(names_of<BridgeProfile>(), key.text)) {
    hint = "indent it, if it belongs to the line above; " + hint;
  }
  problems_.add(key.place, path, fmt::format("{} has no such key", what), std::move(hint));
}

}  // namespace csnet::network_file
