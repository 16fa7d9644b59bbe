#include "convert.hpp"

#include "bind.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace csnet::python {
namespace {

template <class T>
constexpr std::array<T, 0> kValues;
template <>
constexpr std::array kValues<Severity> = {Severity::info, Severity::warning, Severity::error};
template <>
constexpr std::array kValues<Action> = {Action::add,     Action::modify,  Action::activate,
                                        Action::reapply, Action::restart, Action::park,
                                        Action::retire,  Action::remove};

template <>
constexpr std::array kValues<ProgressPhase> = {ProgressPhase::before, ProgressPhase::trial,
                                               ProgressPhase::after, ProgressPhase::commit,
                                               ProgressPhase::rollback};
template <>
constexpr std::array kValues<ProgressAction> = {
    ProgressAction::add,
    ProgressAction::modify,
    ProgressAction::activate,
    ProgressAction::reapply,
    ProgressAction::restart,
    ProgressAction::park,
    ProgressAction::retire,
    ProgressAction::remove,
    ProgressAction::probe,
    ProgressAction::check,
    ProgressAction::wait_for_lacp,
    ProgressAction::write,
    ProgressAction::drop_checkpoint,
    ProgressAction::commit,
    ProgressAction::roll_back,
};

template <>
constexpr std::array kValues<ProgressOutcome> = {ProgressOutcome::begun, ProgressOutcome::done,
                                                 ProgressOutcome::failed, ProgressOutcome::skipped};
template <>
constexpr std::array kValues<TransactionState> = {
    TransactionState::trial, TransactionState::running, TransactionState::interrupted};
template <>
constexpr std::array kValues<LacpState> = {LacpState::up, LacpState::negotiating, LacpState::alone};
template <>
constexpr std::array kValues<ProbeType> = {ProbeType::tcp, ProbeType::arp, ProbeType::command};

/// The class in csnet._enums.
template <class T>
constexpr const char* kEnumName = nullptr;
template <>
constexpr const char* kEnumName<Severity> = "Severity";
template <>
constexpr const char* kEnumName<Action> = "Action";
template <>
constexpr const char* kEnumName<ProgressPhase> = "ProgressPhase";
template <>
constexpr const char* kEnumName<ProgressAction> = "ProgressAction";
template <>
constexpr const char* kEnumName<ProgressOutcome> = "ProgressOutcome";
template <>
constexpr const char* kEnumName<TransactionState> = "TransactionState";
template <>
constexpr const char* kEnumName<LacpState> = "LacpState";
template <>
constexpr const char* kEnumName<ProbeType> = "ProbeType";

/// True for an object of one of the classes of `module`. Imports nothing: while the module has not
/// been imported, there is no such object.
bool is_one_of(py::handle value, const char* module, std::initializer_list<const char*> classes) {
  PyObject* found = PyDict_GetItemString(PyImport_GetModuleDict(), module);
  if (found == nullptr) return false;
  for (const char* name : classes) {
    if (py::isinstance(value, py::handle(found).attr(name))) return true;
  }
  return false;
}

template <class T>
py::object class_of() {
  return py::module_::import("csnet._enums").attr(Converter<T>::type().c_str());
}

std::string with_article(std::string_view noun) {
  constexpr std::string_view vowels = "aeiouAEIOU";
  return fmt::format("{} {}", vowels.find(noun.front()) == std::string_view::npos ? "a" : "an",
                     noun);
}

}  // namespace

std::string Where::text() const {
  if (outer == nullptr) return std::string{name};
  if (key) return fmt::format("{}[{}]", outer->text(), shown(key));
  return fmt::format("{}.{}", outer->text(), name);
}

std::string shown(py::handle value) {
  constexpr std::size_t longest = 80;
  std::string text =
      py::str(py::repr(value).attr("encode")("utf-8", "backslashreplace").attr("decode")());
  if (py::len(py::str(text)) <= longest) return text;
  return std::string{py::str(py::str(text)[py::slice(0, longest, 1)])} + "…";
}

void refuse(const Where& where, py::handle value, std::string_view wanted) {
  std::string sentence = with_article(wanted);
  for (std::size_t bar = 0; (bar = sentence.find(" | ", bar)) != std::string::npos;)
    sentence.replace(bar, 3, " or ");
  throw py::type_error(fmt::format("{}: {} is not {}", where.text(), shown(value), sentence));
}

