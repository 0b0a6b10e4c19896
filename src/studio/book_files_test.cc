// Books that come from files and become files.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/environment_error.h"
#include "studio/book_export.h"
#include "studio/book_import.h"
#include "temporary_folder.h"

namespace lilt::studio {
namespace {

using Ids = std::vector<std::int64_t>;

constexpr const char* kFile =
    "%abc-2.1\nM:4/4\nO:Somewhere\n\n"
    "X:5\nT:Good\nK:D\nDEFA d4|]\n\n"
    "X:6\nT:Long bar\nK:D\nDEFA d4 d4|D8|]\n\n"
    "Words between.\n\n"
    "X:7\nT:Waltz\nM:3/4\nK:G\nG2 B2 d2|g6|]\n\n"
    "X:8\nT:Good\nK:D\nDEFA d4|]\n";

class BookFilesTest : public testing::Test {
 protected:
  Result<ImportFigures> import(const std::string& text, std::vector<std::string> tags = {},
                               std::size_t block = 7) {
    BookImport importing(book_, std::move(tags),
                         {[this](const RefusedTune& tune) { refused_.push_back(tune); },
                          [this](std::int64_t id) { added_.push_back(id); }});
    for (std::size_t at = 0; at < text.size(); at += block) {
      if (Status s = importing.feed(std::string_view(text).substr(at, block)); !s) return s.error();
    }
    return importing.finish();
  }

  Result<std::size_t> save(const BookExport& wanted, const BookQuery& query = {}) {
    bytes_.clear();
    left_out_.clear();
    return export_book(
        book_, query, wanted,
        {.write = [this](std::string_view piece) { bytes_ += piece; },
         .left_out = [this](const std::string& text) { left_out_.push_back(text); }});
  }

  support::TemporaryFolder folder_;
  Book book_ = *Book::open(folder_.path() / "tunes.db");
  std::vector<RefusedTune> refused_;
  Ids added_;
  std::string bytes_;
  std::vector<std::string> left_out_;
};

TEST_F(BookFilesTest, TakesTheGoodTunes) {
  const ImportFigures figures = *import(kFile, {"mine"});
  EXPECT_EQ(figures.added, 2U);
  EXPECT_EQ(figures.known, 1U);
  EXPECT_EQ(figures.refused, 1U);
  EXPECT_EQ(added_, (Ids{1, 2}));
  EXPECT_EQ(book_.find(1)->content.abc, "X:5\nT:Good\nM:4/4\nO:Somewhere\nK:D\nDEFA d4|]\n");
  EXPECT_EQ(book_.find(2)->metre, "3/4");
  EXPECT_EQ(book_.find(2)->content.tags, std::vector<std::string>{"mine"});
  ASSERT_EQ(refused_.size(), 1U);
  EXPECT_EQ(refused_[0].line, 10U);
  EXPECT_EQ(refused_[0].title, "Long bar");
  EXPECT_EQ(refused_[0].errors, 1U);
  EXPECT_EQ(refused_[0].mistakes[0].line, 13U);
  EXPECT_EQ(refused_[0].mistakes[0].code, "bar-too-long");
}

TEST_F(BookFilesTest, TakesAFileAgainWithoutDoublingIt) {
  static_cast<void>(import(kFile));
  const ImportFigures again = *import(kFile);
  EXPECT_EQ(again.added, 0U);
  EXPECT_EQ(again.known, 3U);
  EXPECT_EQ(book_.size(), 2U);
}

TEST_F(BookFilesTest, TakesFilesOfAnySize) {
  std::string text;
  for (int i = 0; i < 1200; ++i) {
    text +=
        "X:" + std::to_string(i) + "\nT:Tune " + std::to_string(i) + "\nM:4/4\nK:D\nDEFA d4|]\n\n";
  }
  EXPECT_EQ(import(text, {}, 100'000)->added, 1200U);
}

TEST_F(BookFilesTest, SaysWhatItCannotTake) {
  EXPECT_EQ(import("no tune").error().message, "expected tunes in ABC notation, found none");
  EXPECT_EQ(import("").error().message, "expected tunes in ABC notation, found none");
  EXPECT_EQ(import(kFile, {"a\nb"}).error().place.field, "tags");
  EXPECT_EQ(import("X:1\nT:caf\xE9\nM:4/4\nK:D\nD8|]\n")->added, 1U);  // Latin-1
  EXPECT_EQ(book_.find(1)->title, "café");
  EXPECT_EQ(import("X:1\nT:" + std::string(2 << 20, 'a') + "\nK:D\nD8|]\n")->refused, 1U);
}

TEST_F(BookFilesTest, BecomesABookOfAbc) {
  static_cast<void>(import(kFile));
  EXPECT_EQ(*save({}, {.sort = BookOrder::kOld}), 2U);
  EXPECT_EQ(bytes_,
            "X:1\nT:Good\nM:4/4\nO:Somewhere\nK:D\nDEFA d4|]\n\n"
            "X:2\nT:Waltz\nM:3/4\nO:Somewhere\nK:G\nG2 B2 d2|g6|]\n");
  EXPECT_EQ(*save({}, {.words = "waltz"}), 1U);
  EXPECT_EQ(bytes_.substr(0, 4), "X:1\n");
  EXPECT_EQ(save({}, {.words = "reel"}).error().message, "expected a tune, found none");
}

TEST_F(BookFilesTest, BecomesAnArchive) {
  static_cast<void>(import(kFile));
  static_cast<void>(book_.add({.abc = "X:1\nT:Good\nK:C\n"}));  // without notes
  const BookExport wanted{.format = BookFormat::kZip,
                          .kinds = {score::Kind::kMidi, score::Kind::kMusicXml, score::Kind::kAbc}};
  EXPECT_EQ(*save(wanted, {.sort = BookOrder::kOld}), 3U);
  for (const char* name : {"Good.mid", "Good.musicxml", "Waltz.mid", "Good.abc"}) {
    EXPECT_NE(bytes_.find(name), std::string::npos) << name;
  }
  EXPECT_NE(bytes_.find("MThd"), std::string::npos);
  EXPECT_NE(bytes_.find("<score-partwise"), std::string::npos);
  EXPECT_EQ(left_out_,
            std::vector<std::string>{"tune 3 (Good): expected notes, found none; left out"});
}

TEST_F(BookFilesTest, BecomesPages) {
  static_cast<void>(import(kFile));
  try {
    EXPECT_EQ(*save({.format = BookFormat::kPdf}), 2U);
    EXPECT_EQ(bytes_.substr(0, 5), "%PDF-");
  } catch (const EnvironmentError& e) {
    GTEST_SKIP() << e.what();
  }
}

TEST_F(BookFilesTest, BecomesRecordings) {
  static_cast<void>(import(kFile));
  try {
    EXPECT_EQ(*save({.format = BookFormat::kZip, .kinds = {score::Kind::kMp3}}), 2U);
    EXPECT_NE(bytes_.find("Waltz.mp3"), std::string::npos);
    EXPECT_GT(bytes_.size(), 10'000U);
  } catch (const EnvironmentError& e) {
    GTEST_SKIP() << e.what();
  }
}

TEST_F(BookFilesTest, StopsWhenTold) {
  static_cast<void>(import(kFile));
  EXPECT_THROW(static_cast<void>(export_book(book_, {}, {}, {.go_on = [] { return false; }})),
               EnvironmentError);
}

}  // namespace
}  // namespace lilt::studio
