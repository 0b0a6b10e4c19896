// A tune as it sounds, note by note: what MIDI files are written from, and what players need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "abc/key.h"
#include "abc/metre.h"
#include "abc/tune.h"
#include "base/result.h"
#include "score/accompaniment.h"
#include "score/tempo.h"

namespace lilt::score {

// The longest that a tune may sound, in seconds.
inline constexpr double kLongestSound = 1800;

struct Playing {
  int instrument = 0;  // General MIDI program, 0 … 127
  Tempo tempo;
};

// With the tempo that is asked for, in beats of the metre; else the tune's own, else the usual one.
[[nodiscard]] Playing playing_of(const abc::Tune& tune, int instrument,
                                 const std::optional<double>& beats_per_minute);

struct PlayedNote {
  abc::Ticks start = 0;  // musical time
  abc::Ticks length = 0;
  double seconds = 0;  // its start in the tempo
  double duration = 0;
  std::uint8_t pitch = 0;  // MIDI note number
  std::uint8_t velocity = 0;
  Role role = Role::kMelody;
  std::size_t voice = 0;  // of the tune, from 0; of an accompaniment, where the chord symbols stand
  abc::Extent place;      // in the tune's text: the note or chord, or what bears the chord symbol
};

template <class T>
struct Since {
  abc::Ticks start = 0;
  T value;
};

struct Playback {
  Playing playing;
  std::string title;
  std::size_t voices = 0;
  abc::Ticks length = 0;
  double seconds = 0;
  std::vector<PlayedNote> notes;          // by start, then voice, role and pitch
  std::vector<PlayedBar> bars;            // of the first voice
  std::vector<Since<abc::Metre>> metres;  // the first at 0
  std::vector<Since<abc::Key>> keys;      // likewise
};

// All voices, their repeats, endings and parts played out, with ties joined, grace notes, trills,
// rolls, staccato dots and dynamics; notes and rests under a fermata take twice their time. Tunes
// whose rhythm (R:) begins with "hornpipe" swing in 2/4 and 4/4: pairs that fill a beat are played
// 2:1. The first voice with chord symbols has an accompaniment. An error where the tune has no
// notes, is too long when its parts are written out, or sounds for more than kLongestSound.
[[nodiscard]] Result<Playback> play(const abc::Tune& tune, const Playing& playing);

// As JSON: title, instrument, tempo, seconds, and notes with their times both in seconds and as
// fractions of a whole note.
[[nodiscard]] std::string to_json(const Playback& playback);

}  // namespace lilt::score
