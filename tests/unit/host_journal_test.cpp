#include "host_test.hpp"

#include "transaction/journal.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <memory>

namespace csnet::host {
namespace {

TEST(Journal, HoldsWhatWasWrittenLast) {
  const Directory directory;
  Journal journal(directory.path / "new" / "csnet");
  EXPECT_EQ(journal.read(), std::nullopt);
  const auto mask = umask(0);
  journal.write(std::string(10000, 'x'));
  umask(mask);
  journal.write("second");
  EXPECT_EQ(journal.read(), "second");
  struct stat entry {};
  ASSERT_EQ(stat(journal.directory().c_str(), &entry), 0);
  EXPECT_EQ(entry.st_mode & 07777U, 0700U);
  ASSERT_EQ(stat((journal.directory() / "transaction.json").c_str(), &entry), 0);
  EXPECT_EQ(entry.st_mode & 07777U, 0600U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(journal.directory()), {}), 1);
  journal.erase();
  EXPECT_EQ(journal.read(), std::nullopt);
  EXPECT_NO_THROW(journal.erase());
}

TEST(Journal, KeepsTheOldTextWhenTheNewOneDoesNotFit) {
  const Directory directory;
  Journal journal(directory.path);
  journal.write("old");
  // A process that still reads the old file must see it whole: it is replaced, not written over.
  std::ifstream reader(directory.path / "transaction.json");
  const auto child = start_child([&] {
    const rlimit limit{100, 100};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
    std::signal(SIGXFSZ, SIG_IGN);
    const auto error =
        error_of(ErrorKind::unavailable, [&] { journal.write(std::string(1000, 'x')); });
    EXPECT_EQ(std::string(error.what()),
              fmt::format("transaction journal '{}': cannot write transaction.json: file too large",
                          directory.path.string()));
    EXPECT_NE(error.hint(), "");
  });
  EXPECT_EQ(end_of(child), 0);
  EXPECT_EQ(journal.read(), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path), {}), 1);
  journal.write("new");
  std::string seen;
  reader >> seen;
  EXPECT_EQ(seen, "old");
}

TEST(Journal, SaysWhoMayNotUseIt) {
  const auto child = start_child([] {
    if (geteuid() == 0) {
      ASSERT_EQ(setresuid(65534, 65534, 65534), 0);
    }
    Journal journal("/csnet-journal-test");
    const auto error = error_of(ErrorKind::permission, [&] { journal.lock(); });
    EXPECT_EQ(error.subject(), "transaction journal '/csnet-journal-test'");
    EXPECT_EQ(error.hint(), "run as root");
  });
  EXPECT_EQ(end_of(child), 0);
}

TEST(Journal, LocksOnceInAProcess) {
  const Directory directory;
  Journal journal(directory.path);
  Journal other(directory.path);
  EXPECT_EQ(other.holder(), std::nullopt);
  {
    const auto lock = journal.lock();
    const auto holder = other.holder().value_or("nobody");
    EXPECT_TRUE(std::filesystem::exists(directory.path / "lock"));
    const auto program = std::string(program_invocation_name).substr(0, 40);
    EXPECT_EQ(holder.rfind(fmt::format("pid {} ({}", getpid(), program), 0), 0U) << holder;
    EXPECT_NE(holder.find("), since 20"), std::string::npos) << holder;
    const auto error = error_of(ErrorKind::conflict, [&] { other.lock(); });
    EXPECT_EQ(std::string(error.what()), fmt::format("transaction journal '{}': is held by {}",
                                                     directory.path.string(), holder));
  }
  EXPECT_EQ(other.holder(), std::nullopt);
  EXPECT_NO_THROW(other.lock());
}

TEST(Journal, LosesItsLockWithTheProcess) {
  const Directory directory;
  Journal journal(directory.path);
  Pipe locked;
  const auto child = start_child([&] {
    const auto lock = journal.lock();
    locked.write();
    pause();
  });
  locked.writer.reset();
  ASSERT_TRUE(locked.read());
  const auto holder = journal.holder().value_or("nobody");
  EXPECT_EQ(holder.rfind(fmt::format("pid {} (", child), 0), 0U) << holder;
  error_of(ErrorKind::conflict, [&] { journal.lock(); });
  kill(child, SIGKILL);
  end_of(child);
  EXPECT_EQ(journal.holder(), std::nullopt);
  EXPECT_NO_THROW(journal.lock());
}

TEST(Journal, LeavesItsLockToNoChild) {
  const Directory directory;
  Journal journal(directory.path);
  Pipe ready;
  Pipe life;  // open while the grandchild runs
  const auto child = start_child([&] {
    const auto lock = journal.lock();
    const auto grandchild = start_child([&] {
      life.writer.reset();
      ready.write();
      static_cast<void>(life.read());
    });
    EXPECT_GT(grandchild, 0);
    pause();
  });
  ready.writer.reset();
  ASSERT_TRUE(ready.read());
  EXPECT_TRUE(journal.holder());
  kill(child, SIGKILL);
  end_of(child);
  EXPECT_EQ(journal.holder(), std::nullopt);
  life.writer.reset();
}

TEST(Journal, KeepsItsLockWhateverAChildDoes) {
  const Directory directory;
  Journal journal(directory.path);
  auto lock = std::make_unique<Journal::Lock>(journal.lock());
  const auto child = start_child([&] {
    const auto before = count_descriptors();
    lock.reset();
    EXPECT_EQ(count_descriptors(), before - 1);
  });
  EXPECT_EQ(end_of(child), 0);
  EXPECT_TRUE(journal.holder());
}

}  // namespace
}  // namespace csnet::host
