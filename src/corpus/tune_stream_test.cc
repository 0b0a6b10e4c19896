#include "corpus/tune_stream.h"

#include <gtest/gtest.h>

#include "base/environment_error.h"
#include "temporary_folder.h"

namespace lilt::corpus {
namespace {

class TuneStreamTest : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    const std::filesystem::path path = folder_.path() / name;
    write_file_atomically(path, text);
    return path.string();
  }

  static std::vector<TuneText> read(const std::vector<std::string>& paths) {
    TuneStream stream(paths);
    std::vector<TuneText> tunes;
    for (;;) {
      TuneText tune;
      const Result<bool> more = stream.next(tune);
      EXPECT_TRUE(more.ok()) << (more.ok() ? "" : more.error().to_string());
      if (!more.ok() || !*more) return tunes;
      tunes.push_back(tune);
    }
  }

  support::TemporaryFolder folder_;
};

TEST_F(TuneStreamTest, GivesTunesWithTheirPlaces) {
  const auto tunes =
      read({file("a.abc", "free text\n\nX:1\nK:C\nCDE\n\ntext\nX:2\nK:D\nD\nX:3\nK:E\nE"),
            file("b.abc", "X:4\nK:F\nF\n   \nG\n")});
  ASSERT_EQ(tunes.size(), 4U);
  EXPECT_EQ(tunes[0].text, "X:1\nK:C\nCDE\n");
  EXPECT_EQ(tunes[0].line, 3U);
  EXPECT_EQ(tunes[1].text, "X:2\nK:D\nD\n");
  EXPECT_EQ(tunes[1].line, 8U);
  EXPECT_EQ(tunes[2].text, "X:3\nK:E\nE\n");
  EXPECT_EQ(tunes[2].line, 11U);
  EXPECT_EQ(tunes[3].text, "X:4\nK:F\nF\n");
  EXPECT_EQ(tunes[3].file, 1U);
  EXPECT_EQ(tunes[3].line, 1U);
}

TEST_F(TuneStreamTest, LineEndsAndByteOrderMarksMakeNoDifference) {
  for (const char* text :
       {"X:1\nK:C\nC\n\nX:2\nK:D\nD\n", "X:1\r\nK:C\r\nC\r\n\r\nX:2\r\nK:D\r\nD\r\n",
        "X:1\rK:C\rC\r\rX:2\rK:D\rD\r", "\xEF\xBB\xBFX:1\nK:C\nC\n\nX:2\nK:D\nD"}) {
    const auto tunes = read({file("a.abc", text)});
    ASSERT_EQ(tunes.size(), 2U) << text;
    EXPECT_EQ(tunes[0].text, "X:1\nK:C\nC\n");
    EXPECT_EQ(tunes[1].text, "X:2\nK:D\nD\n");
    EXPECT_EQ(tunes[1].line, 5U);
  }
}

// Whatever stands at the end of a block of the file.
TEST_F(TuneStreamTest, ReadsLargeFilesAsSmallOnes) {
  for (const std::string end : {"\n", "\r\n"}) {
    std::string text;
    for (int i = 0; i < 6000; ++i) {
      text +=
          "X:" + std::to_string(i) + end + "K:C" + end + std::string(i % 97, 'C') + "|" + end + end;
    }
    const auto tunes = read({file("large.abc", text)});
    ASSERT_EQ(tunes.size(), 6000U);
    for (int i = 0; i < 6000; ++i) {
      ASSERT_EQ(tunes[i].text,
                "X:" + std::to_string(i) + "\nK:C\n" + std::string(i % 97, 'C') + "|\n");
      ASSERT_EQ(tunes[i].line, 4U * i + 1);
    }
  }
}

TEST_F(TuneStreamTest, ReadsOtherEncodings) {
  const auto tunes =
      read({file("a.abc", "X:1\nT:Caf\xE9\nK:C\nC\n\nX:2\nT:Caf\xC3\xA9\nK:C\nC\n")});
  ASSERT_EQ(tunes.size(), 2U);
  EXPECT_EQ(tunes[0].text, "X:1\nT:Café\nK:C\nC\n");
  EXPECT_TRUE(tunes[0].was_latin1);
  EXPECT_EQ(tunes[1].text, "X:2\nT:Café\nK:C\nC\n");
  EXPECT_FALSE(tunes[1].was_latin1);
}

TEST_F(TuneStreamTest, SaysWhatIsWrong) {
  TuneText tune;
  TuneStream none({file("none.abc", "no tune here\n")});
  const Result<bool> nothing = none.next(tune);
  ASSERT_FALSE(nothing.ok());
  EXPECT_NE(nothing.error().to_string().find("none.abc: expected tunes"), std::string::npos);

  TuneStream missing({(folder_.path() / "missing.abc").string()});
  EXPECT_THROW((void)missing.next(tune), EnvironmentError);
  TuneStream folder({folder_.path().string()});
  EXPECT_THROW((void)folder.next(tune), EnvironmentError);
}

}  // namespace
}  // namespace lilt::corpus
