#include "abc/playability.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>

#include "abc/dialect.h"

namespace lilt::abc {

bool chord_sounds_on(const Metre& metre, Ticks place) {
  if (metre.is_free()) return false;
  const bool is_odd = metre.beats == 5 || metre.beats == 7;
  const bool in_threes = is_odd || (metre.beat_unit == 8 && metre.beats > 3);
  const Ticks step = is_odd || metre.beat_unit == 8 ? kWholeNote / metre.beat_unit : kWholeNote / 8;
  const Ticks length = metre.beats == 3 && metre.beat_unit == 8 ? step / 2 : step;
  const Ticks number = place / length;
  if (place % length == 0 || (metre.beats == 7 && number == 6)) return false;
  return in_threes ? number % 3 != 1 : number % 2 == 0;
}

bool chord_can_sound_on(Ticks bar_length, Ticks place) {
  const std::span<const Listed<Metre>> metres = dialect_metres();
  return std::any_of(metres.begin(), metres.end(), [&](const Listed<Metre>& metre) {
    return metre.value.bar() == bar_length && chord_sounds_on(metre.value, place);
  });
}

bool is_hornpipe(std::string_view rhythm) {
  constexpr std::string_view kHornpipe = "hornpipe";
  std::size_t i = 0;
  while (i < rhythm.size() && i < kHornpipe.size() && (rhythm[i] | 32) == kHornpipe[i]) ++i;
  return i == kHornpipe.size();
}

bool is_of_hornpipes(const Metre& metre) {
  if (metre.sign != MetreSign::kFraction) return metre.sign == MetreSign::kCommon;
  return metre.beat_unit == 4 && (metre.beats == 2 || metre.beats == 4);
}

bool is_second_of_swing(const CursorState& at) {
  constexpr Ticks kEighth = kWholeNote / 8;
  const Ticks begin = at.bar.fill - at.element.time;
  return at.header.is_hornpipe && at.bar.unit == kEighth && begin % (2 * kEighth) != 0;
}

bool is_behind_chord_of_swing(const CursorState& at) {
  return at.header.is_hornpipe && at.bar.has_chord;
}

bool is_lost_in_swing(const CursorState& at, Ticks length) {
  return at.header.is_hornpipe && at.bar.fill == 0 && at.lexeme.timed == LexemeKind::kChordClose &&
         !std::has_single_bit(static_cast<std::uint64_t>(length / kShortestNote));
}

bool keeps_ties(const CursorState& at, bool over_bar) {
  const ElementState& chord = at.element;
  for (int i = 0; i < chord.notes; ++i) {
    const int step = (chord.positions[i] + 70) % 7;
    if (over_bar && chord.alters[i] != at.bar.key.alters[step]) return false;
    if (i > 0 && chord.positions[i] == chord.positions[i - 1]) return false;
  }
  return true;
}

bool is_tuplet_clear(const CursorState& at, int p) {
  return at.bar.metre.tuplet_time(p) == at.header.metre.tuplet_time(p);
}

}  // namespace lilt::abc
