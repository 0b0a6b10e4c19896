#include "score/source.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "abc/canonical.h"
#include "abc/header.h"
#include "base/text.h"

namespace lilt::score {
namespace {

constexpr std::size_t kLongestTitle = 160, kLongestMark = 60;
constexpr std::size_t kMostOfAField = 6;
constexpr std::size_t kMostParts = 500;  // that abc::play_parts() plays
constexpr std::string_view kShownFields = "TCOR";
// What ABC and abcm2ps take for more than a character.
constexpr std::string_view kObeyed = "\\$%\"";

constexpr std::array<std::string_view, 33> kDecorations = {
    "!trill!", "!lowermordent!", "!uppermordent!", "!mordent!", "!pralltriller!", "!roll!",
    "!turn!",  "!fermata!",      "!accent!",       "!>!",       "!emphasis!",     "!tenuto!",
    "!upbow!", "!downbow!",      "!segno!",        "!coda!",    "!D.S.!",         "!D.C.!",
    "!fine!",  "!breath!",       "!pp!",           "!p!",       "!mp!",           "!mf!",
    "!f!",     "!ff!",           "!slide!",        "!plus!",    "!snap!",         "!thumb!",
    "!wedge!", "!open!",         "!arpeggio!"};
constexpr std::string_view kDecorationLetters = ".~HLMOPSTuv";

bool is_annotation(std::string_view mark) {
  return mark.size() > 2 && mark[0] == '"' &&
         std::string_view("^_<>").find(mark[1]) != std::string_view::npos;
}

bool is_decoration(std::string_view mark) {
  if (mark.size() == 1) return kDecorationLetters.find(mark) != std::string_view::npos;
  return std::find(kDecorations.begin(), kDecorations.end(), mark) != kDecorations.end();
}

// The mark as programs may have it, or "".
std::string safe_mark(std::string_view mark) {
  if (is_decoration(mark)) return std::string(mark);
  if (!is_annotation(mark)) return {};
  const std::string text = safe_text(mark.substr(2), kLongestMark);
  return text.empty() ? text : "\"" + std::string(1, mark[1]) + text + "\"";
}

// abcm2ps repeats a title in an XML comment, which "--" would end.
std::string safe_field(std::string_view text) {
  std::string safe = safe_text(text, kLongestTitle);
  for (std::size_t at; (at = safe.find("--")) != std::string::npos;) safe.replace(at, 2, "–");
  return safe;
}

void make_safe(abc::Element& element) {
  std::vector<std::string> marks, symbols;
  for (const std::string& mark : element.marks) {
    if (std::string safe = safe_mark(mark); !safe.empty()) marks.push_back(std::move(safe));
  }
  for (const std::string& symbol : element.chord_symbols) {
    std::string safe = safe_text(symbol, kLongestMark);
    if (!safe.empty()) symbols.push_back(std::move(safe));
  }
  element.marks = std::move(marks);
  element.chord_symbols = std::move(symbols);
}

// A Tempo as Q: has it, in whole numbers.
std::string tempo_text(const Tempo& tempo) {
  const Rational beat = abc::to_rational(tempo.beat);
  return std::to_string(beat.numerator()) + "/" + std::to_string(beat.denominator()) + "=" +
         std::to_string(std::lround(tempo.per_minute));
}

bool has_music(const abc::Tune& tune) {
  return std::any_of(tune.voices.begin(), tune.voices.end(), [](const abc::Voice& voice) {
    return std::any_of(voice.elements.begin(), voice.elements.end(),
                       [](const abc::Element& e) { return e.kind == abc::ElementKind::kNote; });
  });
}

// At most how many parts an order such as "A2(BC)3" plays.
std::size_t most_parts(std::string_view order) {
  std::size_t letters = 0, times = 1;
  for (const char c : order) {
    if (c >= 'A' && c <= 'Z') ++letters;
    if (c >= '1' && c <= '9') times = std::min<std::size_t>(times * (c - '0'), kMostParts);
  }
  return std::max<std::size_t>(1, std::min(letters * times, kMostParts));
}

bool is_too_long(const abc::Tune& tune) {
  std::size_t elements = 0;
  for (const abc::Voice& voice : tune.voices) {
    elements += voice.elements.size();
    for (const abc::Element& element : voice.elements) {
      elements += static_cast<std::size_t>(std::max(0, element.count));  // bars of rest
    }
  }
  return elements * most_parts(tune.field(U'P')) > kMostElements;
}

Result<abc::CanonicalWriting> source_of(const abc::Tune& tune, int number) {
  if (!has_music(tune)) return Error{ErrorCode::kFormat, "expected notes, found none"};
  if (!is_too_long(tune)) {
    return abc::write_canonically(tune, {.keep_marks = true, .number = number});
  }
  return Error{ErrorCode::kFormat, "expected a tune of at most " + std::to_string(kMostElements) +
                                       " notes when its parts are written out, found a longer one"};
}

// The text with a line more in its header.
std::string with_field(const std::string& text, char letter, std::string value) {
  abc::PartedTune tune = abc::part_tune(text);
  tune.header.add(letter, std::move(value));
  return tune.header.text().append(tune.music);
}

}  // namespace

std::string safe_text(std::string_view text, std::size_t most) {
  std::string safe;
  while (!text.empty()) {
    const Utf8Step step = decode_utf8(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(step.bytes, 1));
    text.remove_prefix(character.size());
    if (step.bytes == 0 || !is_printable(step.code_point)) continue;
    if (kObeyed.find(character) != std::string_view::npos) continue;
    if (safe.size() + character.size() > most) break;
    safe += character;
  }
  const std::size_t begin = safe.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return safe.substr(begin, safe.find_last_not_of(' ') - begin + 1);
}

std::string title_of(const abc::Tune& tune) { return safe_text(tune.field(U'T'), kLongestTitle); }

abc::Tune made_safe(abc::Tune tune) {
  std::vector<abc::Field> header;
  for (const abc::Field& field : tune.header) {
    const auto same = [&](const abc::Field& other) { return other.letter == field.letter; };
    const auto count = static_cast<std::size_t>(std::count_if(header.begin(), header.end(), same));
    if (field.letter == U'P') {
      header.push_back(field);  // an order of parts, which canonical text writes out
    } else if (field.letter < 128 && count < kMostOfAField &&
               kShownFields.find(static_cast<char>(field.letter)) != std::string_view::npos) {
      header.push_back({field.letter, safe_field(field.text), field.place});
    }
  }
  tune.header = std::move(header);
  for (std::size_t i = 0; i < tune.voices.size(); ++i) {
    tune.voices[i].name = std::to_string(i + 1);
    for (abc::Element& element : tune.voices[i].elements) make_safe(element);
  }
  return tune;
}

Status check_source(const abc::Tune& tune) {
  const Result<abc::CanonicalWriting> text = source_of(made_safe(tune), 1);
  return text ? success() : Status(text.error());
}

Result<std::string> engraving_source(const abc::Tune& tune, int number,
                                     const std::optional<Tempo>& tempo) {
  Result<abc::CanonicalWriting> writing = write_engraving_source(tune, number, tempo);
  if (!writing) return writing.error();
  return std::move(writing->text);
}

Result<abc::CanonicalWriting> write_engraving_source(const abc::Tune& tune, int number,
                                                     const std::optional<Tempo>& tempo) {
  Result<abc::CanonicalWriting> writing = source_of(made_safe(tune), number);
  if (!writing || !tempo) return writing;
  const std::size_t before = writing->text.size();
  writing->text = with_field(writing->text, 'Q', tempo_text(*tempo));
  const auto more = static_cast<std::uint32_t>(writing->text.size() - before);
  for (abc::Copied& copied : writing->copied) {
    copied.to.begin += more;
    copied.to.end += more;
  }
  return writing;
}

}  // namespace lilt::score
