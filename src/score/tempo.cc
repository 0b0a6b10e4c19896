#include "score/tempo.h"

#include <array>

#include "abc/metre.h"

namespace lilt::score {
namespace {

using abc::kWholeNote;
using abc::Ticks;

constexpr Ticks kQuarter = kWholeNote / 4, kDottedQuarter = 3 * kWholeNote / 8,
                kHalf = kWholeNote / 2;

struct Rhythm {
  std::string_view name;  // within the R: field
  Tempo tempo;
};

// As played for dancers rather than in sessions; the first that fits counts.
constexpr std::array kRhythms = {
    Rhythm{"slip", {kDottedQuarter, 120}},  Rhythm{"hop jig", {kDottedQuarter, 120}},
    Rhythm{"slide", {kDottedQuarter, 132}}, Rhythm{"single jig", {kDottedQuarter, 124}},
    Rhythm{"jig", {kDottedQuarter, 112}},   Rhythm{"hornpipe", {kHalf, 80}},
    Rhythm{"strathspey", {kQuarter, 126}},  Rhythm{"slow air", {kQuarter, 66}},
    Rhythm{"air", {kQuarter, 80}},          Rhythm{"reel", {kHalf, 100}},
    Rhythm{"polka", {kQuarter, 126}},       Rhythm{"mazurka", {kQuarter, 138}},
    Rhythm{"waltz", {kQuarter, 144}},       Rhythm{"barndance", {kHalf, 84}},
    Rhythm{"schottische", {kHalf, 80}},     Rhythm{"fling", {kHalf, 84}},
};

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return low;
}

// The text between quotes is what musicians call the tempo.
std::string without_quotes(std::string_view text) {
  std::string plain;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c != ' ' && c != '\t') {
      plain += c;
    }
  }
  return plain;
}

// The number that a text begins with: "120", "99.5". Emscripten reads no floats.
std::optional<double> parse_number(std::string_view text) {
  constexpr std::size_t kMostDigits = 15;
  double digits = 0, scale = 1;
  std::size_t count = 0;
  bool is_fraction = false;
  for (const char c : text) {
    if (c == '.' && !is_fraction) {
      is_fraction = true;
    } else if (c >= '0' && c <= '9' && count < kMostDigits) {
      digits = 10 * digits + (c - '0');
      if (is_fraction) scale *= 10;
      ++count;
    } else {
      break;
    }
  }
  if (count == 0) return std::nullopt;
  return digits / scale;
}

// A half note goes with reels, which are written in 4/4 as often as in C|.
bool suits(const Rhythm& rhythm, const abc::Metre& metre) {
  return (rhythm.tempo.beat == kDottedQuarter) == metre.is_compound();
}

}  // namespace

double Tempo::seconds(Ticks length) const {
  return 60 / per_minute * static_cast<double>(length) / static_cast<double>(beat);
}

double Tempo::quarters() const {
  return per_minute * static_cast<double>(beat) / static_cast<double>(kQuarter);
}

std::optional<Tempo> parse_tempo(std::string_view text, const abc::Tune& tune) {
  const std::string plain = without_quotes(text);
  const std::size_t equals = plain.find('=');
  Tempo tempo{.beat = tune.unit};
  if (equals != std::string::npos) {
    // Otherwise it counts unit notes, as the old "C=100" does.
    const auto beat = abc::parse_metre(std::string_view(plain).substr(0, equals));
    if (beat && beat->sign == abc::MetreSign::kFraction && !beat->is_free()) {
      tempo.beat = beat->bar();
    }
  }
  const auto number =
      parse_number(std::string_view(plain).substr(equals == std::string::npos ? 0 : equals + 1));
  if (!number) return std::nullopt;
  tempo.per_minute = *number;
  const double quarters = tempo.quarters();
  if (!(quarters >= kSlowest && quarters <= kFastest)) return std::nullopt;
  return tempo;
}

Ticks beat_of(const abc::Metre& metre) {
  if (metre.is_compound() && metre.beats > 3) return kDottedQuarter;
  return metre.beat_unit == 2 || metre.sign == abc::MetreSign::kCut ? kHalf : kQuarter;
}

std::optional<Tempo> written_tempo(const abc::Tune& tune) {
  return parse_tempo(tune.field(U'Q'), tune);
}

Tempo usual_tempo(const abc::Tune& tune) {
  const std::string rhythm = lower(tune.field(U'R'));
  for (const Rhythm& known : kRhythms) {
    if (rhythm.find(known.name) != std::string::npos && suits(known, tune.metre)) {
      return known.tempo;
    }
  }
  const Ticks beat = beat_of(tune.metre);
  if (beat == kDottedQuarter) return {beat, 108};
  if (beat == kHalf) return {beat, 92};
  if (tune.metre.beats == 3) return {beat, 132};
  return {beat, tune.metre.beats == 2 ? 116.0 : 152.0};
}

}  // namespace lilt::score
