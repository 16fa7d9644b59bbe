#include <csnet/step.hpp>

#include <fmt/format.h>

namespace csnet::inline CSNET_ABI {

std::string_view to_string(Action action) noexcept {
  switch (action) {
    case Action::add:
      return "add";
    case Action::modify:
      return "modify";
    case Action::activate:
      return "activate";
    case Action::reapply:
      return "reapply";
    case Action::restart:
      return "restart";
    case Action::park:
      return "park";
    case Action::retire:
      return "retire";
    case Action::remove:
      return "remove";
  }
  return "add";
}

Phase phase_of(Action action) noexcept {
  switch (action) {
    case Action::add:
    case Action::modify:
      return Phase::memory;
    case Action::activate:
    case Action::reapply:
    case Action::restart:
    case Action::park:
      return Phase::live;
    case Action::retire:
    case Action::remove:
      return Phase::disk;
  }
  return Phase::disk;
}

std::string to_text(const Step& step) {
  return std::visit(
      [&](const Profile& profile) {
        return fmt::format("{} {}", to_string(step.action), subject(profile));
      },
      step.item);
}

}  // namespace csnet::inline CSNET_ABI
