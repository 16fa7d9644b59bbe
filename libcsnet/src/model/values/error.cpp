#include "for_people.hpp"

#include <csnet/error.hpp>

#include <utility>

namespace csnet::inline CSNET_ABI {

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

namespace {

std::string joined(const std::string& subject, const std::string& message) {
  return subject.empty() ? message : subject + ": " + message;
}

}  // namespace

Error::Error(ErrorKind kind, std::string subject, std::string message, std::string hint)
    : std::runtime_error(joined(subject, model::for_people(message))),
      kind_(kind),
      subject_(std::move(subject)),
      message_(model::for_people(std::move(message))),
      hint_(model::for_people(std::move(hint))) {}

}  // namespace csnet::inline CSNET_ABI
