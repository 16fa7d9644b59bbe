#pragma once

#include <csnet/api.hpp>
#include <csnet/error.hpp>
#include <csnet/field.hpp>
#include <csnet/host_state.hpp>

#include <compare>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The network file: the state that a host's network is wanted to have, as YAML or JSON (docs/network-file.md).
namespace csnet::inline CSNET_ABI {

/// A network file has at most so many bytes.
inline constexpr std::size_t largest_network_file = 1U << 20U;

/// One mistake in a network file.
struct Problem {
  std::size_t line = 1;    ///< The first line is 1.
  std::size_t column = 1;  ///< In characters, not bytes; the first is 1.
  /// The key or value that it is about, "management.vlan" or "profiles[0].ipv4.gateway"; empty where it is about the
  /// whole file.
  std::string path{};
  std::string message{};  ///< "4095 is not a VLAN id (1 to 4094)"
  std::string hint{};     ///< How to mend it; may be empty.

  auto operator<=>(const Problem&) const = default;
};

/// A network file that csnet refuses, with every mistake in it; of kind invalid.
///
/// what() and message() are the same text, which has several lines: of each problem "NAME:LINE:COLUMN: PATH: MESSAGE",
/// the line of the file, and a caret below the column. subject() is the file's name. hint() is that of the only problem;
/// of several problems each has its hint in the text.
class CSNET_API FileError : public Error {
 public:
  FileError(std::string name, const std::string& text, std::string hint,
            std::vector<Problem> problems);

  /// In the file's order, at most 25: csnet looks for no more.
  [[nodiscard]] const std::vector<Problem>& problems() const noexcept { return *problems_; }

 private:
  // Shared: an exception is copied, and its copy must not throw.
  std::shared_ptr<const std::vector<Problem>> problems_;
};

/// Reads the state that the network file at `path` wants; "-" is standard input.
///
/// The profiles of the file's `management` come first, then those of its `profiles`. Only regular files and pipes are
/// read, up to 1 MiB. Asks no daemon, and needs no root.
/// @throws FileError when the content is wrong
/// @throws Error (invalid) when the file cannot be read
CSNET_API Request load(const std::filesystem::path& path);

/// Reads the state that a network file with this text wants. A `name` that ends with ".json" requires JSON; messages
/// begin with it.
/// @throws FileError when the content is wrong
/// @throws Error (invalid) when `text` has more than 1 MiB
CSNET_API Request loads(std::string_view text, const std::string& name = "<text>");

/// A key that a mapping of the network file may have: schemas and reference pages are made of these.
struct FileKey {
  std::string_view name;
  /// "str", "bool", "int", "Cidr", "list[Cidr]", "dict[str, int]", "BridgePort | BondPort", …
  std::string type;
  std::string note;  ///< The meaning in the file's own words: "left out: untagged".
  std::string_view
      property;  ///< NetworkManager's, "bridge.forward-delay"; empty where it has none.
  Range range;
  Standard standard;  ///< The value that NetworkManager gives a profile without this key.
  std::span<const std::string_view> words;  ///< The only values that are right; empty: any.
};

/// The keys of a mapping, in the order of the reference, without the `type` of profiles and ports. `mapping` is a
/// class's name: "BridgeProfile", "Ip4Config", "Probe", …; "Request" is the file itself, "ManagementNetwork" is
/// `management`, and "Uplink" is `management.uplink` where that is a mapping.
/// @throws Error (invalid) when a network file has no such mapping
CSNET_API std::vector<FileKey> file_keys(std::string_view mapping);

}  // namespace csnet::inline CSNET_ABI
