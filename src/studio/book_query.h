// What is looked for in a tune book.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/field.h"

namespace lilt::studio {

enum class BookOrder : std::uint8_t { kBest, kNew, kOld, kChanged, kTitle, kStars };
constexpr auto names_of(BookOrder) {
  return names<BookOrder>("best", "new", "old", "changed", "title", "stars");
}

struct BookQuery {
  std::vector<std::int64_t> tunes;  // only these ids; none: any
  std::string words;                // all of them, or their beginnings; "": any
  std::string melody;               // see likeness::read_contour(); "": any
  std::string tag;
  int stars = 0;  // at least
  BookOrder sort = BookOrder::kBest;
  std::size_t offset = 0, limit = 50;
};

inline constexpr std::size_t kMostListed = 1000;

template <FieldsOf<BookQuery> Q, class Visit>
void visit_fields(Q& q, Visit&& visit) {
  visit(Field{.name = "tunes", .help = "Only the tunes with these numbers"}, q.tunes);
  visit(Field{.name = "words",
              .help = "Only tunes with these words, or words that begin so, in title, rhythm, key, "
                      "tags, notes or another field",
              .value = "TEXT"},
        q.words);
  visit(
      Field{.name = "melody",
            .help = "Only tunes with these notes in a row, in any key and rhythm: \"D E F A\"; or "
                    "steps in semitones: \"+2 +1 +4\"",
            .value = "NOTES"},
      q.melody);
  visit(Field{.name = "tag", .help = "Only tunes with this tag", .value = "TAG"}, q.tag);
  visit(
      Field{
          .name = "stars", .help = "Only tunes with so many stars or more", .least = 0, .most = 5},
      q.stars);
  visit(Field{.name = "sort",
              .help = "Which come first: of best those that begin with the melody, then the newest",
              .value = "ORDER"},
        q.sort);
  visit(Field{.name = "offset", .help = "Leave out so many", .most = 1'000'000'000}, q.offset);
  visit(Field{.name = "limit", .help = "At most so many", .least = 1, .most = kMostListed},
        q.limit);
}

}  // namespace lilt::studio
