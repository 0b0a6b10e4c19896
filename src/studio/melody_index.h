// The melodies of many tunes, to be searched: by a run of steps, and for tunes that are alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lilt::studio {

// Two tunes are compared by runs of so many steps, 7 different notes.
inline constexpr std::size_t kGram = 6;

// Contours (likeness/contour.h) one after another: some 150 bytes a tune. A search reads them all,
// from the first to the last: 100,000 tunes are 15 MB.
class MelodyIndex {
 public:
  struct Match {
    std::int64_t id = 0;
    std::size_t at = 0;    // the first step of the tune that the run has
    int mistakes = 0;      // steps that are other, missing or too many
    std::size_t size = 0;  // steps of the tune; those of a match with mistakes are some
  };
  struct Neighbour {
    std::int64_t id = 0;
    double similarity = 0;  // of the runs of kGram steps, the share that it has too; 0 … 1
  };

  // Takes the contour of a tune, in place of the one that it had.
  void put(std::int64_t id, std::string_view steps);
  void remove(std::int64_t id);
  void clear();
  [[nodiscard]] std::size_t tunes() const { return places_.size(); }

  // The tunes that have such a run, each once: those that begin with it (a pickup aside) first,
  // then the newest (of the highest id). Where none has it, those that nearly do: with one mistake
  // in 6 steps or more, with two in 10 or more; fewest mistakes first. One wrong note is one
  // mistake if all goes on from there, two if the next step makes up for it.
  [[nodiscard]] std::vector<Match> find(std::string_view steps) const;

  // The tunes that have most of its runs, at most that many, the most alike first; nothing for a
  // contour that is shorter than a run.
  [[nodiscard]] std::vector<Neighbour> near(std::string_view steps, std::size_t most) const;

 private:
  struct Slot {
    std::size_t begin = 0;
    std::int64_t id = 0;  // 0: what was here is gone
  };

  [[nodiscard]] std::size_t end_of(std::size_t slot) const;
  [[nodiscard]] std::size_t slot_at(std::size_t byte) const;
  [[nodiscard]] std::vector<Match> find_exactly(std::string_view steps) const;
  [[nodiscard]] std::vector<Match> find_nearly(std::string_view steps, int mistakes) const;
  void compact();

  std::string steps_;                                     // of all tunes, each with a 0 behind it
  std::vector<Slot> slots_;                               // in the order of steps_
  std::unordered_map<std::int64_t, std::size_t> places_;  // of each tune in slots_
  std::size_t lost_ = 0;                                  // bytes of tunes that are gone
};

}  // namespace lilt::studio
