#include "abc/outline.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "abc/cursor.h"
#include "base/text.h"

namespace lilt::abc {
namespace {

constexpr int kBarsOfAPhrase = 4;

struct Note {
  Ticks filled = 0;  // of the bar, with it
  Ticks length = 0;
  int pitch = 0;     // MIDI
  int position = 0;  // on the staff

  [[nodiscard]] bool is_same(const Note& other) const {
    return filled == other.filled && pitch == other.pitch;
  }
};
using Notes = std::vector<Note>;

// Of notes in as many as the longer bar has.
double share_of_same(const Notes& a, const Notes& b) {
  std::size_t same = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i].is_same(b[j])) ++same;
    const Ticks at = a[i].filled, other = b[j].filled;
    if (at <= other) ++i;
    if (other <= at) ++j;
  }
  return static_cast<double>(same) / static_cast<double>(std::max(a.size(), b.size()));
}

bool are_same(const Notes& a, const Notes& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Note& one, const Note& other) { return one.is_same(other); });
}

bool have_same_rhythm(const Notes& a, const Notes& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Note& one, const Note& other) { return one.filled == other.filled; });
}

// By how many steps all notes are moved from a to b; none if it is not one number.
std::optional<int> shift_between(const Notes& a, const Notes& b) {
  constexpr std::size_t kLeastNotes = 3;
  if (a.size() < kLeastNotes || !have_same_rhythm(a, b)) return {};
  const int shift = b[0].position - a[0].position;
  if (shift == 0 || shift > kMostShift || shift < -kMostShift) return {};
  const bool is_moved = std::equal(
      a.begin(), a.end(), b.begin(),
      [&](const Note& one, const Note& other) { return one.position + shift == other.position; });
  return is_moved ? std::optional(shift) : std::nullopt;
}

bool have_same_contour(const Notes& a, const Notes& b) {
  constexpr std::size_t kLeastNotes = 3;
  if (a.size() < kLeastNotes || !have_same_rhythm(a, b)) return false;
  const auto direction = [](const Notes& notes, std::size_t i) {
    const int up = notes[i].pitch - notes[i - 1].pitch;
    return up > 0 ? 1 : up < 0 ? -1 : 0;
  };
  for (std::size_t i = 1; i < a.size(); ++i) {
    if (direction(a, i) != direction(b, i)) return false;
  }
  return true;
}

std::uint8_t class_of(double value, std::size_t classes) {
  return static_cast<std::uint8_t>(std::clamp(value, 1.0, static_cast<double>(classes - 1)));
}

Ticks beat_of(const Metre& metre) {
  if (metre.is_free()) return kWholeNote / 4;
  const bool is_compound = metre.beat_unit == 8 && metre.beats % 3 == 0;
  return is_compound ? kWholeNote * 3 / 8 : kWholeNote / std::max<int>(4, metre.beat_unit);
}

// In semitones. Mean pitches of phrases are within an octave and a half.
constexpr double kBelowHeights = 58, kStepOfHeights = 1.5;

class OutlineReader {
 public:
  Outline read(std::string_view text, std::uint8_t tonic) {
    outline_.tonic = tonic;
    read_header(text);
    for (std::size_t at = 0; at < text.size();) {
      const Utf8Step step = decode_utf8(text.substr(at));
      push(step.bytes == 0 ? U'?' : step.code_point);
      at += std::max<std::size_t>(1, step.bytes);
    }
    end_tune();
    relate_bars();
    describe_music();
    return std::move(outline_);
  }

