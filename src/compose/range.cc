#include "compose/range.h"

#include <array>
#include <optional>
#include <string_view>

#include "abc/key.h"
#include "compose/walk.h"
#include "compose/wrong.h"

namespace lilt::compose {
namespace {

struct Instrument {
  std::string_view name, range;
};

// As tunes for them are written, in first position or without the top register.
constexpr std::array<Instrument, 7> kInstruments = {{{"fiddle", "G3-B5"},
                                                     {"mandolin", "G3-B5"},
                                                     {"whistle", "D4-B5"},
                                                     {"flute", "D4-B5"},
                                                     {"uilleann-pipes", "D4-B5"},
                                                     {"pipes", "G4-A5"},
                                                     {"recorder", "C4-D6"}}};
constexpr int kLowest = 36, kHighest = 95, kOctave = 12;

// A letter, # or b, and an octave; behind it, what is left.
std::optional<int> read_pitch(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const int step = abc::step_of(static_cast<unsigned char>(text[0]));
  if (step < 0) return std::nullopt;
  text.remove_prefix(1);
  int midi = abc::kSemitones[step];
  if (!text.empty() && (text[0] == '#' || text[0] == 'b')) {
    midi += text[0] == '#' ? 1 : -1;
    text.remove_prefix(1);
  }
  if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
  midi += kOctave * (text[0] - '0' + 1);
  text.remove_prefix(1);
  return midi;
}

std::optional<abc::PitchRange> read_range(std::string_view text) {
  const std::optional<int> low = read_pitch(text);
  if (!low || text.empty() || text[0] != '-') return std::nullopt;
  text.remove_prefix(1);
  const std::optional<int> high = read_pitch(text);
  if (!high || !text.empty()) return std::nullopt;
  return abc::PitchRange{*low, *high};
}

}  // namespace

std::string instruments() {
  std::string names;
  for (const Instrument& i : kInstruments) names.append(names.empty() ? "" : ", ").append(i.name);
  return names;
}

Result<abc::PitchRange> parse_range(const std::string& text) {
  std::string_view range = text;
  for (const Instrument& i : kInstruments) {
    if (i.name == text) range = i.range;
  }
  const std::optional<abc::PitchRange> pitches = read_range(range);
  if (!pitches) {
    return wrong("range", "expected pitches such as D4-B5 (C4 is middle C), or one of " +
                              instruments() + "; found " + quote(text));
  }
  if (pitches->highest - pitches->lowest < kOctave) {
    return wrong("range",
                 "expected at least an octave, the lower pitch first, found " + quote(text));
  }
  if (pitches->lowest < kLowest || pitches->highest > kHighest) {
    return wrong("range", "expected pitches within C2-B6, found " + quote(text));
  }
  return *pitches;
}

}  // namespace lilt::compose
