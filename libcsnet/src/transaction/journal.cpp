#include "journal.hpp"

#include "host/descriptor.hpp"
#include "host/files.hpp"
#include "host/text.hpp"
#include "journal_error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstdio>
#include <string_view>
#include <system_error>
#include <utility>

namespace csnet {

std::string journal_subject(const std::filesystem::path& directory) {
  return fmt::format("transaction journal '{}'", directory.string());
}

Error journal_error(const std::filesystem::path& directory, std::string_view what, int error) {
  auto message = fmt::format("{}: {}", what, host::kernel_says(error));
  switch (error) {
    case EACCES:
    case EPERM:
      return {ErrorKind::permission, journal_subject(directory), message, "run as root"};
    case EROFS:
      return {ErrorKind::permission, journal_subject(directory), message,
              "run as root, with the directory on a writable file system"};
    case ENOSPC:
    case EDQUOT:
      return {ErrorKind::unavailable, journal_subject(directory), message,
              "make room on its file system"};
    default:
      return {ErrorKind::unavailable, journal_subject(directory), message,
              "look at the directory and its file system"};
  }
}

void make_journal_directory(const std::filesystem::path& directory) {
  if (!directory.has_filename() && directory.has_relative_path()) {
    return make_journal_directory(directory.parent_path());  // it ends with a slash
  }
  const auto parent = directory.has_parent_path() ? directory.parent_path() : ".";
  std::error_code parent_error;
  std::filesystem::create_directories(parent, parent_error);
  int error = mkdir(directory.c_str(), 0700) == 0 ? host::sync_directory(parent) : errno;
  if (error == EEXIST) return;
  // The parent's error is the cause: the directory's would be that there is no parent.
  if (parent_error) error = parent_error.value();
  if (error != 0) throw journal_error(directory, "cannot make the directory", error);
}

Journal::Journal(std::filesystem::path directory) : directory_(std::move(directory)) {}

std::filesystem::path Journal::file() const { return directory_ / kJournalFile; }

std::optional<std::string> Journal::read() const {
  const auto fail = [&](int error) {
    return journal_error(directory_, fmt::format("cannot read {}", kJournalFile), error);
  };
  const host::Descriptor opened(open(file().c_str(), O_RDONLY | O_CLOEXEC));
  if (!opened) {
    if (errno == ENOENT) return std::nullopt;
    throw fail(errno);
  }
  std::string text;
  std::array<char, 4096> buffer{};
  while (true) {
    const auto count = ::read(opened.get(), buffer.data(), buffer.size());
    if (count == 0) return text;
    if (count > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      throw fail(errno);
    }
  }
}

void Journal::write(const std::string& text) {
  make_journal_directory(directory_);
  // If only the last step fails, the new text is visible, but may be lost in a power failure.
  const int error = host::replace_file(file(), text);
  if (error != 0)
    throw journal_error(directory_, fmt::format("cannot write {}", kJournalFile), error);
}

void Journal::erase() {
  int error = 0;
  if (unlink(file().c_str()) != 0) {
    error = errno;
    if (error == ENOENT) return;
  } else {
    error = host::sync_directory(directory_);
  }
  if (error != 0) {
    throw journal_error(directory_, fmt::format("cannot remove {}", kJournalFile), error);
  }
}

}  // namespace csnet
