#include "canonical.hpp"
#include "known_words.hpp"

#include <csnet/fields.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <optional>
#include <type_traits>

namespace csnet::model {
namespace {

template <class T>
void fill(T& value);

void fill_member(std::string&, const Standard&) {}

/// Spells an address as NetworkManager does, which keeps any other text.
template <class Address>
void respell(std::string& text) {
  if (const auto address = Address::parse(text)) text = address->to_string();
}

template <class Member>
void fill_member(std::optional<Member>& member, const Standard& standard) {
  if constexpr (std::is_same_v<Member, std::string>) {
    if (member && member->empty()) member.reset();
    if (const auto* word = std::get_if<std::string_view>(&standard); word != nullptr && !member)
      member.emplace(*word);
  } else if constexpr (std::is_integral_v<Member>) {
    if (const auto* number = std::get_if<std::int64_t>(&standard); number != nullptr && !member)
      member = static_cast<Member>(*number);
  } else if constexpr (requires { member->empty(); }) {
    if (!member) member.emplace();
  } else if constexpr (std::is_same_v<Member, Port>) {
    if (member) std::visit([](auto& port) { fill(port); }, *member);
  } else if constexpr (has_fields<Member>) {
    if (!member) member.emplace();
    fill(*member);
  }
}

void fill_member(std::vector<std::string>&, const Standard&) {}

template <class T>
void fill(T& value) {
  for_each_field<T>([&](const auto& field) { fill_member(value.*field.member, field.standard); });
  if constexpr (requires { value.dns; }) {
    std::vector<std::string> servers;
    for (auto server : *value.dns) {
      respell<IpAddress>(server);
      if (std::ranges::find(servers, server) == servers.end()) servers.push_back(server);
    }
    value.dns = std::move(servers);
  }
}

template <class P>
void fill_profile(P& profile) {
  fill(profile);
  profile.reset.clear();
  if (profile.cloned_mac_address) respell<MacAddress>(*profile.cloned_mac_address);
  if (!profile.controller) profile.port.reset();
  if (profile.port) {
    profile.ipv4.reset();
    profile.ipv6.reset();
  }
  if constexpr (std::is_same_v<P, BondProfile>) {
    if (const auto mode = bond_mode(*profile.mode)) profile.mode = *mode;
    std::erase_if(*profile.options, [](const auto& option) {
      const auto* known = bond_option(option.first);
      return known != nullptr && !known->standard.empty() && known->standard == option.second;
    });
  }
}

std::string text_of(const std::string& value) { return value; }
std::string text_of(bool value) { return value ? "true" : "false"; }
template <class T>
requires std::is_integral_v<T> std::string text_of(T value) { return fmt::to_string(value); }
template <class T>
requires requires(const T& value) { value.to_string(); }
std::string text_of(const T& value) { return value.to_string(); }
template <class T>
std::string text_of(const std::vector<T>& values) {
  std::string text;
  for (const auto& value : values) {
    if (!text.empty()) text += ", ";
    text += text_of(value);
  }
  return text;
}
template <class Key, class Value>
std::string text_of(const std::map<Key, Value>& values) {
  std::string text;
  for (const auto& [key, value] : values)
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", key, value);
  return text;
}

template <class Member>
bool is_standard(const Member& value, const Standard& standard) {
  if constexpr (std::is_integral_v<Member>) {
    const auto* number = std::get_if<std::int64_t>(&standard);
    return number != nullptr && static_cast<std::int64_t>(value) == *number;
  }
  return false;
}

template <class T>
void append(std::vector<Line>& all, const std::string& prefix, const T* value);

/// Always both kinds of port, so that profiles with and without a port have the same properties.
void append_port(std::vector<Line>& all, const std::optional<Port>& port) {
  const auto* bridge = port ? std::get_if<BridgePort>(&*port) : nullptr;
  const auto* bond = port ? std::get_if<BondPort>(&*port) : nullptr;
  all.push_back({"port", bridge != nullptr ? "bridge" : bond != nullptr ? "bond" : ""});
  append(all, "port.", bridge);
  append(all, "port.", bond);
}

template <class T>
void append(std::vector<Line>& all, const std::string& prefix, const T* value) {
  for_each_field<T>([&]<class Member, class Codec>(const Field<T, Member, Codec>& field) {
    auto name = fmt::format("{}{}", prefix, field.name);
    if constexpr (std::is_same_v<Member, std::optional<Port>>) {
      append_port(all, value->*field.member);
    } else if constexpr (std::is_same_v<Member, std::string>) {
      if (name != "uuid") all.push_back({name, value->*field.member});
    } else if constexpr (std::is_same_v<Member, std::vector<std::string>>) {
      return;  // reset is not a property
    } else if constexpr (has_fields<typename Member::value_type>) {
      const auto& nested = value->*field.member;
      append(all, name + ".", nested ? &*nested : nullptr);
    } else {
      const auto* member = value == nullptr ? nullptr : &(value->*field.member);
      if (member == nullptr || !*member) {
        all.push_back({std::move(name), ""});
      } else {
        all.push_back({std::move(name), text_of(**member), is_standard(**member, field.standard)});
      }
    }
  });
}

}  // namespace

Profile canonical(Profile profile) {
  profile.visit([](auto& of) { fill_profile(of); });
  return profile;
}

std::vector<Line> lines(const Profile& profile) {
  std::vector<Line> all;
  profile.visit([&](const auto& of) { append(all, "", &of); });
  return all;
}

std::vector<Change> changes(const Profile& before, const Profile& after) {
  const auto old_lines = lines(before);
  const auto new_lines = lines(after);
  std::vector<Change> found;
  for (std::size_t i = 0; i < old_lines.size(); ++i) {
    if (old_lines[i].text == new_lines[i].text) continue;
    // Of a new or removed port or IP configuration, only values other than the default are shown.
    if ((old_lines[i].text.empty() && new_lines[i].is_standard) ||
        (new_lines[i].text.empty() && old_lines[i].is_standard))
      continue;
    found.push_back({old_lines[i].property, old_lines[i].text, new_lines[i].text});
  }
  return found;
}

std::vector<Change> mentioned(const Profile& profile) {
  std::vector<Change> found;
  for (auto& line : lines(profile)) {
    if (!line.text.empty()) found.push_back({std::move(line.property), "", std::move(line.text)});
  }
  return found;
}

}  // namespace csnet::model
