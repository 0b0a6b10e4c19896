// Tunes written with next_characters(): bytes choose among the characters that may come next. There
// is always one before the tune ends, and what comes of it is correct and as it was asked for.
// Bytes are only choices, so that there is no dictionary.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abc/canonical.h"
#include "abc/cursor.h"
#include "abc/next_characters.h"
#include "abc/transpose.h"
#include "abc/tune.h"
#include "base/random.h"
#include "base/text.h"

namespace lilt::abc {
namespace {

constexpr std::size_t kBodyOfItsOwn = 300;     // characters before the tune is asked to end
constexpr std::size_t kMostToEnd = 3'000;      // characters that it may take then
constexpr std::size_t kMostToFinish = 30'000;  // the same when a number of bars was asked for

// Otherwise shows the tune, as far as it is written.
void require(bool condition, std::string_view what = {}, std::string_view text = {}) {
  if (condition) return;
  std::fprintf(stderr, "%s:\n%s\n", std::string(what).c_str(), std::string(text).c_str());
  std::abort();
}

// The bytes of the input, and when there are no more, random ones.
class Choices {
 public:
  explicit Choices(std::span<const std::uint8_t> bytes)
      : bytes_(bytes), random_(hash(bytes), RandomStream::kSample) {}

  [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }
  std::size_t below(std::size_t n) {
    return (at_end() ? random_.bits() : std::uint32_t{bytes_[at_++]}) % n;
  }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class T>
  const T& of(const std::vector<T>& values) {
    return values[below(values.size())];
  }

 private:
  static std::uint64_t hash(std::span<const std::uint8_t> bytes) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001B3;
    return hash;
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  Random random_;
};

Requirements choose_requirements(Choices& choices) {
  Requirements wanted;
  const std::size_t which = choices.below(64);
  if ((which & 1) != 0) {
    wanted.metre =
        parse_metre(choices.of<std::string_view>({"C", "C|", "2/4", "3/4", "4/4", "3/2", "5/8",
                                                  "6/8", "9/8", "12/8", "11/8", "1/4", "none"}));
  }
  if ((which & 2) != 0) {
    const auto key =
        make_key(static_cast<int>(choices.below(7)), static_cast<int>(choices.below(3)) - 1,
                 static_cast<Mode>(choices.below(7)));
    if (key && key->fifths() >= -5 && key->fifths() <= 6) wanted.key = key;
  }
  if ((which & 4) != 0) {
    wanted.unit = kWholeNote / choices.of<Ticks>({2, 4, 8, 16});
  }
  // A hornpipe is in duple time.
  if ((which & 8) != 0) {
    wanted.rhythm = choices.of<std::string>({"reel", "jig", "slip jig", "waltz"});
  }
  if ((which & 16) != 0) wanted.bars = static_cast<int>(choices.below(34));
  wanted.complete_bars = (which & 32) != 0;
  return wanted;
}

bool is_letter(char32_t c) { return c == U'#' || (c >= U'a' && c <= U'z'); }

// All of ASCII, or without some of what a tune need not have.
Alphabet choose_alphabet(Choices& choices, const Requirements& wanted) {
  if (!choices.one_in(4)) return {};
  constexpr std::string_view kOptional = "#\"'(),-<=>^_{}mpox!";
  std::vector<char32_t> vocabulary = {U'\n', U'\u00e9'};
  for (char32_t c = 32; c < 127; ++c) {
    const bool optional = kOptional.find(static_cast<char>(c)) != std::string_view::npos;
    // What was asked for can be written.
    const bool needed = is_letter(c) && (wanted.key || wanted.metre || !wanted.rhythm.empty());
    if (!optional || needed || choices.one_in(2)) vocabulary.push_back(c);
  }
  const Result<Alphabet> alphabet = Alphabet::of(vocabulary);
  require(alphabet.ok());
  return *alphabet;
}

std::vector<char32_t> characters_of(const CharacterSet& set) {
  std::vector<char32_t> characters;
  for (char32_t c = 0; c < 128; ++c) {
    if (set.contains(c)) characters.push_back(c);
  }
  if (set.contains(U'\u00e9')) characters.push_back(U'\u00e9');
  return characters;
}

std::string walk(Choices& choices, Requirements wanted, const Alphabet& alphabet) {
  Cursor cursor;
  std::string text;
  std::size_t left = wanted.bars > 0 ? kMostToFinish : kMostToEnd;
  for (std::size_t written = 0; cursor.part() != Part::kEnded; ++written) {
    const bool must_end = written >= kBodyOfItsOwn;
    if (must_end && wanted.bars == 0) wanted.ends_here = true;
    if (must_end && choices.at_end()) require(left-- > 0, "does not end", text);
    const CharacterSet set = next_characters(cursor, wanted, alphabet);
    require(!set.empty(), "nothing may come", text);
    const std::vector<char32_t> characters = characters_of(set);
    char32_t c = characters[choices.below(characters.size())];
    // A title could be of any length.
    if (must_end && cursor.part() == Part::kHeader) {
      for (const char32_t end : {U'\n', U'M'}) {
        if (set.contains(end) && (end == U'\n' || cursor.field() == '\0')) c = end;
      }
    }
    cursor.push(c);
    append_utf8(text, c);
    require(cursor.can_become_correct(), "wrong", text);
  }
  require(next_characters(cursor, wanted, alphabet).empty(), "goes on", text);
  if (wanted.bars > 0) require(cursor.bars() == wanted.bars, "bars", text);
  if (wanted.metre) require(cursor.metre() == *wanted.metre, "metre", text);
  if (wanted.key) require(cursor.key() == *wanted.key, "key", text);
  if (wanted.unit) require(cursor.unit() == *wanted.unit, "unit", text);
  return text;
}

// The dialect reaches from C,, to b''.
bool is_beyond_dialect(const Head& head) {
  return head.pitch.position() < -14 || head.pitch.position() > 27;
}

bool has_tie(const Element& element) {
  return std::any_of(element.heads.begin(), element.heads.end(),
                     [](const Head& head) { return head.tied; });
}

bool same_pitches(const std::vector<Head>& a, const std::vector<Head>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Head& x, const Head& y) { return x.pitch == y.pitch; });
}

