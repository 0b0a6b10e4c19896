// Collections of tunes to learn from, in any key.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "abc/key.h"
#include "abc/outline.h"
#include "base/names.h"
#include "base/random.h"
#include "base/result.h"
#include "corpus/byte_store.h"
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

// A collection, to learn from. Memory: 8 bytes a tune; the tunes are in a ByteStore. Throws
// EnvironmentError as that does.
class Repertoire {
 public:
  explicit Repertoire(std::string name, std::size_t most_held = ByteStore::kMostHeld)
      : name_(std::move(name)), store_(most_held) {}

  void add(const LearningTune& tune);
  // Puts the tunes in another order.
  void shuffle(Random random) { random.shuffle(std::span(places_)); }
  LearningTune take_last();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  [[nodiscard]] LearningTune tune(std::size_t i) const;
  // Of the texts of all tunes.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  // How many tunes there are, by mode and tonic.
  using Tonics = std::array<std::array<std::uint32_t, 12>, abc::kModeCount>;
  [[nodiscard]] const Tonics& tonics() const { return tonics_; }

 private:
  [[nodiscard]] std::uint32_t& count_of(const LearningTune& tune) {
    return tonics_[static_cast<std::size_t>(tune.mode)][tune.tonic];
  }

  std::string name_;  // the file's, without its ending
  ByteStore store_;
  std::vector<std::uint64_t> places_;  // of the tunes in the store
  std::size_t bytes_ = 0;
  Tonics tonics_{};
};

// Reads a collection, each tune in the given form; tunes without a note are left out. `change` is
// called for each tune before it is put with the others; it may be empty. Throws EnvironmentError.
[[nodiscard]] Result<Repertoire> read_repertoire(
    const std::string& path, const TextConfig& form = {},
    std::size_t most_held = ByteStore::kMostHeld,
    const std::function<void(LearningTune&)>& change = {});

// Of the form of a tune what plans can be drawn from, if it is correct and stays in one key and one
// metre. `dialect` is its collection's, from 1.
[[nodiscard]] std::optional<abc::KnownOutline> known_outline(const LearningTune& tune,
                                                             std::uint8_t dialect);

// What plans can be drawn from of a collection, as abc::outlines_text() writes it: of all tunes, or
// in a collection of very many of every second, fourth … one, so that there are kMost at most.
class KnownOutlines {
 public:
  static constexpr std::size_t kMost = std::size_t{1} << 15;

  explicit KnownOutlines(std::uint8_t dialect, std::size_t most = kMost)
      : dialect_(dialect), most_(most) {}

  void add(const LearningTune& tune);  // the next one
  [[nodiscard]] std::string text() const;

 private:
  struct Line {
    std::uint64_t tune;
    std::string text;
  };

  std::uint8_t dialect_;
  std::size_t most_;
  std::uint64_t tunes_ = 0, step_ = 1;
  std::vector<Line> lines_;  // of tunes whose number is a multiple of the step
};

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
