// The header of a tune as a structure: its lines, to be read, changed and written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lilt::abc {

struct HeaderLine {
  char letter = '\0';
  std::string text;  // what follows the colon

  friend bool operator==(const HeaderLine&, const HeaderLine&) = default;
};

struct Header {
  std::vector<HeaderLine> lines;

  // The text of the first line with that letter, or "".
  [[nodiscard]] std::string_view field(char letter) const;
  // Puts a text in the place of the first line with that letter, or adds one.
  void set(char letter, std::string text);
  // Adds a line where canonical text has it: behind all that have that letter or come before.
  void add(char letter, std::string text);
  // Its lines, each with its end.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Header&, const Header&) = default;
};

// The order of canonical text. What is none of these comes before K.
inline constexpr std::string_view kHeaderOrder = "XTCOAGDBFHNSZRMLK";

// A tune in canonical text, or of the dialect that Lilt writes, in its two parts: the lines up to
// K:, and what follows.
struct PartedTune {
  Header header;
  std::string_view music;  // into the text
};
[[nodiscard]] PartedTune part_tune(std::string_view text);

}  // namespace lilt::abc
