// Tunes of several voices: each has a Cursor of its own, and one of them reads at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "abc/cursor.h"

namespace lilt::abc {

class VoiceCursors {
 public:
  // More voices than any music has; what a tune has beyond them is read as the last one.
  static constexpr std::size_t kMostVoices = 128;

  // `start` has read the header: there every voice begins.
  void begin(const Cursor& start) { start_ = start; }

  // `cursor` has read this field, "V:…" or "[V:…]"; afterwards it reads the voice that the field
  // names. The number of that voice; a new one has the next number. What stands before any V: field
  // belongs to the voice that is named first, unless it has music already.
  std::size_t change(std::string_view field, Cursor& cursor);

  [[nodiscard]] std::size_t size() const { return names_.size(); }
  [[nodiscard]] const std::string& name(std::size_t voice) const { return names_[voice]; }

  // Calls `take` with the problems at the end of every voice but the one that reads.
  template <class Take>
  void finish(Take&& take) {
    for (std::size_t i = 0; i < cursors_.size(); ++i) {
      if (i == current_) continue;
      Events events;
      cursors_[i].finish(&events);
      for (Problem problem : events.problems()) {
        --problem.begin;  // the field that changed to another voice
        take(problem);
      }
    }
  }

 private:
  Cursor start_;
  std::vector<std::string> names_{""};
  std::vector<Cursor> cursors_;  // empty while there is one voice
  std::size_t current_ = 0;
  bool named_ = false;
};

}  // namespace lilt::abc
