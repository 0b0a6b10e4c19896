// Tunes in other keys, spelt as musicians write them.
#pragma once

#include "abc/tune.h"

namespace lilt::abc {

// The tune sounding that many semitones higher. Keys (mid-tune changes included) are those with the
// fewest sharps or flats, notes and chord symbols are spelt by respell(). Bagpipe keys and lists of
// accidentals behind a key become notes with accidentals.
void transpose(Tune& tune, int semitones);

// The tune in that key or, keeping its mode, on that tonic: as far up or down as is nearer.
void transpose_to(Tune& tune, const Key& key);

// How far that is: −5 … 6 semitones.
[[nodiscard]] int semitones_to(const Key& from, const Key& to);
// That many semitones higher, which makes this its key; with seven sharps or flats too.
void transpose_into(Tune& tune, const Key& key, int semitones);

// Spells every note and chord symbol by one rule that sees only what sounds, so that transposition
// can be undone. Notes of the key's signature as it has them. Between those, counted in fifths from
// the signature's major tonic: sharps 6 (in C: F sharp) and 7; 8 (G sharp), but a flat before the
// note a semitone below; −3 and −2 (E and B flat), but sharps before the note a semitone above.
// Roots of chord symbols from −5 to 6, of diminished ones from −2 to 9. Never double accidentals.
// This is how most folk tunes are spelt.
void respell(Tune& tune);

// The key with the same sounding scale and at most six sharps or flats.
[[nodiscard]] Key usual_key(const Key& key);

// Where a melody goes from a note that the key's signature does not have.
enum class Motion : std::uint8_t { kOther, kSemitoneUp, kSemitoneDown };

// How a sounding pitch (MIDI number) is spelt in that key.
[[nodiscard]] Pitch spell(int midi, const Key& key, Motion motion);

// A chord symbol, its notes higher by that many semitones and spelt in that key; a text that is no
// chord symbol as it is.
[[nodiscard]] std::string transpose_chord_symbol(const std::string& text, int semitones,
                                                 const Key& key);

}  // namespace lilt::abc
