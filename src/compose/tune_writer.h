// Writes one tune, a character at a time: what is given as it is, everything else drawn from the
// network's distribution over the characters that can still lead to a tune as it was asked for.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "compose/director.h"
#include "compose/sampling.h"
#include "likeness/title_words.h"
#include "model/vocabulary.h"

namespace lilt::compose {

struct WritingOptions {
  SamplingOptions sampling;
  // By how many nats what goes on repeating the bar before becomes less probable.
  double repetition = 0;
  std::uint8_t dialect = 1;  // of the model's, from 1; 0: any
  // Of which titles are to be; none: of any characters. They must outlive the writing.
  const likeness::TitleWords* title_words = nullptr;
};

class TuneWriter {
 public:
  // Both must outlive the writer.
  TuneWriter(const Vocabulary& vocabulary, const abc::Alphabet& alphabet);

  // Starts a tune. The network has to be at its start too. The plan must outlive the writing of it.
  void begin(const Plan& plan, const WritingOptions& options, const Random& random);

  // Writes one more character, given the logits [V] of what may follow. Allocates nothing once a
  // tune as long has been written.
  void write(std::span<const float> logits);

  // From here on with other random numbers: what a copy of a writer goes on with.
  void go_on_with(const Random& random) { random_ = random; }

  // What to feed to the network next.
  [[nodiscard]] Token last() const { return last_; }
  [[nodiscard]] std::span<const std::uint8_t> surroundings() const {
    return director_.surroundings().values();
  }

  [[nodiscard]] bool is_done() const { return director_.is_done(); }
  [[nodiscard]] const std::string& text() const { return director_.text(); }  // UTF-8
  [[nodiscard]] bool has_title() const { return director_.has_title(); }
  [[nodiscard]] std::string_view title() const { return director_.title(); }
  [[nodiscard]] int bars_left() const { return director_.bars_left(); }
  // What the network's prediction of the music costs, and for how many notes and rests: from where
  // it was free to write.
  [[nodiscard]] double bits() const { return bits_; }
  [[nodiscard]] std::size_t notes() const { return notes_; }

 private:
  [[nodiscard]] float caution(const abc::CharacterSet& choices) const;
  [[nodiscard]] bool is_behind_bar() const;
  [[nodiscard]] char32_t draw(std::span<const float> logits);
  void decide_form(std::span<const float> logits, float caution);
  void discourage_repetition();
  void doubt_section_before();
  void doubt_false_relations();
  void favour_leaps();
  void count(std::span<const float> logits, Token token);

  const Vocabulary* vocabulary_;
  Director director_;
  Sampler sampler_;
  double repetition_ = 0;
  Random random_;
  std::vector<float> logits_;  // of what may come
  Token last_ = 0;
  bool is_free_ = false;  // the network has had a say in the music
  double bits_ = 0;
  std::size_t notes_ = 0;
};

}  // namespace lilt::compose
