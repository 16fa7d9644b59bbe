#include "files.hpp"

#include "descriptor.hpp"
#include "text.hpp"

#include <csnet/error.hpp>

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace csnet::host {
namespace {

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

int sync_directory(const std::filesystem::path& directory) {
  const Descriptor opened(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened && fsync(opened.get()) == 0 ? 0 : errno;
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

int replace_file(const std::filesystem::path& file, std::string_view content) {
  auto next = file;
  next += ".next";  // NetworkManager reads *.nmconnection alone
  int error = write_and_sync(next, content);
  if (error == 0 && rename(next.c_str(), file.c_str()) != 0) error = errno;
  if (error == 0) return sync_directory(file.parent_path());
  unlink(next.c_str());
  return error;
}

void write_file(const std::filesystem::path& file, std::string_view content) {
  const int error = replace_file(file, content);
  if (error == 0) return;
  throw Error(error == EACCES || error == EPERM || error == EROFS ? ErrorKind::permission
                                                                  : ErrorKind::unavailable,
              file.string(), kernel_says(error));
}

}  // namespace csnet::host
