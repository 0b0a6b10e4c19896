// Walks a plan: what is given comes as it is, what is free is told which characters may come next.
// Keeps the text that has been written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abc/character_set.h"
#include "abc/surroundings.h"
#include "compose/plan.h"
#include "compose/progression.h"
#include "compose/return_guide.h"
#include "likeness/title_words.h"

namespace lilt::compose {

class Director {
 public:
  // The alphabet must outlive the director.
  explicit Director(const abc::Alphabet& alphabet);

  // Starts a tune. The plan must outlive the writing of it, and so must the words, of which a title
  // is where there are any.
  void begin(const Plan& plan, std::uint8_t dialect,
             const likeness::TitleWords* title_words = nullptr);

  // The next character, where it is given; else it is one of choices().
  [[nodiscard]] std::optional<char32_t> given() const;
  [[nodiscard]] abc::CharacterSet choices();

  // Writes the next character. Allocates nothing once a tune as long has been written.
  void write(char32_t c);

  [[nodiscard]] bool is_done() const { return cursor().part() == abc::Part::kEnded; }
  [[nodiscard]] const std::string& text() const { return text_; }  // UTF-8
  [[nodiscard]] bool has_title() const { return title_end_ != 0; }
  [[nodiscard]] std::string_view title() const;
  [[nodiscard]] const abc::Cursor& cursor() const { return reading_.cursor(); }
  [[nodiscard]] bool in_music() const { return cursor().part() != abc::Part::kHeader; }
  [[nodiscard]] bool in_quotes() const { return in_quotes_; }
  // Whether the model reads and writes text in C.
  [[nodiscard]] bool is_in_c() const { return plan_->sounding.has_value(); }
  // Bars that are left where the plan says how many there are, that under way among them; 0: none
  // or not known.
  [[nodiscard]] int bars_left() const;
  // What surrounds the next character, by abc::FeatureIndex.
  [[nodiscard]] const abc::Surroundings& surroundings() const { return reading_; }

 private:
  // Where the music of a section lies in the text, without the bar lines around it.
  struct Extent {
    std::size_t begin = 0, end = 0;
  };

  void enter(std::size_t segment);
  void give(std::string_view text);
  void move_on();
  [[nodiscard]] const Free* free_segment() const;
  [[nodiscard]] bool is_over(const Free& free) const;
  [[nodiscard]] bool begins_section(const Free& free) const;
  void copy(std::size_t section);
  void write_again(const Again& of);
  void skip_superfluous();
  [[nodiscard]] char32_t following() const;

  void keep_section(char32_t c);
  void note_line_end();
  void accompany();

  void require_what_holds_now();
  void require_outlined_bars();
  [[nodiscard]] abc::CharacterSet possible() const;
  [[nodiscard]] abc::CharacterSet over_progression(const abc::CharacterSet& set);
  [[nodiscard]] std::size_t enough() const;
  [[nodiscard]] abc::CharacterSet without_leads(const abc::CharacterSet& set) const;
  [[nodiscard]] abc::CharacterSet of_title_words(abc::CharacterSet set) const;
  [[nodiscard]] abc::CharacterSet as_beginning(const abc::CharacterSet& set) const;
  [[nodiscard]] abc::CharacterSet short_header(abc::CharacterSet set) const;
  [[nodiscard]] abc::CharacterSet parted_sections(abc::CharacterSet set) const;
  [[nodiscard]] bool would_be_without_accompaniment() const;

  const abc::Alphabet* alphabet_;
  const Plan* plan_ = nullptr;
  const likeness::TitleWords* title_words_ = nullptr;
  bool has_copies_ = false;
  abc::Surroundings reading_;
  abc::Requirements requirements_;  // the plan's, and what the tune has come to
  std::string text_;

  std::size_t segment_ = 0;
  std::vector<std::size_t> segment_begins_;  // in the text, of those that were entered
  std::string given_;                        // of this segment
  std::size_t given_at_ = 0;
  bool may_pass_ = false;  // free music may end here, where what is given goes on

  std::size_t line_ = 0;  // where the line under way begins
  std::size_t title_begin_ = 0, title_end_ = 0;
  std::vector<Extent> sections_;
  ReturnGuide returns_;
  std::optional<int> copied_section_;  // that is being closed: its music was given
  bool in_quotes_ = false;
  Accompanist accompanist_;  // where the plan has a progression
};

}  // namespace lilt::compose
