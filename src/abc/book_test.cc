#include "abc/book.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace lilt::abc {
namespace {

using std::string_view_literals::operator""sv;

struct Book {
  std::vector<BookTune> tunes;
  std::string file_header;
};

Book read(std::string_view bytes, std::size_t block = ~std::size_t{0},
          std::size_t longest = BookReader::kLongestTune) {
  Book book;
  BookReader reader([&](BookTune& tune) { book.tunes.push_back(tune); }, longest);
  for (std::size_t at = 0; at < bytes.size();) {
    const std::string_view piece = bytes.substr(at, block);
    reader.feed(piece);
    at += piece.size();
  }
  reader.finish();
  EXPECT_EQ(reader.tunes(), book.tunes.size());
  book.file_header = reader.file_header();
  return book;
}

TEST(Book, HasTunesWithTheirPlaces) {
  const std::string_view text = "Words\n\nX:1\nK:C\nabc|\n\nmore words\n \t\nX:2\nK:D\ndef|";
  for (const std::size_t block : {1, 2, 3, 5, 1000}) {
    const Book book = read(text, block);
    ASSERT_EQ(book.tunes.size(), 2U);
    EXPECT_EQ(book.tunes[0].text, "X:1\nK:C\nabc|\n");
    EXPECT_EQ(book.tunes[0].offset, text.find("X:1"));
    EXPECT_EQ(book.tunes[0].line, 3U);
    EXPECT_EQ(book.tunes[1].text, "X:2\nK:D\ndef|\n");
    EXPECT_EQ(book.tunes[1].offset, text.find("X:2"));
    EXPECT_EQ(book.tunes[1].line, 9U);
  }
}

TEST(Book, KnowsEveryLineEnd) {
  for (const std::string_view end : {"\n"sv, "\r\n"sv, "\r"sv}) {
    std::string text;
    for (const std::string_view line : {"text", "", "X:1", "K:C", "abc|", "", "", "X:2", "K:C"}) {
      text.append(line).append(end);
    }
    for (const std::size_t block : {1, 2, 3, 1000}) {
      const Book book = read(text, block);
      ASSERT_EQ(book.tunes.size(), 2U);
      EXPECT_EQ(book.tunes[0].text, "X:1\nK:C\nabc|\n");
      EXPECT_EQ(book.tunes[0].line, 3U);
      EXPECT_EQ(book.tunes[1].line, 8U);
      EXPECT_EQ(book.tunes[1].offset, text.find("X:2"));
    }
  }
}

TEST(Book, EndsATuneWhereTheNextOneStarts) {
  const Book book = read("X:1\nK:C\nabc|\nX:2\nK:D\n\nX:3\nK:E\n");
  ASSERT_EQ(book.tunes.size(), 3U);
  EXPECT_TRUE(book.tunes[0].is_separate);
  EXPECT_FALSE(book.tunes[1].is_separate);
  EXPECT_TRUE(book.tunes[2].is_separate);
}

TEST(Book, TakesATuneWithoutItsNumber) {
  const Book book = read("X:1\nK:C\n\n% here\nT:B\nM:3/4\nK:D\nd3|\n\nT:no tune\nwords\nK:C\n");
  ASSERT_EQ(book.tunes.size(), 2U);
  EXPECT_EQ(book.tunes[1].text, "% here\nT:B\nM:3/4\nK:D\nd3|\n");
  EXPECT_EQ(book.tunes[1].line, 4U);
  EXPECT_EQ(book.tunes[1].offset, 9U);
}

TEST(Book, KeepsTheHeaderOfTheFile) {
  const Book book =
      read("% book\nM:6/8\n%%MIDI x\n\nSome words\n\nL:1/8\n\nX:1\nK:C\n\nR:jig\n\nX:2\n");
  EXPECT_EQ(book.file_header, "% book\nM:6/8\n%%MIDI x\n\n\n\nL:1/8\n");
}

TEST(Book, DropsByteOrderMarks) {
  const Book book = read("\xEF\xBB\xBFX:1\nK:C\n\xEF\xBB\xBFX:2\nK:C\n", 2);
  ASSERT_EQ(book.tunes.size(), 2U);
  EXPECT_EQ(book.tunes[0].text, "X:1\nK:C\n");
  EXPECT_EQ(book.tunes[0].offset, 3U);
  EXPECT_EQ(book.tunes[1].offset, 14U);
}

TEST(Book, ReadsAsLatin1WhatIsNotUtf8) {
  const Book book = read("X:1\nT:caf\xE9 \xA3\nK:C\n\nX:2\nT:caf\xC3\xA9\nK:C\n");
  ASSERT_EQ(book.tunes.size(), 2U);
  EXPECT_EQ(book.tunes[0].text, "X:1\nT:caf\xC3\xA9 \xC2\xA3\nK:C\n");
  EXPECT_EQ(book.tunes[0].not_utf8, 9U);
  EXPECT_EQ(book.tunes[1].text, "X:2\nT:caf\xC3\xA9\nK:C\n");
  EXPECT_FALSE(book.tunes[1].not_utf8);
}

TEST(Book, KeepsNulBytes) {
  const Book book = read("X:1\0\nK:C\n"sv);
  ASSERT_EQ(book.tunes.size(), 1U);
  EXPECT_EQ(book.tunes[0].text, "X:1\0\nK:C\n"sv);
}

TEST(Book, KeepsEmptyLinesWithinTextBlocks) {
  const Book book = read("X:1\n%%begintext\n\na\n\n%%endtext\nK:C\n\nX:2\n%%begintext\n\nX:3\n\n");
  ASSERT_EQ(book.tunes.size(), 3U);
  EXPECT_EQ(book.tunes[0].text, "X:1\n%%begintext\n\na\n\n%%endtext\nK:C\n");
  EXPECT_EQ(book.tunes[2].text, "X:3\n");
}

TEST(Book, CutsWhatIsTooLong) {
  const std::string line(70, 'a');
  for (const std::size_t block : {1, 7, 1000}) {
    const Book book =
        read("X:1\nK:C\n" + line + "\nbc\n\nX:2\nK:C\n" + "a\nb\n\n" + line, block, 50);
    ASSERT_EQ(book.tunes.size(), 2U);
    EXPECT_TRUE(book.tunes[0].is_cut);
    EXPECT_EQ(book.tunes[0].text, "X:1\nK:C\n");
    EXPECT_FALSE(book.tunes[1].is_cut);
    EXPECT_EQ(book.tunes[1].offset, 83U);
    EXPECT_EQ(book.tunes[1].line, 6U);
  }
}

TEST(Book, GivesTunesThatStandAlone) {
  EXPECT_EQ(standing_alone("X:7\nT:A\nK:C\nabc|\n", ""), "X:7\nT:A\nK:C\nabc|\n");
  EXPECT_EQ(standing_alone("T:A\nK:C\nabc|\n", ""), "X:1\nT:A\nK:C\nabc|\n");
  EXPECT_EQ(standing_alone("X:7", "M:6/8"), "X:7");
  // What the tune says itself, holds; what is no field of the header is left out.
  const std::string_view header = "%%scale 1\nM:6/8\n\nO:there\n+:and here\nL:1/4\n+:more\nK:D\n";
  EXPECT_EQ(standing_alone("X:7\nL:1/8\nK:C\nM:2/4\nabc|\n", header),
            "X:7\nL:1/8\nM:6/8\nO:there\n+:and here\nK:C\nM:2/4\nabc|\n");
}

TEST(Book, MayBeEmpty) {
  for (const std::string_view text : {""sv, "\n\n"sv, "words"sv, "\r"sv, "\0"sv}) {
    EXPECT_TRUE(read(text).tunes.empty());
  }
}

}  // namespace
}  // namespace lilt::abc
