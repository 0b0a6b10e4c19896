#include "compose/walk.h"

#include "base/text.h"

namespace lilt::compose {

abc::Cursor after(std::string_view text) {
  abc::Cursor cursor;
  for (const char c : text) cursor.push(static_cast<unsigned char>(c));
  return cursor;
}

Walked walk(abc::Cursor cursor, const std::vector<char32_t>& text,
            const abc::Requirements& requirements, const abc::Alphabet& alphabet) {
  Walked walked{cursor};
  for (const char32_t c : text) {
    if (!next_characters(walked.cursor, requirements, alphabet).contains(c)) return walked;
    walked.cursor.push(c);
    ++walked.characters;
  }
  walked.is_whole = true;
  return walked;
}

bool is_field_text(std::string_view before, std::string_view text, const abc::Alphabet& alphabet) {
  const Result<std::vector<char32_t>> characters = to_code_points(std::string(text) + "\n");
  return characters && walk(after(before), *characters, {}, alphabet).is_whole;
}

std::string quote(std::string_view text) { return "\"" + escaped(shortened(text, 40)) + "\""; }

}  // namespace lilt::compose
