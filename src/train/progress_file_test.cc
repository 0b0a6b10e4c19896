#include "train/progress_file.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "temporary_folder.h"
#include "train/trainer.h"

namespace lilt::train {
namespace {

UpdateReport report(std::uint64_t epoch, std::uint64_t window, double loss) {
  return {.epoch = epoch,
          .epochs = 3,
          .window = window,
          .windows = 4,
          .loss = loss,
          .accuracy = 0.5,
          .characters_per_second = 1234.4,
          .seconds_left = 9};
}

class ProgressFileTest : public testing::Test {
 protected:
  std::vector<ProgressRow> rows() const { return read_progress(support::read_text(path_)); }

  support::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "logs" / "progress.csv";
};

TEST_F(ProgressFileTest, TellsTheFirstUpdateAndTheLastOfEachEpoch) {
  ProgressFile file(path_, 0);
  for (std::uint64_t update = 0; update < 8; ++update) {
    file.append(report(1 + update / 4, 1 + update % 4, 2), update + 1);
  }
  const std::vector<ProgressRow> found = rows();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].updates, 1U);
  EXPECT_EQ(found[1].updates, 4U);
  EXPECT_EQ(found[2].updates, 8U);
  EXPECT_EQ(found[2].epoch, 2U);
  EXPECT_EQ(found[2].epochs, 3U);
  EXPECT_EQ(found[2].window, 4U);
  EXPECT_EQ(found[2].windows, 4U);
  EXPECT_DOUBLE_EQ(found[2].accuracy, 0.5);
  EXPECT_EQ(found[2].characters_per_second, 1234);
  EXPECT_EQ(found[2].seconds_left, 9);
}

// Reports have means of the epoch so far; a line has the mean since the one before.
TEST_F(ProgressFileTest, TellsWhatWasLearntSinceTheLineBefore) {
  ProgressFile file(path_, 0);
  file.append(report(1, 1, 4.0), 1);
  file.append(report(1, 4, 2.5), 4);
  file.append(report(2, 4, 1.0), 8);
  const std::vector<ProgressRow> found = rows();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_DOUBLE_EQ(found[0].loss, 4);
  EXPECT_DOUBLE_EQ(found[1].loss, 2);
  EXPECT_DOUBLE_EQ(found[2].loss, 1);
}

TEST_F(ProgressFileTest, WritesNoMoreThanTwoLinesASecond) {
  ProgressFile file(path_, 0);
  UpdateReport r = report(1, 1, 2);
  r.windows = 1000;
  for (; r.window < 60; ++r.window) {
    file.append(r, r.window);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(rows().size(), 2U);  // at once, and after half a second
}

TEST_F(ProgressFileTest, GoesOnWhereARunIsResumed) {
  {
    ProgressFile file(path_, 0);
    for (std::uint64_t epoch = 1; epoch <= 3; ++epoch) file.append(report(epoch, 4, 2), 4 * epoch);
  }
  ProgressFile(path_, 8);
  EXPECT_EQ(rows().size(), 2U);
  ProgressFile(path_, 0);
  EXPECT_EQ(rows().size(), 0U);
}

TEST_F(ProgressFileTest, AFolderThatCannotBeWrittenStopsNothing) {
  folder_.write("logs", "");
  ProgressFile file(path_, 0);
  file.append(report(1, 1, 2), 1);
  EXPECT_EQ(support::read_text(folder_.path() / "logs"), "");
}

TEST(ReadProgress, EndsWhereALineIsNotWhole) {
  const char* header = "updates,…\n";
  const std::string row = "4,1,3,4,4,2.5,0.5,1234,9\n";
  EXPECT_EQ(read_progress("").size(), 0U);
  EXPECT_EQ(read_progress(header + row + row).size(), 2U);
  EXPECT_EQ(read_progress(header + row + "8,2,3").size(), 1U);
  EXPECT_EQ(read_progress(header + row + "8,2,3\n" + row).size(), 1U);
  EXPECT_EQ(read_progress(header + row + "8,2,3,4,4,x,1,1,1\n").size(), 1U);
  EXPECT_EQ(read_progress(header + row + "8,2,3,4,4,1,1,1,1,1\n").size(), 1U);
}

}  // namespace
}  // namespace lilt::train
