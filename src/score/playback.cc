#include "score/playback.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <tuple>
#include <utility>

#include "abc/performance.h"
#include "score/source.h"

namespace lilt::score {
namespace {

using abc::Element;
using abc::ElementKind;
using abc::kWholeNote;
using abc::Ticks;

// How loud a note is where a bar begins, on the beats that have the bass, and between.
struct Loudness {
  std::uint8_t bar, beat, other;
};
constexpr Loudness kUsualLoudness{105, 95, 80};
constexpr std::array<std::pair<std::string_view, Loudness>, 6> kDynamics = {{
    {"!pp!", {45, 35, 20}},
    {"!p!", {60, 50, 35}},
    {"!mp!", {75, 65, 50}},
    {"!mf!", {90, 80, 65}},
    {"!f!", {105, 95, 80}},
    {"!ff!", {120, 110, 95}},
}};
// The accompaniment stays behind the melody.
constexpr std::uint8_t kBassVelocity = 70, kChordVelocity = 55;

bool has_mark(const Element& element, std::string_view mark) {
  return std::find(element.marks.begin(), element.marks.end(), mark) != element.marks.end();
}

// --- Hornpipes

bool swings(const abc::Tune& tune) {
  const std::string rhythm = tune.field(U'R');
  return (rhythm.starts_with("hornpipe") || rhythm.starts_with("Hornpipe")) &&
         tune.metre.sign != abc::MetreSign::kCut && tune.metre.beat_unit == 4 &&
         (tune.metre.beats == 2 || tune.metre.beats == 4);
}

// What has to be a pair to swing: notes beside each other, with no grace note between them.
bool can_swing(const abc::Course& course, const abc::Turn& a, const abc::Turn& b) {
  const Element& first = course.elements[a.element];
  const Element& second = course.elements[b.element];
  return b.element == a.element + 1 && first.kind == ElementKind::kNote &&
         second.kind == ElementKind::kNote && !first.in_tuplet && !second.in_tuplet &&
         second.graces.empty();
}

// Notes of 1:1 and 3:1 become 2:1, those of 1:3 become 1:2.
void swing(abc::Course& course, const std::vector<PlayedBar>& bars, Ticks beat) {
  auto bar = bars.begin();
  for (std::size_t i = 0; i + 1 < course.turns.size(); ++i) {
    abc::Turn& a = course.turns[i];
    abc::Turn& b = course.turns[i + 1];
    while (bar != bars.end() && a.start >= bar->start + bar->time) ++bar;
    if (bar == bars.end()) return;
    if ((a.start - bar->start + bar->offset) % beat != 0 || a.time + b.time != beat ||
        !can_swing(course, a, b)) {
      continue;
    }
    if (a.time != b.time && a.time != 3 * b.time && 3 * a.time != b.time) continue;
    a.time = a.time < b.time ? beat / 3 : 2 * beat / 3;
    b.start = a.start + a.time;
    b.time = beat - a.time;
  }
}

// --- Fermatas

// Time that is added there: notes that end there go on, and what follows is later.
struct Pause {
  Ticks at = 0;
  Ticks time = 0;
};

void find_pauses(const abc::Course& course, std::vector<Pause>& pauses) {
  for (const abc::Turn& turn : course.turns) {
    const Element& element = course.elements[turn.element];
    if (turn.time > 0 && (has_mark(element, "H") || has_mark(element, "!fermata!"))) {
      pauses.push_back({turn.start + turn.time, turn.time});
    }
  }
}

// In order, one of those that voices have at the same time, with the time before it.
std::vector<Pause> added_up(std::vector<Pause> pauses) {
  std::sort(pauses.begin(), pauses.end(), [](const Pause& a, const Pause& b) {
    return a.at != b.at ? a.at < b.at : a.time > b.time;
  });
  const auto same = [](const Pause& a, const Pause& b) { return a.at == b.at; };
  pauses.erase(std::unique(pauses.begin(), pauses.end(), same), pauses.end());
  Ticks sum = 0;
  for (Pause& pause : pauses) pause.time = sum += pause.time;
  return pauses;
}

Ticks later(const std::vector<Pause>& pauses, Ticks time) {
  const auto next = std::upper_bound(pauses.begin(), pauses.end(), time,
                                     [](Ticks t, const Pause& pause) { return t < pause.at; });
  return next == pauses.begin() ? time : time + (next - 1)->time;
}

// --- Loudness

class Dynamics {
 public:
  Dynamics(const abc::Course& course, const std::vector<PlayedBar>& bars) : bars_(bars) {
    loudness_.push_back({0, kUsualLoudness});
    for (const abc::Turn& turn : course.turns) {
      for (const auto& [mark, loudness] : kDynamics) {
        if (has_mark(course.elements[turn.element], mark))
          loudness_.push_back({turn.start, loudness});
      }
    }
  }

