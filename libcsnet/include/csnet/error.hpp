#pragma once

#include <csnet/api.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace csnet::inline CSNET_ABI {

/// Why something failed: a closed list, so that a caller can decide what to do next.
enum class ErrorKind {
  invalid,      ///< The input is wrong. Nothing was sent.
  not_found,    ///< A profile, a device or a controller that the input names does not exist.
  conflict,     ///< Something on the host contradicts the request.
  permission,   ///< NetworkManager (polkit) or the kernel denies it to this user.
  unavailable,  ///< There is no bus or no NetworkManager, or it stopped during the call.
  timeout,      ///< The time was over; NetworkManager may still be working on the request.
  rolled_back,  ///< A transaction failed, and the host is as it was before.
  incomplete,   ///< A transaction was completed in part: TransactionError::left() lists the rest.
  unsupported,  ///< This NetworkManager, libnm or kernel cannot do it.
  bug,          ///< A defect of csnet: please report it.
};

/// "invalid", "not_found", …: the enumerator's own name.
CSNET_API std::string_view to_string(ErrorKind kind) noexcept;

/// The one exception that csnet throws.
///
/// what() is "SUBJECT: MESSAGE", for example
/// "vlan 'eth0.100': id: 4095 is not a VLAN id (1 to 4094)".
class CSNET_API Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, std::string subject, std::string message, std::string hint = {});

  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  /// The thing that the error is about: "vlan 'eth0.100'", "NetworkManager", "management.gateway".
  [[nodiscard]] const std::string& subject() const noexcept { return subject_; }
  /// what() without the subject.
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  /// Advice on what to do; may be empty.
  [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

 private:
  ErrorKind kind_;
  std::string subject_;
  std::string message_;
  std::string hint_;
};

}  // namespace csnet::inline CSNET_ABI
