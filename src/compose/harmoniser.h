// Puts chord symbols under a given melody: a search over what the network, which reads a chord
// symbol before its notes, thinks of both together. Nothing is drawn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "abc/surroundings.h"
#include "compose/model.h"
#include "compose/plan.h"
#include "infer/engine.h"

namespace lilt::compose {

// As many harmonies are found for a tune at most.
inline constexpr std::size_t kMostHarmonies = 8;

class Harmoniser {
 public:
  // The plan is one of harmonising; both must outlive this.
  Harmoniser(const Model& model, const Plan& plan, std::uint8_t dialect);

  // Goes on to the next place where a chord symbol can stand.
  void step();
  [[nodiscard]] bool is_done() const { return place_ > plan_.places.size(); }

  // The tune with chord symbols, and −log2 of what the network gives it; the best has rank 0.
  // Where there are fewer, the last.
  [[nodiscard]] const std::string& text(std::size_t rank) const;
  [[nodiscard]] double bits(std::size_t rank) const;

  // Characters that the network has read so far.
  [[nodiscard]] std::uint64_t characters() const { return characters_; }

 private:
  // The tune up to here with chord symbols, of one stream of the network.
  struct Path {
    abc::Surroundings reading;
    std::string text;
    char32_t next = 0;          // the last character of the text, which the network reads next
    std::vector<float> logits;  // [V], of what may follow
    double log_sum = 0;         // of the sum of their exponentials
    double score = 0;           // the natural logarithm of the probability
    // The chord symbols of all places, without their first quote; "" where there is none.
    std::vector<std::string> chords;
    std::size_t stream = 0;
  };
  using Paths = std::vector<Path>;

  void feed(Paths& paths);
  void write(char32_t c, Path& path) const;
  [[nodiscard]] double log_probability(const Path& path, char32_t c) const;
  void place_in_streams(Paths& paths);
  void read_on(std::size_t to);
  static void keep_best(std::size_t count, Paths& paths);
  void merge();
  [[nodiscard]] Paths with_next_character(const Paths& open) const;
  void branch();
  void shelve(Path path, Paths& complete);

  const Model& model_;
  const Harmonising& plan_;
  std::vector<std::string> symbols_;  // with the quote at their end
  infer::Engine engine_;
  Paths paths_;  // the best first
  std::size_t place_ = 0, read_ = 0;
  std::vector<Token> tokens_, features_;
  std::uint64_t characters_ = 0;
};

}  // namespace lilt::compose
