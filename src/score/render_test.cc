#include "score/render.h"

#include <gtest/gtest.h>

#include <string>

#include "base/environment_error.h"
#include "score/selection.h"
#include "temporary_folder.h"

namespace lilt::score {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOne = "X:1\nT:One\nM:2/4\nL:1/8\nK:D\n\"D\"D2 F2|A4|]\n";
constexpr const char* kTwo =
    "X:1\nT:One\nM:2/4\nL:1/8\nK:D\nD2 F2|A4|]\n\nX:2\nT:Two\nM:2/4\nL:1/8\nK:G\nG2 B2|d4|]\n";

class Render : public testing::Test {
 protected:
  // The names of the files that are written, or the error.
  std::string names(const std::string& text, const std::string& output) {
    asked_.file = folder_.write("tunes.abc", text);
    asked_.publication.output = folder_.path() / output;
    heard_.clear();
    Listener listener;
    std::string names;
    listener.written = [&](const fs::path& file) {
      EXPECT_TRUE(fs::exists(file));
      names += file.filename().string() + " ";
    };
    listener.warning = listener.failure = [&](const std::string& said) { heard_ += said + "\n"; };
    listener.go_on = [&] { return ++calls_ < stops_at_; };
    const auto left_out = render(asked_, listener);
    if (!left_out) return left_out.error().to_string();
    left_out_ = *left_out;
    return names;
  }

  std::string text_of(const std::string& name) { return support::read_text(folder_.path() / name); }

  support::TemporaryFolder folder_;
  RenderRequest asked_;
  std::string heard_;
  std::size_t left_out_ = 0;
  int calls_ = 0, stops_at_ = 1000;
};

TEST_F(Render, PicksTheKindByTheEnding) {
  EXPECT_EQ(names(kOne, "a.abc"), "a.abc ");
  EXPECT_EQ(text_of("a.abc").find("X:1\nT:One\n"), 0U);
  EXPECT_EQ(names(kOne, "new/b.MusicXML"), "b.MusicXML ");
  EXPECT_EQ(text_of("new/b.MusicXML").find("<?xml"), 0U);
}

TEST_F(Render, PutsManyTunesIntoOneFileOrIntoNumberedOnes) {
  EXPECT_EQ(names(kTwo, "set.abc"), "set.abc ");
  EXPECT_NE(text_of("set.abc").find("\n\nX:2\nT:Two\n"), std::string::npos);
  EXPECT_EQ(names(kTwo, "set.xml"), "set-1.xml set-2.xml ");
  EXPECT_NE(text_of("set-2.xml").find("<work-title>Two<"), std::string::npos);
}

TEST_F(Render, TakesTheTunesThatAreWantedAsTheyAreWanted) {
  asked_.numbers = "2-9";
  EXPECT_EQ(names(kTwo, "a.abc"), "a.abc ");
  EXPECT_EQ(text_of("a.abc").find("X:2\nT:Two\n"), 0U);
  asked_.numbers = "3";
  EXPECT_NE(names(kTwo, "a.abc").find("tunes.abc: none of its 2 tunes is the one asked for"),
            std::string::npos);
  asked_.numbers = "2-";
  EXPECT_EQ(names(kTwo, "a.abc"), "tune: expected numbers such as 3 or 2,5-8, found 2-");
  asked_ = {.semitones = 2, .chords = false};
  EXPECT_EQ(names(kOne, "a.abc"), "a.abc ");
  EXPECT_NE(text_of("a.abc").find("K:E\nE2 G2|B4|]"), std::string::npos) << text_of("a.abc");
}

TEST_F(Render, LeavesOutWhatCannotBeRenderedAndTellsOfMistakes) {
  EXPECT_NE(names("no tune", "a.abc").find("expected a tune, which begins with a line such as X:1"),
            std::string::npos);
  const std::string text = "X:1\nT:None\nK:C\n|]\n\nX:2\nT:Bad\nM:2/4\nL:1/8\nK:C\nC2 D2 E2|F4|]\n";
  EXPECT_EQ(names(text, "a.xml"), "a-2.xml ");
  EXPECT_EQ(left_out_, 1U);
  EXPECT_EQ(heard_,
            "tune 1 (None): expected notes, found none; left out\n"
            "tune 2 (Bad): a mistake in its notation, rendered as well as it allows; see lilt "
            "check\n");
  EXPECT_EQ(names(text, "a.abc"), "a.abc ");
  EXPECT_EQ(text_of("a.abc").find("X:2\nT:Bad\n"), 0U);
}

TEST_F(Render, StopsBetweenTunesWhenItIsTold) {
  stops_at_ = 2;
  EXPECT_THROW(names(kTwo, "a.xml"), EnvironmentError);
  EXPECT_TRUE(fs::exists(folder_.path() / "a-1.xml"));
  EXPECT_FALSE(fs::exists(folder_.path() / "a-2.xml"));
  calls_ = 0;
  EXPECT_THROW(names(kTwo, "a.abc"), EnvironmentError);
  EXPECT_FALSE(fs::exists(folder_.path() / "a.abc"));
  EXPECT_FALSE(fs::exists(folder_.path() / "a.abc.part"));
}

TEST(Ranges, AreNumbersWithCommasAndDashes) {
  EXPECT_EQ(parse_ranges("3,7-9")->size(), 2U);
  for (const char* wrong : {"", "x", "3,", "5-2", "1-", "-1", "1 2", "99999999999999999999"}) {
    EXPECT_FALSE(parse_ranges(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace lilt::score
