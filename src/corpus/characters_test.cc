#include "corpus/characters.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/environment_error.h"
#include "temporary_folder.h"

namespace lilt::corpus {
namespace {

using std::string_view_literals::operator""sv;
using support::TemporaryFolder;

// The characters of a text, or the error.
Result<std::u32string> characters(std::string_view text) {
  std::u32string found;
  const Status status = for_each_character(text, "name", [&](char32_t c) { found += c; });
  if (!status) return status.error();
  return found;
}

TEST(ForEachCharacter, DecodesUtf8) {
  EXPECT_EQ(*characters("aé♯\U0001D11E"), U"aé♯\U0001D11E");
  EXPECT_EQ(*characters(""), U"");
}

TEST(ForEachCharacter, CountsEveryLineEndAsOneNewline) {
  EXPECT_EQ(*characters("a\nb\r\nc\rd"), U"a\nb\nc\nd");
  EXPECT_EQ(*characters("a\r"), U"a\n");
  EXPECT_EQ(*characters("a\r\n"), U"a\n");
  EXPECT_EQ(*characters("\r\r\n\n\r"), U"\n\n\n\n");
  EXPECT_EQ(*characters("\n\n"), U"\n\n");
  EXPECT_EQ(*characters("\r\n\r\n"), U"\n\n");
}

TEST(ForEachCharacter, DropsAByteOrderMarkAtTheStartOnly) {
  EXPECT_EQ(*characters("\uFEFFa\uFEFF"), U"a\uFEFF");
  EXPECT_EQ(*characters("\uFEFF\uFEFF"), U"\uFEFF");
  EXPECT_EQ(*characters("\uFEFF"), U"");
  EXPECT_EQ(*characters("\uFEFF\r\n"), U"\n");
}

TEST(ForEachCharacter, KeepsNul) {
  EXPECT_EQ(*characters("a\0b"sv), (std::u32string{U'a', 0, U'b'}));
}

TEST(ForEachCharacter, NamesTheFileAndTheByteThatIsNotUtf8) {
  struct Case {
    std::string_view text;
    std::uint64_t byte;
  };
  for (const auto& [text, byte] : {Case{"\xE9", 0}, Case{"caf\xE9", 3}, Case{"\uFEFFé\r\n\xC3", 7},
                                   Case{"a\xED\xA0\x80", 1}}) {
    const auto found = characters(text);
    ASSERT_FALSE(found.ok());
    EXPECT_EQ(found.error().code, ErrorCode::kEncoding);
    EXPECT_EQ(found.error().place.source, "name");
    EXPECT_EQ(found.error().place.byte, byte);
    EXPECT_NE(found.error().message.find("iconv"), std::string::npos);
  }
}

// The characters of a file, however it is cut into blocks.
TEST(CharacterDecoder, TakesTextInAnyBlocks) {
  const std::string text = "\uFEFFaé\r\n♯\r\U0001D11E\uFEFF\n";
  const std::u32string expected = *characters(text);
  for (std::size_t size = 1; size <= text.size(); ++size) {
    CharacterDecoder decoder("name");
    std::u32string found;
    for (std::size_t at = 0; at < text.size(); at += size) {
      ASSERT_TRUE(decoder.feed(text.substr(at, size), [&](char32_t c) { found += c; }));
    }
    EXPECT_TRUE(decoder.finish());
    EXPECT_EQ(found, expected) << size;
  }
}

TEST(CharacterDecoder, NamesTheByteThatIsNotUtf8WhereverABlockEnds) {
  for (const std::string text : {"caf\xE9 au lait", "caf\xE2\x99", "♯♯\xE2\x99 au lait"}) {
    const std::uint64_t expected = text[0] == 'c' ? 3 : 6;
    for (std::size_t size = 1; size <= text.size(); ++size) {
      CharacterDecoder decoder("name");
      Status status = success();
      for (std::size_t at = 0; status && at < text.size(); at += size) {
        status = decoder.feed(text.substr(at, size), [](char32_t) {});
      }
      if (status) status = decoder.finish();
      ASSERT_FALSE(status) << text;
      EXPECT_EQ(status.error().place.byte, expected) << size;
    }
  }
}

TEST(ReadCharacters, ReadsFilesThatAreLargerThanABlock) {
  const TemporaryFolder folder;
  std::string text = "a";
  for (int i = 0; i < 50'000; ++i) text += "é♯";
  std::u32string found;
  ASSERT_TRUE(read_characters(folder.write("a", text), [&](char32_t c) { found += c; }));
  EXPECT_EQ(found, *characters(text));
  EXPECT_THROW((void)read_characters(folder.path() / "none", [](char32_t) {}), EnvironmentError);
}

}  // namespace
}  // namespace lilt::corpus
