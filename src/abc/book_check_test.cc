#include "abc/book_check.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "abc/tune.h"

namespace lilt::abc {
namespace {

constexpr std::string_view kHeader = "X:1\nT:A\nM:4/4\nL:1/8\nK:C\n";

std::vector<std::string> check(std::string_view text,
                               std::size_t longest = BookReader::kLongestTune) {
  std::vector<std::string> found;
  BookChecker book(
      [&](const Finding& finding) {
        found.push_back(std::to_string(finding.line) + ":" + std::to_string(finding.column) + " " +
                        std::string(name(finding.problem.code)));
      },
      longest);
  book.feed(text);
  book.finish();
  return found;
}

using Lines = std::vector<std::string>;

TEST(BookCheck, CountsColumnsInCharacters) {
  EXPECT_EQ(check(std::string(kHeader) + "\"^\u00e9\u4f60\"C4 ? \u00e9 C4|]\n"),
            Lines{"6:11 unknown-character"});
}

TEST(BookCheck, PlacesTheEndOfATuneInItsLastLine) {
  EXPECT_EQ(check(std::string(kHeader) + "|:C8|\n\n\n"), Lines{"6:6 repeat-not-closed"});
  EXPECT_EQ(check(std::string(kHeader) + "|:C8|"), Lines{"6:6 repeat-not-closed"});
}

TEST(BookCheck, SaysOnceThatAFileIsNotUtf8) {
  EXPECT_EQ(
      check(std::string(kHeader) + "\"^\xE9\"C8|]\n\n" + std::string(kHeader) + "\"^\xE9\"C8|]\n"),
      Lines{"6:3 encoding"});
}

TEST(BookCheck, AppliesTheHeaderOfTheFile) {
  EXPECT_EQ(check("M:3/4\nL:1/4\n\nX:1\nT:A\nK:C\nCDE|C4|]\n\nX:2\nT:B\nM:4/4\nK:C\nCDEF|]\n"),
            Lines{"7:7 bar-too-long"});
}

TEST(BookCheck, SaysWhatIsTooLong) {
  EXPECT_EQ(
      check(std::string(kHeader) + "C8|\nC8|D8|E8|F8|G8|A8|\n\n" + std::string(kHeader) + "C8|]\n",
            40),
      Lines{"6:4 tune-too-long"});
}

TEST(BookCheck, KeepsAFewThousandProblemsOfATune) {
  std::string text(kHeader);
  for (int i = 0; i < 30'000; ++i) text += "]";
  for (int i = 0; i < 30'000; ++i) text += ")";
  EXPECT_EQ(check_tune(text).size(), 2 * kMostProblems);
}

TEST(BookCheck, IsLinearInWhatAFileCanRepeat) {
  // Quadratic, each of these would take minutes.
  const std::vector<std::string> units = {
      "[V:1]C8|[V:2]C8|", "[r:x])",  "(",    ")",     "C-",       "[V:x", "{c}",  "\"G\"",
      "[r:]C ",           "[C",      "&",    "|:",    "1",        "%\n",  "\\\n", "[K:C]",
      "Z9999|",           "C9999",   "\xE9", "\r",    "K:C\n",    "w:\n", "!",    "(3",
      "[C9999]9999",      "V:9\n C", "C>",   "A:|\n", "%%begin\n"};
  for (const std::string& unit : units) {
    std::string text(kHeader);
    while (text.size() < 300'000) text += unit;
    const auto start = std::chrono::steady_clock::now();
    (void)check(text);
    (void)read_tune(text);
    std::string names(kHeader);
    for (int i = 0; names.size() < 300'000; ++i) {
      names += "[V:" + std::to_string(i) + "]" + unit + "\n";
    }
    (void)check(names);
    (void)read_tune(names);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5)) << unit;
  }
}

TEST(HeaderField, IsTheFirstBeforeTheMusic) {
  const std::string tune = "X: 7 \nT:  One\t\nT:Two\nS:\nK:C\nC|\nR:reel\n";
  EXPECT_EQ(header_field(tune, 'X'), "7");
  EXPECT_EQ(header_field(tune, 'T'), "One");
  EXPECT_EQ(header_field(tune, 'S'), "");
  EXPECT_EQ(header_field(tune, 'K'), "C");
  EXPECT_EQ(header_field(tune, 'R'), "");
  EXPECT_EQ(header_field("", 'X'), "");
  EXPECT_EQ(header_field("X:", 'X'), "");
}

}  // namespace
}  // namespace lilt::abc
