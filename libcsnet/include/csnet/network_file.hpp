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

/// The network file: the wanted state of a host's network, as YAML or JSON (docs/network-file.md).
namespace csnet::inline CSNET_ABI {

/// The greatest size of a network file, in bytes.
inline constexpr std::size_t largest_network_file = 1U << 20U;

/// One mistake in a network file.
struct Problem {
  std::size_t line = 1;    ///< The first line is 1.
  std::size_t column = 1;  ///< In characters, not bytes; the first is 1.
  /// The key or value that it is about, "management.vlan" or "profiles[0].ipv4.gateway"; empty when
  /// it is about the whole file.
  std::string path{};
  std::string message{};  ///< "4095 is not a VLAN id (1 to 4094)"
  std::string hint{};     ///< How to correct it; may be empty.

  auto operator<=>(const Problem&) const = default;
};

/// csnet refuses a network file. The error has every mistake in the file, and is of kind invalid.
///
/// what() and message() return the same text, which has several lines: for each problem
/// "NAME:LINE:COLUMN: PATH: MESSAGE", the line of the file, and a caret below the column. subject()
/// is the file's name. hint() is that of the only problem; when there are several, the text has the
/// hint of each.
class CSNET_API FileError : public Error {
 public:
  FileError(std::string name, std::string text, std::string hint, std::vector<Problem> problems);

  [[nodiscard]] const char* what() const noexcept override { return content_->text.c_str(); }
  /// The problems in the file's order, at most 25: csnet does not look for further ones.
  [[nodiscard]] const std::vector<Problem>& problems() const noexcept { return content_->problems; }

 private:
  struct Content {
    std::string text;
    std::vector<Problem> problems;
  };
  // Shared: an exception is copied, and its copy must not throw.
  std::shared_ptr<const Content> content_;
};

/// Reads the wanted state from the network file at `path`; "-" is standard input.
///
/// The profiles of the file's `management` come first, then those of its `profiles`. Reads only
/// regular files and pipes, up to 1 MiB. Needs no daemon and no root.
/// @throws FileError when the content is wrong
/// @throws Error (invalid) when the file cannot be read
CSNET_API Request load(const std::filesystem::path& path);

/// Reads the wanted state from the text of a network file.
///
/// Messages begin with `name`. A `name` that ends with ".json" requires JSON.
/// @throws FileError when the content is wrong
/// @throws Error (invalid) when `text` has more than 1 MiB
CSNET_API Request loads(std::string_view text, const std::string& name = "<text>");

/// A key of a mapping of the network file. Schemas and reference pages are made from these.
struct FileKey {
  std::string_view name;
  /// "str", "bool", "int", "Cidr", "list[Cidr]", "dict[str, int]", "BridgePort | BondPort", …
  std::string type;
  std::string note;  ///< The meaning in the file's own words: "left out: untagged".
  /// NetworkManager's property, "bridge.forward-delay"; empty when there is none.
  std::string_view property;
  Range range;
  Standard standard;  ///< The value that NetworkManager gives a profile without this key.
  std::span<const std::string_view> words;  ///< The only values that are right; empty: any.
};

/// The keys of a mapping, in the order of the reference, without the `type` of profiles and ports.
///
/// `mapping` is the name of a class: "BridgeProfile", "Ip4Config", "Probe", …; "Request" is the
/// file itself, "ManagementNetwork" is `management`, and "Uplink" is `management.uplink` as a
/// mapping.
/// @throws Error (invalid) when a network file has no such mapping
CSNET_API std::vector<FileKey> file_keys(std::string_view mapping);

}  // namespace csnet::inline CSNET_ABI
