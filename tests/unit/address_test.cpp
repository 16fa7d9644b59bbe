#include <csnet/address.hpp>
#include <csnet/error.hpp>

#include <gtest/gtest.h>

namespace csnet {
namespace {

TEST(MacAddress, ReadsEveryCaseAndPrintsAsNetworkManager) {
  EXPECT_EQ(MacAddress("52:54:00:ab:CD:ef").to_string(), "52:54:00:AB:CD:EF");
  EXPECT_EQ(MacAddress("52-54-00-ab-cd-ef"), MacAddress("52:54:00:AB:CD:EF"));
}

TEST(MacAddress, RefusesWhatIsNone) {
  for (const char* text :
       {"", "52:54:00:ab:cd", "52:54:00:ab:cd:ef:00", "52:54:00:ab:cd:gg", "52.54.00.ab.cd.ef",
        "52:54:00:ab:cd: f", "525400abcdef", "52:54:00:ab:cd:+f"}) {
    EXPECT_THROW(MacAddress{text}, Error) << text;
  }
}

TEST(MacAddress, TellsAGroupsAddress) {
  EXPECT_TRUE(MacAddress("01:80:C2:00:00:0E").is_multicast());
  EXPECT_FALSE(MacAddress("52:54:00:00:00:01").is_multicast());
}

TEST(IpAddress, ReadsBothFamiliesInTheirShortestForm) {
  EXPECT_EQ(IpAddress("192.168.100.1").to_string(), "192.168.100.1");
  EXPECT_EQ(IpAddress("2001:DB8:0:0:0:0:0:1").to_string(), "2001:db8::1");
  EXPECT_TRUE(IpAddress("::1").is_ipv6());
}

TEST(IpAddress, RefusesWhatIsNoneAndSaysWhy) {
  for (const char* text :
       {"", "192.168.100", "192.168.100.256", "localhost", "1.2.3.4 ", "fe80::1%eth0", "::g"}) {
    EXPECT_THROW(IpAddress{text}, Error) << text;
  }
  try {
    static_cast<void>(IpAddress("192.168.100.1/24"));
    FAIL() << "a prefix was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid);
    EXPECT_STREQ(error.what(), "'192.168.100.1/24': is not an IP address");
    EXPECT_EQ(error.hint(), "leave out the prefix");
  }
}

TEST(Cidr, KeepsHostBits) {
  const Cidr cidr("192.168.100.10/24");
  EXPECT_EQ(cidr.to_string(), "192.168.100.10/24");
  EXPECT_EQ(cidr.prefix(), 24U);
  EXPECT_EQ(cidr.address(), IpAddress("192.168.100.10"));
}

TEST(Cidr, ContainsItsSubnetAndNothingElse) {
  const Cidr cidr("192.168.100.10/22");
  EXPECT_TRUE(cidr.contains("192.168.103.255"));
  EXPECT_FALSE(cidr.contains("192.168.104.0"));
  EXPECT_FALSE(cidr.contains("2001:db8::1"));
  EXPECT_TRUE(Cidr("0.0.0.0/0").contains("8.8.8.8"));
  EXPECT_TRUE(Cidr("2001:db8::/33").contains("2001:db8:7fff::1"));
  EXPECT_FALSE(Cidr("2001:db8::/33").contains("2001:db8:8000::1"));
}

TEST(Cidr, RefusesAPrefixThatTheFamilyDoesNotAllow) {
  for (const char* text :
       {"10.0.0.1", "10.0.0.1/", "10.0.0.1/33", "10.0.0.1/-1", "10.0.0.1/255.0.0.0",
        "2001:db8::1/129", "/24", "10.0.0.1/24/24", "10.0.0.1/ 24"}) {
    EXPECT_THROW(Cidr{text}, Error) << text;
  }
}

TEST(Endpoint, ReadsAnAddressWithItsPort) {
  const Endpoint endpoint("192.168.100.2:8250");
  EXPECT_EQ(endpoint.address(), IpAddress("192.168.100.2"));
  EXPECT_EQ(endpoint.port(), 8250);
  EXPECT_EQ(Endpoint("[2001:DB8:0::2]:1").to_string(), "[2001:db8::2]:1");
  EXPECT_EQ(Endpoint(IpAddress("10.0.0.1"), 65535).to_string(), "10.0.0.1:65535");
}

TEST(Endpoint, RefusesWhatIsNone) {
  for (const char* text :
       {"", ":", "[]:1", "[:1", "10.0.0.1", "10.0.0.1:", "10.0.0.1:0", "10.0.0.1:65536",
        "10.0.0.1:+1", "[10.0.0.1]:1", "fd00::2:8250", "[fd00::2]", "host:8250", "10.0.0.1:1 "}) {
    EXPECT_THROW(Endpoint{text}, Error) << text;
  }
}

/// parse() and the constructor agree.
TEST(Parse, IsTheConstructorWithoutItsException) {
  EXPECT_EQ(MacAddress::parse("52:54:00:ab:CD:ef"), MacAddress("52:54:00:ab:cd:ef"));
  EXPECT_EQ(IpAddress::parse("fd00::2"), IpAddress("fd00::2"));
  EXPECT_EQ(Cidr::parse("fd00::2/128"), Cidr("fd00::2/128"));
  EXPECT_EQ(Endpoint::parse("[fd00::2]:22"), Endpoint("[fd00::2]:22"));
  for (const std::string& text : {std::string(), std::string("10.0.0.1\0", 9), std::string(64, ':'),
                                  std::string("1.2.3.4/33"), std::string(1000, '1')}) {
    EXPECT_EQ(MacAddress::parse(text), std::nullopt) << text;
    EXPECT_EQ(IpAddress::parse(text), std::nullopt) << text;
    EXPECT_EQ(Cidr::parse(text), std::nullopt) << text;
    EXPECT_EQ(Endpoint::parse(text), std::nullopt) << text;
  }
  const std::string longest = "0000:0000:0000:0000:0000:ffff:255.255.255.255";
  EXPECT_EQ(IpAddress::parse(longest), IpAddress("::ffff:255.255.255.255"));
}

TEST(Route, ReadsNmclisNotation) {
  const Route full("10.0.0.0/8  192.168.100.1 100");
  EXPECT_EQ(full.to_string(), "10.0.0.0/8 192.168.100.1 100");
  EXPECT_EQ(full.metric(), 100U);
  const Route on_link("10.0.0.0/8 100");
  EXPECT_FALSE(on_link.next_hop());
  EXPECT_EQ(on_link.metric(), 100U);
  EXPECT_FALSE(Route("2001:db8::/32 fe80::1").metric());
  EXPECT_THROW(Route("10.0.0.0/8 2001:db8::1"), Error);
  EXPECT_THROW(Route("10.0.0.0/8 10.0.0.1 soon"), Error);
  EXPECT_THROW(Route("10.0.0.0/8 10.0.0.1 4294967296"), Error);
  EXPECT_THROW(Route(""), Error);
}

}  // namespace
}  // namespace csnet
