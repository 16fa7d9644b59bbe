#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace csnet {

/// The one file that survives csnet, NetworkManager and the power: what a transaction must know to be finished or
/// undone by a later process. Whoever works on a transaction holds its lock.
class Journal {
 public:
  /// @param directory is made (0700) when the first transaction begins
  explicit Journal(std::filesystem::path directory);

  /// The lock, for as long as the object lives; the kernel drops it when the process dies. A child that is forked
  /// meanwhile does not keep it.
  class Lock {
   public:
    Lock(Lock&& other) noexcept;
    Lock& operator=(Lock&&) = delete;
    ~Lock();

   private:
    friend class Journal;
    explicit Lock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
  };

  /// @throws Error (conflict) naming the holder ("pid 4711 (csnet apply network.yaml), since 2026-11-24 03:12:45") when
  /// another process, or another Session of this one, has it; Error (permission, unavailable) when the directory cannot
  /// be written
  Lock lock();

  /// The holder of the lock, as in lock()'s error; nothing when the lock is free.
  [[nodiscard]] std::optional<std::string> holder() const;

  /// The text that was written last; nothing when no transaction is open.
  /// @throws Error (unavailable) when the file is there and cannot be read
  [[nodiscard]] std::optional<std::string> read() const;

  /// Replaces it atomically, mode 0600, and returns when it is on the disk (fsync of file and directory).
  /// @throws Error (unavailable) with the kernel's reason, "No space left on device"; the old text then stays
  void write(const std::string& text);

  /// Ends it; no error when there is none.
  void erase();

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
  [[nodiscard]] std::filesystem::path file() const;

 private:
  std::filesystem::path directory_;
};

}  // namespace csnet
