// The form of a tune: which sections it has, and which of their music returns.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "abc/next_characters.h"
#include "abc/outline.h"
#include "base/result.h"

namespace lilt::compose {

// A form of letters alone has sections and what they are the same as; any other one has an outline.
struct Form {
  std::vector<abc::SectionRequirement> sections;    // as they are written
  std::vector<std::optional<std::size_t>> same_as;  // of each, an earlier one, if it is one again
  abc::Outline outline;                             // its sections and bars alone
  std::string key, metre;                           // of a plan, which may say them
};

// Reads a form. `bars` is how many it has as written: each section once, each ending by itself;
// 0: as the form says.
//  - Letters alone, such as "AABB": from A on, each new one the next of the alphabet. A letter
//  twice
//    in a row is one section that is repeated; one that comes back is the same music once more.
//    Sections share the bars equally; eight each, if nothing is said.
//  - "A16B8", "AA'BB'": a number behind a letter is how many bars it has, eight without one. A
//    letter directly followed by the same with ' is a section repeated with a first and a second
//    ending of one bar each. Anywhere else ' says that the music returns with another end: its last
//    two bars, of fewer than four the last one, are new.
//  - "A4A'4: B4B'4:": with a space or a colon anywhere each word is a section, and its letters are
//    phrases, of four bars without a number. A word that ends with : or comes twice in a row is a
//    section that is repeated.
//  - A plan as a Piece tells it in JSON, see plan_json.h.
[[nodiscard]] Result<Form> parse_form(const std::string& text, int bars);

}  // namespace lilt::compose
