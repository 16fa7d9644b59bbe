#include "files.hpp"

#include <csnet/error.hpp>

#include "descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>

namespace csnet::host {
namespace {

/// 0, or the errno.
int write_and_sync(const std::filesystem::path& file, std::string_view text) {
  if (unlink(file.c_str()) != 0 && errno != ENOENT) return errno;
  const Descriptor opened(open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!opened) return errno;
  while (!text.empty()) {
    const auto count = ::write(opened.get(), text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return fsync(opened.get()) == 0 ? 0 : errno;
}

}  // namespace

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void write_file(const std::filesystem::path& file, const std::string& content) {
  auto next = file;
  next += ".csnet";  // NetworkManager reads *.nmconnection alone
  const int error = write_and_sync(next, content);
  if (error == 0 && rename(next.c_str(), file.c_str()) == 0) return;
  const int reason = error != 0 ? error : errno;
  unlink(next.c_str());
  throw Error(reason == EACCES || reason == EPERM ? ErrorKind::permission : ErrorKind::unavailable,
              file.string(), std::strerror(reason));
}

}  // namespace csnet::host
