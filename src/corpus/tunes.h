// Where tunes begin, and which of their characters are notes: what dividing a text into tunes and
// measuring a model's predictions needs to know of ABC.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "corpus/characters.h"
#include "model/vocabulary.h"

namespace lilt::corpus {

// Positions of the tunes of a text: each starts at a line that begins with "X:" and ends where the
// next one starts. A line also begins at each of `file_starts` (ascending): the file before may end
// without a newline.
[[nodiscard]] std::vector<std::size_t> find_tunes(std::span<const Token> text,
                                                  const Vocabulary& vocabulary,
                                                  std::span<const std::size_t> file_starts = {});

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
// an error.
[[nodiscard]] Result<TuneSet> read_tunes(const std::vector<SourceFile>& files,
                                         const Vocabulary& vocabulary);

// A text split in two by whole tunes, which begin at `starts`: `share` of them (at least one, not
// all), chosen by the seed, are held out; the others, and what precedes the first tune, stay in
// order.
struct SplitText {
  std::vector<Token> kept;
  std::vector<std::size_t> kept_starts;  // of each tune in kept
  TuneSet held_out;
};
[[nodiscard]] Result<SplitText> hold_out(std::span<const Token> text,
                                         std::span<const std::size_t> starts,
                                         const Vocabulary& vocabulary, double share,
                                         std::uint64_t seed);

// Writes the text with its tunes in an order drawn for this epoch to `shuffled`, which has its
// size; what precedes the first tune stays first.
void shuffle_tunes(std::span<const Token> text, std::span<const std::size_t> starts,
                   std::uint64_t seed, std::uint64_t epoch, std::span<Token> shuffled);

}  // namespace lilt::corpus
