#include "abc/book_check.h"

#include <algorithm>

namespace lilt::abc {

std::string_view header_field(std::string_view tune, char letter) {
  for (std::size_t at = 0; at < tune.size();) {
    const std::size_t end = std::min(tune.find('\n', at), tune.size());
    const std::string_view line = tune.substr(at, end - at);
    if (line.size() >= 2 && line[1] == ':') {
      if (line[0] == letter) {
        const std::size_t begin = std::min(line.find_first_not_of(" \t", 2), line.size());
        const std::size_t last = line.find_last_not_of(" \t");
        return line.substr(begin, std::max(last + 1, begin) - begin);
      }
      if (line[0] == 'K') break;
    }
    at = end + 1;
  }
  return {};
}

void BookChecker::finish() {
  book_.finish();
  if (tunes() == 0) take_({.problem = {Code::kNoTune, 0, 0}});
}

void BookChecker::check(const BookTune& tune) {
  const std::string& header = book_.file_header();
  if (tunes() == 1 && !header.empty()) give(nullptr, header, 1, check_file_header(header));

  std::vector<Problem> problems = check_tune(tune.text, header);
  if (!tune.is_separate) problems.push_back({Code::kFieldOrder, 0, 1});
  if (tune.not_utf8 && !said_encoding_) {
    said_encoding_ = true;
    const auto at = static_cast<std::uint32_t>(*tune.not_utf8);
    problems.push_back({Code::kEncoding, at, at + 1});
  }
  if (tune.is_cut) {
    const auto end = static_cast<std::uint32_t>(tune.text.size());
    problems.push_back({Code::kTuneTooLong, end, end});
  }
  put_in_order(problems);
  const bool is_wrong = std::any_of(problems.begin(), problems.end(), [](const Problem& problem) {
    return severity(problem.code) == Severity::kError;
  });
  wrong_tunes_ += is_wrong ? 1 : 0;
  give(&tune, tune.text, tune.line, problems);
}

void BookChecker::give(const BookTune* tune, std::string_view text, std::uint64_t first_line,
                       const std::vector<Problem>& problems) {
  PlaceFinder places(text);
  for (const Problem& problem : problems) {
    const TextPlace place = places.find(problem.begin);
    take_({tune, first_line + place.line - 1, place.column, problem});
  }
}

}  // namespace lilt::abc
