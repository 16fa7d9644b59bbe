#pragma once

#include "host/descriptor.hpp"

#include <csnet/error.hpp>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <string>

/// The common parts of the host room's tests.
namespace csnet::host {

class Directory {
 public:
  Directory() {
    std::string name = "/tmp/csnet-host-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path = name;
  }
  ~Directory() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    reader = Descriptor(ends[0]);
    writer = Descriptor(ends[1]);
  }
  /// Waits for a byte; false when all writers are closed.
  [[nodiscard]] bool read() const {
    char byte = 0;
    return ::read(reader.get(), &byte, 1) == 1;
  }
  void write() const { ASSERT_EQ(::write(writer.get(), "!", 1), 1); }
  Descriptor reader;
  Descriptor writer;
};

template <class Function>
pid_t start_child(const Function& function) {
  std::fflush(nullptr);
  const auto pid = fork();
  if (pid != 0) return pid;
  try {
    function();
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
  std::fflush(nullptr);
  _exit(testing::Test::HasFailure() ? 1 : 0);
}

inline int end_of(pid_t child) {
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

/// Returns the Error that function() throws, which must be of `kind`.
template <class Function>
Error error_of(ErrorKind kind, const Function& function) {
  try {
    function();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error;
  }
  ADD_FAILURE() << "no error";
  return {ErrorKind::bug, "", "no error"};
}

inline std::ptrdiff_t count_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

}  // namespace csnet::host
