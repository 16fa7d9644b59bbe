#include "describe.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace csnet::python {

namespace py = pybind11;

std::string describe_field(std::string_view type, std::string_view note, Range range,
                           std::string_view property) {
  std::string text = fmt::format("{}: {}.", type, note);
  constexpr Range anything;
  if (range.min != anything.min || range.max != anything.max) {
    text += fmt::format("\n\nRange: {} to {}.", range.min, range.max);
  }
  if (!property.empty()) text += fmt::format("\n\nNetworkManager: {}.", property);
  return text;
}

void refuse_unknown(std::string_view function, std::span<const std::string_view> fields,
                    const py::kwargs& given) {
  for (const auto& [key, value] : given) {
    const std::string name = py::str(key);
    if (std::find(fields.begin(), fields.end(), name) != fields.end()) continue;
    py::list known;
    for (const auto field : fields) known.append(py::str(field.data(), field.size()));
    const py::list near = py::module_::import("difflib").attr("get_close_matches")(key, known, 1);
    const std::string advice =
        near.empty() ? fmt::format("it takes {}", fmt::join(fields, ", "))
                     : fmt::format("did you mean '{}'?", std::string{py::str(near[0])});
    throw py::type_error(
        fmt::format("{}() got an unexpected keyword argument '{}'; {}", function, name, advice));
  }
  throw py::type_error(fmt::format("{}() got an unexpected keyword argument", function));
}

void refuse_positional(std::string_view function, const py::args& given) {
  if (given.empty()) return;
  throw py::type_error(
      fmt::format("{0}() takes keyword arguments only: {0}(name=value)", function));
}

py::tuple reduce_to_call(const py::object& cls, const py::dict& fields) {
  return py::make_tuple(py::module_::import("functools").attr("partial")(cls, **fields),
                        py::tuple());
}

}  // namespace csnet::python
