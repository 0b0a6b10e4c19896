#include "abc/check.h"

#include <algorithm>
#include <array>
#include <utility>

#include "abc/cursor.h"
#include "abc/voices.h"
#include "base/text.h"

namespace lilt::abc {
namespace {

class TuneChecker {
 public:
  TuneChecker(std::string_view text, std::string_view file_header) : text_(text) {
    read(file_header, cursor_);
    problems_.clear();
    counts_ = {};
    shift_ = cursor_.offset();
  }

  std::vector<Problem> check() && {
    read(text_, cursor_);
    cursor_.finish(&events_);
    take_events();
    voices_.finish([this](const Problem& problem) { add(problem); });
    put_in_order(problems_);
    return std::move(problems_);
  }

  // Of the text only, as the lines before the first tune.
  std::vector<Problem> check_lines() && {
    read(text_, cursor_);
    put_in_order(problems_);
    return std::move(problems_);
  }

 private:
  void read(std::string_view text, Cursor& cursor) {
    for (std::size_t at = 0; at < text.size() && cursor.part() != Part::kEnded;) {
      const auto byte = static_cast<unsigned char>(text[at]);
      if (byte < 0x80) {
        cursor.push(byte, &events_);
        ++at;
      } else {
        const Utf8Step step = decode_utf8(text.substr(at));
        cursor.push(step.code_point, &events_);
        at += std::max<std::size_t>(step.bytes, 1);
      }
      if (!events_.empty()) take_events();
    }
  }

  void take_events() {
    for (const Problem& problem : events_.problems()) add(problem);
    for (const Lexeme& lexeme : events_.lexemes()) take(lexeme);
    events_.clear();
  }

  void take(const Lexeme& lexeme) {
    const bool is_inline = lexeme.kind == LexemeKind::kInlineField;
    if (lexeme.kind != LexemeKind::kField && !is_inline) return;
    if (is_header_) {
      if (cursor_.part() != Part::kBody) return;
      is_header_ = false;
      voices_.begin(cursor_);
    } else if (lexeme.letter == U'V') {
      const bool was_one = voices_.size() == 1;
      voices_.change(text_.substr(lexeme.begin - shift_, lexeme.end - lexeme.begin), cursor_);
      if (was_one && voices_.size() > 1) {
        add({Code::kSeveralVoices, lexeme.begin, lexeme.end});
      }
    }
  }

  void add(Problem problem) {
    std::size_t& count = counts_[severity(problem.code) == Severity::kError ? 1 : 0];
    if (count == kMostProblems) return;
    ++count;
    problem.begin -= std::min(problem.begin, shift_);
    problem.end -= std::min(problem.end, shift_);
    problems_.push_back(problem);
  }

  std::string_view text_;
  std::uint32_t shift_ = 0;
  Cursor cursor_;
  Events events_{Events::Wanted::kFields};
  VoiceCursors voices_;
  bool is_header_ = true;
  std::array<std::size_t, 2> counts_{};
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> check_tune(std::string_view text, std::string_view file_header) {
  return TuneChecker(text, file_header).check();
}

std::vector<Problem> check_file_header(std::string_view text) {
  return TuneChecker(text, {}).check_lines();
}

void put_in_order(std::vector<Problem>& problems) {
  std::stable_sort(problems.begin(), problems.end(),
                   [](const Problem& a, const Problem& b) { return a.begin < b.begin; });
  bool several = false;
  std::erase_if(problems, [&](const Problem& problem) {
    return problem.code == Code::kSeveralVoices && std::exchange(several, true);
  });
}

TextPlace PlaceFinder::find(std::size_t byte) {
  byte = std::min(byte, text_.size() - (text_.ends_with('\n') ? 1 : 0));
  for (; at_ < byte; ++at_) {
    if (text_[at_] == '\n') {
      ++place_.line;
      place_.column = 1;
    } else if ((static_cast<unsigned char>(text_[at_]) & 0xC0) != 0x80) {
      ++place_.column;
    }
  }
  return place_;
}

}  // namespace lilt::abc
