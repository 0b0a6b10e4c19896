#include "model/vocabulary.h"

#include <algorithm>

#include "base/text.h"

namespace lilt {

Vocabulary::Vocabulary(std::vector<char32_t> characters) : characters_(std::move(characters)) {
  std::sort(characters_.begin(), characters_.end());
  characters_.erase(std::unique(characters_.begin(), characters_.end()), characters_.end());
  for (std::size_t i = 0; i < characters_.size() && characters_[i] < kDirect; ++i) {
    direct_[characters_[i]] = static_cast<Token>(i);
  }
}

Token Vocabulary::search(char32_t character) const {
  const auto found = std::lower_bound(characters_.begin(), characters_.end(), character);
  if (found == characters_.end() || *found != character) return kUnknownToken;
  return static_cast<Token>(found - characters_.begin());
}

Result<std::vector<Token>> Vocabulary::encode(std::string_view text) const {
  const Result<std::vector<char32_t>> code_points = to_code_points(text);
  if (!code_points) return code_points.error();
  std::vector<Token> tokens;
  tokens.reserve(code_points->size());
  for (const char32_t c : *code_points) {
    const Token token = this->token(c);
    if (token == kUnknownToken) {
      return Error{ErrorCode::kVocabulary, "expected characters that the model has learnt, found " +
                                               describe(c) + "; leave it out"};
    }
    tokens.push_back(token);
  }
  return tokens;
}

}  // namespace lilt
