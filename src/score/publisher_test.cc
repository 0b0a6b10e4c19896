#include "score/publisher.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "base/environment_error.h"
#include "temporary_folder.h"

namespace lilt::score {
namespace {

namespace fs = std::filesystem;

abc::Tune tune_of(const std::string& title, const std::string& music = "D2 F2|A4|]") {
  return abc::read_tune("X:1\nT:" + title + "\nM:2/4\nL:1/8\nK:D\n" + music + "\n").tune;
}

class Publishing : public testing::Test {
 protected:
  std::string in_folder(const std::string& name) { return (folder_.path() / name).string(); }

  Listener listener() {
    Listener listener;
    listener.written = [this](const fs::path& file) {
      EXPECT_TRUE(fs::exists(file));
      written_ += file.filename().string() + " ";
    };
    listener.output = [this](std::string_view bytes) { output_ += bytes; };
    listener.warning = [this](const std::string& text) { warnings_ += text + "\n"; };
    listener.progress = [this](const Progress& progress) {
      progress_ += std::to_string(progress.done) + "/" + std::to_string(progress.all) + " ";
    };
    listener.go_on = [this] { return go_on_; };
    return listener;
  }

  std::unique_ptr<Publisher> publisher(const Publication& asked, std::size_t tunes) {
    auto opened = Publisher::open(asked, listener());
    EXPECT_TRUE(opened) << opened.error().to_string();
    EXPECT_TRUE((*opened)->expect(tunes));
    return *std::move(opened);
  }

  std::string error_of(const Publication& asked) {
    const auto opened = Publisher::open(asked, listener());
    return opened ? "none" : opened.error().to_string();
  }

