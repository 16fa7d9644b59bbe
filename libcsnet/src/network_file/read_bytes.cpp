#include "read_bytes.hpp"

#include "source.hpp"

#include <csnet/network_file.hpp>

#include <cerrno>
#include <cstddef>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace csnet::network_file {
namespace {

[[noreturn]] void refuse_for(const std::string& name, int reason) {
  switch (reason) {
    case ENOENT:
      throw refused(name, "there is no such file", "- is standard input");
    case EISDIR:
      throw refused(name, "is a directory", "name the file in it");
    case EACCES:
    case EPERM:
      throw refused(name, "you may not read it", "see `ls -l " + name + "`, or try as root");
    default:
      throw refused(name, "cannot be read: " + std::generic_category().message(reason), "");
  }
}

/// Owns a file descriptor.
struct Opened {
  int number;
  explicit Opened(int opened) : number(opened) {}
  ~Opened() { close(number); }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
};

std::string read_all(const std::string& name, int descriptor) {
  std::string bytes(largest_network_file + 1, '\0');
  std::size_t length = 0;
  while (length < bytes.size()) {
    const auto some = read(descriptor, bytes.data() + length, bytes.size() - length);
    if (some == 0) break;
    if (some > 0) {
      length += static_cast<std::size_t>(some);
    } else if (errno != EINTR) {
      refuse_for(name, errno);
    }
  }
  bytes.resize(length);
  return bytes;
}

}  // namespace

std::string read_bytes(const std::string& name) {
  if (const auto null = name.find('\0'); null != std::string::npos) {
    throw refused(name.substr(0, null) + "\\0…", "cannot be read: its name holds a null character",
                  "");
  }
  // The caller must not wait for a pipe that no process writes to; any other pipe is read to its end.
  const Opened file(open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (file.number < 0) refuse_for(name, errno);
  struct stat found {};
  if (fstat(file.number, &found) != 0) refuse_for(name, errno);
  if (S_ISDIR(found.st_mode)) refuse_for(name, EISDIR);
  if (!S_ISREG(found.st_mode) && !S_ISFIFO(found.st_mode)) {
    throw refused(name, "is a device, not a file",
                  "csnet reads files and pipes; - is standard input");
  }
  if (fcntl(file.number, F_SETFL, O_RDONLY) != 0) refuse_for(name, errno);
  return read_all(name, file.number);
}

std::string read_standard_input() {
  if (fcntl(STDIN_FILENO, F_GETFD) < 0) throw refused("<stdin>", "is closed", "");
  return read_all("<stdin>", STDIN_FILENO);
}

}  // namespace csnet::network_file
