#include "bind.hpp"
#include "convert.hpp"

#include <csnet/network_file.hpp>

#include <string>
#include <utility>
#include <variant>

namespace csnet::python {
namespace {

/// Reads sys.stdin, which need not be the descriptor 0: a program may have replaced the stream.
std::string standard_input() {
  const py::object stream = py::module_::import("sys").attr("stdin");
  if (stream.is_none()) throw Error(ErrorKind::invalid, "<stdin>", "is closed");
  const py::object bytes = py::getattr(stream, "buffer", stream);
  const py::object read = bytes.attr("read")(largest_network_file + 1);
  if (!py::isinstance<py::str>(read)) return read.cast<std::string>();
  return read.attr("encode")("utf-8", "surrogateescape").cast<std::string>();
}

Request load_path(const py::object& path) {
  // Encodes a pathlib.Path, too, and a str that is not valid UTF-8.
  auto name = py::module_::import("os").attr("fsencode")(path).cast<std::string>();
  if (name == "-") return loads(standard_input(), "<stdin>");
  const py::gil_scoped_release release;
  return load(std::move(name));
}

Request loads_text(const py::object& text, const py::str& name) {
  if (!py::isinstance<py::str>(text) && !py::isinstance<py::bytes>(text))
    refuse({.name = "loads"}, text, "str or bytes");
  // A lone surrogate is refused with its place, like other invalid UTF-8.
  const py::object bytes =
      py::isinstance<py::str>(text) ? text.attr("encode")("utf-8", "surrogatepass") : text;
  return loads(bytes.cast<std::string>(), name);
}

py::object limit(std::int64_t number, std::int64_t none) {
  return number == none ? py::object(py::none()) : py::int_(number);
}

py::object standard(const FileKey& key) {
  if (const auto* word = std::get_if<std::string_view>(&key.standard)) return py::str(*word);
  const auto* number = std::get_if<std::int64_t>(&key.standard);
  if (number == nullptr) return py::none();
  return key.type == "bool" ? py::object(py::bool_(*number != 0)) : py::int_(*number);
}

py::list rows(const std::string& mapping) {
  constexpr Range anything;
  py::list all;
  for (const auto& key : file_keys(mapping)) {
    py::list words;
    for (const auto word : key.words) words.append(py::str(word.data(), word.size()));
    all.append(py::make_tuple(py::str(key.name), key.type, key.note, py::str(key.property),
                              limit(key.range.min, anything.min),
                              limit(key.range.max, anything.max), standard(key), words));
  }
  return all;
}

}  // namespace

void bind_network_file(py::module_& module) {
  module.def("load", load_path, py::arg("path"),
             "load(path)\n--\n\n"
             "The Request of the network file at `path`; \"-\" is standard input.\n\n"
             "The file is YAML or JSON: docs/network-file.md. The profiles of its `management`\n"
             "come first, then those of its `profiles`. Needs no daemon and no root.\n\n"
             "Raises FileError with the problems of the file, and InvalidError when it cannot\n"
             "be read: it must be a regular file or a pipe of at most 1 MiB.");
  module.def("loads", loads_text, py::arg("text"), py::arg("name") = "<text>",
             "loads(text, name='<text>')\n--\n\n"
             "The Request of a network file with this text, a str or bytes.\n\n"
             "Messages begin with `name`; when it ends with \".json\" the text must be JSON.\n"
             "Raises FileError with the problems of the text, and InvalidError when it has more\n"
             "than 1 MiB.");
  module.def("_file_keys", rows, py::arg("mapping"), py::pos_only(),
             "_file_keys(mapping, /)\n--\n\n"
             "For each key of this mapping of the network file its name, type, note,\n"
             "NetworkManager's property or '', smallest and largest number or None, and\n"
             "NetworkManager's default or None.");
}

}  // namespace csnet::python
