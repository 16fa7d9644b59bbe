/// Planning alone: bridges that have a VLAN as their port, up to the given number of profiles.
///
/// Takes Google Benchmark's own arguments, or `bench_plan once CASE PROFILES`: a single plan, to
/// measure its peak of memory and its instructions.

#include <csnet/csnet.hpp>
#include <csnet/print.hpp>
#include <csnet/transaction.hpp>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

constexpr std::size_t kVlansOfNic = 4000;

struct Case {
  csnet::Request request;
  csnet::Facts facts;
  bool is_empty = false;  ///< Whether the plan must be empty.
};

std::string nic(std::size_t number) { return fmt::format("eth{}", number / kVlansOfNic); }

void add_device(csnet::Facts& facts, csnet::Device device) {
  const bool is_active = device.profile.has_value();
  device.state = is_active ? "activated" : "disconnected";
  device.mtu = 1500;
  device.carrier = true;
  device.persistent = is_active;
  facts.devices.push_back(std::move(device));
}

/// "new": the host has only NICs. "equal": it has every profile. "changed": each profile has
/// another MTU there.
Case make_case(std::string_view kind, std::size_t profiles) {
  if (kind != "new" && kind != "equal" && kind != "changed")
    throw std::invalid_argument(std::string(kind));
  Case made;
  made.is_empty = kind == "equal";
  const auto uuid_of = [](std::size_t number) {
    return fmt::format("00000000-0000-4000-8000-{:012}", number);
  };
  for (std::size_t i = 0; i <= profiles / 2; i += kVlansOfNic)
    add_device(made.facts, {.interface_name = nic(i), .type = "ethernet"});
  for (std::size_t i = 0; i < profiles / 2; ++i) {
    const auto bridge_name = fmt::format("br{}", i);
    const auto vlan_name = fmt::format("{}.{}", nic(i), 1 + i % kVlansOfNic);
    csnet::BridgeProfile bridge{.name = bridge_name,
                                .interface_name = bridge_name,
                                .mtu = 1500,
                                .ipv4 = csnet::Ip4Config{.method = "disabled"},
                                .ipv6 = csnet::Ip6Config{.method = "disabled"},
                                .stp = false};
    csnet::VlanProfile vlan{.name = vlan_name,
                            .interface_name = vlan_name,
                            .controller = bridge_name,
                            .port = csnet::BridgePort{},
                            .mtu = 1500,
                            .parent = nic(i),
                            .id = 1 + i % kVlansOfNic};
    made.request.wanted.profiles.emplace_back(bridge);
    made.request.wanted.profiles.emplace_back(vlan);
    if (kind == "new") continue;
    bridge.uuid = uuid_of(2 * i);
    vlan.uuid = uuid_of(2 * i + 1);
    if (kind == "changed") bridge.mtu = vlan.mtu = 1400;
    add_device(made.facts, {.interface_name = bridge_name,
                            .type = "bridge",
                            .ports = {vlan_name},
                            .profile = bridge.uuid});
    add_device(made.facts, {.interface_name = vlan_name,
                            .type = "vlan",
                            .controller = bridge_name,
                            .profile = vlan.uuid});
    made.facts.current.profiles.emplace_back(std::move(bridge));
    made.facts.current.profiles.emplace_back(std::move(vlan));
  }
  return made;
}

csnet::Plan plan(const Case& of) {
  auto made = csnet::plan(of.request, of.facts);
  if (made.empty() != of.is_empty) throw std::logic_error(csnet::to_text(made));
  return made;
}

void run(benchmark::State& state, const char* kind) {
  const auto of = make_case(kind, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(plan(of));
  state.SetComplexityN(state.range(0));
}

/// The sizes are in the environment: Google Benchmark has no argument for them.
void sizes(benchmark::internal::Benchmark* each) {
  const char* given = std::getenv("CSNET_BENCH_SIZES");
  for (std::string_view rest = given != nullptr ? given : "10 100 1000 10000"; !rest.empty();) {
    const auto end = std::min(rest.find(' '), rest.size());
    each->Arg(std::atol(std::string(rest.substr(0, end)).c_str()));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  each->Unit(benchmark::kMillisecond)->Complexity();
}

BENCHMARK_CAPTURE(run, new, "new")->Apply(sizes);
BENCHMARK_CAPTURE(run, equal, "equal")->Apply(sizes);
BENCHMARK_CAPTURE(run, changed, "changed")->Apply(sizes);

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string_view(argv[1]) == "once") {
    const auto of = make_case(argv[2], std::strtoul(argv[3], nullptr, 10));
    return plan(of).empty() == of.is_empty ? 0 : 1;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
