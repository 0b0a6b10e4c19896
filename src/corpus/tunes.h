// The tunes of a text, and which of their characters are notes: what dividing a text into tunes
// and measuring a model's predictions needs to know of ABC.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "corpus/token_text.h"
#include "model/vocabulary.h"

namespace lilt::corpus {

enum class CharacterKind : std::uint8_t {
  kHeader,  // up to and including the line of the first K: field
  kBody,
  kNote,  // in the body: a letter A-G a-g z x outside quotes, fields and comments
};

// The kind of every character of one tune. Text after an empty line is free text, without notes.
[[nodiscard]] std::vector<CharacterKind> classify(std::span<const char32_t> tune);

// Tunes to measure predictions on.
struct TuneSet {
  std::vector<Token> tokens;           // all tunes, one after another
  std::size_t feature_count = 0;       // K
  std::vector<std::uint8_t> features;  // [tokens, K]: what is told before each token
  std::vector<CharacterKind> kinds;    // of each token
  std::vector<std::size_t> starts;     // of each tune in tokens

  [[nodiscard]] std::size_t tunes() const { return starts.size(); }
  [[nodiscard]] std::size_t end_of(std::size_t tune) const {
    return tune + 1 < starts.size() ? starts[tune + 1] : tokens.size();
  }
  [[nodiscard]] std::span<const Token> tune(std::size_t i) const {
    return std::span(tokens).subspan(starts[i], end_of(i) - starts[i]);
  }
  // What is told before character `at` of tune i.
  [[nodiscard]] std::span<const std::uint8_t> features_of(std::size_t i, std::size_t at) const {
    return std::span(features).subspan((starts[i] + at) * feature_count, feature_count);
  }
  [[nodiscard]] std::span<const CharacterKind> kinds_of(std::size_t i) const {
    return std::span(kinds).subspan(starts[i], end_of(i) - starts[i]);
  }

  void add(std::span<const char32_t> tune, const Vocabulary& vocabulary);
};

// The tunes of files; what stands before the first tune of a file is left out. No tune at all is
// an error. Throws EnvironmentError when a file cannot be read.
[[nodiscard]] Result<TuneSet> read_tunes(const std::vector<std::string>& paths,
                                         const Vocabulary& vocabulary);

// A text split in two by whole tunes, which begin at `starts`: `share` of them (at least one, not
// all), chosen by the seed, are held out; the others, and what precedes the first tune, stay in
// order.
struct SplitText {
  TokenText kept;                        // holds what `text` may
  std::vector<std::size_t> kept_starts;  // of each tune in kept
  TuneSet held_out;
};
[[nodiscard]] Result<SplitText> hold_out(const TokenText& text, std::span<const std::size_t> starts,
                                         const Vocabulary& vocabulary, double share,
                                         std::uint64_t seed);

// A text with its tunes in an order drawn for an epoch; what precedes the first tune stays first.
// Memory: 12 bytes a tune.
class ShuffledText {
 public:
  // Both must outlive it. The tunes begin at `starts`.
  ShuffledText(const TokenText& text, std::span<const std::size_t> starts)
      : text_(text), starts_(starts) {}

  void shuffle(std::uint64_t seed, std::uint64_t epoch);

  // Fills `to` with the tokens from `begin` on, once it has been shuffled.
  void read(std::size_t begin, std::span<Token> to) const;

 private:
  [[nodiscard]] std::size_t end_of(std::size_t tune) const {
    return tune + 1 < starts_.size() ? starts_[tune + 1] : text_.size();
  }

  const TokenText& text_;
  std::span<const std::size_t> starts_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint64_t> begins_;  // where the tunes of that order begin
};

}  // namespace lilt::corpus
