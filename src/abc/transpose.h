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

// Spells every note and chord symbol by one rule: notes of the key's signature as it has them, and
// between those, counted in fifths from the signature's major tonic, from −2 to 9 (in C: B flat,
// then F, C, G and D sharp; of chord symbols from −5, but for diminished ones), without double
// accidentals. It is the spelling that most folk tunes have, and makes transposition something that
// can be undone.
void respell(Tune& tune);

// The key with the same sounding scale and at most six sharps or flats.
[[nodiscard]] Key usual_key(const Key& key);

// How a sounding pitch (MIDI number) is spelt in that key.
[[nodiscard]] Pitch spell(int midi, const Key& key);

// A chord symbol, its notes higher by that many semitones and spelt in that key; a text that is no
// chord symbol as it is.
[[nodiscard]] std::string transpose_chord_symbol(const std::string& text, int semitones,
                                                 const Key& key);

}  // namespace lilt::abc
