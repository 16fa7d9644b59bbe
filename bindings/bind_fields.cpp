#include "bind_value.hpp"

namespace csnet::python {
namespace {

py::object number(std::int64_t limit, std::int64_t none) {
  return limit == none ? py::object(py::none()) : py::int_(limit);
}

template <class Member>
py::object standard(const Standard& value) {
  if (const auto* word = std::get_if<std::string_view>(&value))
    return py::str(word->data(), word->size());
  const auto* found = std::get_if<std::int64_t>(&value);
  if (found == nullptr) return py::none();
  if constexpr (std::is_same_v<Member, std::optional<bool>>) return py::bool_(*found != 0);
  return py::int_(*found);
}

template <has_fields T>
py::list rows() {
  py::list all;
  for_each_field<T>([&](const auto& field) {
    using Member = MemberOf<T, decltype(field)>;
    constexpr Range anything;
    const auto text = [](std::string_view from) { return py::str(from.data(), from.size()); };
    all.append(py::make_tuple(text(field.name), Converter<Member>::type(), text(field.note),
                              text(field.property), number(field.range.min, anything.min),
                              number(field.range.max, anything.max),
                              standard<Member>(field.standard)));
  });
  return all;
}

template <has_fields... T>
py::list rows_of(const std::string& name) {
  py::list found;
  if (!((name == type_name<T> && (found = rows<T>(), true)) || ...))
    throw py::value_error("_fields_of: a network file holds no " + name);
  return found;
}

}  // namespace

void bind_fields(py::module_& module) {
  module.def(
      "_fields_of",
      [](const py::str& name) {
        return rows_of<HostState, BridgeProfile, VlanProfile, BondProfile, EthernetProfile,
                       BridgePort, BondPort, Ip4Config, Ip6Config, Probe, ManagementNetwork>(name);
      },
      "_fields_of(name, /)\n--\n\n"
      "For the network file: of each field of this class its name, type, note,\n"
      "NetworkManager's property or '', smallest and largest number or None, and what\n"
      "NetworkManager gives it or None.");
}

}  // namespace csnet::python
