#include "bind.hpp"
#include "convert.hpp"

#include <csnet/render.hpp>

namespace csnet::python {

void bind_render(py::module_& module) {
  module.def(
      "render",
      [](const py::object& profile) {
        return render(from_python<Profile>(profile, {.name = "render"}));
      },
      "render(profile, /)\n--\n\n"
      "The profile as the text of a keyfile of NetworkManager.\n\n"
      "Install it as /etc/NetworkManager/system-connections/NAME.nmconnection with mode\n"
      "0600, or NetworkManager ignores it. A profile without a uuid gets one that is made\n"
      "from its type and name, so that the same profile always gives the same text. Needs\n"
      "no daemon; thread-safe. Raises InvalidError.");
}

}  // namespace csnet::python
