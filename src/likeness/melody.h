// The melody of a tune as a sequence of notes, in the order in which it is written: what is known
// of a tune when it is compared with others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "abc/tune.h"

namespace lilt::likeness {

struct MelodyNote {
  int pitch = 0;            // MIDI note number; of a chord its highest
  abc::Ticks length = 0;    // with what is tied to it
  abc::Ticks rest = 0;      // the silence before the next note
  std::size_t element = 0;  // of the voice's elements, the one where it starts
};

// The notes of the first voice as written: repeats, endings and parts are not played out. Grace
// notes and what a voice overlay (&) adds are left out, and so are rests before the first note.
[[nodiscard]] std::vector<MelodyNote> melody_of(const abc::Tune& tune);

// So many successive notes are what two tunes are searched for in common.
inline constexpr std::size_t kWindow = 8;

// What stands for each run of kWindow notes, of the first note first: a hash of their lengths, the
// intervals and the rests between them. The key plays no part. Two different runs have the same
// hash with a probability of 2^-32.
[[nodiscard]] std::vector<std::uint32_t> window_hashes(std::span<const MelodyNote> melody);

}  // namespace lilt::likeness
