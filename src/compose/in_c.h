// Between a tune as it sounds and as a model of text in C reads and writes it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "abc/key.h"
#include "abc/next_characters.h"
#include "compose/plan.h"

namespace lilt::compose {

inline constexpr abc::Ticks kModelUnit = abc::kWholeNote / 8;

// The key on C of the same mode.
[[nodiscard]] abc::Key key_in_c(const abc::Key& key);

// Makes what is required of a tune as it sounds, with that key, be required of the text in C.
// Returns how many semitones it is moved up. The first leaves key and unit open.
int move_into_c(const abc::Key& key, abc::Requirements& requirements);
int write_in_c(const abc::Key& key, abc::Requirements& requirements);

// The music of a text from that byte on, so many semitones higher, to stand behind the text
// `behind`, in its key and unit note length.
[[nodiscard]] std::string moved_music(std::string_view text, std::size_t from, int semitones,
                                      std::string_view behind);

// A tune in C as it sounds, evenly laid out.
[[nodiscard]] std::string as_it_sounds(std::string_view text, const Sounding& sounding);

}  // namespace lilt::compose
