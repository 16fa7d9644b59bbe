#include "model/values/reference_index.hpp"

#include <csnet/error.hpp>

#include <gtest/gtest.h>

namespace csnet::model {
namespace {

constexpr auto kUuid = "00000000-0000-4000-8000-000000000001";

TEST(ReferenceIndex, LooksForAPersonsWordAmongNamesFirstAndForAControllerAmongInterfacesFirst) {
  const Profile called = EthernetProfile{.name = "eth0", .interface_name = "eth1"};
  const Profile of_interface = EthernetProfile{.name = "Wired", .interface_name = "eth0"};
  ReferenceIndex index;
  index.add(called, "eth1");
  index.add(of_interface, "eth0");
  EXPECT_EQ(index.meant_by("eth0"), &called);
  EXPECT_EQ(index.referred_to_by("eth0"), &of_interface);
  EXPECT_EQ(index.meant_by("eth1"), &called);
  EXPECT_EQ(index.referred_to_by("Wired"), &of_interface);
  EXPECT_EQ(index.meant_by(""), nullptr);
  EXPECT_EQ(index.referred_to_by("nobody"), nullptr);
}

TEST(ReferenceIndex, PrefersAUuidToEverything) {
  const Profile first = BridgeProfile{.name = kUuid, .interface_name = "br0"};
  const Profile second = BridgeProfile{.name = "other", .interface_name = "br1", .uuid = kUuid};
  ReferenceIndex index;
  index.add(first, "br0");
  index.add(second, "br1");
  EXPECT_EQ(index.meant_by(kUuid), &second);
  EXPECT_EQ(index.referred_to_by(kUuid), &second);
}

TEST(ReferenceIndex, ListsWhatAWordFitsEquallyWell) {
  const Profile first = BridgeProfile{.name = "same", .interface_name = "br0", .uuid = "b"};
  const Profile second = BridgeProfile{.name = "same", .interface_name = "br1", .uuid = "a"};
  ReferenceIndex index;
  index.add(first, "br0");
  index.add(second, "br1");
  EXPECT_EQ(index.referred_to_by("same"), &first);
  EXPECT_EQ(index.referred_to_by("same", &first), &second);
  try {
    static_cast<void>(index.meant_by("same"));
    FAIL() << "it fits two";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::conflict);
    EXPECT_STREQ(error.what(), "profile 'same': matches several profiles: a, b");
  }
}

TEST(ReferenceIndex, PrefersTheProfileThatNamesAnInterfaceToOneThatHoldsIt) {
  const Profile holds = EthernetProfile{.name = "any NIC"};
  const Profile names = EthernetProfile{.name = "Wired", .interface_name = "eth0"};
  ReferenceIndex index;
  index.add(holds, "eth0");
  EXPECT_EQ(index.meant_by("eth0"), &holds);
  index.add(names, "eth0");
  EXPECT_EQ(index.meant_by("eth0"), &names);
  EXPECT_EQ(index.referred_to_by("eth0"), &holds);  // the first: the active one
}

TEST(ReferenceIndex, CallsAVlanAsNetworkManagerDoes) {
  const Profile parent = BondProfile{.name = "b", .interface_name = "bond0", .uuid = kUuid};
  ReferenceIndex index;
  index.add_uuid(parent);
  const auto named = [&](const VlanProfile& vlan) { return index.named_interface(vlan); };
  EXPECT_EQ(named({.interface_name = "mgmt", .parent = "eth0", .id = 100}), "mgmt");
  EXPECT_EQ(named({.parent = "eth0", .id = 100}), "eth0.100");
  EXPECT_EQ(named({.parent = kUuid, .id = 100}), "bond0.100");
  EXPECT_EQ(named({.parent = "enp0s31f6abc", .id = 100}), "");  // 16 bytes
  EXPECT_EQ(named({.parent = "eth0"}), "");
  EXPECT_EQ(named({.id = 100}), "");
}

}  // namespace
}  // namespace csnet::model
