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

TEST(OpenFiles, OpensThemInOrderUnderTheirNames) {
  const TemporaryFolder folder;
  const std::string b = folder.write("b", "two"), a = folder.write("a", "one");
  const std::vector<SourceFile> files = open_files({b, a});
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].name, b);
  EXPECT_EQ(files[0].content.text(), "two");
  EXPECT_EQ(files[1].content.text(), "one");
  EXPECT_THROW((void)open_files({a, folder.path() / "none"}), EnvironmentError);
}

TEST(CollectVocabulary, HoldsTheDistinctCharactersOfAllFiles) {
  const TemporaryFolder folder;
  const auto files = open_files({folder.write("a", "\uFEFFbab\r\n"), folder.write("empty", ""),
                                 folder.write("b", "\uFEFF♯a\U0001D11E")});
  const auto vocabulary = collect_vocabulary(files);
  ASSERT_TRUE(vocabulary.ok());
  EXPECT_EQ(*vocabulary, Vocabulary({U'\n', U'a', U'b', U'♯', 0x1D11E}));
}

TEST(CollectVocabulary, IsEmptyForNoText) {
  const TemporaryFolder folder;
  EXPECT_EQ(collect_vocabulary(open_files({folder.write("empty", "")}))->size(), 0U);
  EXPECT_EQ(collect_vocabulary({})->size(), 0U);
}

TEST(Encode, PutsTheFilesOneAfterAnother) {
  const TemporaryFolder folder;
  const auto files = open_files(
      {folder.write("a", "\uFEFFab\r"), folder.write("empty", ""), folder.write("b", "\nb?a")});
  const auto text = encode(files, Vocabulary({U'\n', U'a', U'b'}));
  ASSERT_TRUE(text.ok());
  // The return at the end of one file and the newline at the start of the next are two line ends.
  EXPECT_EQ(text->tokens, (std::vector<Token>{1, 2, 0, 0, 2, kUnknownToken, 1}));
  EXPECT_EQ(text->file_starts, (std::vector<std::size_t>{0, 3, 3}));
}

TEST(Encode, NamesTheFileThatIsNotUtf8) {
  const TemporaryFolder folder;
  const std::string bad = folder.write("bad", "ab\xFF");
  const auto files = open_files({folder.write("good", "ab"), bad});
  const Error errors[] = {encode(files, Vocabulary({U'a'})).error(),
                          collect_vocabulary(files).error()};
  for (const Error& error : errors) {
    EXPECT_EQ(error.place.source, bad);
    EXPECT_EQ(error.place.byte, 2U);
  }
}

}  // namespace
}  // namespace lilt::corpus
