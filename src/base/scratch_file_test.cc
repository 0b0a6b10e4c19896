#include "base/scratch_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/environment_error.h"
#include "temporary_folder.h"

namespace lilt {
namespace {

// Sets TMPDIR for as long as it lives.
class WithFolder {
 public:
  explicit WithFolder(const std::filesystem::path& folder) {
    ::setenv("TMPDIR", folder.c_str(), 1);
  }
  WithFolder(const WithFolder&) = delete;
  WithFolder& operator=(const WithFolder&) = delete;
  ~WithFolder() { ::unsetenv("TMPDIR"); }
};

TEST(ScratchFile, GivesBackWhatWasAppended) {
  ScratchFile file;
  std::vector<std::vector<std::byte>> pieces;
  std::vector<std::uint64_t> offsets;
  for (std::size_t i = 0; i < 300; ++i) {
    pieces.emplace_back(i * 7 % 1999, static_cast<std::byte>(i));
    offsets.push_back(file.append(pieces.back()));
    if (i % 50 != 0) continue;  // what was only just appended, too
    std::vector<std::byte> last(pieces[i].size());
    file.read(offsets[i], last);
    ASSERT_EQ(last, pieces[i]);
  }
  const ScratchFile empty = std::exchange(file, ScratchFile());
  EXPECT_EQ(file.size(), 0U);
  file = ScratchFile();
}

TEST(ScratchFile, IsReadWhereverItWasWritten) {
  ScratchFile file;
  std::vector<std::byte> bytes(200'000);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i % 251);
  EXPECT_EQ(file.append(bytes), 0U);
  EXPECT_EQ(file.append(std::span(bytes).first(10)), 200'000U);
  EXPECT_EQ(file.size(), 200'010U);
  std::vector<std::byte> some(20);
  file.read(199'990, some);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(some[i], bytes[199'990 + i]);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(some[10 + i], bytes[i]);
}

TEST(ScratchFile, LeavesNothingBehind) {
  const support::TemporaryFolder folder;
  const WithFolder with(folder.path());
  ScratchFile file;
  file.append(std::vector<std::byte>(100'000));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(ScratchFile, NamesTheFolderThatCannotBeWritten) {
  const support::TemporaryFolder folder;
  const WithFolder with(folder.path() / "none");
  try {
    ScratchFile file;
    FAIL();
  } catch (const EnvironmentError& error) {
    EXPECT_EQ(error.subject(), (folder.path() / "none").string());
    EXPECT_NE(std::string(error.what()).find("TMPDIR"), std::string::npos);
  }
}

}  // namespace
}  // namespace lilt
