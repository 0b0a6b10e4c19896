// Writes one tune, a character at a time: what is given as it is, everything else drawn from the
// network's distribution over the characters that can still lead to a tune as it was asked for.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "abc/surroundings.h"
#include "base/random.h"
#include "compose/sampling.h"
#include "compose/wishes.h"
#include "model/vocabulary.h"

namespace lilt::compose {

struct WritingOptions {
  SamplingOptions sampling;
  // By how many nats what goes on repeating the bar before becomes less probable.
  double repetition = 0;
  std::uint8_t dialect = 1;  // of the model's, from 1; 0: any
};

class TuneWriter {
 public:
  // All must outlive the writer.
  TuneWriter(const Plan& plan, const WritingOptions& options, const Vocabulary& vocabulary,
             const abc::Alphabet& alphabet);

  // Starts a tune. The network has to be at its start too.
  void begin(const Random& random);

  // Writes one more character, given the logits [V] of what may follow. Allocates nothing once a
  // tune as long has been written.
  void write(std::span<const float> logits);

  // What to feed to the network next.
  [[nodiscard]] Token last() const { return last_; }
  [[nodiscard]] std::span<const std::uint8_t> surroundings() const { return reading_.values(); }

  [[nodiscard]] bool is_done() const { return is_done_; }
  [[nodiscard]] const std::string& text() const { return text_; }  // UTF-8
  [[nodiscard]] bool has_title() const { return title_end_ != 0; }
  [[nodiscard]] std::string_view title() const;
  // What the network's prediction of the music costs, and for how many notes and rests: from where
  // it was free to write.
  [[nodiscard]] double bits() const { return bits_; }
  [[nodiscard]] std::size_t notes() const { return notes_; }

 private:
  [[nodiscard]] const abc::Cursor& cursor() const { return reading_.cursor(); }
  [[nodiscard]] bool in_body() const { return cursor().part() != abc::Part::kHeader; }

  void give(std::string_view text) { given_.append(text); }
  void give_rhythm();
  void give_body();
  bool give_copy();
  void keep_section();
  [[nodiscard]] abc::CharacterSet allowed();
  [[nodiscard]] abc::CharacterSet allowed_by_what_stays() const;
  [[nodiscard]] bool is_metre_without_accompaniment() const;
  [[nodiscard]] abc::CharacterSet short_header(abc::CharacterSet set) const;
  [[nodiscard]] abc::CharacterSet parted_sections(abc::CharacterSet set) const;
  [[nodiscard]] float caution(const abc::CharacterSet& set) const;
  Token draw(std::span<const float> logits);
  void discourage_repetition();
  void count(std::span<const float> logits, Token token);
  void push(char32_t c, std::span<const float> logits);
  [[nodiscard]] bool is_superfluous(char32_t c) const;

  const Plan& plan_;
  const WritingOptions& options_;
  const Vocabulary& vocabulary_;
  const abc::Alphabet& alphabet_;
  Sampler sampler_;
  Random random_;

  abc::Surroundings reading_;
  abc::Requirements requirements_;
  std::vector<float> logits_;  // of what may come
  std::string text_;
  Token last_ = 0;
  bool is_done_ = false;

  std::string given_;  // to be written as it is, from
  std::size_t given_at_ = 0;
  std::size_t passage_ = 0;  // of the plan's body: the next one
  std::size_t line_ = 0;     // where the line under way starts in the text
  std::size_t title_end_ = 0;

  // Where each section's text lies, for those that come again.
  struct Section {
    std::size_t begin = 0, end = 0;
  };
  std::vector<Section> sections_;
  std::size_t section_ = 0;
  bool is_copied_ = false;  // the section under way

  double bits_ = 0;
  std::size_t notes_ = 0;
  bool in_quotes_ = false, is_free_ = false;
};

}  // namespace lilt::compose
