// Chords that a tune is written over.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "abc/cursor.h"
#include "abc/key.h"
#include "abc/metre.h"
#include "abc/next_characters.h"
#include "base/result.h"

namespace lilt::compose {

// A chord symbol without quotes, and where in its bar it stands.
struct PlacedChord {
  abc::Ticks place = 0;
  std::string symbol;
};

// It begins with the first full bar of each section, and is repeated as long as that lasts.
struct Progression {
  std::vector<std::vector<PlacedChord>> bars;  // the first chord of each at its beginning
};

// What "G C|D7 G" says in that metre: | parts bars, without one each symbol has a bar; the symbols
// of a bar share its beats, the first ones get those that are over. What cannot be is an error of
// the field `chords`.
[[nodiscard]] Result<Progression> parse_progression(std::string_view text, const abc::Metre& metre,
                                                    const abc::Alphabet& alphabet);

// The chords that many semitones higher, spelt in that key.
void transpose(Progression& progression, int semitones, const abc::Key& key);

// Says along with a tune which chord symbol has to stand where.
class Accompanist {
 public:
  // The progression must outlive the tune.
  void begin(const Progression& progression);
  // After each character.
  void read(const abc::Cursor& cursor);

  // The symbol that has to stand here, before the next note; "" where none has to.
  [[nodiscard]] std::string_view due() const;
  // Whether the tune may also begin with a pickup here, without that symbol.
  [[nodiscard]] bool may_be_pickup() const { return may_be_pickup_; }
  // Whether this first bar of the tune has to become a full one, as its chord has been written.
  [[nodiscard]] bool must_fill_bar() const { return must_fill_bar_; }
  // The place in this bar, behind where the last note begins, from which on the next chord sounds.
  [[nodiscard]] std::optional<abc::Ticks> change() const;
  // How long a note may be that begins where the last one does, before that.
  [[nodiscard]] abc::Ticks room() const { return change().value_or(begun_) - begun_; }
  // Whether the music has come to that place.
  [[nodiscard]] bool is_at_change() const { return change() == filled_; }
  // What is due has been written.
  void take() { taken_ = here_; }

 private:
  // A chord of a bar of the tune.
  struct Place {
    int section = -1, bar = -1;
    std::size_t chord = 0;
    bool operator==(const Place&) const = default;
  };

  [[nodiscard]] const std::vector<PlacedChord>& chords(int bar) const;

  const Progression* progression_ = nullptr;
  Place here_, taken_;
  abc::Ticks filled_ = 0, begun_ = 0;  // of the bar, with the last note and without it
  bool may_be_pickup_ = false, must_fill_bar_ = false;
  int first_ending_ = 0;  // bars before it; later endings go on from there
  bool in_first_ending_ = false;
};

}  // namespace lilt::compose
