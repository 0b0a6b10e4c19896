#include "compose/progression.h"

#include <algorithm>
#include <utility>

#include "abc/chord_symbol.h"
#include "abc/transpose.h"
#include "compose/walk.h"
#include "compose/wrong.h"

namespace lilt::compose {
namespace {

constexpr std::size_t kMostBars = 1000;

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> words_in(std::string_view text) {
  std::vector<std::string_view> words = split(text, " \t\r\n");
  std::erase(words, "");
  return words;
}

bool is_symbol(std::string_view text, const abc::Alphabet& alphabet) {
  abc::ChordSymbolProgress progress;
  for (const char c : text) {
    if (!alphabet.characters().contains(static_cast<unsigned char>(c)) || !progress.can_push(c)) {
      return false;
    }
    progress.push(c);
  }
  return progress.is_complete();
}

// The bars as they are written, without what stands before a first | and behind a last one.
std::vector<std::vector<std::string_view>> bars_in(std::string_view text) {
  std::vector<std::vector<std::string_view>> bars;
  if (text.find('|') == std::string_view::npos) {
    for (const std::string_view word : words_in(text)) bars.push_back({word});
    return bars;
  }
  for (const std::string_view bar : split(text, "|")) bars.push_back(words_in(bar));
  if (bars.front().empty()) bars.erase(bars.begin());
  if (!bars.empty() && bars.back().empty()) bars.pop_back();
  return bars;
}

}  // namespace

Result<Progression> parse_progression(std::string_view text, const abc::Metre& metre,
                                      const abc::Alphabet& alphabet) {
  const auto bars = bars_in(text);
  if (bars.empty() || bars.size() > kMostBars) {
    return wrong("chords",
                 "expected on, off, any or 1 to 1000 bars of chord symbols such as G C|D7 "
                 "G, found " +
                     quote(text));
  }
  const int beats = metre.is_compound() ? metre.beats / 3 : metre.beats;
  Progression progression;
  for (const std::vector<std::string_view>& bar : bars) {
    const std::string place = "bar " + std::to_string(progression.bars.size() + 1) + ": ";
    const int count = static_cast<int>(bar.size());
    if (count == 0) return wrong("chords", place + "expected a chord symbol, found none");
    if (count > beats) {
      return wrong("chords", place + "expected at most " + std::to_string(beats) +
                                 " chord symbols in " + metre.to_string() + ", one a beat, found " +
                                 std::to_string(count));
    }
    std::vector<PlacedChord>& chords = progression.bars.emplace_back();
    for (int i = 0; i < count; ++i) {
      const std::string_view symbol = bar[static_cast<std::size_t>(i)];
      if (!is_symbol(symbol, alphabet)) {
        return wrong("chords", place +
                                   "expected on, off, any or a chord symbol such as G, Am7 or "
                                   "D/F#, found " +
                                   quote(symbol));
      }
      const int beat = (i * beats + count - 1) / count;
      chords.push_back({metre.bar() / beats * beat, std::string(symbol)});
    }
  }
  return progression;
}

void transpose(Progression& progression, int semitones, const abc::Key& key) {
  for (std::vector<PlacedChord>& bar : progression.bars) {
    for (PlacedChord& chord : bar) {
      chord.symbol = abc::transpose_chord_symbol(chord.symbol, semitones, key);
    }
  }
}

void Accompanist::begin(const Progression& progression) {
  *this = Accompanist();
  progression_ = &progression;
}

const std::vector<PlacedChord>& Accompanist::chords(int bar) const {
  return progression_->bars[static_cast<std::size_t>(bar) % progression_->bars.size()];
}

void Accompanist::read(const abc::Cursor& cursor) {
  const abc::Cursor settled = cursor.settled();
  const bool begins_bar = settled.filled() == 0;
  int bar = settled.bar() - (begins_bar ? 0 : 1);
  if (settled.in_first_bar()) bar = settled.filled() > 0 && taken_.bar != 0 ? -1 : 0;
  may_be_pickup_ = settled.in_first_bar() && settled.filled() == 0;
  must_fill_bar_ = settled.in_first_bar() && taken_.bar == 0 && settled.filled() > 0 &&
                   settled.filled() < settled.bar_length();
  const bool in_first_ending = (settled.ending() & 1) != 0;
  if (in_first_ending && !std::exchange(in_first_ending_, in_first_ending)) {
    first_ending_ = std::max(bar, 0);
  }
  in_first_ending_ = in_first_ending;
  if (settled.ending() != 0 && !in_first_ending && bar >= 0) bar += first_ending_;
  filled_ = settled.filled();
  begun_ = std::min(cursor.filled(), filled_);
  here_ = {};
  if (bar < 0) return;
  here_ = {settled.section(), bar, 0};
  const std::vector<PlacedChord>& all = chords(bar);
  while (here_.chord + 1 < all.size() && all[here_.chord + 1].place <= filled_) ++here_.chord;
}

std::string_view Accompanist::due() const {
  if (here_.bar < 0 || here_ == taken_) return {};
  return chords(here_.bar)[here_.chord].symbol;
}

std::optional<abc::Ticks> Accompanist::change() const {
  if (here_.bar < 0) return std::nullopt;
  for (const PlacedChord& chord : chords(here_.bar)) {
    if (chord.place > begun_) return chord.place;
  }
  return std::nullopt;
}

}  // namespace lilt::compose
