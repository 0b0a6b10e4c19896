#include "abc/key.h"

#include <charconv>

namespace lilt::abc {
namespace {

constexpr auto kSuffixes =
    std::to_array<std::string_view>({"", "m", "mix", "dor", "phr", "lyd", "loc"});
static_assert(kSuffixes.size() == kModeCount, "one for each mode");
// How many fifths the signature of a mode lies from that of the major key of the same tonic.
constexpr std::array kFifthsOfMode = {0, -3, -1, -2, -4, 1, -5};
static_assert(kFifthsOfMode.size() == kModeCount, "one for each mode");
// Fifths from C to each step.
constexpr std::array<int, 7> kFifthsOfStep = {0, 2, 4, -1, 1, 3, 5};
// The steps in the order in which sharps are added: F C G D A E B.
constexpr std::array<int, 7> kSharpOrder = {3, 0, 4, 1, 5, 2, 6};

int fifths_of(int step, int alter, Mode mode) {
  return kFifthsOfStep[step] + 7 * alter + kFifthsOfMode[static_cast<std::size_t>(mode)];
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Whether text begins with a prefix written in lower case, whatever its own case.
bool begins(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (lower(text[i]) != prefix[i]) return false;
  }
  return true;
}

std::optional<Mode> parse_mode(std::string_view word) {
  if (begins(word, "maj") || begins(word, "ion")) return Mode::kMajor;
  if (begins(word, "min") || begins(word, "aeo") || word == "m") return Mode::kMinor;
  if (begins(word, "mix")) return Mode::kMixolydian;
  if (begins(word, "dor")) return Mode::kDorian;
  if (begins(word, "phr")) return Mode::kPhrygian;
  if (begins(word, "lyd")) return Mode::kLydian;
  if (begins(word, "loc")) return Mode::kLocrian;
  return std::nullopt;
}

std::string_view next_word(std::string_view& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return text = {};
  const std::size_t end = std::min(text.find_first_of(" \t", begin), text.size());
  const std::string_view word = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return word;
}

struct Accidental {
  int step;
  int alter;
};

// An accidental and a note, such as "^f", as they may follow a key, at the beginning of a word,
// which it shortens.
std::optional<Accidental> take_accidental(std::string_view& word) {
  int alter = 0;
  std::size_t i = 0;
  for (; i < word.size() && (word[i] == '^' || word[i] == '_' || word[i] == '='); ++i) {
    alter += word[i] == '^' ? 1 : word[i] == '_' ? -1 : 0;
  }
  if (i == 0 || i > 2 || i == word.size()) return std::nullopt;
  const int step = step_of(static_cast<unsigned char>(word[i]));
  if (step < 0) return std::nullopt;
  word.remove_prefix(i + 1);
  return Accidental{step, alter};
}

std::optional<int> number_after(std::string_view word, std::string_view name) {
  if (!begins(word, name)) return std::nullopt;
  word.remove_prefix(name.size());
  if (!word.empty() && word[0] == '+') word.remove_prefix(1);
  int number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || number < -36 || number > 36) return std::nullopt;
  return number;
}

bool is_clef_word(std::string_view word) {
  constexpr std::array<std::string_view, 23> kWords = {
      "clef=",  "treble", "bass",   "alto",    "tenor",       "perc",        "none",  "auto",
      "style=", "name=",  "nm=",    "middle=", "stafflines=", "staffscale=", "snm=",  "m=",
      "t=",     "score=", "sound=", "shift=",  "instrument=", "space=",      "uclef="};
  for (const std::string_view known : kWords) {
    if (begins(word, known)) return true;
  }
  return false;
}

// "F#", "Bb", "C": the tonic at the beginning of a word, which it shortens.
bool take_tonic(std::string_view& word, Key& key) {
  if (word.empty() || word[0] < 'A' || word[0] > 'G') return false;
  key.step = static_cast<std::int8_t>(step_of(static_cast<unsigned char>(word[0])));
  key.alter = 0;
  word.remove_prefix(1);
  if (!word.empty() && (word[0] == '#' || word[0] == 'b')) {
    key.alter = word[0] == '#' ? 1 : -1;
    word.remove_prefix(1);
  }
  return true;
}

void fill_signature(Key& key) {
  const int fifths = key.fifths();
  key.alters = {};
  // Beyond seven the signature wraps: eight sharps are seven and a double one.
  for (int i = 0; i < std::abs(fifths); ++i) {
    const int step = fifths > 0 ? kSharpOrder[i % 7] : kSharpOrder[6 - i % 7];
    key.alters[step] = static_cast<std::int8_t>(key.alters[step] + (fifths > 0 ? 1 : -1));
  }
}

}  // namespace

int Key::fifths() const { return fifths_of(step, alter, mode); }

bool Key::is_regular() const { return has_tonic && fifths() >= -7 && fifths() <= 7; }

std::string Key::to_string() const {
  if (!has_tonic) return "none";
  std::string text(1, kLetters[step]);
  if (alter != 0) text += alter > 0 ? '#' : 'b';
  return text.append(suffix(mode));
}

std::string_view suffix(Mode mode) { return kSuffixes[static_cast<std::size_t>(mode)]; }

std::optional<Key> make_key(int step, int alter, Mode mode) {
  Key key{.step = static_cast<std::int8_t>(step),
          .alter = static_cast<std::int8_t>(alter),
          .mode = mode};
  if (!key.is_regular()) return std::nullopt;
  fill_signature(key);
  return key;
}

KeyField parse_key(std::string_view text) {
  KeyField field;
  const auto key = [&]() -> Key& {
    if (!field.key) field.key = Key{.has_tonic = false};
    return *field.key;
  };
  // "^f", "^f^c"
  const auto take_accidentals = [&](std::string_view word) {
    while (const auto accidental = take_accidental(word)) {
      key().alters[accidental->step] = static_cast<std::int8_t>(accidental->alter);
    }
    return word.empty();
  };
  bool first = true;
  for (std::string_view word = next_word(text); !word.empty(); word = next_word(text)) {
    Key tonic;
    if (first && begins(word, "hp")) {  // the Highland bagpipe: written C and F are sharp
      key().alters[step_of('F')] = key().alters[step_of('C')] = 1;
      if (word[1] == 'p') key().alters[step_of('G')] = 0;
    } else if (first && begins(word, "none")) {
      key();
    } else if (first && take_tonic(word, tonic)) {
      const std::string_view attached =
          word.substr(std::min(word.find_first_of("^_="), word.size()));
      word.remove_suffix(attached.size());
      std::string_view rest = text;
      const std::string_view next = next_word(rest);
      if (const auto mode = parse_mode(word)) {
        tonic.mode = *mode;
      } else if (!word.empty()) {
        field.understood = false;
      } else if (const auto separate = attached.empty() ? parse_mode(next) : std::nullopt) {
        tonic.mode = *separate;
        text = rest;
      }
      fill_signature(tonic);
      field.key = tonic;
      if (!take_accidentals(attached)) field.understood = false;
    } else if (word.find_first_of("^_=") == 0) {
      if (!take_accidentals(word)) field.understood = false;
    } else if (const auto octave = number_after(word, "octave=")) {
      field.octave = *octave;
    } else if (const auto transpose = number_after(word, "transpose=")) {
      field.transpose = *transpose;
    } else if (begins(word, "exp")) {
      key().alters = {};
    } else if (!is_clef_word(word)) {
      field.understood = false;
    }
    first = false;
  }
  return field;
}

}  // namespace lilt::abc
