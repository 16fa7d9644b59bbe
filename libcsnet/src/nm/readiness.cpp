#include "readiness.hpp"

#include "device.hpp"
#include "property.hpp"

#include <fmt/format.h>
#include <set>

namespace csnet::nm {
namespace {

// NMActivationStateFlags. The headers of 1.50 to 1.58 have a broken macro for 0x20.
constexpr std::uint32_t kLayer2Ready = 0x4;
constexpr std::uint32_t kIp4Ready = 0x8;
constexpr std::uint32_t kIp6Ready = 0x10;
constexpr std::uint32_t kHasPorts = 0x20;

bool is_manual(const Stored& profile, const char* setting) {
  auto* ip =
      NM_SETTING_IP_CONFIG(nm_connection_get_setting_by_name(profile.connection.get(), setting));
  return ip != nullptr && g_strcmp0(nm_setting_ip_config_get_method(ip), "manual") == 0;
}

}  // namespace

std::vector<Cidr> static_addresses(const Stored& profile) {
  std::vector<Cidr> all;
  for (const char* family : {"ipv4", "ipv6"}) {
    std::optional<std::vector<Cidr>> addresses;
    if (is_manual(profile, family))
      read_property(codec::Addresses{}, profile.connection.get(),
                    fmt::format("{}.addresses", family), addresses);
    if (addresses) all.insert(all.end(), addresses->begin(), addresses->end());
  }
  if (all.size() > 100) all.clear();
  return all;
}

bool has_carrier(GVariant* device) {
  return device != nullptr &&
         (lookup_uint32(device, "InterfaceFlags") & NM_DEVICE_INTERFACE_FLAG_CARRIER) != 0;
}

std::string missing(const Target& target, GVariant* active, GVariant* device) {
  const auto flags = lookup_uint32(active, "StateFlags");
  const auto state = lookup_uint32(active, "State");
  if (state != NM_ACTIVE_CONNECTION_STATE_ACTIVATED)
    return word(NM_TYPE_ACTIVE_CONNECTION_STATE, state);
  const auto controller = lookup_string(active, "Master");
  if (target.is_port && (controller.empty() || controller == "/"))
    return "not joined to its controller";
  if (is_manual(*target.profile, "ipv4") && (flags & kIp4Ready) == 0)
    return "without its IPv4 address";
  if (is_manual(*target.profile, "ipv6") && (flags & kIp6Ready) == 0)
    return "without its IPv6 address";
  if (!target.lacks_address.empty())
    return fmt::format("without its address {}", target.lacks_address);
  if (!target.has_ports) return {};
  // NetworkManager 1.42 may leave the flags unset when a port leaves an active controller and joins
  // it again: the device's own list counts, too.
  const bool has_port = (flags & kLayer2Ready) != 0 && (flags & kHasPorts) != 0;
  if (!has_port && (device == nullptr || lookup_paths(device, "Ports").empty()))
    return "without a port";
  return has_carrier(device) ? "" : kNoCarrier;
}

std::vector<Signals> signals_about(const std::vector<Target>& targets) {
  std::set<const char*> interfaces = {kActiveConnection};
  for (const auto& target : targets) {
    if (!target.addresses.empty()) interfaces.insert({kIp4Config, kIp6Config});
    if (!target.has_ports) continue;
    // Its carrier. On kDevice a device sends fifty other changes while it is activated.
    const auto& profile = *target.profile;
    interfaces.insert(is_bridge(profile) ? kBridge : is_bond(profile) ? kBond : kDevice);
  }
  std::vector<Signals> all = {{.interface = kActiveConnection, .name = "StateChanged"}};
  for (const char* interface : interfaces)
    all.push_back({.interface = kProperties, .name = "PropertiesChanged", .about = interface});
  return all;
}

}  // namespace csnet::nm
