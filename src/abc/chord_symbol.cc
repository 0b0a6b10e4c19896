#include "abc/chord_symbol.h"

#include <algorithm>
#include <array>

#include "abc/key.h"

namespace lilt::abc {
namespace {

struct Quality {
  std::string_view name;
  std::uint32_t notes = 0;  // bit n: n semitones above the root
};

template <class... Semitones>
constexpr std::uint32_t notes(Semitones... semitones) {
  return (0U | ... | (1U << semitones));
}

constexpr std::array<Quality, 27> kQualities = {{
    {"", notes(0, 4, 7)},
    {"m", notes(0, 3, 7)},
    {"7", notes(0, 4, 7, 10)},
    {"m7", notes(0, 3, 7, 10)},
    {"m7b5", notes(0, 3, 6, 10)},
    {"maj7", notes(0, 4, 7, 11)},
    {"M7", notes(0, 4, 7, 11)},
    {"6", notes(0, 4, 7, 9)},
    {"m6", notes(0, 3, 7, 9)},
    {"aug", notes(0, 4, 8)},
    {"+", notes(0, 4, 8)},
    {"aug7", notes(0, 4, 8, 10)},
    {"dim", notes(0, 3, 6)},
    {"dim7", notes(0, 3, 6, 9)},
    {"9", notes(0, 4, 7, 10, 14)},
    {"m9", notes(0, 3, 7, 10, 14)},
    {"maj9", notes(0, 4, 7, 11, 14)},
    {"M9", notes(0, 4, 7, 11, 14)},
    {"11", notes(0, 4, 7, 10, 14, 17)},
    {"sus", notes(0, 5, 7)},
    {"sus4", notes(0, 5, 7)},
    {"sus2", notes(0, 2, 7)},
    {"sus9", notes(0, 2, 7)},
    {"7sus4", notes(0, 5, 7, 10)},
    {"7sus2", notes(0, 2, 7, 10)},
    {"7sus9", notes(0, 2, 7, 10)},
    {"5", notes(0, 7)},
}};

// What the type of a chord is made of by the standard, beside digits and signs.
constexpr std::array<std::string_view, 13> kWords = {"m",   "mi",  "min", "ma",  "maj",  "M", "dim",
                                                     "aug", "sus", "add", "alt", "omit", "no"};

const Quality* find_quality(std::string_view name) {
  const auto known = std::find_if(kQualities.begin(), kQualities.end(),
                                  [&](const Quality& quality) { return quality.name == name; });
  return known == kQualities.end() ? nullptr : &*known;
}

bool is_root(char c) { return c >= 'A' && c <= 'G'; }

// Some write "D/f+" for "D/F#".
std::int8_t take_alter(std::string_view& text, bool plus = false) {
  if (text.empty() || (text[0] != '#' && text[0] != 'b' && !(plus && text[0] == '+'))) return 0;
  const std::int8_t alter = text[0] == 'b' ? -1 : 1;
  text.remove_prefix(1);
  return alter;
}

bool can_write(std::string_view text, const CharacterSet& alphabet) {
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return alphabet.contains(static_cast<unsigned char>(c)); });
}

}  // namespace

bool is_chord_quality(std::string_view quality) { return find_quality(quality) != nullptr; }

std::vector<int> chord_semitones(std::string_view quality) {
  std::vector<int> semitones;
  const Quality* known = find_quality(quality);
  for (int n = 0; known != nullptr && n < 32; ++n) {
    if ((known->notes >> n & 1) != 0) semitones.push_back(n);
  }
  return semitones;
}

std::optional<ChordSymbol> parse_chord_symbol(std::string_view text) {
  if (!text.empty() && text.front() == '(' && text.back() == ')') {
    text = text.substr(1, text.size() - 2);
  }
  if (text.empty() || !is_root(text[0])) return std::nullopt;
  ChordSymbol chord;
  chord.root_step = static_cast<std::int8_t>(step_of(static_cast<unsigned char>(text[0])));
  text.remove_prefix(1);
  chord.root_alter = take_alter(text);
  const std::size_t slash = std::min(text.find('/'), text.size());
  chord.quality = text.substr(0, slash);
  text.remove_prefix(slash);
  if (!is_chord_quality(chord.quality)) return std::nullopt;
  if (text.empty()) return chord;
  text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  chord.bass_step = static_cast<std::int8_t>(step_of(static_cast<unsigned char>(text[0])));
  if (chord.bass_step < 0) return std::nullopt;
  text.remove_prefix(1);
  chord.bass_alter = take_alter(text, true);
  if (!text.empty()) return std::nullopt;
  return chord;
}

// Whether the first `size` characters of the quality and then `next` begin a known quality.
bool ChordSymbolProgress::is_prefix(std::size_t size, char next) const {
  const std::string_view begun(quality_, size);
  return std::any_of(kQualities.begin(), kQualities.end(), [&](const Quality& known) {
    return known.name.size() > size && known.name[size] == next &&
           known.name.substr(0, size) == begun;
  });
}

