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
      "The profile as NetworkManager's keyfile text: what /etc/NetworkManager/system-\n"
      "connections/NAME.nmconnection holds.\n\n"
      "Needs no daemon; thread-safe. Install it with mode 0600, or NetworkManager\n"
      "ignores it. A profile without a uuid gets one made from its type and name, so\n"
      "that the same profile always gives the same text. Raises InvalidError.");
}

}  // namespace csnet::python
