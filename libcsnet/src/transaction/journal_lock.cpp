#include "host/descriptor.hpp"
#include "host/text.hpp"
#include "journal.hpp"
#include "journal_error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <fstream>
#include <iterator>
#include <mutex>
#include <set>
#include <utility>

// The lock belongs to the open file description (fcntl_locking(2)): two of them exclude each other
// within one process, too, the kernel releases it when the last descriptor is closed, and
// F_OFD_GETLK asks without taking it. But fork() copies the descriptor, and a child that outlives
// its parent would keep the lock: hence HeldLocks.

namespace csnet {
namespace {

constexpr std::size_t kMostCommand = 80;

/// The descriptors of this process's lock files, which a child of fork() closes at once.
class HeldLocks {
 public:
  /// Never destroyed: a Lock may be a static object.
  static HeldLocks& instance() {
    static auto* locks = new HeldLocks;
    return *locks;
  }

  int open(const std::filesystem::path& file) {
    // The lock keeps fork() from coming between open() and insert().
    const std::lock_guard guard(mutex_);
    host::Descriptor opened(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (opened) descriptors_.insert(opened.get());
    return opened.release();
  }
  void close(int descriptor) {
    const std::lock_guard guard(mutex_);
    descriptors_.erase(descriptor);
    ::close(descriptor);
  }

 private:
  HeldLocks() {
    pthread_atfork([] { instance().mutex_.lock(); }, [] { instance().mutex_.unlock(); },
                   [] {
                     instance().let_go();
                     instance().mutex_.unlock();
                   });
  }

  /// Makes the child's descriptors /dev/null. The destructors of its copies of Lock objects then
  /// harm neither the parent's lock nor another file with the same number.
  void let_go() const {
    const host::Descriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    for (const int descriptor : descriptors_) {
      if (!null || dup3(null.get(), descriptor, O_CLOEXEC) < 0) ::close(descriptor);
    }
  }

  std::mutex mutex_;
  std::set<int> descriptors_{};
};

/// An open lock file that is not locked yet.
class LockFile {
 public:
  explicit LockFile(const std::filesystem::path& file)
      : number_(HeldLocks::instance().open(file)) {}
  ~LockFile() {
    if (number_ >= 0) HeldLocks::instance().close(number_);
  }
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;
  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

struct flock whole_file(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

std::string own_command() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  std::replace(text.begin(), text.end(), '\0', ' ');
  return host::one_line(text, kMostCommand);
}

/// Writes "PID SECONDS COMMAND" for describe(). Ignores errors: the lock works without it.
void sign(int file) {
  const auto text = fmt::format("{} {} {}\n", getpid(), std::time(nullptr), own_command());
  if (ftruncate(file, 0) == 0) static_cast<void>(pwrite(file, text.data(), text.size(), 0) < 0);
}

/// "pid 4711 (csnet apply network.yaml), since 2026-11-24 03:12:45"
std::string describe(int file) {
  std::array<char, 1024> buffer{};
  const auto count = pread(file, buffer.data(), buffer.size(), 0);
  std::string_view text(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  const auto number = [&text] {
    long long value = -1;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    if (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return error == std::errc{} ? value : -1;
  };
  const auto pid = number();
  const std::time_t since = number();
  std::tm local{};
  std::array<char, 32> when{};
  if (pid <= 0 || since < 0 || localtime_r(&since, &local) == nullptr ||
      std::strftime(when.data(), when.size(), "%Y-%m-%d %H:%M:%S", &local) == 0) {
    return "another process";  // it has the lock, but has not signed yet
  }
  return fmt::format("pid {} ({}), since {}", pid, host::one_line(text, kMostCommand + 3),
                     when.data());
}

std::optional<std::string> holder_of(int file) {
  auto lock = whole_file(F_WRLCK);
  if (fcntl(file, F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return std::nullopt;
  return describe(file);
}

}  // namespace

Journal::Lock::Lock(Lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Journal::Lock::~Lock() {
  if (descriptor_ < 0) return;
  // Erase the signature, so that the next holder is not taken for this one. Unlock explicitly, as
  // another thread's child may be between fork() and exec(), with a copy of the descriptor.
  if (ftruncate(descriptor_, 0) == 0) {
    auto lock = whole_file(F_UNLCK);
    fcntl(descriptor_, F_OFD_SETLK, &lock);
  }
  HeldLocks::instance().close(descriptor_);
}

Journal::Lock Journal::lock() {
  make_journal_directory(directory_);
  LockFile file(directory_ / kLockFile);
  if (file.get() < 0) throw journal_error(directory_, "cannot open the lock", errno);
  auto whole = whole_file(F_WRLCK);
  while (fcntl(file.get(), F_OFD_SETLK, &whole) != 0) {
    const int error = errno;
    // No holder: it has just been released, so try again.
    const auto who = error == EAGAIN || error == EACCES ? holder_of(file.get()) : std::nullopt;
    if (!who && (error == EAGAIN || error == EINTR)) continue;
    if (!who) throw journal_error(directory_, "cannot lock", error);
    throw Error(ErrorKind::conflict, journal_subject(directory_),
                fmt::format("is held by {}", *who),
                "wait until it has finished; the kernel releases the lock when the process ends");
  }
  sign(file.get());
  return Lock(file.release());
}

std::optional<std::string> Journal::holder() const {
  const host::Descriptor file(open((directory_ / kLockFile).c_str(), O_RDONLY | O_CLOEXEC));
  if (file) return holder_of(file.get());
  if (errno == ENOENT) return std::nullopt;
  throw journal_error(directory_, "cannot open the lock", errno);
}

}  // namespace csnet