bool ChordSymbolProgress::can_push(char c) const {
  switch (stage_) {
    case Stage::kStart:
    case Stage::kSlash:
      return is_root(c);
    case Stage::kRoot:
      return c == '#' || c == 'b' || c == '/' || is_prefix(0, c);
    case Stage::kQuality:
      if (c == '/') return is_chord_quality({quality_, size_});
      return is_prefix(size_, c);
    case Stage::kBass:
      return c == '#' || c == 'b';
    case Stage::kBassAltered:
    case Stage::kWrong:
      break;
  }
  return false;
}

CharacterSet ChordSymbolProgress::next(const CharacterSet& alphabet) const {
  CharacterSet set;
  switch (stage_) {
    case Stage::kStart:
    case Stage::kSlash:
      set = CharacterSet("ABCDEFG");
      break;
    case Stage::kRoot:
    case Stage::kBass:
      set = CharacterSet("#b");
      break;
    default:
      break;
  }
  if (stage_ == Stage::kRoot || stage_ == Stage::kQuality) {
    const std::string_view begun(quality_, stage_ == Stage::kRoot ? 0 : size_);
    for (const auto& [quality, notes] : kQualities) {
      if (quality.substr(0, begun.size()) != begun || !can_write(quality, alphabet)) continue;
      set.add(quality.size() == begun.size() ? U'/'
                                             : static_cast<unsigned char>(quality[begun.size()]));
    }
  }
  return set;
}

void ChordSymbolProgress::push(char c) {
  push_standard(c);
  if (stage_ == Stage::kSlash && c >= 'a' && c <= 'g') c = static_cast<char>(c - 32);
  if (stage_ == Stage::kBass && c == '+') c = '#';
  if (!can_push(c)) {
    stage_ = Stage::kWrong;
  } else if (stage_ == Stage::kStart) {
    stage_ = Stage::kRoot;
  } else if (stage_ == Stage::kSlash) {
    stage_ = Stage::kBass;
  } else if (stage_ == Stage::kBass) {
    stage_ = Stage::kBassAltered;
  } else if (c == '/') {
    stage_ = Stage::kSlash;
  } else if (stage_ == Stage::kRoot && (c == '#' || c == 'b')) {
    stage_ = Stage::kQuality;
  } else {
    stage_ = Stage::kQuality;
    quality_[size_++] = c;
  }
}

bool ChordSymbolProgress::word_is_complete() const {
  const std::string_view word(word_, word_size_);
  return word.empty() || std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

void ChordSymbolProgress::push_standard(char c) {
  const auto go_on_with_type = [&] {
    const std::string_view begun(word_, word_size_);
    const bool extends = std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
      return word.size() > begun.size() && word.substr(0, begun.size()) == begun &&
             word[begun.size()] == c;
    });
    if (extends) {
      word_[word_size_++] = c;
      return true;
    }
    if (begun == "ma" && c == 'd') {  // "madd9" is a minor chord
      word_[0] = 'a', word_[1] = 'd';
      return true;
    }
    if (!word_is_complete()) return false;
    word_size_ = 0;
    if (std::string_view("0123456789+-#bo(),").find(c) != std::string_view::npos) return true;
    if (std::none_of(kWords.begin(), kWords.end(), [&](auto word) { return word[0] == c; })) {
      return false;
    }
    word_[word_size_++] = c;
    return true;
  };
  switch (standard_) {
    case Standard::kStart:
      if (c != ' ') standard_ = is_root(c) ? Standard::kRoot : Standard::kWrong;
      break;
    case Standard::kRoot:
    case Standard::kType:
      if (c == '/' && word_is_complete()) {
        standard_ = Standard::kSlash;
      } else if (c == ' ' && word_is_complete()) {
        standard_ = Standard::kEnd;
      } else {
        standard_ = go_on_with_type() ? Standard::kType : Standard::kWrong;
      }
      break;
    case Standard::kSlash:
      if (c >= '1' && c <= '9') {  // "6/9"
        standard_ = Standard::kType;
        word_size_ = 0;
      } else {
        standard_ = is_root(c) || (c >= 'a' && c <= 'g') ? Standard::kBass : Standard::kWrong;
      }
      break;
    case Standard::kBass:
      standard_ = c == '#' || c == 'b' || c == '+' || c == ' ' ? Standard::kEnd : Standard::kWrong;
      break;
    case Standard::kEnd:
      if (c != ' ') standard_ = Standard::kWrong;
      break;
    case Standard::kWrong:
      break;
  }
}

bool ChordSymbolProgress::is_standard() const {
  switch (standard_) {
    case Standard::kRoot:
    case Standard::kType:
    case Standard::kBass:
    case Standard::kEnd:
      return word_is_complete();
    default:
      return false;
  }
}

bool ChordSymbolProgress::is_complete() const {
  switch (stage_) {
    case Stage::kRoot:
    case Stage::kBass:
    case Stage::kBassAltered:
      return true;
    case Stage::kQuality:
      return is_chord_quality({quality_, size_});
    case Stage::kStart:
    case Stage::kSlash:
    case Stage::kWrong:
      break;
  }
  return false;
}

}  // namespace lilt::abc
