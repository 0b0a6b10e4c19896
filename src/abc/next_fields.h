// The characters of fields: part of next_characters.
#pragma once

#include "abc/character_set.h"
#include "abc/cursor_state.h"
#include "abc/next_characters.h"

namespace lilt::abc {

// Anywhere in the header, up to the end of its K: line.
[[nodiscard]] CharacterSet next_in_header(const CursorState& at, const Requirements& requirements,
                                          const CharacterSet& alphabet);

// Of a field in the body that changes key, metre or unit, on a line or within one.
[[nodiscard]] CharacterSet next_in_body_field(const CursorState& at,
                                              const Requirements& requirements,
                                              const CharacterSet& alphabet);

}  // namespace lilt::abc