  [[nodiscard]] std::uint8_t velocity(Ticks time) const {
    const auto behind = [](Ticks t, const auto& one) { return t < one.start; };
    const Loudness loudness =
        (std::upper_bound(loudness_.begin() + 1, loudness_.end(), time, behind) - 1)->value;
    const auto next = std::upper_bound(bars_.begin(), bars_.end(), time, behind);
    if (next == bars_.begin()) return loudness.other;
    const PlayedBar& bar = *(next - 1);
    const Ticks at = time - bar.start + bar.offset;
    if (at == 0) return loudness.bar;
    const std::vector<Stroke> pattern = pattern_of(bar.metre);
    const bool on_beat = std::any_of(pattern.begin(), pattern.end(), [&](const Stroke& stroke) {
      return stroke.role == Role::kBass && stroke.start == at;
    });
    return on_beat ? loudness.beat : loudness.other;
  }

 private:
  const std::vector<PlayedBar>& bars_;
  std::vector<Since<Loudness>> loudness_;
};

// --- All together

class Assembly {
 public:
  Assembly(const abc::Tune& tune, const Playing& playing) : tune_(tune) {
    playback_.playing = playing;
    playback_.title = title_of(tune);
    playback_.voices = tune.voices.size();
    playback_.metres.push_back({0, tune.metre});
    playback_.keys.push_back({0, tune.key});
  }

  Result<Playback> play() {
    const std::string order = tune_.field(U'P');
    for (std::size_t voice = 0; voice < tune_.voices.size(); ++voice) {
      abc::Course course = abc::course_of(tune_.voices[voice], order);
      if (const Status status = check_length(course); !status) return status.error();
      add_voice(std::move(course), voice);
    }
    finish();
    return std::move(playback_);
  }

 private:
  // Before there is a note of everything that it would have.
  Status check_length(const abc::Course& course) const {
    Ticks end = 0;
    for (const abc::Turn& turn : course.turns) end = std::max(end, turn.start + turn.time);
    const double seconds = playback_.playing.tempo.seconds(end);
    if (seconds <= kLongestSound) return success();
    return Error{ErrorCode::kFormat,
                 "expected a tune that sounds for at most half an hour, found " +
                     std::to_string(std::llround(seconds / 60)) + " minutes"};
  }

  void add_voice(abc::Course course, std::size_t voice) {
    const std::vector<PlayedBar> bars = bars_of(course, tune_.metre);
    if (voice == 0) {
      playback_.bars = bars;
      add_changes(course);
    }
    find_pauses(course, pauses_);
    if (!is_accompanied_ && has_chord_symbols(tune_.voices[voice])) {
      is_accompanied_ = true;
      for (const AccompanyingNote& note : accompany(course, bars)) {
        add(note.role, note.pitch, note.start, note.length,
            note.role == Role::kBass ? kBassVelocity : kChordVelocity, voice, note.place);
      }
    }
    if (swings(tune_)) swing(course, bars, tune_.metre.bar() / 4);
    const Dynamics dynamics(course, bars);
    for (const abc::Sound& sound : abc::perform(course, {.ornaments_in = tune_.key})) {
      add(Role::kMelody, sound.pitch, sound.start, sound.length, dynamics.velocity(sound.start),
          voice, sound.place);
    }
  }

  void add(Role role, int pitch, Ticks start, Ticks length, std::uint8_t velocity,
           std::size_t voice, abc::Extent place) {
    const int sounding = pitch + tune_.shift;
    if (sounding < 0 || sounding > 127 || length <= 0) return;
    playback_.notes.push_back({.start = start,
                               .length = length,
                               .pitch = static_cast<std::uint8_t>(sounding),
                               .velocity = velocity,
                               .role = role,
                               .voice = voice,
                               .place = place});
  }

