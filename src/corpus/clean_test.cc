#include "corpus/clean.h"

#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace lilt::corpus {
namespace {

std::string clean(const std::string& text, const CleanOptions& options = {}) {
  return clean_text({.text = text}, abc::read_tune(text), options);
}

const std::string kTune =
    "X:3\nT:A tune\nS:somewhere\nR:reel\nM:4/4\nL:1/8\nK:D\n% a comment\nDEFG A4|!trill!d8|]\n";
const std::string kWrong =
    "X:3\nT:A tune  \nS:somewhere % here\nM:4/4\nL:1/8\nK:D\n\"D\"DEFG|d8|]\n";

TEST(Clean, IsCanonicalAndStaysSo) {
  const std::string text = clean(kTune);
  EXPECT_TRUE(abc::read_tune(text).is_correct()) << text;
  EXPECT_EQ(clean(text), text);
  EXPECT_EQ(text.find('%'), std::string::npos);
  EXPECT_EQ(text.find('!'), std::string::npos);
  EXPECT_NE(text.find("S:somewhere\n"), std::string::npos);
  EXPECT_NE(clean(kTune, {.marks = true}).find("!trill!"), std::string::npos);
  EXPECT_EQ(clean(kTune, {.number = 12}).substr(0, 5), "X:12\n");
}

TEST(Clean, KeepsTheFieldsThatAreWanted) {
  for (const std::string& tune : {kTune, kWrong}) {
    const std::string music = clean(tune, {.fields = std::string(kMusicFields)});
    EXPECT_EQ(music.find("S:"), std::string::npos);
    EXPECT_NE(music.find("T:A tune\n"), std::string::npos);
    const std::string dropped = clean(tune, {.drop = "TSXKM"});
    EXPECT_EQ(dropped.find("T:"), std::string::npos);
    for (const char* needed : {"X:", "M:", "K:"}) {
      EXPECT_NE(dropped.find(needed), std::string::npos) << dropped;
    }
  }
}

// Without its order of parts the tune would be another one.
TEST(Clean, KeepsTheMusic) {
  const std::string parts = "X:1\nT:t\nP:AAB\nM:2/4\nL:1/8\nK:C\nP:A\nCDEF|\nP:B\nc4|]\n";
  const std::string text = clean(parts, {.fields = "T"});
  EXPECT_EQ(text, clean(parts));
  EXPECT_NE(text.find("CDEF"), text.rfind("CDEF")) << text;
}

TEST(Clean, LeavesVoicesThatNeedEachOtherAsTheyAre) {
  const std::string tune = "X:1\nT:t\nM:4/4\nL:1/8\nK:C\n(3AB&c|d>cdc dBAG|]\n";
  EXPECT_TRUE(abc::read_tune(clean(tune)).is_correct()) << clean(tune);
  EXPECT_EQ(clean(clean(tune)), clean(tune));
}

TEST(Clean, LeavesWhatIsNotCorrectAsItIs) {
  EXPECT_EQ(clean(kWrong), "X:3\nT:A tune\nS:somewhere\nM:4/4\nL:1/8\nK:D\n\"D\"DEFG|d8|]\n");
  EXPECT_EQ(clean(kWrong, {.number = 7}).substr(0, 4), "X:7\n");
}

const std::string kShortBar = "X:4\nT:Short\nM:4/4\nL:1/8\nK:D\nDEFG ABcd|DEF|d8|]\n";

class CleanFilesTest : public ::testing::Test {
 protected:
  std::vector<std::string> run(const CleanRun& options) {
    std::vector<std::string> tunes;
    const Result<CleanFigures> figures =
        clean_files({file_}, options, [&](const std::string& tune) { tunes.push_back(tune); }, {});
    figures_ = *figures;
    return tunes;
  }

  support::TemporaryFolder folder_;
  std::string file_ = folder_.write("a.abc", kTune + "\n" + kShortBar + "\n" + kTune);
  CleanFigures figures_;
};

TEST_F(CleanFilesTest, LeavesOutAndCountsMistakes) {
  EXPECT_EQ(run({}), (std::vector{clean(kTune), clean(kTune)}));
  EXPECT_EQ(figures_.tunes, 3U);
  EXPECT_EQ(figures_.written, 2U);
  EXPECT_EQ(figures_.mistakes.sorted(),
            (std::vector<std::pair<std::string, std::uint64_t>>{{"bar-too-short", 1}}));
  EXPECT_EQ(run({.keep_incorrect = true})[1], clean(kShortBar));
  EXPECT_EQ(figures_.written, 3U);
}

TEST_F(CleanFilesTest, NumbersAndMovesWhatItWrites) {
  const std::vector<std::string> tunes = run({.renumber = true, .semitones = 2});
  ASSERT_EQ(tunes.size(), 2U);
  EXPECT_EQ(tunes[0].substr(0, 4), "X:1\n");
  EXPECT_EQ(tunes[1].substr(0, 4), "X:2\n");
  EXPECT_NE(tunes[0].find("K:E\n"), std::string::npos) << tunes[0];
  const std::vector<std::string> in_g = run({.key = abc::parse_key("G").key});
  EXPECT_NE(in_g[0].find("K:G\n"), std::string::npos) << in_g[0];
}

}  // namespace
}  // namespace lilt::corpus
