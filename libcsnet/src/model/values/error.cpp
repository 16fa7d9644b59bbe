#include <csnet/error.hpp>

#include <utility>

namespace csnet {

std::string_view to_string(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::invalid:
      return "invalid";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::conflict:
      return "conflict";
    case ErrorKind::permission:
      return "permission";
    case ErrorKind::unavailable:
      return "unavailable";
    case ErrorKind::timeout:
      return "timeout";
    case ErrorKind::rolled_back:
      return "rolled_back";
    case ErrorKind::incomplete:
      return "incomplete";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::bug:
      return "bug";
  }
  return "bug";
}

Error::Error(ErrorKind kind, std::string subject, std::string message, std::string hint)
    : Error(kind, subject.empty() ? message : subject + ": " + message, subject, message,
            std::move(hint)) {}

Error::Error(ErrorKind kind, const std::string& what, std::string subject, std::string message,
             std::string hint)
    : std::runtime_error(what),
      kind_(kind),
      subject_(std::move(subject)),
      message_(std::move(message)),
      hint_(std::move(hint)) {}

}  // namespace csnet