  support::TemporaryFolder folder_;
  std::string written_, output_, warnings_, progress_;
  bool go_on_ = true;
};

TEST_F(Publishing, NamesFilesInAFolderByTitlesInTheOrderOfTunesAndKinds) {
  const auto to = publisher({.output = in_folder("new/"), .formats = {"xml", "abc", "xml"}}, 3);
  for (const char* title : {"A", "../../x", "a"}) EXPECT_TRUE(to->add(tune_of(title)));
  EXPECT_EQ(written_, "A.musicxml A.abc x.musicxml x.abc a-2.musicxml a-2.abc ");
  EXPECT_EQ(progress_, "0/3 1/3 2/3 ");
  EXPECT_TRUE(to->finish());
}

TEST_F(Publishing, NumbersFilesByTheTunesExpected) {
  const auto to = publisher({.output = in_folder("set.xml")}, 10);
  EXPECT_TRUE(to->add(tune_of("A")));
  EXPECT_FALSE(to->add(tune_of("B", "|]")));
  to->skip();
  EXPECT_TRUE(to->add(tune_of("D")));
  EXPECT_EQ(written_, "set-01.xml set-04.xml ");
}

TEST_F(Publishing, PutsABookInPlaceWhenItIsFinished) {
  const auto to = publisher({.output = in_folder("set.abc")}, 3);
  EXPECT_TRUE(to->is_text());
  EXPECT_TRUE(to->add(tune_of("A")));
  EXPECT_EQ(to->add(tune_of("None", "|]")).error().message, "expected notes, found none");
  EXPECT_TRUE(to->add(tune_of("B"), "X:7\nT:As it is\nK:C\nC|]\n"));
  EXPECT_FALSE(fs::exists(in_folder("set.abc")));
  EXPECT_TRUE(to->finish());
  EXPECT_EQ(written_, "set.abc ");
  EXPECT_EQ(support::read_text(in_folder("set.abc")),
            "X:1\nT:A\nM:2/4\nL:1/8\nK:D\nD2 F2|A4|]\n\nX:7\nT:As it is\nK:C\nC|]\n");
}

TEST_F(Publishing, WritesNoBookOfNothingAndNoneThatIsNotFinished) {
  {
    const auto to = publisher({.output = in_folder("none.abc")}, 1);
    EXPECT_FALSE(to->add(tune_of("None", "|]")));
    EXPECT_TRUE(to->finish());
  }
  {
    const auto to = publisher({.output = in_folder("half.abc")}, 2);
    EXPECT_TRUE(to->add(tune_of("A")));
  }
  EXPECT_EQ(written_, "");
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(Publishing, GivesStandardOutputToTheListener) {
  const auto book = publisher({.output = "-", .formats = {"abc"}}, 2);
  EXPECT_TRUE(book->add(tune_of("A")));
  EXPECT_EQ(output_, "X:1\nT:A\nM:2/4\nL:1/8\nK:D\nD2 F2|A4|]\n");
  EXPECT_TRUE(book->add(tune_of("B")));
  EXPECT_NE(output_.find("|]\n\nX:1\nT:B\n"), std::string::npos);
  auto one = Publisher::open({.output = "-", .formats = {"xml"}}, listener());
  EXPECT_EQ((*one)->expect(2).error().to_string(),
            "output: expected one tune for musicxml, found 2; choose one");
  EXPECT_TRUE((*one)->expect(1));
  EXPECT_TRUE((*one)->add(tune_of("A")));
  EXPECT_NE(output_.find("<work-title>A<"), std::string::npos);
}

TEST_F(Publishing, KeepsWhatIsWholeWhenItFailsOnTheWayOrIsStopped) {
  const auto to = publisher({.output = in_folder("set.xml")}, 3);
  EXPECT_TRUE(to->add(tune_of("A")));
  fs::create_directory(in_folder("set-2.xml"));
  EXPECT_THROW(static_cast<void>(to->add(tune_of("B"))), EnvironmentError);
  go_on_ = false;
  EXPECT_THROW(static_cast<void>(to->add(tune_of("C"))), EnvironmentError);
  EXPECT_EQ(written_, "set-1.xml ");
  EXPECT_FALSE(fs::exists(in_folder("set-3.xml")));
  EXPECT_FALSE(fs::exists(in_folder("set-2.xml.part")));
}

TEST_F(Publishing, NamesTheFieldThatIsWrong) {
  const fs::path file = folder_.write("file", "");
  const auto begins = [](const std::string& text, const std::string& beginning) {
    EXPECT_EQ(text.substr(0, beginning.size()), beginning);
  };
  begins(error_of({.output = "x.doc"}), "output: expected a folder (DIR/), or a file that ends");
  begins(error_of({.output = ".abc"}), "output: expected ");
  begins(error_of({.output = ""}), "output: expected ");
  begins(error_of({.output = "/dev/null", .formats = {"abc"}}),
         "output: expected a file or a folder, found /dev/null");
  begins(error_of({.output = "new/"}), "format: expected what to write into a folder");
  begins(error_of({.output = "x.mid", .formats = {"gif"}}), "format: expected abc, musicxml, ");
  begins(error_of({.output = "-"}), "format: expected one kind for standard output, found none");
  begins(error_of({.output = "-", .formats = {"abc", "xml"}}),
         "format: expected one kind for standard output, found several");
  begins(error_of({.output = file, .formats = {"abc", "xml"}}), "output: expected a folder, or");
  begins(error_of({.output = "x.abc", .instrument = "kazoo"}), "instrument: expected ");
  begins(error_of({.output = "x.abc", .tempo = 19.5}),
         "tempo: expected 20 to 500 beats a minute, found 19.5");
  begins(error_of({.output = "x.abc", .paper = "a0"}), "paper: expected a4 or letter, found a0");
}

TEST_F(Publishing, TakesANameWithoutEndingForAFolderWhereKindsAreUsual) {
  Publication asked{.output = in_folder("new"), .usual_kinds = {Kind::kAbc, Kind::kMusicXml}};
  EXPECT_TRUE(publisher(asked, 1)->add(tune_of("A")));
  EXPECT_EQ(written_, "A.abc A.musicxml ");
  asked.formats = {"xml"};
  EXPECT_TRUE(publisher(asked, 1)->add(tune_of("B")));
  EXPECT_EQ(written_, "A.abc A.musicxml B.musicxml ");
  asked.output = "x.abc";
  EXPECT_EQ(error_of(asked), "format: expected a folder as output, found x.abc");
  EXPECT_TRUE(publisher({.output = "-", .usual_kinds = asked.usual_kinds}, 1)->is_text());
}

TEST_F(Publishing, LeavesOutUsualKindsThatCannotBeMadeHere) {
  Publication asked{.output = in_folder("new"),
                    .sound_font = in_folder("nothing.sf2"),
                    .usual_kinds = {Kind::kAbc, Kind::kWav}};
  EXPECT_TRUE(publisher(asked, 1)->add(tune_of("A")));
  EXPECT_EQ(written_, "A.abc ");
  EXPECT_EQ(warnings_.find("no .wav files: "), 0U) << warnings_;
  asked.formats = {"wav"};
  EXPECT_THROW(static_cast<void>(error_of(asked)), EnvironmentError);
}

TEST(RequireFor, TellsWhatIsMissing) {
  const RenderOptions options{.sound_font = "nothing.sf2"};
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
