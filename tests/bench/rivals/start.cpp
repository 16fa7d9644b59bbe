/// The start of every program that uses csnet: opens a Session, and does nothing with it.

#include <csnet/csnet.hpp>

#include <cstdio>

int main() try {
  const csnet::Session host;
  return 0;
} catch (const csnet::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
