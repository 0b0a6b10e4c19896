// Reads given text where only characters of the dialect may come.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "abc/cursor.h"
#include "abc/next_characters.h"

namespace lilt::compose {

// The cursor behind a text, read byte by byte: what is not ASCII may stand in its texts only.
[[nodiscard]] abc::Cursor after(std::string_view text);

struct Walked {
  abc::Cursor cursor;          // behind what was read
  std::size_t characters = 0;  // that were read
  bool is_whole = false;       // whether that is all
};

// Reads on from a cursor as far as each character may come there.
[[nodiscard]] Walked walk(abc::Cursor cursor, const std::vector<char32_t>& text,
                          const abc::Requirements& requirements, const abc::Alphabet& alphabet);

// Whether a field of the header may have this text, UTF-8, behind what is `before` it.
[[nodiscard]] bool is_field_text(std::string_view before, std::string_view text,
                                 const abc::Alphabet& alphabet);

// A stranger's text within a message: in quotes, safe and short.
[[nodiscard]] std::string quote(std::string_view text);

}  // namespace lilt::compose
