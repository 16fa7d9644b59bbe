#include "convert.hpp"

#include <csnet/error.hpp>
#include <csnet/render.hpp>
#include <csnet/validate.hpp>

#include <fmt/format.h>
#include <array>

namespace csnet::inline CSNET_ABI {
namespace {

/// RFC 4122's name-based uuid (version 5) in csnet's own namespace, the uuid of DNS
/// "csnet.network".
std::string uuid_of(const Profile& profile) {
  static constexpr std::array<guint8, 16> csnet_namespace = {0x86, 0xad, 0x66, 0xdf, 0x37, 0x4d,
                                                             0x5d, 0xe7, 0xbe, 0xe1, 0x5a, 0x97,
                                                             0x2e, 0xad, 0x3b, 0xb9};
  const std::unique_ptr<GChecksum, nm::Deleter<g_checksum_free>> sha1(
      g_checksum_new(G_CHECKSUM_SHA1));
  g_checksum_update(sha1.get(), csnet_namespace.data(), csnet_namespace.size());
  const auto text = subject(profile);
  g_checksum_update(sha1.get(), reinterpret_cast<const guint8*>(text.data()),
                    static_cast<gssize>(text.size()));
  std::array<guint8, 20> digest{};
  gsize length = digest.size();
  g_checksum_get_digest(sha1.get(), digest.data(), &length);
  digest[6] = static_cast<guint8>((digest[6] & 0x0fU) | 0x50U);
  digest[8] = static_cast<guint8>((digest[8] & 0x3fU) | 0x80U);
  std::string uuid;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) uuid += '-';
    uuid += fmt::format("{:02x}", digest[i]);
  }
  return uuid;
}

void rename_key(GKeyFile* file, const char* from, const char* to) {
  const nm::StringPtr value(g_key_file_get_value(file, "connection", from, nullptr));
  if (!value) return;
  g_key_file_set_value(file, "connection", to, value.get());
  g_key_file_remove_key(file, "connection", from, nullptr);
}

}  // namespace

std::string render(const Profile& profile) {
  throw_if_invalid(validate(HostState{{profile}}));
  auto with_uuid = profile;
  with_uuid.visit([&](auto& of) {
    if (of.uuid.empty()) of.uuid = uuid_of(profile);
  });
  const auto connection = nm::make_connection(with_uuid);

  nm::ErrorPtr error;
  const nm::KeyFilePtr file(nm_keyfile_write(connection.get(), NM_KEYFILE_HANDLER_FLAGS_NONE,
                                             nullptr, nullptr, nm::Out(error)));
  if (!file) throw Error(ErrorKind::invalid, subject(profile), error->message);
  // libnm from 1.50 writes the new names, which NetworkManager 1.42 silently ignores.
  rename_key(file.get(), "controller", "master");
  rename_key(file.get(), "port-type", "slave-type");
  rename_key(file.get(), "autoconnect-ports", "autoconnect-slaves");
  const nm::StringPtr text(g_key_file_to_data(file.get(), nullptr, nullptr));
  return text.get();
}

}  // namespace csnet::inline CSNET_ABI
