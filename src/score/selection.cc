#include "score/selection.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "abc/book.h"
#include "abc/tune.h"
#include "base/file.h"
#include "score/source.h"

namespace lilt::score {
namespace {

bool contains(const std::vector<NumberRange>& ranges, std::uint64_t number) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const NumberRange& range) {
    return number >= range.first && number <= range.last;
  });
}

Result<std::optional<std::vector<NumberRange>>> ranges_of(const char* field,
                                                          const std::string& text) {
  if (text.empty()) return std::optional<std::vector<NumberRange>>();
  auto ranges = parse_ranges(text);
  if (ranges) return ranges;
  return Error{
      ErrorCode::kOption, "expected numbers such as 3 or 2,5-8, found " + text, {.field = field}};
}

std::string label_of(const abc::Tune& tune, std::uint64_t position) {
  const std::string number = tune.field(U'X');
  const std::string title = title_of(tune);
  return "tune " + (number.empty() ? std::to_string(position) : number) +
         (title.empty() ? "" : " (" + title + ")");
}

}  // namespace

std::optional<std::vector<NumberRange>> parse_ranges(std::string_view text) {
  std::vector<NumberRange> ranges;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    NumberRange range;
    auto parsed = std::from_chars(at, end, range.first);
    if (parsed.ec != std::errc()) return std::nullopt;
    range.last = range.first;
    if (parsed.ptr != end && *parsed.ptr == '-') {
      parsed = std::from_chars(parsed.ptr + 1, end, range.last);
      if (parsed.ec != std::errc() || range.last < range.first) return std::nullopt;
    }
    ranges.push_back(range);
    if (parsed.ptr == end) return ranges;
    if (*parsed.ptr != ',') return std::nullopt;
    at = parsed.ptr + 1;
  }
  return std::nullopt;
}

Result<Selection> Selection::of(const std::string& numbers, const std::string& positions) {
  auto by_number = ranges_of("tune", numbers);
  if (!by_number) return by_number.error();
  auto by_position = ranges_of("index", positions);
  if (!by_position) return by_position.error();
  Selection selection;
  selection.numbers_ = *std::move(by_number);
  selection.positions_ = *std::move(by_position);
  return selection;
}

bool Selection::takes(std::string_view number, std::uint64_t position) const {
  if (positions_) return contains(*positions_, position);
  if (!numbers_) return true;
  std::uint64_t value = 0;
  const char* const end = number.data() + number.size();
  const auto parsed = std::from_chars(number.data(), end, value);
  return parsed.ec == std::errc() && parsed.ptr == end && contains(*numbers_, value);
}

Result<std::vector<ChosenTune>> choose_tunes(const std::string& file, const Selection& selection) {
  const bool is_standard_input = file == "-";
  std::vector<ChosenTune> chosen;
  std::uint64_t tunes = 0;
  std::optional<abc::BookReader> book;
  book.emplace([&](abc::BookTune& tune) {
    ++tunes;
    std::string text = book->file_header() + tune.text;
    const abc::Tune read = abc::read_tune(text).tune;
    if (!selection.takes(read.field(U'X'), tunes)) return;
    chosen.push_back({std::move(text), label_of(read, tunes)});
  });
  read_blocks(is_standard_input ? std::string() : file,
              [&](std::string_view block) { book->feed(block); });
  book->finish();
  if (!chosen.empty()) return chosen;
  const Place place{.source = is_standard_input ? "standard input" : file};
  if (tunes == 0) {
    return Error{ErrorCode::kFormat,
                 "expected a tune, which begins with a line such as X:1; found none", place};
  }
  return Error{ErrorCode::kFormat,
               "none of its " + (tunes == 1 ? "one tune" : std::to_string(tunes) + " tunes") +
                   " is the one asked for",
               place};
}

}  // namespace lilt::score
