// Collections of tunes compared: composed ones with real ones.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "corpus/reading.h"
#include "eval/habit_comparison.h"
#include "eval/style_comparison.h"
#include "likeness/novelty.h"
#include "likeness/style.h"

namespace lilt::eval {

// What is kept of the tunes of a collection.
struct Collection {
  likeness::KnownTunes tunes;
  std::vector<likeness::Style> styles;  // of each tune
  std::vector<likeness::HabitValues> habits;
  std::vector<bool> correct;  // whether `lilt check` finds no error in it
  // Where they are of several files, how many are of the first.
  std::optional<std::size_t> of_first_file;

  // Adds a tune in ABC notation.
  void add(const std::string& text);
  [[nodiscard]] std::size_t size() const { return correct.size(); }
  // Whether any tune is long enough to be compared: a window of notes.
  [[nodiscard]] bool has_music() const { return !tunes.windows.empty(); }
};

// A tune beside real ones.
struct TuneFigures {
  std::string title;  // the first; as it is in the file
  bool is_correct = false;
  bool has_new_titles = false;
  likeness::NoveltyReport novelty;
  double percentile = 0;  // of real tunes that are no newer
  double typicality = 0;
};

// The middle of figures, and what a quarter of them is below and above (linear between ranks).
struct Spread {
  double lower = 0, median = 0, upper = 0;
};
[[nodiscard]] Spread spread_of(std::vector<double> figures);

// All tunes of a collection beside real ones.
struct CollectionFigures {
  std::vector<TuneFigures> tunes;
  double correct = 0;  // shares of the tunes, 0 … 1
  double new_titles = 0;
  double as_new = 0;  // at least as new as the median real tune; of those with a window
  Spread longest_run, share_known, similarity;  // of the tunes with a window
  Spread typicality;
};

struct Comparison {
  // Real tunes are each compared with all others. Those held out are compared with `against`.
  CollectionFigures composed, real;
  std::optional<CollectionFigures> held_out;
  StyleComparison style;
  HabitComparison habits;
  likeness::Style composed_style, real_style;  // all tunes together
  std::vector<std::string> known_titles;       // the first title of each tune of `against`
};

// Compares composed tunes with real ones. Every collection must have music, and `against` two
// tunes. The same collections give the same figures.
[[nodiscard]] Comparison compare(const Collection& composed, const Collection& against,
                                 const Collection* held_out);

// The files of the collections; `held_out` may have none.
struct ComparisonFiles {
  std::vector<std::string> composed, against, held_out;
};

// The same of files. An error where they have too little music. Throws EnvironmentError.
[[nodiscard]] Result<Comparison> compare_files(const ComparisonFiles& files,
                                               const corpus::Watch& watch);

}  // namespace lilt::eval
