#include "eval/note_split.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <string_view>

#include "abc/surroundings.h"

namespace lilt::eval {
namespace {

constexpr std::u32string_view kBehindLetters = U"',0123456789/<>-";

bool is_foretold(const abc::Surroundings& surroundings, char32_t c) {
  constexpr auto kFirst = static_cast<std::size_t>(abc::FeatureIndex::kBar1),
                 kLast = static_cast<std::size_t>(abc::FeatureIndex::kRepetition);
  const auto memories = surroundings.values().subspan(kFirst, kLast - kFirst + 1);
  return std::any_of(memories.begin(), memories.end(),
                     [c](std::uint8_t told) { return told != 0 && told == c; });
}

// Gives the bits of one tune to its notes.
class TuneSplitter {
 public:
  explicit TuneSplitter(NoteSplit& split) : split_(split), note_(&split.fresh) {}

  void add(corpus::CharacterKind kind, char32_t c, double bits, bool is_foretold) {
    if (kind == corpus::CharacterKind::kHeader) return;
    if (kind == corpus::CharacterKind::kNote) {
      note_ = is_foretold ? &split_.foretold : &split_.fresh;
      ++note_->notes;
      note_->bits += before_ + bits;
      before_ = 0;
      is_at_note_ = true;
    } else if (is_at_note_ && kBehindLetters.find(c) != std::u32string_view::npos) {
      note_->bits += bits;
    } else {
      is_at_note_ = false;
      before_ += bits;
    }
  }

  void finish() { note_->bits += before_; }

 private:
  NoteSplit& split_;
  NoteFigures* note_;  // the last one
  double before_ = 0;  // bits since then
  bool is_at_note_ = false;
};

}  // namespace

double NoteFigures::bits_per_note() const {
  return notes == 0 ? 0 : bits / static_cast<double>(notes);
}

NoteSplit split_notes(const corpus::TuneSet& tunes, const Vocabulary& vocabulary,
                      std::span<const double> bits) {
  assert(bits.size() == tunes.tokens.size());
  NoteSplit split;
  abc::Surroundings surroundings;
  for (std::size_t t = 0; t < tunes.tunes(); ++t) {
    surroundings.reset();
    TuneSplitter splitter(split);
    const std::span<const Token> tune = tunes.tune(t);
    for (std::size_t i = 0; i < tune.size(); ++i) {
      const char32_t c = tune[i] == kUnknownToken ? U'\uFFFD' : vocabulary.character(tune[i]);
      splitter.add(tunes.kinds_of(t)[i], c, bits[tunes.starts[t] + i],
                   is_foretold(surroundings, c));
      surroundings.push(c);
    }
    splitter.finish();
  }
  return split;
}

}  // namespace lilt::eval
