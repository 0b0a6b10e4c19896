#include "compose/form_notation.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "compose/returns.h"
#include "compose/walk.h"
#include "compose/wrong.h"

namespace lilt::compose {
namespace {

constexpr std::size_t kMostPhrases = 32;
constexpr int kMostBarsOfAPhrase = 64;
constexpr int kUsualBars = 8, kUsualBarsOfAPhrase = 4;

struct Phrase {
  char letter = 'A';
  bool is_varied = false;  // has a '

  bool operator==(const Phrase&) const = default;
};
struct Section {
  std::vector<Phrase> phrases;
  bool repeated = false, has_endings = false;
};

// The letters and what they are followed by, with the bars that are said of a letter.
class NotationReader {
 public:
  explicit NotationReader(const std::string& text) : text_(text) {}

  Status read() {
    if (text_.find_first_of(" :") == std::string::npos) return read_sections();
    return read_words();
  }

  [[nodiscard]] const std::vector<Section>& sections() const { return sections_; }
  // Of a letter; 0: not said.
  [[nodiscard]] int bars_of(char letter) const { return bars_[index(letter)]; }

 private:
  static std::size_t index(char letter) { return static_cast<std::size_t>(letter - 'A'); }

  [[nodiscard]] Error expected(const std::string& what) const {
    const std::string found =
        at_ < text_.size() ? quote(text_.substr(at_)) : std::string("its end");
    return wrong("form", "character " + std::to_string(at_ + 1) + " of " + quote(text_) +
                             ": expected " + what + ", found " + found);
  }

  Status read_phrase(std::vector<Phrase>& phrases) {
    const char c = at_ < text_.size() ? text_[at_] : ' ';
    if (c < 'A' || c > next_ || c > 'Z') {
      return expected(next_ == 'A' ? "the letter A"
                                   : std::string("a letter, of new ones ") + next_);
    }
    if (++count_ > kMostPhrases) return expected("at most 32 letters");
    const bool is_varied = text_.substr(at_ + 1, 1) == "'";
    if (is_varied && c == next_) return expected(std::string(1, c) + " before " + c + "'");
    if (c == next_) ++next_;
    at_ += is_varied ? 2 : 1;
    phrases.push_back({c, is_varied});
    return read_number(bars_[index(c)]);
  }

  Status read_number(int& bars) {
    const std::size_t begin = at_;
    int number = 0;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      number = std::min(kMostBarsOfAPhrase + 1, 10 * number + (text_[at_++] - '0'));
    }
    if (at_ == begin) return success();
    const bool is_other = bars != 0 && bars != number;
    if (number >= 1 && number <= kMostBarsOfAPhrase && !is_other) {
      bars = number;
      return success();
    }
    at_ = begin;
    return is_other ? expected(std::to_string(bars) + " bars, as this letter has")
                    : expected("1 to 64 bars");
  }

  // Each letter is a section.
  Status read_sections() {
    std::vector<Phrase> letters;
    while (at_ < text_.size()) {
      if (Status s = read_phrase(letters); !s) return s;
    }
    for (std::size_t i = 0; i < letters.size(); ++i) {
      Section section{.phrases = {letters[i]}};
      if (i + 1 < letters.size() && letters[i + 1].letter == letters[i].letter) {
        section.has_endings = !letters[i].is_varied && letters[i + 1].is_varied;
        section.repeated = section.has_endings || letters[i + 1] == letters[i];
      }
      if (section.repeated) ++i;
      sections_.push_back(std::move(section));
    }
    return success();
  }

  // Each word is a section.
  Status read_words() {
    bool may_be_twice = false;  // the last section, with this word
    do {
      Section section;
      while (at_ == 0 || (at_ < text_.size() && text_[at_] != ' ' && text_[at_] != ':')) {
        if (Status s = read_phrase(section.phrases); !s) return s;
      }
      if (section.phrases.empty()) return expected("a letter");
      if (at_ < text_.size() && text_[at_] == ':') section.repeated = ++at_ != 0;
      if (at_ < text_.size() && text_[at_] != ' ') return expected("a space");
      const bool is_same =
          may_be_twice && !section.repeated && sections_.back().phrases == section.phrases;
      may_be_twice = !is_same && !section.repeated;
      if (is_same) {
        sections_.back().repeated = true;
      } else {
        sections_.push_back(std::move(section));
      }
    } while (at_++ < text_.size());
    return success();
  }

