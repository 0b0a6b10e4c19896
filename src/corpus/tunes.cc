#include "corpus/tunes.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

#include "base/random.h"

namespace lilt::corpus {
namespace {

bool is_letter(char32_t c) { return (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z'); }

bool is_note(char32_t c) {
  return (c >= U'A' && c <= U'G') || (c >= U'a' && c <= U'g') || c == U'z' || c == U'x';
}

// The letters that ABC 2.1 gives to fields, with '+' for a continued one. Lower-case letters but
// these stand for notes even before a colon, as in "e:|".
bool is_field_letter(char32_t c) {
  return (c >= U'A' && c <= U'Z') || c == U'+' ||
         std::u32string_view(U"mrsw").find(c) != std::u32string_view::npos;
}

bool is_field_line(std::span<const char32_t> line) {
  return line.size() >= 2 && is_field_letter(line[0]) && line[1] == U':';
}

// Marks the notes of one line of music.
void mark_notes(std::span<const char32_t> line, std::span<CharacterKind> kinds) {
  bool quoted = false, in_field = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char32_t c = line[i];
    if (in_field) {
      in_field = c != U']';
    } else if (c == U'"') {
      quoted = !quoted;
    } else if (quoted) {
      continue;
    } else if (c == U'%') {
      return;
    } else if (c == U'[' && i + 2 < line.size() && is_letter(line[i + 1]) && line[i + 2] == U':') {
      in_field = true;
    } else if (is_note(c)) {
      kinds[i] = CharacterKind::kNote;
    }
  }
}

bool is_blank(std::span<const char32_t> line) {
  return std::ranges::all_of(line, [](char32_t c) { return c == U' ' || c == U'\t'; });
}

Error no_tune(const std::string& source) {
  return {ErrorCode::kCorpus,
          "expected tunes in ABC notation, found no line that starts with X:",
          {.source = source, .byte = {}, .line = {}}};
}

}  // namespace

std::vector<std::size_t> find_tunes(std::span<const Token> text, const Vocabulary& vocabulary,
                                    std::span<const std::size_t> file_starts) {
  std::vector<std::size_t> starts;
  const Token x = vocabulary.token(U'X'), colon = vocabulary.token(U':');
  const Token newline = vocabulary.token(U'\n');
  if (x == kUnknownToken || colon == kUnknownToken) return starts;
  auto file = file_starts.begin();  // the next to come
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    while (file != file_starts.end() && *file < i) ++file;
    const bool file_start = file != file_starts.end() && *file == i;
    const bool line_start = i == 0 || text[i - 1] == newline || file_start;
    if (line_start && text[i] == x && text[i + 1] == colon) starts.push_back(i);
  }
  return starts;
}

std::vector<CharacterKind> classify(std::span<const char32_t> tune) {
  std::vector<CharacterKind> kinds(tune.size(), CharacterKind::kHeader);
  bool in_body = false, ended = false;
  for (std::size_t begin = 0; begin < tune.size();) {
    const auto newline =
        std::find(tune.begin() + static_cast<std::ptrdiff_t>(begin), tune.end(), U'\n');
    const auto length = static_cast<std::size_t>(newline - tune.begin()) - begin;
    const std::size_t next = std::min(tune.size(), begin + length + 1);
    const std::span<const char32_t> line = tune.subspan(begin, length);
    if (in_body) {
      const std::span<CharacterKind> marks = std::span(kinds).subspan(begin, next - begin);
      std::ranges::fill(marks, CharacterKind::kBody);
      ended = ended || is_blank(line);
      if (!ended && !is_field_line(line)) mark_notes(line, marks);
    } else {
      in_body = line.size() >= 2 && line[0] == U'K' && line[1] == U':';
    }
    begin = next;
  }
  return kinds;
}

void TuneSet::add(std::span<const char32_t> tune, const Vocabulary& vocabulary) {
  starts.push_back(tokens.size());
  for (const char32_t c : tune) tokens.push_back(vocabulary.token(c));
  const std::vector<CharacterKind> marks = classify(tune);
  kinds.insert(kinds.end(), marks.begin(), marks.end());
}

Result<TuneSet> read_tunes(const std::vector<SourceFile>& files, const Vocabulary& vocabulary) {
  TuneSet set;
  for (const SourceFile& file : files) {
    const std::size_t before = set.tunes();
    std::vector<char32_t> tune;
    bool in_tune = false;
    std::size_t line_start = 0;  // of the current line, in `tune`
    const auto read = [&](char32_t c) {
      tune.push_back(c);
      const std::size_t column = tune.size() - line_start;
      if (column == 2 && tune[line_start] == U'X' && c == U':') {
        if (in_tune) set.add(std::span(tune).first(line_start), vocabulary);
        tune = {U'X', U':'};
        line_start = 0;
        in_tune = true;
      } else if (c == U'\n') {
        if (!in_tune) tune.clear();
        line_start = tune.size();
      } else if (!in_tune && column > 2) {
        tune.pop_back();  // only the start of a line outside tunes matters
      }
    };
    const Status status = for_each_character(file.content.text(), file.name, read);
    if (!status) return status.error();
    if (in_tune) set.add(tune, vocabulary);
    if (set.tunes() == before) return no_tune(file.name);
  }
  return set;
}

Result<SplitText> hold_out(std::span<const Token> text, std::span<const std::size_t> starts,
                           const Vocabulary& vocabulary, double share, std::uint64_t seed) {
  if (starts.size() < 2) {
    return Error{ErrorCode::kCorpus,
                 "expected at least 2 tunes (lines that start with X:) to hold some out, found " +
                     std::to_string(starts.size()) + "; name a file for `valid` instead"};
  }
  const auto wanted =
      static_cast<std::size_t>(std::lround(share * static_cast<double>(starts.size())));
  const std::size_t count = std::clamp<std::size_t>(wanted, 1, starts.size() - 1);
  std::vector<std::size_t> order(starts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random(seed, RandomStream::kSplit).shuffle(std::span(order));
  std::vector<bool> held(starts.size());
  for (std::size_t i = 0; i < count; ++i) held[order[i]] = true;

  SplitText split;
  split.kept.assign(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(starts[0]));
  std::vector<char32_t> characters;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::size_t end = i + 1 < starts.size() ? starts[i + 1] : text.size();
    const std::span<const Token> tune = text.subspan(starts[i], end - starts[i]);
    if (!held[i]) {
      split.kept_starts.push_back(split.kept.size());
      split.kept.insert(split.kept.end(), tune.begin(), tune.end());
      continue;
    }
    characters.clear();
    for (const Token token : tune) characters.push_back(vocabulary.character(token));
    split.held_out.add(characters, vocabulary);
  }
  return split;
}

void shuffle_tunes(std::span<const Token> text, std::span<const std::size_t> starts,
                   std::uint64_t seed, std::uint64_t epoch, std::span<Token> shuffled) {
  std::vector<std::size_t> order(starts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random(seed, RandomStream::kShuffle, epoch).shuffle(std::span(order));
  const std::size_t preamble = starts.empty() ? text.size() : starts[0];
  auto out = std::copy_n(text.begin(), preamble, shuffled.begin());
  for (const std::size_t tune : order) {
    const std::size_t end = tune + 1 < starts.size() ? starts[tune + 1] : text.size();
    out = std::copy(text.begin() + static_cast<std::ptrdiff_t>(starts[tune]),
                    text.begin() + static_cast<std::ptrdiff_t>(end), out);
  }
}

}  // namespace lilt::corpus
