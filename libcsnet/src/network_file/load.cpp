#include "findings.hpp"
#include "nodes.hpp"
#include "problems.hpp"
#include "read_bytes.hpp"
#include "reader.hpp"
#include "source.hpp"

#include <csnet/network_file.hpp>

#include <utility>

namespace csnet::inline CSNET_ABI {

Request loads(std::string_view text, const std::string& name) {
  using namespace network_file;
  const auto source = source_of(name, text);
  Problems problems(source);
  Reader reader(problems);
  try {
    const Document document(source, problems);
    const auto contents = reader.contents(document.root());
    if (problems.empty()) {
      auto judged = judge(contents);
      add_errors(contents, judged, reader.places(), problems);
      if (problems.empty()) return std::move(judged.request);
    }
  } catch (const Stop&) {  // problems.error() says why
  }
  throw problems.error();
}

Request load(const std::filesystem::path& path) {
  const bool is_standard_input = path == "-";
  const std::string name = is_standard_input ? "<stdin>" : path.native();
  return loads(
      is_standard_input ? network_file::read_standard_input() : network_file::read_bytes(name),
      name);
}

}  // namespace csnet::inline CSNET_ABI
