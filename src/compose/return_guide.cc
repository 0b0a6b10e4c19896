#include "compose/return_guide.h"

#include "base/text.h"
#include "compose/returns.h"

namespace lilt::compose {
namespace {

using abc::CharacterSet;

// Whether the text ends behind a bar line, where the music of a bar may begin.
bool is_behind_bar_line(std::string_view text) {
  if (text.ends_with('1') || text.ends_with('2')) text.remove_suffix(1);  // an ending
  return text.ends_with('|') || text.ends_with(':') || text.ends_with('\n');
}

// Whether music goes on with the character.
bool is_music(char32_t c) { return c != U'|' && c != U':' && c != U'\n' && c != U']'; }

bool returns(const abc::Outline& outline, int bar) {
  if (bar < 1 || static_cast<std::size_t>(bar) > outline.bars.size()) return false;
  const abc::OutlineBar& at = outline.bars[static_cast<std::size_t>(bar - 1)];
  return resemblance_of(at.kind) == Resemblance::kExact;
}

bool is_copied_later(const abc::Outline& outline, int bar) {
  for (int other = bar + 1; static_cast<std::size_t>(other) <= outline.bars.size(); ++other) {
    const bool is_source = outline.bars[static_cast<std::size_t>(other - 1)].source == bar;
    if (is_source && returns(outline, other)) return true;
  }
  return false;
}

}  // namespace

void ReturnGuide::begin() {
  begins_.clear();
  bar_ = 0;
}

void ReturnGuide::follow(const abc::Cursor& cursor, std::string_view text, char32_t c) {
  if (!is_behind_bar_line(text) || !is_music(c)) return;
  const bool begins_ending = text.ends_with('|') && (c == U'1' || c == U'2');
  const abc::Cursor settled = cursor.settled();
  if (begins_ending || settled.filled() != 0) return;
  bar_ = settled.bars() + 1;
  begins_.resize(static_cast<std::size_t>(bar_));
  begins_.back() = text.size();
}

std::string_view ReturnGuide::music_of(int bar, std::string_view text) const {
  if (bar < 1 || static_cast<std::size_t>(bar) > begins_.size()) return {};
  const std::string_view music = text.substr(begins_[static_cast<std::size_t>(bar - 1)]);
  return music.substr(0, music.find_first_of("|:\n"));
}

// A bar that is copied, and the one before it, is tied to no other.
CharacterSet ReturnGuide::without_tie(const CharacterSet& set, const abc::Outline& outline,
                                      const abc::Cursor& settled, int bar) {
  const bool at_end = settled.filled() == settled.bar_length();
  if (!at_end || !(returns(outline, bar + 1) || is_copied_later(outline, bar))) return set;
  CharacterSet others = set;
  others.remove(U'-');
  return others.empty() ? set : others;
}

CharacterSet ReturnGuide::as_before(const CharacterSet& set, const abc::Outline& outline,
                                    const abc::Cursor& cursor, std::string_view text) const {
  if (cursor.part() != abc::Part::kBody) return set;
  const abc::Cursor settled = cursor.settled();
  const bool begins = is_behind_bar_line(text);
  if (begins && settled.filled() != 0) return set;
  const int bar = begins ? settled.bars() + 1 : bar_;
  if (!returns(outline, bar)) return without_tie(set, outline, settled, bar);
  const std::string_view music =
      music_of(outline.bars[static_cast<std::size_t>(bar - 1)].source, text);
  const std::string_view written = begins ? std::string_view() : music_of(bar, text);
  if (!music.starts_with(written)) return set;
  if (music == written) {
    const CharacterSet line = set & CharacterSet("|:");
    return line.empty() ? set : line;
  }
  const char32_t next = decode_utf8(music.substr(written.size())).code_point;
  if (!set.contains(next)) return set;
  CharacterSet only;
  only.add(next);
  return only;
}

}  // namespace lilt::compose
