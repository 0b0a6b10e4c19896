#include "compose/form_guide.h"

namespace lilt::compose {
namespace {

using abc::CharacterSet;

// Those of `wanted` that may come; if none may, all.
CharacterSet only(const CharacterSet& set, const char* wanted) {
  const CharacterSet kept = set & CharacterSet(wanted);
  return kept.empty() ? set : kept;
}

CharacterSet without(const CharacterSet& set, const char* unwanted) {
  CharacterSet kept = set;
  for (const char* c = unwanted; *c != '\0'; ++c) kept.remove(static_cast<unsigned char>(*c));
  return kept.empty() ? set : kept;
}

// The section that the cursor is in, and what of it has been.
class Place {
 public:
  Place(const abc::Outline& outline, const abc::Cursor& settled)
      : outline_(outline),
        settled_(settled),
        number_(static_cast<std::size_t>(settled.section())) {}

  [[nodiscard]] bool is_planned() const { return number_ < outline_.sections.size(); }
  [[nodiscard]] bool has_next() const { return number_ + 1 < outline_.sections.size(); }
  [[nodiscard]] const abc::OutlineSection& section() const { return outline_.sections[number_]; }
  [[nodiscard]] const abc::OutlineSection& next() const { return outline_.sections[number_ + 1]; }

  // In bars that have begun.
  [[nodiscard]] bool is_last_bar() const { return settled_.bar() >= section().bars; }
  [[nodiscard]] bool is_before_first_bar() const { return settled_.bar() == 0; }
  [[nodiscard]] bool must_open_repeat() const {
    return section().repeated && !settled_.in_repeat() && is_before_first_bar();
  }
  [[nodiscard]] bool begins_ending() const {
    return settled_.ending() == 0 && section().first_ending > 0 &&
           settled_.bar() == section().first_ending;
  }

 private:
  const abc::Outline& outline_;
  const abc::Cursor& settled_;
  std::size_t number_;
};

CharacterSet within_music(const CharacterSet& set, const Place& place) {
  if (!place.is_last_bar() || !place.section().repeated) return without(set, ":");
  return without(set, "|");
}

CharacterSet at_line_start(const CharacterSet& set, const Place& place) {
  return place.must_open_repeat() ? only(set, "|") : without(set, "|:");
}

// Behind | alone.
CharacterSet behind_bar(const CharacterSet& set, const Place& place) {
  if (place.must_open_repeat()) return only(set, ":");
  if (place.is_last_bar()) {
    if (!place.has_next()) return only(set, "]");
    return only(set, place.next().repeated ? "|:" : "|");
  }
  return place.begins_ending() ? only(set, "1") : without(set, ":|]1");
}

// Behind : that begins a bar line.
CharacterSet behind_colon(const CharacterSet& set, const Place& place) {
  const bool may_open = place.has_next() && place.next().repeated && !place.next().is_later_ending;
  return may_open ? set : only(set, "|");
}

// Behind :|, which began the section where it now is.
CharacterSet behind_repeat(const CharacterSet& set, const Place& place) {
  if (place.is_planned() && place.section().is_later_ending) return only(set, "2");
  return only(without(set, "2"), "\n");
}

}  // namespace

CharacterSet as_outlined(const CharacterSet& set, const abc::Outline& outline,
                         const abc::Cursor& cursor, std::string_view text) {
  const abc::Cursor settled = cursor.settled();
  const Place place(outline, settled);
  if (text.ends_with(":|")) return behind_repeat(set, place);
  if (!place.is_planned()) return set;
  if (text.ends_with("||")) return only(set, "\n");
  if (text.ends_with("|:") || text.ends_with("::")) return set;
  if (text.ends_with('\n')) return at_line_start(set, place);
  if (text.ends_with('|')) return behind_bar(set, place);
  if (text.ends_with(':')) return behind_colon(set, place);
  // Endings begin at bar lines.
  if (text.ends_with('[')) return without(set, "123456789");
  return within_music(set, place);
}

int bars_to_section_end(const abc::Outline& outline, const abc::Cursor& cursor) {
  const auto number = static_cast<std::size_t>(cursor.section());
  if (number >= outline.sections.size() || !outline.sections[number].repeated) return 0;
  int bars = 0;
  for (std::size_t i = 0; i <= number; ++i) bars += outline.sections[i].bars;
  // A later ending has a bar at least.
  return bars + (outline.sections[number].first_ending >= 0 ? 1 : 0);
}

}  // namespace lilt::compose
