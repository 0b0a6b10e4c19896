#include "corpus/written_text.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/environment_error.h"
#include "base/text.h"
#include "temporary_folder.h"

namespace lilt::corpus {
namespace {

using support::TemporaryFolder;
using Starts = std::vector<std::size_t>;

class WrittenTextTest : public testing::TestWithParam<std::size_t> {
 protected:
  // The text of files with these contents; of its bytes so many are held in memory.
  Result<WrittenText> read(const std::vector<std::string_view>& contents) {
    paths_.clear();
    for (const std::string_view content : contents) {
      paths_.push_back(folder_.write(std::to_string(paths_.size()), std::string(content)));
    }
    return read_written_text(paths_, GetParam());
  }

  static std::u32string characters(const WrittenText& text) {
    std::vector<Token> tokens(text.tokens.size());
    text.tokens.read(0, tokens);
    std::u32string characters;
    for (const Token token : tokens) characters += text.vocabulary.character(token);
    return characters;
  }

  Starts starts(const std::vector<std::string_view>& contents) {
    return read(contents)->tune_starts;
  }

  TemporaryFolder folder_;
  std::vector<std::string> paths_;
};

INSTANTIATE_TEST_SUITE_P(HeldOrNot, WrittenTextTest, testing::Values(0, 5, ByteStore::kMostHeld));

TEST_P(WrittenTextTest, PutsTheFilesOneAfterAnother) {
  // The return at the end of one file and the newline at the start of the next are two line ends.
  const auto text = read({"\uFEFFba\r", "", "\n♯?a\U0001D11E"});
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(text->vocabulary, Vocabulary({U'\n', U'?', U'a', U'b', U'♯', 0x1D11E}));
  EXPECT_EQ(characters(*text), U"ba\n\n♯?a\U0001D11E");
  std::vector<Token> some(2);
  text->tokens.read(1, some);
  EXPECT_EQ(some, (std::vector<Token>{2, 0}));
}

TEST_P(WrittenTextTest, IsReadInTheTokensOfAnotherVocabulary) {
  auto text = read({"cab"});
  const Vocabulary other({U'\n', U'a', U'b', U'c', U'd'});
  use_vocabulary(other, *text);
  EXPECT_EQ(text->vocabulary, other);
  EXPECT_EQ(characters(*text), U"cab");
}

TEST_P(WrittenTextTest, OfNothing) {
  EXPECT_EQ(read({""})->tokens.size(), 0U);
  EXPECT_EQ(read({})->vocabulary.size(), 0U);
}

TEST_P(WrittenTextTest, FindsLinesThatStartWithX) {
  EXPECT_EQ(starts({"X:1\nK:C\nABC\n\nX:2\nK:D\n"}), (Starts{0, 13}));
  EXPECT_EQ(starts({"% preamble\n\nX:1\nX:2"}), (Starts{12, 16}));
  EXPECT_EQ(starts({"X:", "X:", "", "X:"}), (Starts{0, 2, 4})) << "a file begins with a line";
  EXPECT_EQ(starts({"", "X", "X:"}), Starts{1});
  EXPECT_EQ(starts({" X:1\nXX:\n[X:]\nX\n:\nX :"}), Starts{});
  EXPECT_EQ(starts({"X", "x:\nX"}), Starts{});
}

TEST_P(WrittenTextTest, NamesTheFileThatIsNotUtf8) {
  const auto text = read({"ab", "ab\xFF"});
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().place.source, paths_[1]);
  EXPECT_EQ(text.error().place.byte, 2U);
  EXPECT_THROW((void)read_written_text({folder_.path() / "none"}), EnvironmentError);
}

TEST_P(WrittenTextTest, RefusesMoreCharactersThanANetworkCanHave) {
  std::string all;
  for (char32_t c = 0x4E00; c < 0x4E00 + 16385; ++c) append_utf8(all, c);
  const auto text = read({all});
  ASSERT_FALSE(text.ok());
  EXPECT_NE(text.error().message.find("found 16385"), std::string::npos);
}

}  // namespace
}  // namespace lilt::corpus
