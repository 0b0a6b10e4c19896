// Files of tunes: cutting them into tunes in any blocks, checking and reading what comes of it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "abc/book_check.h"
#include "abc/tune.h"
#include "base/text.h"

namespace lilt::abc {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

struct Found {
  std::uint64_t line, column;
  Problem problem;
};

std::vector<Found> check_book(std::string_view bytes, std::size_t block, std::size_t longest) {
  std::vector<Found> found;
  std::uint64_t tunes = 0;
  BookChecker book(
      [&](const Finding& finding) {
        require(finding.line >= 1 && finding.line <= bytes.size() + 1);
        require(finding.column >= 1 && finding.column <= bytes.size() + 1);
        if (!found.empty()) require(finding.line >= found.back().line);
        require(!describe(finding.problem).empty());
        found.push_back({finding.line, finding.column, finding.problem});
      },
      longest);
  for (std::size_t at = 0; at < bytes.size(); at += block) {
    book.feed(bytes.substr(at, block));
    require(book.tunes() >= tunes);
    tunes = book.tunes();
  }
  book.finish();
  require(book.wrong_tunes() <= book.tunes());
  return found;
}

// In whatever blocks the file comes, it is the same file.
void check_blocks(std::string_view bytes, std::size_t longest) {
  const std::vector<Found> whole = check_book(bytes, bytes.size() + 1, longest);
  for (const std::size_t block : {1, 3, 16}) {
    const std::vector<Found> again = check_book(bytes, block, longest);
    require(again.size() == whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
      require(again[i].problem.code == whole[i].problem.code);
      require(again[i].line == whole[i].line && again[i].column == whole[i].column);
    }
  }
}

// The checker and the reader see the same.
void check_text(std::string_view text) {
  const std::vector<Problem> checked = check_tune(text);
  const Reading reading = read_tune(text);
  for (const Problem& problem : checked) require(problem.begin <= text.size());
  if (checked.size() >= kMostProblems) return;
  require(checked.size() == reading.problems.size());
  for (std::size_t i = 0; i < checked.size(); ++i) {
    require(checked[i].code == reading.problems[i].code);
    require(checked[i].begin == reading.problems[i].begin);
    require(checked[i].end == reading.problems[i].end);
  }
  for (const Voice& voice : reading.tune.voices) {
    for (const Element& element : voice.elements) {
      require(element.place.begin <= element.place.end && element.place.end <= text.size() + 1);
    }
    (void)voice.bars();
  }
}

}  // namespace
}  // namespace lilt::abc

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lilt::abc;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_blocks(bytes, BookReader::kLongestTune);
  check_blocks(bytes, 40);
  BookReader book([&](BookTune& tune) {
    require(valid_utf8_size(tune.text) == tune.text.size());
    require(tune.offset < bytes.size());
    require(tune.text.size() <= 2 * BookReader::kLongestTune);
    check_text(tune.text);
  });
  book.feed(bytes);
  book.finish();
  check_text(bytes);  // what is no tune, and not even UTF-8
  return 0;
}
