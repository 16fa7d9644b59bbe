#include <csnet/print.hpp>

#include <gtest/gtest.h>

namespace csnet {
namespace {

TEST(Print, ReadsAsThePythonConstructor) {
  const BridgeProfile bridge{.name = "cloudbr0",
                             .interface_name = "cloudbr0",
                             .ipv4 = Ip4Config{.method = "manual",
                                               .addresses = {{"192.168.100.10/24"}},
                                               .gateway = "192.168.100.1"},
                             .stp = false};
  EXPECT_EQ(
      fmt::format("{}", bridge),
      "BridgeProfile(name='cloudbr0', interface_name='cloudbr0', ipv4=Ip4Config(method='manual', "
      "addresses=['192.168.100.10/24'], gateway='192.168.100.1'), stp=False)");
  EXPECT_EQ(fmt::format("{}", Profile(VlanProfile{.name = "v",
                                                  .port = BridgePort{},
                                                  .id = 100,
                                                  .egress_priority_map = {{{4, 5}, {6, 7}}}})),
            "VlanProfile(name='v', port=BridgePort(), id=100, egress_priority_map={4: 5, 6: 7})");
  EXPECT_EQ(fmt::format("{}", BondProfile{.options = {{{"miimon", "100"}}}}),
            "BondProfile(options={'miimon': '100'})");
}

TEST(Print, QuotesAsPythonDoes) {
  EXPECT_EQ(fmt::format("{}", BridgeProfile{.name = "it's\\a\nname"}),
            "BridgeProfile(name='it\\'s\\\\a\\x0aname')");
}

TEST(Print, LeavesOutWhatIsNotMentioned) {
  EXPECT_EQ(fmt::format("{}", BridgeProfile{}), "BridgeProfile()");
  EXPECT_EQ(fmt::format("{}", ManagementNetwork{}), "ManagementNetwork()");
}

TEST(Print, ShowsAnEmptyListThatIsMentioned) {
  EXPECT_EQ(fmt::format("{}", Ip4Config{.addresses = std::vector<Cidr>{}}),
            "Ip4Config(addresses=[])");
}

}  // namespace
}  // namespace csnet
