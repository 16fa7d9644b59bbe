#include "command.hpp"

#include "text.hpp"
#include "waiter.hpp"

#include <csnet/error.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace csnet::host {
namespace {

constexpr auto kAgain = std::chrono::milliseconds{500};
constexpr std::size_t kMostOutput = 300;

[[noreturn]] void cannot_run(int error) {
  throw Error(ErrorKind::unavailable, "/bin/sh", fmt::format("cannot run: {}", kernel_says(error)));
}

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// A new process group, and default signal handling: the caller may have changed it, as Python,
/// which ignores SIGPIPE.
class SpawnAttributes {
 public:
  SpawnAttributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

/// The running shell. The destructor kills the rest of its process group.
class Shell {
 public:
  explicit Shell(const std::string& line) {
    std::array<int, 2> pipe{};
    if (pipe2(pipe.data(), O_CLOEXEC) != 0) cannot_run(errno);
    output_ = Descriptor(pipe[0]);
    const Descriptor end_of_child(pipe[1]);
    // Only csnet's end: a command need not expect EAGAIN.
    fcntl(output_.get(), F_SETFL, O_NONBLOCK);
    FileActions actions;
    posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(actions.get(), end_of_child.get(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(actions.get(), end_of_child.get(), STDERR_FILENO);
    const SpawnAttributes attributes;
    std::string name = "sh";
    std::string option = "-c";
    std::string command = line;
    const std::array<char*, 4> arguments{name.data(), option.data(), command.data(), nullptr};
    const int error =
        posix_spawn(&pid_, "/bin/sh", actions.get(), attributes.get(), arguments.data(), environ);
    if (error != 0) cannot_run(error);
    // glibc has a function for it only since 2.36.
    end_ = Descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
    if (!end_) {
      const int no_descriptor = errno;
      kill_and_reap();
      cannot_run(no_descriptor);
    }
  }
  ~Shell() { kill_and_reap(); }
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;

  /// True when it ends in time.
  bool wait(Waiter& waiter, Clock::time_point until) {
    while (true) {
      std::array<pollfd, 2> both{pollfd{.fd = end_.get(), .events = POLLIN, .revents = 0},
                                 pollfd{.fd = output_.get(), .events = POLLIN, .revents = 0}};
      if (!waiter.poll(both, until)) return false;
      read_output();
      if (both[0].revents != 0) return true;
      if (Clock::now() >= until) return false;  // a command that prints without end
    }
  }

  /// After it ended: nothing when the exit status is 0, else the status and the output.
  std::optional<std::string> why_failed() {
    const auto status = kill_and_reap();
    std::string why = "its exit status is lost: other code in this process waits for children";
    if (status) {
      if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0) return std::nullopt;
      why = WIFEXITED(*status) ? fmt::format("exit status {}", WEXITSTATUS(*status))
                               : fmt::format("killed by signal {}", WTERMSIG(*status));
    }
    const auto said = one_line(said_, kMostOutput);
    return said.empty() ? why : fmt::format("{}: {}", why, said);
  }

 private:
  /// Keeps the beginning, and discards the rest: a full pipe would stop the command.
  void read_output() {
    std::array<char, 4096> buffer{};
    // One read() only, so that a command that prints without end cannot keep csnet here.
    const auto count = read(output_.get(), buffer.data(), buffer.size());
    if (count > 0) {
      if (said_.size() <= kMostOutput) said_.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
      output_.reset();  // poll() would return at once for a pipe at its end
    }
  }

  /// The exit status; nothing when it is lost. Kills first: as long as the shell is not reaped, no
  /// other process or group can have its number.
  std::optional<int> kill_and_reap() {
    if (pid_ <= 0) return std::nullopt;
    kill(-pid_, SIGKILL);
    int status = 0;
    pid_t reaped = -1;
    do {
      reaped = waitpid(pid_, &status, 0);
    } while (reaped < 0 && errno == EINTR);
    pid_ = 0;
    if (reaped < 0) return std::nullopt;
    return status;
  }

  pid_t pid_ = 0;
  Descriptor end_;
  Descriptor output_;
  std::string said_;
};

}  // namespace

std::optional<std::string> why_command_fails(const std::string& line, const Wait& wait) {
  const Manner manner{.least = kAgain, .most = kAgain, .silence = "did not end"};
  return why_none_passes(wait, manner, [&](Waiter& waiter, Clock::time_point until) -> Attempt {
    Shell shell(line);
    if (!shell.wait(waiter, until)) return {Attempt::End::cut_short};
    if (auto why = shell.why_failed()) return {Attempt::End::failed, std::move(*why)};
    return {};
  });
}

}  // namespace csnet::host