// What the dialect lacks though it has the tune: the canonical text spells notes by how they sound,
// and its unit is 1/8. Whether something was left out; nothing if it cannot be.
std::optional<bool> leave_out_strange_things(Tune& tune) {
  bool changed = false;
  Tune copy = tune;
  respell(copy);
  const Tune& spelt = copy;
  std::vector<Element>& elements = tune.voices[0].elements;
  bool last_is_tied = false;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    // Grace notes of another length than the unit's.
    std::vector<Head>& graces = elements[i].graces;
    if (!graces.empty() && graces[0].length != kWholeNote / 8) {
      graces.clear();
      changed = true;
    }
    // Chords with two notes that come to stand on one line, or to change places, as E sharp and F.
    const std::vector<Head>& heads = spelt.voices[0].elements[i].heads;
    bool strange = false;
    for (const std::vector<Head>* notes : {&heads, &spelt.voices[0].elements[i].graces}) {
      // B sharp, the highest note, may be spelt as C of the next octave.
      if (std::any_of(notes->begin(), notes->end(), is_beyond_dialect)) return std::nullopt;
    }
    for (std::size_t h = 1; h < heads.size(); ++h) {
      const int before = elements[i].heads[h - 1].pitch.position();
      strange |= heads[h].pitch.position() <= heads[h - 1].pitch.position() &&
                 elements[i].heads[h].pitch.position() > before;
    }
    // To them, or to those that need other accidentals then, no tie may lead.
    const bool tied = last_is_tied;
    if (elements[i].takes_time()) last_is_tied = has_tie(elements[i]);
    if (tied && heads.size() > 1 && !same_pitches(heads, elements[i].heads)) return std::nullopt;
    if (!strange) continue;
    if (tied || has_tie(elements[i])) return std::nullopt;
    elements[i].heads.resize(1);
    changed = true;
  }
  return changed;
}

// Whether the dialect has this tune.
void check_dialect(const std::string& text, const std::string& source, const Requirements& none) {
  const Alphabet alphabet;
  Cursor cursor;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Step step = decode_utf8(std::string_view(text).substr(at));
    require(step.bytes > 0, "not UTF-8", text);
    require(next_characters(cursor, none, alphabet).contains(step.code_point),
            source + "\n----\nnot of the dialect at " + std::to_string(at), text);
    cursor.push(step.code_point);
    at += step.bytes;
  }
  require(next_characters(cursor, none, alphabet).contains(U'\n'),
          source + "\n----\nnot of the dialect at its end", text);
  require(cursor.may_end(), "may not end", text);
}

}  // namespace
}  // namespace lilt::abc

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lilt::abc;
  Choices choices(std::span(data, std::min<std::size_t>(size, 2'000)));
  const Requirements wanted = choose_requirements(choices);
  const Alphabet alphabet = choose_alphabet(choices, wanted);
  const std::string text = walk(choices, wanted, alphabet);
  Reading reading = read_tune(text);
  require(reading.is_correct(), "not correct", text);
  // What is left out may change how the rest is spelt.
  for (bool changed = true; changed;) {
    const std::optional<bool> outcome = leave_out_strange_things(reading.tune);
    if (!outcome) return 0;
    changed = *outcome;
  }
  // Some metres have to be asked for.
  check_dialect(canonical_text(reading.tune), text, {.metre = wanted.metre});
  return 0;
}
