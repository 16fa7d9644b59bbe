#include "error.hpp"

#include "service.hpp"

#include <fmt/format.h>
#include <array>
#include <string_view>

namespace csnet::nm {
namespace {

/// NetworkManager's D-Bus errors by the ends of their names. The names are stable; the texts are
/// translated and change.
struct Known {
  std::string_view end;
  ErrorKind kind;
  const char* hint;
};
constexpr const char* kAsRoot =
    "run as root, or let polkit allow org.freedesktop.NetworkManager.* to this user";
constexpr std::array kKnown = {
    Known{".PermissionDenied", ErrorKind::permission, kAsRoot},
    Known{".AccessDenied", ErrorKind::permission, kAsRoot},
    Known{".UuidExists", ErrorKind::conflict,
          "another profile has this uuid: modify that one, or leave the uuid out"},
    Known{".InvalidConnection", ErrorKind::invalid, ""},
    Known{".UnknownConnection", ErrorKind::not_found, ""},
    Known{".UnknownDevice", ErrorKind::not_found,
          "is there such an interface, and may NetworkManager manage it?"},
    Known{".NotSupported", ErrorKind::unsupported, ""},
    Known{".ReadOnlyConnection", ErrorKind::unsupported,
          "the profile belongs to another settings plugin"},
};

}  // namespace

Error to_error(const GError& error, const std::string& subject_or_none) {
  const std::string subject = subject_or_none.empty() ? "NetworkManager" : subject_or_none;
  const auto matches = [&](GQuark domain, int code) {
    return g_error_matches(&error, domain, code) != FALSE;
  };
  if (matches(G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
      matches(G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)) {
    return {ErrorKind::unavailable, subject, "NetworkManager is not running",
            "systemctl start NetworkManager"};
  }
  if (matches(G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY)) {
    return {ErrorKind::unavailable, subject, "NetworkManager stopped before it answered",
            "it may have carried out the request: look at 'systemctl status NetworkManager', then "
            "at the profile"};
  }
  if (matches(G_IO_ERROR, G_IO_ERROR_TIMED_OUT) || matches(G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT)) {
    return {ErrorKind::timeout, subject, "NetworkManager did not answer in time",
            "it may still carry out the request: look at the profile before you try again"};
  }
  if (matches(G_IO_ERROR, G_IO_ERROR_CLOSED)) {
    return {ErrorKind::unavailable, subject, "the bus closed the connection", "make a new Session"};
  }
  if (is_gone(error) && subject_or_none.empty()) {
    // NetworkManager owns its name on the bus, but its object does not exist.
    return {ErrorKind::unavailable, subject, "is just starting or stopping",
            "try again when it runs: systemctl status NetworkManager"};
  }
  if (is_gone(error)) {
    return {ErrorKind::not_found, subject, "is gone: another program removed it",
            "read the host again"};
  }
  const StringPtr remote(g_dbus_error_get_remote_error(&error));
  const ErrorPtr stripped(g_error_copy(&error));
  g_dbus_error_strip_remote_error(stripped.get());
  const std::string_view name = remote ? remote.get() : "";
  for (const auto& known : kKnown) {
    if (name.ends_with(known.end)) return {known.kind, subject, stripped->message, known.hint};
  }
  // All other errors are refusals for a reason on the host, which the daemon's text explains best.
  return {ErrorKind::conflict, subject, stripped->message,
          fmt::format("NetworkManager's error is {}", name)};
}

}  // namespace csnet::nm
