#include <csnet/facts.hpp>

namespace csnet::inline CSNET_ABI {

std::string_view to_string(LacpState state) noexcept {
  switch (state) {
    case LacpState::up:
      return "up";
    case LacpState::negotiating:
      return "negotiating";
    case LacpState::alone:
      return "alone";
  }
  return "negotiating";
}

}  // namespace csnet::inline CSNET_ABI
