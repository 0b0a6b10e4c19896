// Keys: the K: field.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lilt::abc {

// Note letters, as steps above C: 0 C, 1 D, 2 E, 3 F, 4 G, 5 A, 6 B.
inline constexpr std::string_view kLetters = "CDEFGAB";
inline constexpr std::array<std::int8_t, 7> kSemitones = {0, 2, 4, 5, 7, 9, 11};

// The step of a letter of either case, or −1.
constexpr int step_of(char32_t letter) {
  const char32_t upper = letter >= U'a' && letter <= U'g' ? letter - 32 : letter;
  if (upper < U'A' || upper > U'G') return -1;
  return static_cast<int>((upper - U'A' + 5) % 7);
}

enum class Mode : std::uint8_t {
  kMajor,
  kMinor,
  kMixolydian,
  kDorian,
  kPhrygian,
  kLydian,
  kLocrian,
};

inline constexpr std::size_t kModeCount = static_cast<std::size_t>(Mode::kLocrian) + 1;

struct Key {
  std::int8_t step = 0;   // of the tonic
  std::int8_t alter = 0;  // of the tonic: −1 flat, 1 sharp
  Mode mode = Mode::kMajor;
  bool has_tonic = true;  // false for K:none, K:Hp, or a bare list of accidentals
  // What the signature and the accidentals listed after it do to each step.
  std::array<std::int8_t, 7> alters{};

  // Sharps less flats of the signature that tonic and mode have: 1 for G, −1 for F.
  [[nodiscard]] int fifths() const;
  // Whether tonic and mode are a key with at most seven sharps or flats.
  [[nodiscard]] bool is_regular() const;
  // "G", "Ebm", "Ador".
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const Key&, const Key&) = default;
};

// The key of that tonic and mode, its signature filled in; at most seven sharps or flats, or
// nothing.
[[nodiscard]] std::optional<Key> make_key(int step, int alter, Mode mode);

// What the text of a K: field says (ABC 2.1, 3.1.14 and 4.6): a key in any spelling ("D Major",
// "Amin", "Ddor"), then accidentals ("^f =c"), clef, octave and transposition.
struct KeyField {
  std::optional<Key> key;  // none when the field only gives a clef
  int octave = 0;          // octave=N
  int transpose = 0;       // transpose=N, semitones
  bool understood = true;  // false: a word was not
};
[[nodiscard]] KeyField parse_key(std::string_view text);

// The letters after the tonic by which Lilt writes a mode: "", "m", "mix", "dor", …
[[nodiscard]] std::string_view suffix(Mode mode);

}  // namespace lilt::abc
