#include "score/render.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "base/environment_error.h"
#include "temporary_folder.h"

namespace lilt::score {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOne = "X:1\nT:One\nM:2/4\nL:1/8\nK:D\nD2 F2|A4|]\n";
constexpr const char* kTwo =
    "X:1\nT:One\nM:2/4\nL:1/8\nK:D\nD2 F2|A4|]\n\nX:2\nT:Two\nM:2/4\nL:1/8\nK:G\nG2 B2|d4|]\n";

class Render : public testing::Test {
 protected:
  // The names of the files that render() gives, or its error.
  std::string names(std::string_view text, const std::string& output) {
    const auto files = render(text, folder_.path() / output);
    if (!files) return files.error().message;
    std::string names;
    for (const fs::path& file : *files) {
      EXPECT_TRUE(fs::exists(file));
      names += file.filename().string() + " ";
    }
    return names;
  }

  std::string text_of(const std::string& name) { return support::read_text(folder_.path() / name); }

  support::TemporaryFolder folder_;
};

TEST_F(Render, PicksTheKindByTheEnding) {
  EXPECT_EQ(names(kOne, "a.abc"), "a.abc ");
  EXPECT_EQ(text_of("a.abc").find("X:1\nT:One\n"), 0U);
  EXPECT_EQ(names(kOne, "new/b.MusicXML"), "b.MusicXML ");
  EXPECT_EQ(text_of("new/b.MusicXML").find("<?xml"), 0U);
  EXPECT_EQ(names(kOne, "c.doc").find("expected a name that ends with abc, musicxml"), 0U);
  EXPECT_EQ(names(kOne, ".abc").find("expected a name that ends with "), 0U);
}

TEST_F(Render, PutsManyTunesIntoOneFileOrIntoNumberedOnes) {
  EXPECT_EQ(names(kTwo, "set.abc"), "set.abc ");
  EXPECT_NE(text_of("set.abc").find("\n\nX:2\nT:Two\n"), std::string::npos);
  EXPECT_EQ(names(kTwo, "set.xml"), "set-1.xml set-2.xml ");
  EXPECT_NE(text_of("set-2.xml").find("<work-title>Two<"), std::string::npos);
}

TEST_F(Render, SaysWhichTuneCannotBeRendered) {
  EXPECT_EQ(names("no tune", "a.abc"),
            "expected a tune, which begins with a line such as X:1; found none");
  const std::string text = std::string(kOne) + "\nX:2\nT:None\nK:C\n|]\n";
  EXPECT_EQ(names(text, "a.xml"), "tune 2 (None): expected notes, found none");
  EXPECT_EQ(names(text, "a.abc"), "tune 2 (None): expected notes, found none");
  EXPECT_FALSE(fs::exists(folder_.path() / "a.abc"));
}

TEST_F(Render, StopsBetweenTunesWhenItIsTold) {
  int calls = 0;
  const auto once = [&] { return ++calls < 2; };
  EXPECT_THROW(static_cast<void>(render(kTwo, folder_.path() / "a.xml", {}, once)),
               EnvironmentError);
  EXPECT_TRUE(fs::exists(folder_.path() / "a-1.xml"));
  EXPECT_FALSE(fs::exists(folder_.path() / "a-2.xml"));
}

TEST_F(Render, TellsWhatIsMissingBeforeItStarts) {
  const RenderOptions options{.sound_font = folder_.path() / "nothing.sf2"};
  constexpr std::array kXml = {Kind::kMusicXml}, kWav = {Kind::kWav};
  require_for(kXml, options);
  EXPECT_THROW(require_for(kWav, options), EnvironmentError);
}

TEST(NumberedPath, HasAsManyDigitsAsAreNeeded) {
  EXPECT_EQ(numbered_path("a/set.svg", 0, 1), "a/set.svg");
  EXPECT_EQ(numbered_path("a/set.svg", 0, 9), "a/set-1.svg");
  EXPECT_EQ(numbered_path("a/set.svg", 0, 10), "a/set-01.svg");
  EXPECT_EQ(numbered_path("set.x.svg", 99, 100), "set.x-100.svg");
}

}  // namespace
}  // namespace lilt::score
