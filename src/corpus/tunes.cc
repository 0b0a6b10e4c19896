#include "corpus/tunes.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

#include "base/random.h"
#include "corpus/characters.h"
#include "corpus/held_out.h"

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

Result<TuneSet> read_tunes(const std::vector<std::string>& paths, const Vocabulary& vocabulary) {
  TuneSet set;
  for (const std::string& path : paths) {
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
    const Status status = read_characters(path, read);
    if (!status) return status.error();
    if (in_tune) set.add(tune, vocabulary);
    if (set.tunes() == before) return no_tune(path);
  }
  return set;
}

std::size_t held_out_count(double share, std::size_t tunes) {
  const auto wanted = static_cast<std::size_t>(std::lround(share * static_cast<double>(tunes)));
  return std::clamp<std::size_t>(wanted, 1, std::min(kMostHeldOut, tunes - 1));
}

Result<SplitText> hold_out(const TokenText& text, std::span<const std::size_t> starts,
                           const Vocabulary& vocabulary, double share, std::uint64_t seed) {
  if (starts.size() < 2) {
    return Error{ErrorCode::kCorpus,
                 "expected at least 2 tunes (lines that start with X:) to hold some out, found " +
                     std::to_string(starts.size()) + "; name a file for `valid` instead"};
  }
  const std::size_t count = held_out_count(share, starts.size());
  std::vector<std::size_t> order(starts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random(seed, RandomStream::kSplit).shuffle(std::span(order));
  std::vector<bool> held(starts.size());
  for (std::size_t i = 0; i < count; ++i) held[order[i]] = true;

  SplitText split{.kept = TokenText(text.most_held())};
  std::vector<Token> tune(starts[0]);
  text.read(0, tune);
  split.kept.append(tune);
  std::vector<char32_t> characters;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    tune.resize((i + 1 < starts.size() ? starts[i + 1] : text.size()) - starts[i]);
    text.read(starts[i], tune);
    if (!held[i]) {
      split.kept_starts.push_back(split.kept.size());
      split.kept.append(tune);
      continue;
    }
    characters.clear();
    for (const Token token : tune) characters.push_back(vocabulary.character(token));
    split.held_out.add(characters, vocabulary);
  }
  return split;
}

void ShuffledText::shuffle(std::uint64_t seed, std::uint64_t epoch) {
  order_.resize(starts_.size());
  std::iota(order_.begin(), order_.end(), 0U);
  Random(seed, RandomStream::kShuffle, epoch).shuffle(std::span(order_));
  begins_.resize(starts_.size());
  std::uint64_t begin = starts_.empty() ? text_.size() : starts_[0];
  for (std::size_t i = 0; i < order_.size(); ++i) {
    begins_[i] = begin;
    begin += end_of(order_[i]) - starts_[order_[i]];
  }
}

void ShuffledText::read(std::size_t begin, std::span<Token> to) const {
  const auto after = std::upper_bound(begins_.begin(), begins_.end(), begin);
  auto i = static_cast<std::size_t>(after - begins_.begin());  // of the tune that comes next
  while (!to.empty()) {
    const bool is_before = i == 0;  // of what precedes the first tune
    const std::size_t start = is_before ? 0 : starts_[order_[i - 1]];
    const std::size_t end =
        is_before ? (starts_.empty() ? text_.size() : starts_[0]) : end_of(order_[i - 1]);
    const std::size_t skipped = begin - (is_before ? 0 : begins_[i - 1]);
    const std::size_t count = std::min(to.size(), end - start - skipped);
    text_.read(start + skipped, to.first(count));
    to = to.subspan(count);
    begin += count;
    ++i;
  }
}

}  // namespace lilt::corpus
