#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace csnet {

/// The file with which a later process finishes or undoes an open transaction, also after a power
/// failure. A process that works on a transaction holds the journal's lock.
class Journal {
 public:
  /// @param directory is created (0700) when the first transaction begins
  explicit Journal(std::filesystem::path directory);

  /// Holds the lock while the object exists. The kernel releases it when the process ends; a child
  /// that is forked meanwhile does not keep it.
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

  /// Takes the lock.
  /// @throws Error (conflict) when another process, or another Session of this one, has it; names
  /// the holder: "pid 4711 (csnet apply network.yaml), since 2026-11-24 03:12:45"
  /// @throws Error (permission, unavailable) when the directory cannot be written
  Lock lock();

  /// The holder of the lock, as in lock()'s error; nothing when the lock is free.
  [[nodiscard]] std::optional<std::string> holder() const;

  /// The text that was written last; nothing when no transaction is open.
  /// @throws Error (unavailable) when the file exists but cannot be read
  [[nodiscard]] std::optional<std::string> read() const;

  /// Replaces the text atomically, with mode 0600. Returns when it is on disk (fsync of file and
  /// directory).
  /// @throws Error (unavailable) with the kernel's reason, "no space left on device"; the old text
  /// is then kept
  void write(const std::string& text);

  /// Deletes the file; does nothing when there is none.
  void erase();

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
  [[nodiscard]] std::filesystem::path file() const;

 private:
  std::filesystem::path directory_;
};

}  // namespace csnet
