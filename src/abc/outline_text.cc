// Outlines as a model carries them: "1 3 0 6 2 5 13 22 4 6/8 8r,8e7,1l b b c1.h1 …": collection,
// tonic, mode, dance, chords, density, lowest and highest note, chord rate and metre; the sections:
// bars, r repeated, l a later ending, then bars before the first ending; and the bars: a letter for
// the kind, how many bars before the one it returns to is, behind ~ the shift of a sequence, and
// behind a point the degree and length of the note on which a phrase rests, behind ^ how high it
// lies.
#include <charconv>

#include "abc/outline.h"

namespace lilt::abc {
namespace {

constexpr int kMostBars = 1024;

char letter(int value) { return static_cast<char>('a' + value); }

void write_section(const OutlineSection& section, std::string& text) {
  text += std::to_string(section.bars);
  if (section.repeated) text += 'r';
  if (section.is_later_ending) text += 'l';
  if (section.first_ending >= 0) text += 'e' + std::to_string(section.first_ending);
}

void write_bar(const OutlineBar& bar, int number, std::string& text) {
  text += letter(static_cast<int>(bar.kind));
  if (bar.source > 0) text += std::to_string(number - bar.source);
  if (bar.shift != 0) (text += '~') += letter(bar.shift + kMostShift);
  if (bar.rest_degree >= 0) {
    text += '.';
    text += letter(bar.rest_degree);
    text += static_cast<char>('0' + bar.rest_length);
  }
  if (bar.height > 0) (text += '^') += letter(bar.height);
}

// Reads a line from left to right; anything unexpected makes it fail for good.
class LineReader {
 public:
  explicit LineReader(std::string_view line) : rest_(line) {}

  [[nodiscard]] bool has_failed() const { return has_failed_; }
  [[nodiscard]] bool is_at_end() const { return rest_.empty(); }
  int number(int least, int most) {
    int value = 0;
    const auto parsed = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (parsed.ec != std::errc() || value < least || value > most) return fail();
    rest_.remove_prefix(static_cast<std::size_t>(parsed.ptr - rest_.data()));
    return value;
  }
  // 0 for the first character of a range of so many.
  int among(char first, int count) {
    if (rest_.empty() || rest_[0] < first || rest_[0] >= first + count) return fail();
    const int value = rest_[0] - first;
    rest_.remove_prefix(1);
    return value;
  }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail();
  }
  std::string_view word() {
    const std::string_view word = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(word.size());
    return word;
  }
  [[nodiscard]] bool has_digit() const {
    return !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9';
  }
  int fail() {
    has_failed_ = true;
    rest_ = {};
    return 0;
  }

 private:
  std::string_view rest_;
  bool has_failed_ = false;
};

OutlineSection read_section(LineReader& line) {
  OutlineSection section;
  section.bars = line.number(0, kMostBars);
  section.repeated = line.take('r');
  section.is_later_ending = line.take('l');
  if (line.take('e')) section.first_ending = line.number(0, section.bars);
  return section;
}

OutlineBar read_bar(LineReader& line, int number) {
  OutlineBar bar;
  bar.kind = static_cast<Return>(line.among('a', static_cast<int>(kReturns)));
  if (line.has_digit()) bar.source = static_cast<std::int16_t>(number - line.number(1, number - 1));
  if (line.take('~')) {
    bar.shift = static_cast<std::int8_t>(line.among('a', 2 * kMostShift + 1) - kMostShift);
  }
  if (line.take('.')) {
    bar.rest_degree = static_cast<std::int8_t>(line.among('a', 12));
    bar.rest_length = static_cast<std::int8_t>(line.among('0', 3));
  }
  if (line.take('^')) {
    bar.height = static_cast<std::uint8_t>(line.among('a', static_cast<int>(kHeights)));
  }
  return bar;
}

KnownOutline read_line(LineReader& line) {
  KnownOutline known;
  Outline& outline = known.outline;
  const auto small_number = [&](std::size_t values) {
    const int value = line.number(0, static_cast<int>(values) - 1);
    line.expect(' ');
    return static_cast<std::uint8_t>(value);
  };
  known.dialect = small_number(64);
  outline.tonic = small_number(13);
  known.mode = static_cast<Mode>(small_number(kModeCount));
  outline.dance = small_number(kDanceKinds);
  outline.chords = small_number(3);
  outline.density = small_number(kDensities);
  outline.lowest = small_number(kPitches);
  outline.highest = small_number(kPitches);
  outline.chord_rate = small_number(kChordRates);
  outline.metre = parse_metre(std::string(line.word()));
  if (!outline.metre || outline.metre->is_free()) line.fail();
  line.expect(' ');
  int bars = 0;
  do {
    outline.sections.push_back(read_section(line));
    bars += outline.sections.back().bars;
  } while (line.take(',') && bars <= kMostBars);
  while (!line.has_failed() && line.take(' ')) {
    outline.bars.push_back(read_bar(line, static_cast<int>(outline.bars.size()) + 1));
  }
  if (!line.is_at_end() || static_cast<int>(outline.bars.size()) != bars || bars > kMostBars) {
    line.fail();
  }
  return known;
}

}  // namespace

std::string outlines_text(std::span<const KnownOutline> outlines) {
  std::string text;
  for (const KnownOutline& known : outlines) {
    const Outline& outline = known.outline;
    for (const int value : {int{known.dialect}, int{outline.tonic}, static_cast<int>(known.mode),
                            int{outline.dance}, int{outline.chords}, int{outline.density},
                            int{outline.lowest}, int{outline.highest}, int{outline.chord_rate}}) {
      text += std::to_string(value) + ' ';
    }
    text += outline.metre->to_string();
    char before = ' ';
    for (const OutlineSection& section : outline.sections) {
      text += before;
      write_section(section, text);
      before = ',';
    }
    for (std::size_t i = 0; i < outline.bars.size(); ++i) {
      text += ' ';
      write_bar(outline.bars[i], static_cast<int>(i) + 1, text);
    }
    text += '\n';
  }
  return text;
}

Result<std::vector<KnownOutline>> outlines_from_text(std::string_view text) {
  std::vector<KnownOutline> outlines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    LineReader line(text.substr(0, end));
    outlines.push_back(read_line(line));
    if (line.has_failed() || end == std::string_view::npos) {
      return Error{ErrorCode::kFormat, "outlines: expected one in line " +
                                           std::to_string(outlines.size()) +
                                           ", found another text"};
    }
    text.remove_prefix(end + 1);
  }
  return outlines;
}

}  // namespace lilt::abc