void rethrow(const Error& error, const Where& where) {
  // "'10.0.0' is not an IP address"
  throw Error(
      error.kind(), where.text(),
      fmt::format("{}{}{}", error.subject(), error.subject().empty() ? "" : " ", error.message()),
      error.hint());
}

std::int64_t integer(py::handle value, const Where& where, Range holds) {
  if (PyBool_Check(value.ptr()) || !PyIndex_Check(value.ptr())) refuse(where, value, "int");
  const auto number = py::reinterpret_steal<py::object>(PyNumber_Index(value.ptr()));
  if (!number) throw py::error_already_set();
  int overflow = 0;
  const std::int64_t result = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
  if (overflow != 0 || result < holds.min || result > holds.max) {
    // Most fields accept a smaller range than their type.
    throw Error(
        ErrorKind::invalid, where.text(),
        fmt::format("{} is not in the range {} to {}", shown(value),
                    std::max(holds.min, where.range.min), std::min(holds.max, where.range.max)));
  }
  return result;
}

std::string string(py::handle value, const Where& where) {
  if (!PyUnicode_Check(value.ptr())) refuse(where, value, "str");
  Py_ssize_t size = 0;
  const char* text = PyUnicode_AsUTF8AndSize(value.ptr(), &size);
  if (text == nullptr) {
    PyErr_Clear();
    throw Error(ErrorKind::invalid, where.text(),
                fmt::format("{} is not valid UTF-8", shown(value)),
                "the text was decoded with errors='surrogateescape': correct its bytes");
  }
  const std::string_view found{text, static_cast<std::size_t>(size)};
  if (found.find('\0') != std::string_view::npos) {  // NetworkManager's C strings would end there
    throw Error(ErrorKind::invalid, where.text(),
                fmt::format("{} holds a null character", shown(value)));
  }
  return std::string{found};
}

template <>
std::string address_text<MacAddress>(py::handle value, const Where& where) {
  if (!PyUnicode_Check(value.ptr())) refuse(where, value, "MacAddress or str");
  return string(value, where);
}

template <>
std::string address_text<IpAddress>(py::handle value, const Where& where) {
  if (PyUnicode_Check(value.ptr())) return string(value, where);
  // An interface of the module ipaddress derives from its address, but csnet does not drop its
  // prefix silently.
  if (!is_one_of(value, "ipaddress", {"IPv4Address", "IPv6Address"}) ||
      is_one_of(value, "ipaddress", {"IPv4Interface", "IPv6Interface"})) {
    refuse(where, value, "IpAddress, str, ipaddress.IPv4Address or ipaddress.IPv6Address");
  }
  return py::str(value);
}

template <>
std::string address_text<Cidr>(py::handle value, const Where& where) {
  if (PyUnicode_Check(value.ptr())) return string(value, where);
  if (!is_one_of(value, "ipaddress",
                 {"IPv4Interface", "IPv6Interface", "IPv4Network", "IPv6Network"})) {
    refuse(where, value, "Cidr, str, or interface or network of the module ipaddress");
  }
  return py::str(value);
}

template <>
std::string address_text<Route>(py::handle value, const Where& where) {
  if (!PyUnicode_Check(value.ptr())) refuse(where, value, "Route or str");
  return string(value, where);
}

std::chrono::milliseconds duration(py::handle value, const Where& where) {
  constexpr double longest = 2'147'483;  // whose milliseconds fit an int
  double seconds = 0;
  if (is_one_of(value, "datetime", {"timedelta"})) {
    seconds = value.attr("total_seconds")().cast<double>();
  } else if (PyBool_Check(value.ptr()) ||
             !(PyFloat_Check(value.ptr()) || PyLong_Check(value.ptr()))) {
    refuse(where, value, "number of seconds or datetime.timedelta");
  } else {
    seconds = PyFloat_AsDouble(value.ptr());
    if (PyErr_Occurred() != nullptr)
      PyErr_Clear(), seconds = HUGE_VAL;  // an int that no double holds
  }
  if (!(seconds > 0 && seconds <= longest)) {  // so written, it refuses NaN too
    throw Error(ErrorKind::invalid, where.text(),
                fmt::format("{} is not a time of more than 0 and at most {:.0f} seconds",
                            shown(value), longest));
  }
  // Rounded up: half a millisecond must not become 0. But 4.035 s are 4035 ms, though the product
  // of the two doubles is a little more.
  constexpr double noise = 1e-6;
  return std::chrono::milliseconds{
      std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(seconds * 1000 - noise)))};
}

template <class T>
std::string EnumConverter<T>::type() {
  return kEnumName<T>;
}

