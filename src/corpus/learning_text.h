// Tunes as a model reads them: canonical text, and what else it is told.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "abc/surroundings.h"
#include "abc/tune.h"
#include "base/result.h"
#include "corpus/tunes.h"
#include "model/config.h"
#include "model/vocabulary.h"

namespace lilt::corpus {

// What is learnt of a tune: the first voice, as written (an order of parts is not played out),
// under its titles and rhythm; the number is always 1. Ends with an empty line. A tune with
// mistakes is written as well as it can be. Of the form, whether it is in C counts.
[[nodiscard]] std::string learning_text(const abc::Tune& tune, const TextConfig& form = {});

// The characters that every such model knows, those of ASCII, and others.
[[nodiscard]] Vocabulary learning_vocabulary(std::vector<char32_t> others);

// The tables of the named features, as wide as their use deserves. "all" stands for all of them; a
// name that is none is an error that lists them.
[[nodiscard]] Result<std::vector<FeatureConfig>> feature_tables(
    const std::vector<std::string>& names);

// What a network is told of a tune before it begins. Forgetting some of it now and then teaches the
// network to do without.
struct Told {
  std::uint8_t dialect = 0;  // from 1; 0: any
  std::uint8_t tonic = 0;    // as abc::Outline::tonic
  bool outline = true;       // all that is known by looking ahead
  bool returns = true;       // of it, which bars return
  bool rests = true;         // and where phrases come to rest
  bool heights = true;       // and how high they lie
};

// Turns the text of tunes into what a network reads.
class TuneEncoder {
 public:
  // Refuses a configuration with a feature that this version does not know, or knows otherwise.
  [[nodiscard]] static Result<TuneEncoder> of(const ModelConfig& config,
                                              const Vocabulary& vocabulary);

  // Adds one tune to the set, told to be of that dialect (from 1; 0: any).
  void add(const std::string& text, const Told& told, TuneSet& set);

  [[nodiscard]] std::size_t feature_count() const { return features_.size(); }

 private:
  explicit TuneEncoder(const Vocabulary& vocabulary) : vocabulary_(&vocabulary) {}

  const Vocabulary* vocabulary_;
  std::vector<std::size_t> features_;  // their places in abc::kFeatures
  abc::Surroundings surroundings_;
  std::vector<char32_t> characters_;
};

// The tunes of files as the model reads them. For a model of text as written that is
// read_tunes(). Without their outlines they are read as tunes of which nothing is known. Throws
// EnvironmentError when a file cannot be read.
[[nodiscard]] Result<TuneSet> read_tunes_for(const ModelConfig& config,
                                             const Vocabulary& vocabulary,
                                             const std::vector<std::string>& paths,
                                             std::uint8_t dialect, bool told_outline = true);

}  // namespace lilt::corpus
