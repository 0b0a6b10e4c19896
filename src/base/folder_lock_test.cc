#include "base/folder_lock.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <utility>

#include "base/environment_error.h"
#include "temporary_folder.h"

namespace lilt {
namespace {

namespace fs = std::filesystem;
using support::TemporaryFolder;

TEST(FolderLock, IsHeldByOneAtATime) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a" / "b";
  {
    std::optional<FolderLock> first = FolderLock::try_lock(path);
    ASSERT_TRUE(first.has_value());
    EXPECT_TRUE(fs::is_empty(path)) << "nothing is left in the folder";
    EXPECT_FALSE(FolderLock::try_lock(path).has_value());
    EXPECT_TRUE(FolderLock::try_lock(folder.path() / "a").has_value()) << "another folder";
    const FolderLock moved = *std::move(first);
    EXPECT_FALSE(FolderLock::try_lock(path).has_value());
  }
  EXPECT_TRUE(FolderLock::try_lock(path).has_value());
}

TEST(FolderLock, IsGoneWithAProgramThatIsKilled) {
  const TemporaryFolder folder;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const std::optional<FolderLock> lock = FolderLock::try_lock(folder.path());
    const char held = lock.has_value() ? 'y' : 'n';
    if (::write(ready[1], &held, 1) == 1) ::pause();
    ::_exit(1);
  }
  char held = 0;
  ASSERT_EQ(::read(ready[0], &held, 1), 1);
  EXPECT_EQ(held, 'y');
  EXPECT_FALSE(FolderLock::try_lock(folder.path()).has_value());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(FolderLock::try_lock(folder.path()).has_value());
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(FolderLock, ThrowsWhereThereCanBeNoFolder) {
  const TemporaryFolder folder;
  const fs::path file = folder.write("file", "");
  EXPECT_THROW((void)FolderLock::try_lock(file), EnvironmentError);
  EXPECT_THROW((void)FolderLock::try_lock(file / "below"), EnvironmentError);
}

}  // namespace
}  // namespace lilt