template <class T>
T EnumConverter<T>::from(py::handle value, const Where& where) {
  // Callers write a probe's type as a word.
  constexpr bool takes_words = std::is_same_v<T, ProbeType>;
  if (takes_words && PyUnicode_Check(value.ptr())) return from_word(value, where);
  if (!py::isinstance(value, class_of<T>())) refuse(where, value, type());
  return from_word(value.attr("value"), where);
}

template <class T>
T EnumConverter<T>::from_word(py::handle value, const Where& where) {
  const std::string word = string(value, where);
  std::vector<std::string_view> known;
  for (const T one : kValues<T>) {
    known.push_back(to_string(one));
    if (known.back() == word) return one;
  }
  throw Error(
      ErrorKind::invalid, where.text(),
      fmt::format("{} is not {}", shown(value), with_article(type())),
      fmt::format("use {} or {}", fmt::join(known.begin(), known.end() - 1, ", "), known.back()));
}

template <class T>
py::object EnumConverter<T>::to(T value) {
  const std::string_view name = to_string(value);
  return class_of<T>()(py::str(name.data(), name.size()));
}

template struct EnumConverter<Severity>;
template struct EnumConverter<Action>;
template struct EnumConverter<ProgressPhase>;
template struct EnumConverter<ProgressAction>;
template struct EnumConverter<ProgressOutcome>;
template struct EnumConverter<TransactionState>;
template struct EnumConverter<LacpState>;
template struct EnumConverter<ProbeType>;

std::chrono::milliseconds Converter<std::chrono::milliseconds>::from(py::handle value,
                                                                     const Where& where) {
  const bool is_number = PyFloat_Check(value.ptr()) || PyLong_Check(value.ptr());
  if (is_number && !PyBool_Check(value.ptr()) && PyFloat_AsDouble(value.ptr()) == 0) return {};
  PyErr_Clear();
  return duration(value, where);
}

py::object Converter<std::chrono::milliseconds>::to(std::chrono::milliseconds value) {
  return py::float_(std::chrono::duration<double>(value).count());
}

py::iterator elements(py::handle value, const Where& where, std::string_view wanted) {
  PyObject* object = value.ptr();
  const bool a_trap = PyUnicode_Check(object) || PyBytes_Check(object) || PyDict_Check(object);
  if (a_trap || !py::isinstance<py::iterable>(value)) refuse(where, value, wanted);
  return py::iter(value);
}

py::object number_of(py::handle value, const Where& where) {
  if (!PyUnicode_Check(value.ptr())) return py::reinterpret_borrow<py::object>(value);
  auto* number = PyLong_FromUnicodeObject(value.ptr(), 10);
  if (number == nullptr) {
    PyErr_Clear();
    refuse(where, value, "int");
  }
  return py::reinterpret_steal<py::object>(number);
}

bool is_word(py::handle value, std::string_view wanted) {
  return PyUnicode_Check(value.ptr()) && value.cast<std::string>() == wanted;
}

void check_type_word(py::handle value, const Where& where, std::string_view wanted) {
  if (!is_word(value, wanted)) refuse(where, value, wanted);
}

py::list items(py::handle value, const Where& where, std::string_view wanted) {
  if (!py::hasattr(value, "items")) refuse(where, value, wanted);
  return py::list(value.attr("items")());
}

Request request_of(py::handle value, const Where& where) {
  if (py::isinstance<ManagementNetwork>(value))
    return value.cast<const ManagementNetwork&>().desired();
  if (py::isinstance<HostState>(value)) return {.wanted = value.cast<const HostState&>()};
  if (!py::isinstance<Request>(value))
    refuse(where, value, "Request | HostState | ManagementNetwork");
  return value.cast<const Request&>();
}

Facts facts_of(py::handle value, const Where& where) {
  if (py::isinstance<HostState>(value)) return {.current = value.cast<const HostState&>()};
  if (!py::isinstance<Facts>(value)) refuse(where, value, "Facts | HostState");
  return value.cast<const Facts&>();
}

PlanOptions plan_options(const py::object& prune, const py::object& purge,
                         const py::object& guest_vlans, const Where& where) {
  return {.prune = from_python<bool>(prune, {.name = "prune", .outer = &where}),
          .purge = from_python<bool>(purge, {.name = "purge", .outer = &where}),
          .guest_vlans = string(guest_vlans, {.name = "guest_vlans", .outer = &where})};
}

}  // namespace csnet::python
