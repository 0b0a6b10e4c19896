// Collections of tunes to learn from, in any key.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "abc/key.h"
#include "abc/outline.h"
#include "base/names.h"
#include "base/random.h"
#include "base/result.h"
#include "model/config.h"

namespace lilt::corpus {

// A tune to learn, small: its text is made anew in each key.
struct LearningTune {
  std::string text;             // learning_text()
  std::uint8_t tonic = 0;       // pitch class, as it was written
  std::uint8_t told_tonic = 0;  // as abc::Outline has it
  abc::Mode mode = abc::Mode::kMajor;
  std::uint8_t lowest = 60, highest = 60;  // MIDI numbers, as it was written
};

struct Repertoire {  // a collection, to learn from
  std::string name;  // the file's, without its ending
  std::vector<LearningTune> tunes;
};

// Reads a collection, each tune in the given form; tunes without a note are left out. Throws
// EnvironmentError.
[[nodiscard]] Result<Repertoire> read_repertoire(const std::string& path,
                                                 const TextConfig& form = {});

// Of the form of a collection's tunes what plans can be drawn from: of those that are correct and
// stay in one key and one metre. `dialect` is the collection's, from 1.
[[nodiscard]] std::vector<abc::KnownOutline> known_outlines(const Repertoire& repertoire,
                                                            std::uint8_t dialect);

// The tune's text that many semitones higher.
[[nodiscard]] std::string text_in_key(const LearningTune& tune, int semitones);

enum class Keys : std::uint8_t {
  kOriginal,  // as written
  kUsual,     // as often as collections have them, any of them now and then
  kAll,       // any, evenly
  kC,         // on the tonic C, told its own: TextConfig::in_c
};

constexpr auto names_of(Keys) { return names<Keys>("original", "usual", "all", "c"); }

// Draws keys in which a tune can be played: within the range of the usual melody instruments, or of
// the tune itself where that is wider.
class KeyChooser {
 public:
  explicit KeyChooser(Keys keys) : keys_(keys) {}

  // What is usual.
  void count(const Repertoire& repertoire);

  // Semitones up, −6 … 5.
  [[nodiscard]] int choose(const LearningTune& tune, Random random) const;

 private:
  Keys keys_;
  std::array<std::array<double, 12>, abc::kModeCount> counts_{};  // tunes by mode and tonic
};

}  // namespace lilt::corpus
