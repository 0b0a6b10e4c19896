// How new a tune is: what it shares with the tunes that a model learnt.
//
// Tunes are compared by runs of notes, in the order of writing and whatever their keys (melody.h).
// Real tunes share much with each other, so figures mean something only beside theirs: each real
// tune against all others (leave-one-out). Variants of a tune, and exact copies of it, are others.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abc/tune.h"
#include "likeness/melody.h"

namespace lilt::likeness {

// What is kept of the tunes that are known. There is no music in it to be read back: a window of
// notes is a number.
struct KnownTunes {
  std::vector<std::uint32_t> windows;  // the hashes of all tunes, one tune after another
  std::vector<std::uint32_t> counts;   // windows of each tune
  std::vector<std::string> titles;     // of each tune, one a line; "" where there is none

  [[nodiscard]] std::size_t tunes() const { return counts.size(); }
  void add(const abc::Tune& tune);

  // Calls use(windows) for each tune in order.
  template <class Use>
  void for_each(Use&& use) const {
    std::size_t begin = 0;
    for (const std::uint32_t count : counts) {
      use(std::span(windows).subspan(begin, count));
      begin += count;
    }
  }

  friend bool operator==(const KnownTunes&, const KnownTunes&) = default;
};

// Of real tunes against the others: the figure that 0, 1, … 100 % of them do not exceed.
inline constexpr std::size_t kQuantiles = 101;
struct RealFigures {
  std::array<double, kQuantiles> longest_run{}, share_known{};

  friend bool operator==(const RealFigures&, const RealFigures&) = default;
};

struct NoveltyReport {
  std::size_t notes = 0;    // of the tune
  std::size_t windows = 0;  // runs of kWindow notes in it
  // Notes of the longest run that is also in one of the known tunes. Runs of fewer than kWindow
  // notes are not known: kWindow − 1 stands for all of them, and means "fewer than 8".
  std::size_t longest_run = kWindow - 1;
  std::optional<std::size_t> run_tune;  // the first tune that has it
  double share_known = 0;               // of its windows, those in any known tune; 0 … 1
  // The known tune that has most of its windows, the first of equals; none if no tune has one.
  std::optional<std::size_t> nearest;
  double similarity = 0;  // the share of its windows that the nearest tune has; 0 … 1
};

class Novelty {
 public:
  // No more tunes than this have a place in an index, and no more windows.
  static constexpr std::size_t kMost = std::size_t{1} << 31;

  // Makes the look-ups; some 25 ms for a million windows. The real tunes' figures are measured (a
  // second for ten thousand tunes) unless they are given.
  explicit Novelty(KnownTunes tunes);
  Novelty(KnownTunes tunes, const RealFigures& real);

  // What a tune shares with the known ones. Takes time in proportion to its windows and the places
  // where they are known. Of a tune the first 4,096 windows are looked at, of a window the first
  // 65,536 places.
  [[nodiscard]] NoveltyReport report(const abc::Tune& tune) const;
  // The same of a tune that is known only by its windows, of which none is left out.
  [[nodiscard]] NoveltyReport report(std::span<const std::uint32_t> windows) const;
  // A known tune against all others.
  [[nodiscard]] NoveltyReport report_known(std::size_t tune) const;

  // How many per cent of the real tunes are no newer than this one, by its longest run and by its
  // known share, whichever says less; 0 … 100. `lilt compose --novel P` asks for at least P.
  [[nodiscard]] double percentile(const NoveltyReport& report) const;

  // Whether no known tune has that title, but for case, articles and punctuation; "" is new.
  [[nodiscard]] bool is_title_new(std::string_view title) const;
  // Whether all titles of a tune are new, or of a text with one a line; of a known tune, whether no
  // other tune has them.
  [[nodiscard]] bool are_titles_new(const abc::Tune& tune) const;
  [[nodiscard]] bool are_titles_new(std::string_view titles) const;
  [[nodiscard]] bool are_titles_unique(std::size_t tune) const;

  // The first title of a known tune, or "". It comes from a file: escape it before showing it.
  [[nodiscard]] std::string_view title(std::size_t tune) const;

  [[nodiscard]] const KnownTunes& tunes() const { return tunes_; }
  [[nodiscard]] const RealFigures& real() const { return real_; }

 private:
  using Place = std::uint32_t;  // in tunes_.windows
  struct Window {
    std::uint32_t hash;
    Place place;
  };
  struct Match {
    Place place;
    std::uint32_t run;  // windows of the run that ends here
  };

  void index_windows();
  void index_titles();
  void measure_real();
  [[nodiscard]] std::span<const Window> bucket(std::uint32_t hash) const;
  [[nodiscard]] bool has_title(std::string_view title, std::size_t except) const;
  [[nodiscard]] NoveltyReport report(std::span<const std::uint32_t> windows,
                                     std::size_t except) const;
  void find_matches(std::uint32_t hash, std::size_t except, std::span<const Match> before,
                    std::vector<Match>& found) const;

  KnownTunes tunes_;
  RealFigures real_;
  std::vector<Place> starts_;           // of each tune in its windows, and their end
  std::vector<std::uint32_t> tune_of_;  // of each window
  // The windows by the upper bits of their hashes; within a bucket their places rise.
  int bucket_shift_ = 0;
  std::vector<Place> bucket_starts_;
  std::vector<Window> sorted_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> titles_;  // hash and tune, sorted
};

}  // namespace lilt::likeness