  const std::string& text_;
  std::size_t at_ = 0, count_ = 0;
  char next_ = 'A';  // the next new letter
  std::array<int, 26> bars_{};
  std::vector<Section> sections_;
};

// --- How many bars

struct Lengths {
  int said = 0;     // bars
  int open = 0;     // phrases
  int endings = 0;  // second endings
};

Lengths count(const NotationReader& form) {
  Lengths lengths;
  for (const Section& section : form.sections()) {
    lengths.endings += section.has_endings ? 1 : 0;
    for (const Phrase& phrase : section.phrases) {
      lengths.said += form.bars_of(phrase.letter);
      lengths.open += form.bars_of(phrase.letter) == 0 ? 1 : 0;
    }
  }
  return lengths;
}

// The bars of each phrase that says none.
Result<int> bars_of_open(const NotationReader& form, const std::string& text, int bars, int usual) {
  const Lengths lengths = count(form);
  if (bars == 0) return usual;
  const int left = bars - lengths.said - lengths.endings;
  const bool fits = lengths.open == 0 ? left == 0 : left > 0 && left % lengths.open == 0;
  if (fits) return lengths.open == 0 ? usual : left / lengths.open;
  const int total = lengths.said + lengths.endings + lengths.open * usual;
  return wrong("bars", "expected " + std::string(lengths.open == 0 ? "" : "a number such as ") +
                           std::to_string(total) + " for the `form` " + text +
                           " (a repeated section counts once, each ending by itself), found " +
                           std::to_string(bars));
}

// --- The outline

class OutlineWriter {
 public:
  explicit OutlineWriter(abc::Outline& outline) : outline_(outline) {}

  void add(const Section& section, const auto& bars_of) {
    const int first = bars();
    const Phrase& phrase = section.phrases[0];
    for (const Phrase& next : section.phrases) add_phrase(next, bars_of(next.letter));
    abc::OutlineSection& written = outline_.sections.emplace_back();
    written.bars = bars() - first;
    written.repeated = section.repeated;
    if (!section.has_endings) return;
    written.first_ending = written.bars - 1;
    outline_.sections.push_back({.bars = 1, .is_later_ending = true});
    // The second ending of a section that comes again.
    int& ending = endings_[static_cast<std::size_t>(phrase.letter - 'A')];
    outline_.bars.emplace_back();
    if (ending != 0) returns_.push_back({bars(), ending});
    if (ending == 0) ending = bars();
  }

  // Once all sections are known.
  void relate() {
    for (const auto& [bar, source] : returns_) {
      abc::OutlineBar& at = outline_.bars[static_cast<std::size_t>(bar - 1)];
      at.kind = *return_to(outline_, bar, source, Resemblance::kExact);
      at.source = static_cast<std::int16_t>(source);
    }
    outline_.bars.back().rest_degree = 0;
    outline_.bars.back().rest_length = 1;
  }

 private:
  [[nodiscard]] int bars() const { return static_cast<int>(outline_.bars.size()); }

  void add_phrase(const Phrase& phrase, int length) {
    int& source = firsts_[static_cast<std::size_t>(phrase.letter - 'A')];
    const int first = bars() + 1, other = length < 4 ? 1 : 2;
    outline_.bars.resize(outline_.bars.size() + static_cast<std::size_t>(length));
    if (source == 0) {
      source = first;
      outline_.bars[static_cast<std::size_t>(first - 1)].kind = abc::Return::kNew;
      return;
    }
    const int same = phrase.is_varied ? length - other : length;
    for (int i = 0; i < same; ++i) returns_.push_back({first + i, source + i});
  }

  abc::Outline& outline_;
  std::array<int, 26> firsts_{}, endings_{};  // of each letter the first bar; 0: not yet
  std::vector<std::pair<int, int>> returns_;  // bars and what they are again
};

}  // namespace

Result<Form> parse_notation(const std::string& text, int bars) {
  NotationReader read(text);
  if (Status s = read.read(); !s) return s.error();
  const bool has_phrases = text.find_first_of(" :") != std::string::npos;
  const Result<int> open =
      bars_of_open(read, text, bars, has_phrases ? kUsualBarsOfAPhrase : kUsualBars);
  if (!open) return open.error();
  const auto bars_of = [&](char letter) {
    return read.bars_of(letter) == 0 ? *open : read.bars_of(letter);
  };
  Form form;
  OutlineWriter writer(form.outline);
  for (const Section& section : read.sections()) {
    const char letter = section.phrases[0].letter;
    if (section.has_endings && bars_of(letter) < 2) {
      return wrong("form", "expected at least 2 bars of " + std::string(1, letter) +
                               ", which has endings, found 1 in " + quote(text));
    }
    writer.add(section, bars_of);
  }
  writer.relate();
  return form;
}

}  // namespace lilt::compose
