// A model to compose with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "abc/next_characters.h"
#include "abc/outline.h"
#include "base/bytes.h"
#include "base/result.h"
#include "infer/weights.h"
#include "likeness/critic.h"
#include "likeness/novelty.h"
#include "likeness/style.h"
#include "likeness/title_words.h"
#include "model/config.h"
#include "model/vocabulary.h"

namespace lilt::compose {

// Immutable, and shared by whoever has a copy, in any threads.
class Model {
 public:
  // Reads a model file (docs/model-file.md). Errors: what is no model, what is damaged, and a model
  // that cannot carry a tune, as its alphabet lacks characters or it wants to be told what this
  // version does not know.
  [[nodiscard]] static Result<Model> open(Bytes file);

  [[nodiscard]] const ModelConfig& config() const;
  [[nodiscard]] const Vocabulary& vocabulary() const;
  [[nodiscard]] const infer::Weights& weights() const;
  [[nodiscard]] const abc::Alphabet& alphabet() const;
  // The features that it is told, as places in abc::kFeatures.
  [[nodiscard]] std::span<const std::size_t> features() const;
  // JSON: how it was trained.
  [[nodiscard]] const std::string& provenance() const;

  // What a person should know before composing with it, or "": that it has hardly learnt anything,
  // by what it tells of its training.
  [[nodiscard]] std::string reservation() const;

  // Whether it knows the tunes that it learnt: without that, there are no figures of likeness. Or
  // at least their titles and what is usual in them: without that, titles may be known ones.
  [[nodiscard]] bool knows_tunes() const;
  [[nodiscard]] bool knows_titles() const;
  // What it knows, read when it is first asked for; the titles alone take a tenth of the time. An
  // error where it knows none, or what it knows is damaged. Valid as long as a copy of the model
  // is.
  [[nodiscard]] Result<const likeness::Novelty*> titles() const;
  [[nodiscard]] Result<const likeness::Novelty*> novelty() const;
  [[nodiscard]] Result<const likeness::StyleProfile*> style() const;
  // The words of their titles.
  [[nodiscard]] Result<const likeness::TitleWords*> title_words() const;
  // Tells its tunes from those that it learnt; none where it has none.
  [[nodiscard]] Result<const std::optional<likeness::Critic>*> critic() const;
  [[nodiscard]] bool has_critic() const;
  // Of a model of text in C: the forms of the tunes that it learnt, read likewise; none where it
  // carries none.
  [[nodiscard]] Result<const std::vector<abc::KnownOutline>*> outlines() const;

 private:
  struct State;
  explicit Model(std::shared_ptr<State> state) : state_(std::move(state)) {}

  std::shared_ptr<State> state_;
};

}  // namespace lilt::compose
