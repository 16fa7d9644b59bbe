/// Applies a state that the host already has, by csnet in a C++ program.

#include <csnet/csnet.hpp>
#include <csnet/transaction.hpp>

#include <cstdio>

int main() try {
  const csnet::ManagementNetwork wanted{
      .uplinks = {"eth0"}, .addresses = {{"192.168.100.10/24"}}, .stp = false};
  csnet::Session host;
  host.apply(host.plan(wanted.desired()));
  return 0;
} catch (const csnet::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
