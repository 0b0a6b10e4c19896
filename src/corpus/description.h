// What a collection of tunes consists of.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "abc/tune.h"
#include "base/result.h"
#include "corpus/reading.h"
#include "corpus/tune_stream.h"

namespace lilt::corpus {

// How often each value occurred. Values beyond a limit count together, so that a collection of
// nonsense takes no more memory than one of tunes.
class Tally {
 public:
  void add(const std::string& value);
  // By falling count, then by value; what was beyond the limit last, as "…".
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> sorted() const;

 private:
  std::map<std::string, std::uint64_t> counts_;
  std::uint64_t beyond_ = 0;
};

// The distribution of a small number, such as the bars of a tune.
class Distribution {
 public:
  void add(std::uint64_t value) {
    ++counts_[value];
    ++count_;
    sum_ += value;
  }
  [[nodiscard]] std::uint64_t smallest() const { return count_ ? counts_.begin()->first : 0; }
  [[nodiscard]] std::uint64_t largest() const { return count_ ? counts_.rbegin()->first : 0; }
  [[nodiscard]] std::uint64_t median() const;  // the lower one of two
  [[nodiscard]] std::uint64_t sum() const { return sum_; }
  [[nodiscard]] double mean() const {
    return count_ ? static_cast<double>(sum_) / static_cast<double>(count_) : 0;
  }

 private:
  std::map<std::uint64_t, std::uint64_t> counts_;
  std::uint64_t count_ = 0, sum_ = 0;
};

struct Description {
  std::uint64_t tunes = 0, correct = 0, latin1 = 0, with_chord_symbols = 0, several_voices = 0;
  Tally keys, metres, rhythms;  // tunes; a rhythm in lower case, "" for none
  Tally last_notes;             // of tunes with a tonic: their degree above it, in words
  Tally problems;               // tunes that have it at least once, by the name of its code
  Distribution characters;      // a tune, line ends included
  Distribution bars;            // as written
  Distribution notes;           // as written, chords once, graces not, rests not
  std::set<char32_t> alphabet;

  void add(const TuneText& text, const abc::Reading& reading);
};

// All tunes of files together. Errors as for_each_tune() has them; throws EnvironmentError.
[[nodiscard]] Result<Description> describe_files(const std::vector<std::string>& paths,
                                                 const Watch& watch);

// The R: field as one would count it: lower case, single spaces.
[[nodiscard]] std::string rhythm_of(const abc::Tune& tune);

}  // namespace lilt::corpus
