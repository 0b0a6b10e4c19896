#include "base/text.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lilt {
namespace {

using std::string_view_literals::operator""sv;

struct Pair {
  std::string_view bytes;
  char32_t code_point;
};

// The first and the last of every length, and the neighbours of the surrogates.
constexpr Pair kValid[] = {
    {"\0"sv, 0x0},
    {"A"sv, U'A'},
    {"\x7F"sv, 0x7F},
    {"\xC2\x80"sv, 0x80},
    {"\xDF\xBF"sv, 0x7FF},
    {"\xE0\xA0\x80"sv, 0x800},
    {"\xED\x9F\xBF"sv, 0xD7FF},
    {"\xEE\x80\x80"sv, 0xE000},
    {"\xEF\xBF\xBF"sv, 0xFFFF},
    {"\xF0\x90\x80\x80"sv, 0x10000},
    {"\xF4\x8F\xBF\xBF"sv, 0x10FFFF},
};

struct Bad {
  const char* why;
  std::string_view bytes;
};

constexpr Bad kInvalid[] = {
    {"continuation alone", "\x80"sv},
    {"last continuation alone", "\xBF"sv},
    {"overlong NUL", "\xC0\x80"sv},
    {"overlong U+007F", "\xC1\xBF"sv},
    {"overlong U+07FF", "\xE0\x9F\xBF"sv},
    {"overlong U+FFFF", "\xF0\x8F\xBF\xBF"sv},
    {"first surrogate", "\xED\xA0\x80"sv},
    {"last surrogate", "\xED\xBF\xBF"sv},
    {"surrogate pair", "\xED\xA0\x80\xED\xB0\x80"sv},
    {"U+110000", "\xF4\x90\x80\x80"sv},
    {"lead byte F5", "\xF5\x80\x80\x80"sv},
    {"5 bytes", "\xF8\x88\x80\x80\x80"sv},
    {"byte FE", "\xFE"sv},
    {"byte FF", "\xFF"sv},
    {"2 bytes cut by a letter",
     "\xC3"
     "A"sv},
    {"3 bytes cut by a letter",
     "\xE2\x82"
     "A"sv},
    {"4 bytes cut by a letter",
     "\xF0\x9D\x84"
     "A"sv},
    {"3 bytes cut by a lead", "\xE2\xC2\x80"sv},
    {"Latin-1",
     "\xE9"
     "e"sv},
};

TEST(DecodeUtf8, ReadsTheBoundariesOfEveryLength) {
  for (const auto& [bytes, code_point] : kValid) {
    for (const std::string& text : {std::string(bytes), std::string(bytes) + "\x80z"}) {
      const Utf8Step step = decode_utf8(text);
      EXPECT_EQ(step.code_point, code_point);
      EXPECT_EQ(step.bytes, bytes.size()) << std::uint32_t{code_point};
    }
  }
}

TEST(DecodeUtf8, RefusesWhatIsNotUtf8) {
  for (const auto& [why, bytes] : kInvalid) EXPECT_EQ(decode_utf8(bytes).bytes, 0U) << why;
}

TEST(DecodeUtf8, RefusesEveryTruncation) {
  for (const auto& [bytes, code_point] : kValid) {
    for (std::size_t length = 1; length < bytes.size(); ++length) {
      EXPECT_EQ(decode_utf8(bytes.substr(0, length)).bytes, 0U) << std::uint32_t{code_point};
    }
  }
}

// The length of the well-formed sequence at the start, by table 3-7 of the Unicode standard.
std::size_t well_formed(std::string_view text) {
  struct Row {
    std::uint8_t first, last, second_first, second_last;
    std::size_t length;
  };
  constexpr Row kTable[] = {
      {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
      {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
      {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
  };
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  for (const Row& row : kTable) {
    if (byte(0) < row.first || byte(0) > row.last) continue;
    if (row.length > text.size()) return 0;
    if (row.length > 1 && (byte(1) < row.second_first || byte(1) > row.second_last)) return 0;
    for (std::size_t i = 2; i < row.length; ++i) {
      if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
    }
    return row.length;
  }
  return 0;
}

TEST(DecodeUtf8, AgreesWithTheTableOfTheStandard) {
  constexpr std::array kEdges = {'\x00', 'z', '\x7F', '\x80', '\xA5', '\xBF', '\xC0', '\xFF'};
  std::size_t wrong = 0;
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      for (const char third : kEdges) {
        for (const char fourth : kEdges) {
          const char text[] = {static_cast<char>(first), static_cast<char>(second), third, fourth};
          for (std::size_t length = 1; length <= 4; ++length) {
            const std::string_view part(text, length);
            wrong += decode_utf8(part).bytes != well_formed(part);
          }
        }
      }
    }
  }
  EXPECT_EQ(wrong, 0U);
}

TEST(AppendUtf8, RoundTripsEveryCodePoint) {
  for (const auto& [bytes, code_point] : kValid) {
    std::string text = "x";
    append_utf8(text, code_point);
    EXPECT_EQ(text.substr(1), bytes);
  }
  std::string text;
  std::vector<char32_t> all;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    all.push_back(c);
    append_utf8(text, c);
  }
  const auto read = to_code_points(text);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, all);
}

