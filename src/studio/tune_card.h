// What a tune book knows of a tune by its ABC: what it is found by and listed with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "abc/tune.h"
#include "base/result.h"

namespace lilt::studio {

struct TuneCard {
  std::string abc;  // as given, with an X: line; lines end with LF, the last one too
  std::string title, key, metre, rhythm;
  std::string words;        // of all fields that have some
  std::string steps;        // see likeness/contour.h
  std::int64_t digest = 0;  // of the text without X:
};

// Reads a text with one tune in it, UTF-8. An error, of ErrorCode::kOption and the field "abc",
// where it has none, several, or one that is too long. Mistakes in the notation are none.
[[nodiscard]] Result<TuneCard> read_card(std::string_view abc);

// Of a tune that has been read, from that text.
[[nodiscard]] TuneCard card_of(const abc::Tune& tune, std::string abc);

// The text with another title in place of its first, or with its first. An error, with the field
// "title", where it is not one line of at most kLongestTitle bytes in UTF-8.
inline constexpr std::size_t kLongestTitle = 300;
[[nodiscard]] Result<std::string> with_title(std::string_view abc, std::string_view title);

// The text with this number in its X: line.
[[nodiscard]] std::string with_number(std::string_view abc, std::size_t number);

}  // namespace lilt::studio
