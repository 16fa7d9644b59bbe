#include <csnet/fields.hpp>
#include <csnet/print.hpp>

#include <chrono>
#include <iterator>
#include <map>
#include <optional>
#include <type_traits>
#include <variant>
#include <vector>

namespace csnet::inline CSNET_ABI {
namespace {

// All write() are declared before they are defined: lists have values that have lists.
template <class T>
requires std::is_integral_v<T>
void write(std::string& out, T value);
void write(std::string& out, std::string_view value);
void write(std::string& out, const std::string& value) { write(out, std::string_view{value}); }
template <class T>
requires std::is_enum_v<T>
void write(std::string& out, T value);
void write(std::string& out, std::chrono::milliseconds value);
template <printable T>
void write(std::string& out, const T& value);
template <class T>
void write(std::string& out, const std::optional<T>& value);
template <class T>
void write(std::string& out, const std::vector<T>& values);
template <class Key, class Value>
void write(std::string& out, const std::map<Key, Value>& values);
void write(std::string& out, const Port& port);
void write(std::string& out, const Item& item);

template <class T>
requires std::is_integral_v<T>
void write(std::string& out, T value) {
  if constexpr (std::is_same_v<T, bool>) {
    out += value ? "True" : "False";
  } else {
    out += fmt::to_string(value);
  }
}

void write(std::string& out, std::string_view value) {
  out += '\'';
  for (const char c : value) {
    if (c == '\'' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  out += '\'';
}

constexpr std::string_view enum_name(Severity) { return "Severity"; }
constexpr std::string_view enum_name(Action) { return "Action"; }
constexpr std::string_view enum_name(LacpState) { return "LacpState"; }
constexpr std::string_view enum_name(ProbeType) { return "ProbeType"; }
constexpr std::string_view enum_name(ProgressPhase) { return "ProgressPhase"; }
constexpr std::string_view enum_name(ProgressAction) { return "ProgressAction"; }
constexpr std::string_view enum_name(ProgressOutcome) { return "ProgressOutcome"; }
constexpr std::string_view enum_name(TransactionState) { return "TransactionState"; }

template <class T>
requires std::is_enum_v<T>
void write(std::string& out, T value) {
  fmt::format_to(std::back_inserter(out), "{}.{}", enum_name(value), to_string(value));
}

/// In seconds, as Python expects.
void write(std::string& out, std::chrono::milliseconds value) {
  fmt::format_to(std::back_inserter(out), "{}", std::chrono::duration<double>(value).count());
}

template <printable T>
void write(std::string& out, const T& value) {
  if constexpr (has_fields<T> || std::is_same_v<T, Profile>) {
    out += to_string(value);
  } else {
    write(out, std::string_view{value.to_string()});
  }
}

template <class T>
void write(std::string& out, const std::optional<T>& value) {
  if (value) {
    write(out, *value);
  } else {
    out += "None";
  }
}

template <class T>
void write(std::string& out, const std::vector<T>& values) {
  out += '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ", ";
    write(out, values[i]);
  }
  out += ']';
}

template <class Key, class Value>
void write(std::string& out, const std::map<Key, Value>& values) {
  out += '{';
  for (const auto& [key, value] : values) {
    if (out.back() != '{') out += ", ";
    write(out, key);
    out += ": ";
    write(out, value);
  }
  out += '}';
}

void write(std::string& out, const Item& item) {
  std::visit([&](const auto& of) { write(out, of); }, item);
}

void write(std::string& out, const Port& port) {
  std::visit([&](const auto& of) { out += to_string(of); }, port);
}

template <class T>
std::string print(const T& value) {
  const T unmentioned{};
  std::string out(type_name<T>);
  out += '(';
  for_each_field<T>([&](const auto& field) {
    if (value.*field.member == unmentioned.*field.member) return;
    if (out.back() != '(') out += ", ";
    out += field.name;
    out += '=';
    write(out, value.*field.member);
  });
  out += ')';
  return out;
}

}  // namespace

std::string to_string(const Ip4Config& value) { return print(value); }
std::string to_string(const Ip6Config& value) { return print(value); }
std::string to_string(const BridgePort& value) { return print(value); }
std::string to_string(const BondPort& value) { return print(value); }
std::string to_string(const BridgeProfile& value) { return print(value); }
std::string to_string(const VlanProfile& value) { return print(value); }
std::string to_string(const BondProfile& value) { return print(value); }
std::string to_string(const EthernetProfile& value) { return print(value); }
std::string to_string(const Profile& value) {
  return value.visit([](const auto& of) { return print(of); });
}
std::string to_string(const HostState& value) { return print(value); }
std::string to_string(const Request& value) { return print(value); }
std::string to_string(const Facts& value) { return print(value); }
std::string to_string(const ManagementNetwork& value) { return print(value); }
std::string to_string(const Device& value) { return print(value); }
std::string to_string(const Link& value) { return print(value); }
std::string to_string(const Finding& value) { return print(value); }
std::string to_string(const Probe& value) { return print(value); }
std::string to_string(const Change& value) { return print(value); }
std::string to_string(const Step& value) { return print(value); }
std::string to_string(const PlanOptions& value) { return print(value); }
std::string to_string(const Plan& value) { return print(value); }
std::string to_string(const Progress& value) { return print(value); }
std::string to_string(const Report& value) { return print(value); }
std::string to_string(const Transaction& value) { return print(value); }

}  // namespace csnet::inline CSNET_ABI
