#include "nm/error.hpp"

#include <gtest/gtest.h>

namespace csnet::nm {
namespace {

Error of(const char* remote_name, const std::string& subject) {
  const ErrorPtr error(g_dbus_error_new_for_dbus_error(remote_name, "words that change"));
  return to_error(*error, subject);
}

constexpr const char* kNoSuchObject = "org.freedesktop.DBus.Error.UnknownObject";

TEST(Error, OfAnObjectThatIsGoneSaysWhoseItWas) {
  const auto error = of(kNoSuchObject, "vlan 'eth0.100'");
  EXPECT_EQ(error.kind(), ErrorKind::not_found);
  EXPECT_STREQ(error.what(), "vlan 'eth0.100': is gone: another program removed it");
}

TEST(Error, OfNetworkManagersOwnObjectSaysThatItIsNotReadyYet) {
  for (const auto* name : {kNoSuchObject, "org.freedesktop.DBus.Error.UnknownMethod"}) {
    const auto error = of(name, "");
    EXPECT_EQ(error.kind(), ErrorKind::unavailable);
    EXPECT_STREQ(error.what(), "NetworkManager: is just starting or stopping");
  }
}

}  // namespace
}  // namespace csnet::nm