 private:
  void read_header(std::string_view text) {
    std::string_view title;
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(text.size(), line.size() + 1));
      if (line.starts_with("T:") && title.empty()) title = line.substr(2);
      if (line.starts_with("R:")) outline_.dance = dance_kind(line.substr(2));
      if (!line.starts_with("K:")) continue;
      if (outline_.dance == 0) outline_.dance = std::max<std::uint8_t>(1, dance_in_title(title));
      outline_.chords = text.find('"') == std::string_view::npos ? 1 : 2;
      return;
    }
  }

  void push(char32_t c) {
    const Cursor before = cursor_;
    events_.clear();
    cursor_.push(c, &events_);
    if (before.part() == Part::kHeader && cursor_.part() == Part::kBody) {
      outline_.metre = cursor_.metre();
      tonic_ = kSemitones[cursor_.key().step] + cursor_.key().alter;
    }
    if (before.part() != Part::kBody) return;
    const bool ended = cursor_.part() == Part::kEnded;
    if (!ended && before.section() == cursor_.section()) follow_ending(before);
    for (const Lexeme& lexeme : events_.lexemes()) {
      if (lexeme.kind == LexemeKind::kNote) add_note(lexeme.pitch);
      if (lexeme.kind == LexemeKind::kChordSymbol) ++chord_symbols_;
    }
    if (before.in_first_bar() && !cursor_.in_first_bar() && cursor_.bars() == 0) notes_.clear();
    if (before.section() != cursor_.section()) end_section(before.bar());
    bars_ = cursor_.bars();
  }

  void follow_ending(const Cursor& before) {
    section_.repeated |= cursor_.in_repeat();
    if (before.ending() == cursor_.ending() || cursor_.ending() == 0) return;
    if ((cursor_.ending() & 1) == 0) {
      section_.is_later_ending = true;
    } else {
      section_.first_ending = cursor_.bar();
    }
  }

  void add_note(const Pitch& pitch) {
    const int bar = std::max(1, cursor_.in_first_bar() ? 1 : cursor_.bars());
    if (notes_.size() < static_cast<std::size_t>(bar)) {
      notes_.resize(static_cast<std::size_t>(bar));
      filled_ = 0;
    }
    const Ticks filled = cursor_.filled();
    const Ticks length = filled > filled_ ? filled - filled_ : filled;
    notes_.back().push_back({filled, length, pitch.midi(), pitch.position()});
    lowest_ = std::min(lowest_, pitch.midi());
    highest_ = std::max(highest_, pitch.midi());
    ++note_count_;
    filled_ = filled;
    last_ = notes_.back().back();
    has_note_ = true;
  }

  // The Cursor counts sections without music too.
  void end_section(int bars) {
    section_.bars = bars;
    outline_.sections.push_back(section_);
    if (has_note_) rest_at(std::max(1, bars_), last_);
    section_ = {};
    has_note_ = false;
  }

  void end_tune() {
    if (cursor_.part() == Part::kBody) end_section(cursor_.bar());
    while (!outline_.sections.empty() && outline_.sections.back().bars == 0) {
      outline_.sections.pop_back();
    }
  }

  void rest_at(int bar, const Note& note) {
    if (outline_.bars.size() < static_cast<std::size_t>(bar)) {
      outline_.bars.resize(static_cast<std::size_t>(bar));
    }
    OutlineBar& at = outline_.bars[static_cast<std::size_t>(bar - 1)];
    at.rest_degree = static_cast<std::int8_t>(((note.pitch - tonic_) % 12 + 12) % 12);
    const Ticks beat = beat_of(outline_.metre.value_or(Metre{4, 4}));
    at.rest_length = static_cast<std::int8_t>(note.length < beat       ? 0
                                              : note.length < 2 * beat ? 1
                                                                       : 2);
  }

  void relate_bars() {
    outline_.bars.resize(std::max(outline_.bars.size(), notes_.size()));
    notes_.resize(outline_.bars.size());
    int first = 1, before = 0, bars_before = 0;
    for (const OutlineSection& section : outline_.sections) {
      // The bar of the section before that is as this one's first.
      const int same = section.is_later_ending && ending_ > 0 ? ending_ : before;
      for (int i = 0; i < section.bars; ++i) {
        const bool within = same + i < first && (section.is_later_ending || i < bars_before);
        relate(first + i, before > 0 && within ? same + i : 0);
        const bool ends_phrase = (i + 1) % kBarsOfAPhrase == 0,
                   ends_section = i + 1 == section.bars;
        if (ends_phrase && !ends_section) rest_in(first + i);
        if (ends_phrase || ends_section) {
          tell_height(first + i / kBarsOfAPhrase * kBarsOfAPhrase, first + i);
        }
      }
      if (section.bars > 0) {
        before = first;
        bars_before = section.bars;
        ending_ = section.first_ending >= 0 ? first + section.first_ending : 0;
      }
      first += section.bars;
    }
  }

  void describe_music() {
    if (note_count_ == 0 || outline_.bars.empty()) return;
    const auto bars = static_cast<double>(outline_.bars.size());
    outline_.density = class_of(note_count_ / bars + 0.5, kDensities);
    outline_.lowest = class_of(lowest_ - kBelowLowest, kPitches);
    outline_.highest = class_of(highest_ - kBelowHighest, kPitches);
    outline_.chord_rate = class_of(1.5 + 2 * chord_symbols_ / bars, kChordRates);
  }

  // Within a section a phrase rests on the bar's longest note, of several the last.
  void rest_in(int bar) {
    const Notes& notes = notes_of(bar);
    if (notes.empty()) return;
    const Note* longest = &notes.front();
    for (const Note& note : notes) {
      if (note.length >= longest->length) longest = &note;
    }
    rest_at(bar, *longest);
  }

  // Of the phrase from one bar to another: its mean pitch.
  void tell_height(int from, int to) {
    double sum = 0, time = 0;
    for (int bar = from; bar <= to; ++bar) {
      for (const Note& note : notes_of(bar)) {
        sum += static_cast<double>(note.pitch) * static_cast<double>(note.length);
        time += static_cast<double>(note.length);
      }
    }
    if (time <= 0 || static_cast<std::size_t>(to) > outline_.bars.size()) return;
    outline_.bars[static_cast<std::size_t>(to - 1)].height = height_class(sum / time);
  }

  [[nodiscard]] const Notes& notes_of(int bar) const {
    static const Notes kNone;
    const auto at = static_cast<std::size_t>(bar - 1);
    return bar < 1 || at >= notes_.size() ? kNone : notes_[at];
  }

  void relate(int bar, int in_section) {
    if (static_cast<std::size_t>(bar) > outline_.bars.size()) return;
    OutlineBar& at = outline_.bars[static_cast<std::size_t>(bar - 1)];
    const Notes& notes = notes_of(bar);
    at.kind = Return::kNew;
    if (notes.empty()) return;
    struct Place {
      int bar;
      Return exact, near, rhythm;
    };
    using enum Return;
    const std::array<Place, 5> places = {{{bar - 8, kBar8, kNearBar8, kRhythm8},
                                          {bar - 4, kBar4, kNearBar4, kRhythm4},
                                          {in_section, kSection, kNearSection, kRhythmSection},
                                          {bar - 2, kBar2, kNearBar2, kRhythm2},
                                          {bar - 1, kBar1, kNearBar1, kRhythm1}}};
    for (const Place& place : places) {
      if (are_same(notes, notes_of(place.bar))) return set(at, place.exact, place.bar);
    }
    for (int other = bar - 1; other >= 1; --other) {
      if (are_same(notes, notes_of(other))) return set(at, Return::kOther, other);
    }
    for (const auto& [before, kind] : {std::pair{1, kSequence1}, std::pair{2, kSequence2}}) {
      const std::optional<int> shift = shift_between(notes_of(bar - before), notes);
      if (!shift) continue;
      at.shift = static_cast<std::int8_t>(*shift);
      return set(at, kind, bar - before);
    }
    if (have_same_contour(notes_of(bar - 1), notes)) return set(at, kContour1, bar - 1);
    for (const Place& place : places) {
      if (notes_of(place.bar).empty()) continue;
      if (share_of_same(notes, notes_of(place.bar)) >= 0.5) return set(at, place.near, place.bar);
    }
    for (const Place& place : places) {
      if (notes_of(place.bar).empty()) continue;
      if (have_same_rhythm(notes, notes_of(place.bar))) return set(at, place.rhythm, place.bar);
    }
  }

  static void set(OutlineBar& at, Return kind, int source) {
    at.kind = kind;
    at.source = static_cast<std::int16_t>(source);
  }

  Outline outline_;
  Cursor cursor_;
  Events events_;
  OutlineSection section_;
  std::vector<Notes> notes_;  // of each bar
  Note last_;
  bool has_note_ = false;  // the section
  Ticks filled_ = 0;
  int bars_ = 0, tonic_ = 0, ending_ = 0;
  int lowest_ = 127, highest_ = 0, note_count_ = 0, chord_symbols_ = 0;
};

}  // namespace

std::uint8_t told_tonic(const Key& key) {
  return static_cast<std::uint8_t>(1 + (kSemitones[key.step] + key.alter + 12) % 12);
}

std::uint8_t height_class(double pitch) {
  return class_of((pitch - kBelowHeights) / kStepOfHeights, kHeights);
}

double pitch_of_height(std::uint8_t height) {
  return kBelowHeights + (height + 0.5) * kStepOfHeights;
}

int Outline::phrase_end(int bar) const {
  int first = 1;
  for (const OutlineSection& section : sections) {
    if (bar < first + section.bars) {
      const int in_section = bar - first;
      const int end = (in_section / kBarsOfAPhrase + 1) * kBarsOfAPhrase;
      return first - 1 + std::min(end, section.bars);
    }
    first += section.bars;
  }
  return 0;
}

Outline outline_of(std::string_view text, std::uint8_t tonic) {
  return OutlineReader().read(text, tonic);
}

}  // namespace lilt::abc
