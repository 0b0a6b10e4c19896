#include "model/vocabulary.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

namespace lilt {
namespace {

TEST(Vocabulary, SortsAndRemovesDuplicates) {
  const Vocabulary vocabulary({U'é', U'z', U'\n', U'z', 0x1D11E, U'A', U'é'});
  const std::vector<char32_t> expected = {U'\n', U'A', U'z', U'é', 0x1D11E};
  EXPECT_EQ(std::vector(vocabulary.characters().begin(), vocabulary.characters().end()), expected);
  EXPECT_EQ(vocabulary.size(), expected.size());
}

TEST(Vocabulary, FindsEveryCharacterAndNoOther) {
  // Both sides of 256, where the look-up changes.
  const std::vector<char32_t> known = {0x0, U'\n', 0xFF, 0x100, 0x266F, 0x10FFFF};
  const Vocabulary vocabulary(known);
  for (std::size_t i = 0; i < known.size(); ++i) {
    EXPECT_EQ(vocabulary.token(known[i]), i);
    EXPECT_EQ(vocabulary.character(static_cast<Token>(i)), known[i]);
  }
  for (const char32_t c : {0x1, 0xFE, 0x101, 0x266E, 0x2670, 0x10FFFE}) {
    EXPECT_EQ(vocabulary.token(c), kUnknownToken) << std::uint32_t{c};
  }
}

TEST(Vocabulary, KnowsNothingWhenEmpty) {
  const Vocabulary vocabulary;
  EXPECT_EQ(vocabulary.size(), 0U);
  EXPECT_EQ(vocabulary.token(U'A'), kUnknownToken);
  EXPECT_EQ(vocabulary.token(0x266F), kUnknownToken);
}

TEST(Vocabulary, HoldsAsManyCharactersAsANetworkMay) {
  std::vector<char32_t> many(16'384);
  std::iota(many.begin(), many.end(), char32_t{0x10000});
  const Vocabulary vocabulary(many);
  EXPECT_EQ(vocabulary.token(0x10000 + 16'383), 16'383);
}

TEST(Encode, GivesATokenForEveryCharacter) {
  const Vocabulary vocabulary({U'a', U'b', U'é'});
  const auto tokens = vocabulary.encode("béab");
  ASSERT_TRUE(tokens.ok());
  EXPECT_EQ(*tokens, (std::vector<Token>{1, 2, 0, 1}));
  EXPECT_TRUE(vocabulary.encode("")->empty());
}

TEST(Encode, NamesACharacterThatTheModelHasNotLearnt) {
  const auto tokens = Vocabulary({U'a'}).encode("aaé");
  ASSERT_FALSE(tokens.ok());
  EXPECT_EQ(tokens.error().code, ErrorCode::kVocabulary);
  EXPECT_NE(tokens.error().message.find("'é' (U+00E9)"), std::string::npos);
}

TEST(Encode, RefusesTextThatIsNotUtf8) {
  const auto tokens = Vocabulary({U'a'}).encode("aa\xFF");
  ASSERT_FALSE(tokens.ok());
  EXPECT_EQ(tokens.error().code, ErrorCode::kEncoding);
  EXPECT_EQ(tokens.error().place.byte, 2U);
}

}  // namespace
}  // namespace lilt
