// Tunes as text for other programs.
//
// A tune is a stranger's, and the programs that engrave obey more than music: directives
// that read files or run PostScript, escapes, macros. So what they get is canonical text, made anew
// from the notes, with nothing of the tune's own text but titles, chord symbols and annotations,
// cleaned and shortened, and decorations that are known.
#pragma once

#include <optional>
#include <string>

#include "abc/canonical.h"
#include "abc/tune.h"
#include "base/result.h"
#include "score/tempo.h"

namespace lilt::score {

// The most notes, rests and bar lines that a tune may have, its parts written out. No tune comes
// near.
inline constexpr std::size_t kMostElements = 200'000;

// The tune with nothing in it that a program could obey, and nothing that is too long for one.
[[nodiscard]] abc::Tune made_safe(abc::Tune tune);

// A text for people: what does not print, and what ABC gives a meaning, is left out; at most that
// many bytes.
[[nodiscard]] std::string safe_text(std::string_view text, std::size_t most);

// The title, or "" where there is none.
[[nodiscard]] std::string title_of(const abc::Tune& tune);

// An error if the tune has no notes, or is too long when its parts are written out.
[[nodiscard]] Status check_source(const abc::Tune& tune);

// For abcm2ps: titles, composers, origin, the tempo if given, the notes with their chord symbols,
// annotations and decorations. `number` goes to X:. The errors of
// check_source().
[[nodiscard]] Result<std::string> engraving_source(const abc::Tune& tune, int number,
                                                   const std::optional<Tempo>& tempo);
// The same, with the places of its notes and rests.
[[nodiscard]] Result<abc::CanonicalWriting> write_engraving_source(
    const abc::Tune& tune, int number, const std::optional<Tempo>& tempo);

}  // namespace lilt::score
