#pragma once

#include <csnet/finding.hpp>

#include <array>
#include <string_view>

namespace csnet::model {

/// All kinds of findings. An id never changes its meaning, and is never reused for another one.
inline constexpr auto kFindingKinds = std::to_array<FindingKind>({
    // a single profile
    {"missing", "a value that is needed is missing or empty"},
    {"out-of-range", "a number is outside its range"},
    {"unknown-word", "a word is not one of those that NetworkManager, the kernel or csnet knows"},
    {"unreadable-value", "a text is not of the required form, for example an address or a port"},
    {"unusable-interface-name", "the kernel does not accept the name for an interface"},
    {"any-nic", "an ethernet profile names neither an interface nor a MAC address"},
    {"wrong-family", "an address of the other IP family"},
    {"method-without-address", "the IP method is manual, without an address"},
    {"method-with-address", "the IP method does not allow addresses, but there are some"},
    {"gateway-without-address", "a gateway without a static address"},
    {"gateway-outside-network", "a gateway outside every network of the interface"},
    {"gateway-is-own-address", "a gateway that is the interface's own address"},
    {"gateway-never-default", "a gateway together with never_default"},
    {"unusable-address", "no host can have the address, or none in its network"},
    {"multicast-mac-address", "a multicast address cannot be an interface's own"},
    {"unusable-mac-address", "no interface can have the MAC address"},
    {"mtu-below-ipv6", "the MTU is too small for IPv6"},
    {"primary-is-not-a-port", "the bond's primary is not one of its ports"},
    {"own-address-probed", "the probe's target is an address of the host itself"},
    {"no-route-to-target", "nothing of the interface leads to the probe's target"},
    {"reserved-group", "group_forward_mask holds a group that the kernel never forwards"},
    {"short-forward-delay", "a forward_delay that STP does not accept"},
    {"mode-among-options", "the bond's mode is among its options"},
    {"unusable-reset", "reset names a field that cannot be reset"},
    // a profile and what it refers to
    {"own-controller", "a profile is its own controller"},
    {"own-parent", "a VLAN is its own parent"},
    {"port-without-controller", "a port without a controller"},
    {"port-with-ip", "a port with an IP configuration"},
    {"wrong-port-type", "a bridge port whose controller is a bond, or the other way round"},
    {"controller-without-ports", "the controller is neither a bridge nor a bond"},
    {"circle", "interfaces that depend on each other"},
    {"mtu-above-parent", "a VLAN's MTU is above its parent's"},
    {"mtu-above-default", "a VLAN's MTU is above the default, which its parent has"},
    {"parent-in-bond", "a VLAN on a port of a bond"},
    {"parent-in-same-bridge", "a VLAN and its parent are ports of the same bridge"},
    // two profiles for one thing
    {"duplicate-uuid", "two profiles with one uuid"},
    {"duplicate-name", "two profiles with one name"},
    {"duplicate-interface", "two profiles come up on one interface"},
    {"duplicate-vlan", "two profiles for one VLAN of one parent"},
    {"duplicate-address", "one address on two interfaces"},
    {"repeated-address", "one address twice in a profile"},
    {"overlapping-networks", "networks of two interfaces overlap"},
    {"duplicate-default-gateway", "two default gateways of one IP family"},
    // requests and recipes
    {"removed-and-wanted", "a profile is to be removed, and wanted"},
    {"repeated-uplink", "an uplink is named twice"},
    {"uplink-is-bridge", "the uplink has the bridge's name"},
    {"ipv4-missing",
     "the management network has no IPv4 address, and CloudStack's agent needs one"},
    // CloudStack
    {"port-unknown-to-agent",
     "CloudStack's agent does not recognise the interface as a bridge's physical port"},
    {"long-parent-name", "the names of CloudStack's guest bridges would be too long"},
    {"guest-vlan", "the VLAN is one of the zone's guest VLANs"},
    {"new-address", "the host gets an address that the agent's certificate does not name"},
    // a plan
    {"stp-delay", "STP blocks the bridge's traffic after the change"},
    {"unmanaged-interface", "NetworkManager does not manage the interface"},
    {"controller-leaves", "a profile outside the plan loses its controller"},
    {"parent-leaves", "a profile outside the plan loses its parent"},
    {"profile-for-any-nic", "a profile outside the plan may come up on any NIC"},
    // a running host
    {"two-uplinks", "a bridge has several uplinks, which may be a loop"},
    {"only-in-networkmanager", "NetworkManager has an interface that the kernel does not have"},
    {"only-in-kernel", "the kernel has an interface that NetworkManager does not have"},
    {"profile-changed", "the profile was changed after it came up"},
    {"mtu-differs", "the interface has another MTU"},
    {"controller-differs", "the interface has another controller"},
    {"addresses-differ", "the kernel and NetworkManager know different addresses"},
    {"address-not-there", "the interface lacks an address of the profile"},
    {"address-not-in-profile", "the interface has an address that is not in its profile"},
    {"stp-differs", "STP is on where the profile says off, or the other way round"},
    {"mac-address-differs", "the interface has another MAC address"},
    {"bond-option-differs", "the bond has another mode or option"},
    {"vlan-id-differs", "the VLAN has another id"},
    {"parent-differs", "the VLAN has another parent"},
});

/// One of these ids. Any other word does not compile.
class FindingId {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is an id
  consteval FindingId(const char* id) : text_(id) {
    for (const auto& kind : kFindingKinds) {
      if (kind.id == text_) return;
    }
    throw "kFindingKinds has no such id";
  }

  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

}  // namespace csnet::model
