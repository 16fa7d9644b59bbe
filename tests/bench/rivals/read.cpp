/// Reads the whole host with each of its profiles, and plans from that. noop.cpp does not read
/// them.

#include <csnet/csnet.hpp>

#include <cstdio>

int main() try {
  const csnet::ManagementNetwork wanted{
      .uplinks = {"eth0"}, .addresses = {{"192.168.100.10/24"}}, .stp = false};
  csnet::Session host;
  return csnet::plan(wanted.desired(), host.read()).empty() ? 0 : 1;
} catch (const csnet::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