  void add_changes(const abc::Course& course) {
    for (const abc::Turn& turn : course.turns) {
      const Element& element = course.elements[turn.element];
      if (element.kind != ElementKind::kField) continue;
      if (element.field == U'M') {
        if (const auto metre = abc::parse_metre(element.text)) {
          playback_.metres.push_back({turn.start, *metre});
        }
      } else if (element.field == U'K') {
        if (const auto key = abc::parse_key(element.text).key) {
          playback_.keys.push_back({turn.start, *key});
        }
      }
    }
  }

  void finish() {
    const std::vector<Pause> pauses = added_up(std::move(pauses_));
    const Tempo& tempo = playback_.playing.tempo;
    for (PlayedNote& note : playback_.notes) {
      const Ticks end = later(pauses, note.start + note.length);
      note.start = later(pauses, note.start);
      note.length = end - note.start;
      note.seconds = tempo.seconds(note.start);
      note.duration = tempo.seconds(note.length);
      playback_.length = std::max(playback_.length, end);
    }
    playback_.seconds = tempo.seconds(playback_.length);
    for (PlayedBar& bar : playback_.bars) {
      const Ticks end = later(pauses, bar.start + bar.time);
      bar.start = later(pauses, bar.start);
      bar.time = end - bar.start;
    }
    for (auto& metre : playback_.metres) metre.start = later(pauses, metre.start);
    for (auto& key : playback_.keys) key.start = later(pauses, key.start);
    std::stable_sort(playback_.notes.begin(), playback_.notes.end(),
                     [](const PlayedNote& a, const PlayedNote& b) {
                       return std::tuple(a.start, a.voice, a.role, a.pitch) <
                              std::tuple(b.start, b.voice, b.role, b.pitch);
                     });
  }

  const abc::Tune& tune_;
  Playback playback_;
  std::vector<Pause> pauses_;
  bool is_accompanied_ = false;
};

// --- JSON

std::string fraction(Ticks ticks) {
  const Rational whole = abc::to_rational(ticks);
  return "\"" + std::to_string(whole.numerator()) + "/" + std::to_string(whole.denominator()) +
         "\"";
}

// With six decimals, whatever the locale.
std::string decimal(double number) {
  const long long millionths = std::llround(number * 1e6);
  std::string fractional = std::to_string(millionths % 1'000'000);
  fractional.insert(0, 6 - fractional.size(), '0');
  return std::to_string(millionths / 1'000'000) + "." + fractional;
}

// What safe_text() leaves needs no more.
std::string quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

constexpr std::array<std::string_view, 3> kRoles = {"melody", "bass", "chords"};

std::string note_json(const PlayedNote& note) {
  return "{\"role\":" + quoted(kRoles[static_cast<std::size_t>(note.role)]) +
         ",\"voice\":" + std::to_string(note.voice) + ",\"pitch\":" + std::to_string(note.pitch) +
         ",\"velocity\":" + std::to_string(note.velocity) + ",\"start\":" + fraction(note.start) +
         ",\"length\":" + fraction(note.length) + ",\"seconds\":" + decimal(note.seconds) +
         ",\"duration\":" + decimal(note.duration) + ",\"bytes\":[" +
         std::to_string(note.place.begin) + "," + std::to_string(note.place.end) + "]}";
}

}  // namespace

Playing playing_of(const abc::Tune& tune, int instrument,
                   const std::optional<double>& beats_per_minute) {
  if (beats_per_minute) return {instrument, {beat_of(tune.metre), *beats_per_minute}};
  return {instrument, written_tempo(tune).value_or(usual_tempo(tune))};
}

Result<Playback> play(const abc::Tune& tune, const Playing& playing) {
  if (const Status status = check_source(tune); !status) return status.error();
  return Assembly(tune, playing).play();
}

std::string to_json(const Playback& playback) {
  const Tempo& tempo = playback.playing.tempo;
  std::string json = "{\"title\":" + quoted(playback.title) +
                     ",\"instrument\":" + std::to_string(playback.playing.instrument) +
                     ",\"tempo\":{\"beat\":" + fraction(tempo.beat) +
                     ",\"per_minute\":" + decimal(tempo.per_minute) +
                     "},\"seconds\":" + decimal(playback.seconds) +
                     ",\"length\":" + fraction(playback.length) +
                     ",\"voices\":" + std::to_string(playback.voices) + ",\"notes\":[";
  for (std::size_t i = 0; i < playback.notes.size(); ++i) {
    json += (i == 0 ? "\n" : ",\n") + note_json(playback.notes[i]);
  }
  return json + "\n]}\n";
}

}  // namespace lilt::score
