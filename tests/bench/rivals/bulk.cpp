/// Many profiles at once, by csnet: `bench_bulk add 1000`. limit.c has the same profiles and uuids.

#include <csnet/csnet.hpp>
#include <csnet/session_options.hpp>

#include <fmt/format.h>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr unsigned kFirstBridge = 100000;

std::string uuid_of(unsigned number) {
  return fmt::format("00000000-0000-4000-8000-{:012}", number);
}

std::vector<std::string> uuids(unsigned first, unsigned count) {
  std::vector<std::string> all;
  for (unsigned i = 0; i < count; ++i) all.push_back(uuid_of(first + i));
  return all;
}

void add(csnet::Session& host, unsigned count) {
  std::vector<csnet::Profile> profiles;
  for (unsigned i = 0; i < count; ++i) {
    profiles.emplace_back(csnet::VlanProfile{.name = fmt::format("bulk{}", i),
                                             .interface_name = fmt::format("bulk{}", i),
                                             .uuid = uuid_of(i),
                                             .autoconnect = false,
                                             .ipv4 = csnet::Ip4Config{.method = "disabled"},
                                             .ipv6 = csnet::Ip6Config{.method = "disabled"},
                                             .parent = "trunk0",
                                             .id = 1 + i % 4094});
  }
  host.add_all(profiles);
}

void change(csnet::Session& host, unsigned count) {
  std::vector<csnet::Modification> changes;
  for (unsigned i = 0; i < count; ++i)
    changes.push_back({uuid_of(i), csnet::VlanProfile{.mtu = 1400}});
  host.modify_all(changes);
}

void remove(csnet::Session& host, unsigned count) { host.remove_all(uuids(0, count)); }

/// The bridges. csnet brings up their ports, too.
void up(csnet::Session& host, unsigned count) {
  host.activate_all(uuids(kFirstBridge, count), {.timeout = std::chrono::minutes{5}});
}

}  // namespace

int main(int argc, char** argv) try {
  const std::string_view work = argc > 2 ? argv[1] : "";
  const auto count = argc > 2 ? static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)) : 0;
  csnet::Session host;
  if (work == "add") add(host, count);
  if (work == "change") change(host, count);
  if (work == "remove") remove(host, count);
  if (work == "up") up(host, count);
  return 0;
} catch (const csnet::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
