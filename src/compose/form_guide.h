// Keeps the bar lines of a tune to its outline: sections as long as planned, repeats and endings
// where they were planned.
#pragma once

#include <string_view>

#include "abc/character_set.h"
#include "abc/cursor.h"
#include "abc/outline.h"

namespace lilt::compose {

// Of the characters that may come behind the text, those that keep to the outline; all of them
// where none does. The cursor has read the text; it is in the music.
[[nodiscard]] abc::CharacterSet as_outlined(const abc::CharacterSet& set,
                                            const abc::Outline& outline, const abc::Cursor& cursor,
                                            std::string_view text);

// How many bars the tune gets up to where the section under way has to end; 0 where that is open.
[[nodiscard]] int bars_to_section_end(const abc::Outline& outline, const abc::Cursor& cursor);

}  // namespace lilt::compose
