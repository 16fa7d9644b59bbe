#include "bind.hpp"
#include "convert.hpp"

#include <csnet/error.hpp>
#include <csnet/network_file.hpp>
#include <csnet/transaction.hpp>

#include <exception>
#include <string_view>

namespace csnet::python {

namespace py = pybind11;

namespace {

/// Messages quote texts of other programs: an invalid byte must not become a UnicodeDecodeError.
py::str decode(std::string_view text) {
  auto* decoded =
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "backslashreplace");
  if (decoded == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::str>(decoded);
}

void raise(const Error& error) {
  const py::object make = py::module_::import("csnet._errors").attr("make");
  py::dict more;
  if (const auto* of_transaction = dynamic_cast<const TransactionError*>(&error)) {
    py::list left;
    for (const auto& [what, command] : of_transaction->left())
      left.append(py::make_tuple(decode(what), decode(command)));
    more["outcome"] = decode(to_string(of_transaction->outcome()));
    more["report"] = to_python(of_transaction->report());
    more["left"] = left;
  }
  if (const auto* of_file = dynamic_cast<const FileError*>(&error)) {
    py::list problems;
    for (const auto& [line, column, path, message, hint] : of_file->problems())
      problems.append(py::make_tuple(line, column, decode(path), decode(message), decode(hint)));
    more["problems"] = problems;
  }
  const py::object made =
      make(decode(to_string(error.kind())), decode(error.what()), decode(error.subject()),
           decode(error.message()), decode(error.hint()), **more);
  PyErr_SetObject(py::type::handle_of(made).ptr(), made.ptr());
}

}  // namespace

void bind_error() {
  // Only for this module: another extension that links csnet has its own translator.
  py::register_local_exception_translator([](std::exception_ptr thrown) {
    try {
      std::rethrow_exception(std::move(thrown));
    } catch (const Error& error) {
      raise(error);
    }
  });
}

}  // namespace csnet::python
