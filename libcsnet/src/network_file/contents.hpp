#pragma once

#include <csnet/fields.hpp>
#include <csnet/management_network.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

/// The contents of a file, and the keys of its mappings: csnet's fields, and the few keys that are the file's own.
namespace csnet::network_file {

/// `management.uplink` where it is a mapping.
struct Uplink {
  std::optional<std::string> bond{};
  std::vector<std::string> ports{};
  std::optional<std::string> mode{};
  std::optional<std::map<std::string, std::string>> options{};
};

/// `management`: the file says of the uplink in one key what the recipe has four fields for.
struct Management : ManagementNetwork {
  std::optional<Uplink> uplink{};
};

/// The file: its keys are the fields of a HostState and of a Request, beside `management`.
struct Contents : HostState, Request {
  std::optional<Management> management{};
};

}  // namespace csnet::network_file

namespace csnet {

template <>
inline constexpr std::string_view type_name<network_file::Uplink> = "Uplink";
template <>
inline constexpr auto fields<network_file::Uplink> = std::tuple{
    Field{"bond", &network_file::Uplink::bond, "", "the bond's interface; default bond0"},
    Field{"ports", &network_file::Uplink::ports, "", "the NICs"},
    Field{"mode", &network_file::Uplink::mode, "", "the bond's mode; default 802.3ad (LACP)",
          Range{}, Standard{}, FieldTraits{.words = bond_modes}},
    Field{"options", &network_file::Uplink::options, "",
          "the kernel's bonding options; default {lacp_rate: fast, miimon: 100}, and in another "
          "mode than 802.3ad {miimon: 100}"},
};

template <>
inline constexpr std::string_view type_name<network_file::Management> =
    type_name<ManagementNetwork>;
template <>
inline constexpr std::string_view type_name<network_file::Contents> = type_name<Request>;

}  // namespace csnet

namespace csnet::network_file {

/// Calls visit(field) for each key of a mapping that is a T, but for the `type` of profiles and ports.
template <has_fields T, class Visit>
constexpr void for_each_key(Visit&& visit) {
  if constexpr (std::same_as<T, Contents>) {
    visit(Field{"management", &Contents::management, "", ""});
    for_each_field<HostState>(visit);
    for_each_field<Request>(
        [&]<class Member, class Codec>(const Field<Request, Member, Codec>& field) {
          if constexpr (!std::same_as<Member, HostState>) visit(field);
        });
  } else if constexpr (std::same_as<T, Management>) {
    visit(Field{"uplink", &Management::uplink, "",
                "the NIC (step 1); a list of NICs, which become an LACP bond; or {bond, ports, "
                "mode, options}"});
    for_each_field<ManagementNetwork>([&](const auto& field) {
      constexpr auto of_uplink =
          std::to_array<std::string_view>({"uplinks", "bond", "bond_mode", "bond_options"});
      if (std::ranges::find(of_uplink, field.name) == of_uplink.end()) visit(field);
    });
  } else {
    for_each_field<T>(visit);
  }
}

template <has_fields T>
std::vector<std::string_view> names_of() {
  std::vector<std::string_view> names;
  for_each_key<T>([&](const auto& field) { names.push_back(field.name); });
  return names;
}

/// A note of the table of fields, which is written for Python, in the file's words: None is "left out".
std::string in_file_words(std::string_view note);

}  // namespace csnet::network_file