TEST(ToCodePoints, ReadsNothingFromNothing) {
  const auto read = to_code_points("");
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->empty());
}

TEST(ToCodePoints, NamesTheByteOfTheFirstThatIsWrong) {
  struct Case {
    std::string_view text;
    std::uint64_t byte;
  };
  for (const auto& [text, byte] : {Case{"\xFF"sv, 0}, Case{"abc\x80\xFF"sv, 3},
                                   Case{"a\xC3\xA9\xE2\x82"sv, 3}, Case{"\0\0\xC0\x80"sv, 2}}) {
    const auto read = to_code_points(text);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::kEncoding);
    EXPECT_EQ(read.error().place.byte, byte);
    EXPECT_FALSE(read.error().message.empty());
  }
}

TEST(Describe, ShowsWhatPrintsAndNumbersWhatDoesNot) {
  EXPECT_EQ(describe(U'A'), "'A' (U+0041)");
  EXPECT_EQ(describe(U'é'), "'é' (U+00E9)");
  EXPECT_EQ(describe(U'♯'), "'♯' (U+266F)");
  EXPECT_EQ(describe(0x1D11E), "'\xF0\x9D\x84\x9E' (U+1D11E)");
  EXPECT_EQ(describe(U'\n'), "U+000A");
  EXPECT_EQ(describe(0x0), "U+0000");
  EXPECT_EQ(describe(0x1B), "U+001B");
  EXPECT_EQ(describe(0x7F), "U+007F");
  EXPECT_EQ(describe(0x9B), "U+009B");
  EXPECT_EQ(describe(0xA0), "U+00A0");
  EXPECT_EQ(describe(0x202E), "U+202E");
  EXPECT_EQ(describe(U' '), "the space (U+0020)");
}

TEST(Escaped, LeavesWhatPrints) {
  for (const std::string_view text : {"", "plain", "a\\b \"c\"", "é ♯ \xF0\x9D\x84\x9E\u00A0"}) {
    EXPECT_EQ(escaped(text), text);
  }
}

TEST(Escaped, ReplacesWhatATerminalWouldObey) {
  EXPECT_EQ(escaped("a\nb\rc\td"), "a\\nb\\rc\\td");
  EXPECT_EQ(escaped("\x1B[31m\x07\x7F\0"sv), "\\u001B[31m\\u0007\\u007F\\u0000");
  EXPECT_EQ(escaped("\u0080\u009B31m\u009F"), "\\u0080\\u009B31m\\u009F");
  EXPECT_EQ(escaped("\u202Ecba\u2066\u200F\u061C"), "\\u202Ecba\\u2066\\u200F\\u061C");
  EXPECT_EQ(escaped("\u2028\u2029\uFEFF"), "\\u2028\\u2029\\uFEFF");
  EXPECT_EQ(escaped("a\nb\tc", "\n"), "a\nb\\tc");
}

TEST(Escaped, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(escaped("\x9B\xC3"sv), "\\x9B\\xC3");
  EXPECT_EQ(escaped("é\xFFé"), "é\\xFFé");
}

TEST(Shortened, KeepsBothEnds) {
  EXPECT_EQ(shortened("", 0), "");
  EXPECT_EQ(shortened("123456", 6), "123456");
  EXPECT_EQ(shortened("1234567", 6), "1234 … 67");
  EXPECT_EQ(shortened("éééééé", 6), "éééééé");
  EXPECT_EQ(shortened("1é♯4567", 6), "1é♯4 … 67");
  EXPECT_EQ(shortened("12", 1), "1 … ");
  EXPECT_EQ(shortened("\xFF\xFF\xFF\xFF", 3), "\xFF\xFF … \xFF");
}

TEST(Html, HasNoMarkupOfItsOwn) {
  EXPECT_EQ(html("<a href=\"x\">Fisher's & é</a>"),
            "&lt;a href=&quot;x&quot;&gt;Fisher&#39;s &amp; é&lt;/a&gt;");
}

TEST(Grouped, HasACommaForEachThousand) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
}

}  // namespace
}  // namespace lilt
