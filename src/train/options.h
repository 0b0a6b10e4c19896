// Everything a training run is told. A run is a pure function of these options and the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/field.h"
#include "base/result.h"
#include "corpus/repertoire.h"
#include "model/config.h"
#include "nn/optimizer.h"
#include "nn/precision.h"
#include "train/learning_rate.h"

namespace lilt::train {

struct Options {
  std::vector<std::string> files;  // the text to learn, in this order
  std::string from;                // a model to go on learning from; "": a new one is learnt
  ModelConfig model;               // its vocabulary is found in the text
  std::size_t batch = 16;          // N, streams
  std::size_t window = 64;         // T, characters of truncated back-propagation
  std::size_t leaves = 1;          // parts of the batch whose gradients are summed; see leaves.h
  std::size_t epochs = 100;
  std::size_t characters = 0;   // to learn in the whole run, which sets the epochs; 0: it does not
  std::size_t save_every = 10;  // epochs between kept checkpoints
  LearningRate learning_rate;
  nn::OptimizerOptions optimizer;
  nn::Precision precision = nn::Precision::kSingle;  // of what matrix products multiply
  bool shuffle = false;                              // the order of tunes anew each epoch
  // With model.text.canonical: whole tunes, each from a fresh state. The first file is the one that
  // the model is for.
  corpus::Keys keys = corpus::Keys::kOriginal;  // to learn each tune in
  std::vector<std::string> features;            // what is told besides characters
  std::vector<double> weights;                  // of a tune of each file; 1 where there is none
  double focus = 0;          // share of the run, its end, that learns from the first file alone
  std::string valid_file;    // tunes to validate on, or
  double valid_share = 0;    // the share of the text's tunes held out
  std::size_t patience = 0;  // epochs without a better validation before stopping; 0: never
  std::uint64_t seed = 3;    // not an outlier: docs/decisions/seed-of-the-classic-recipe.md
};

template <FieldsOf<Options> O, class Visit>
void visit_text_fields(O& o, Visit&& visit) {
  const char* group = "The text";
  visit(Field{.name = "canonical",
              .help = "Whole tunes in canonical text, each from a fresh state",
              .group = group},
        o.model.text.canonical);
  visit(Field{.name = "features",
              .help = "What to tell besides the characters, or all",
              .group = group},
        o.features);
  visit(Field{.name = "keys", .help = "The keys to learn tunes in", .group = group}, o.keys);
  visit(Field{.name = "weights",
              .help = "How often a tune of each file comes, as in 1,0.5",
              .group = group,
              .above = 0},
        o.weights);
  visit(Field{.name = "focus",
              .help = "Share of the run, its end, for the first file alone",
              .group = group,
              .least = 0,
              .below = 1},
        o.focus);
}

template <FieldsOf<LearningRate> Rate, class Visit>
void visit_fields(Rate& r, Visit&& visit) {
  const char* group = "Learning";
  visit(Field{.name = "lr",
              .help = "Learning rate, the highest of its schedule",
              .group = group,
              .above = 0},
        r.rate);
  visit(Field{.name = "schedule", .help = "Learning rate over time", .group = group}, r.schedule);
  visit(
      Field{.name = "warm_up", .help = "Updates over which the rate rises from 0", .group = group},
      r.warm_up);
  visit(Field{.name = "final_lr_share",
              .help = "cosine: share of the rate left at the end",
              .group = group,
              .least = 0,
              .most = 1},
        r.final_share);
  visit(Field{.name = "step_epochs",
              .help = "step: epochs between falls of the rate",
              .group = group,
              .least = 1},
        r.step_epochs);
  visit(Field{.name = "step_factor",
              .help = "step: what each fall leaves of it",
              .group = group,
              .above = 0},
        r.step_factor);
}

template <FieldsOf<nn::OptimizerOptions> Optimizer, class Visit>
void visit_fields(Optimizer& o, Visit&& visit) {
  const char* group = "Learning";
  visit(Field{.name = "beta1",
              .help = "Adam: decay of the gradient's mean",
              .group = group,
              .least = 0,
              .below = 1},
        o.beta1);
  visit(Field{.name = "beta2",
              .help = "Adam: decay of the squared gradient's mean",
              .group = group,
              .least = 0,
              .below = 1},
        o.beta2);
  visit(Field{.name = "epsilon",
              .help = "Adam: added to the root of the latter",
              .group = group,
              .above = 0},
        o.epsilon);
  visit(Field{.name = "weight_decay",
              .help = "AdamW: decoupled decay of matrices; 0: Adam",
              .group = group,
              .least = 0},
        o.weight_decay);
  visit(Field{.name = "clip_norm",
              .help = "Clip the gradient to this global norm; 0: never",
              .group = group,
              .least = 0},
        o.clip_norm);
}

template <FieldsOf<Options> O, class Visit>
void visit_validation_fields(O& o, Visit&& visit) {
  const char* group = "Validation";
  visit(Field{.name = "valid",
              .help = "Tunes to validate on each epoch",
              .group = group,
              .value = "FILE"},
        o.valid_file);
  visit(Field{.name = "valid_share",
              .help = "Hold out this share of the tunes instead",
              .group = group,
              .least = 0,
              .below = 1},
        o.valid_share);
  visit(Field{.name = "patience",
              .help = "Stop after this many epochs without a better validation; 0: never",
              .group = group},
        o.patience);
}

template <FieldsOf<Options> O, class Visit>
void visit_fields(O& o, Visit&& visit) {
  const char* group = "Learning";
  visit(Field{.name = "files", .help = "Tunes to learn from", .value = "FILE"}, o.files);
  visit(Field{.name = "from",
              .help = "Go on from this model: its network and text, a rate of 0.001, 10 epochs",
              .value = "MODEL"},
        o.from);
  visit_fields(o.model, visit);
  visit_text_fields(o, visit);
  visit(Field{.name = "epochs", .help = "Passes over the text", .group = group, .least = 1},
        o.epochs);
  visit(Field{.name = "characters",
              .help = "Learn so many in all, which sets the epochs; 0: it does not",
              .group = group},
        o.characters);
  visit(Field{.name = "batch",
              .help = "Streams learnt side by side",
              .group = group,
              .least = 1,
              .most = 65536},
        o.batch);
  visit(Field{.name = "window",
              .help = "Characters of truncated back-propagation",
              .group = group,
              .least = 1,
              .most = 65536},
        o.window);
  visit(Field{.name = "leaves",
              .help = "Equal parts of the batch whose gradients are summed: for as many processes",
              .group = group,
              .least = 1,
              .most = 65536},
        o.leaves);
  visit_fields(o.learning_rate, visit);
  visit_fields(o.optimizer, visit);
  visit(Field{.name = "precision",
              .help = "What matrices are multiplied in: bf16 is faster where the CPU has it",
              .group = group},
        o.precision);
  visit(Field{.name = "shuffle", .help = "Put the tunes in a new order each epoch", .group = group},
        o.shuffle);
  visit(Field{.name = "seed", .help = "Seed of all random numbers", .group = group}, o.seed);
  visit_validation_fields(o, visit);
  visit(Field{.name = "save_every",
              .help = "Epochs between kept checkpoints",
              .group = "The run",
              .least = 1},
        o.save_every);
}

// The options as a JSON object, with hyphens in the names of fields; and back. What is not there is
// as it is unless told otherwise.
[[nodiscard]] std::string to_json(const Options& options);
[[nodiscard]] Result<Options> options_from_json(const std::string& json);

// Refuses what cannot work, naming the fields.
[[nodiscard]] Status validate(const Options& options);

// `base` with those fields of `given` that `names` lists. Epochs that are given alone replace
// characters.
[[nodiscard]] Options with_given(Options base, const Options& given,
                                 const std::set<std::string>& names);

// The options of a run that goes on: `stored` ones, with those that may change (epochs, save_every,
// patience and where files are now) as they were given. An error for others that were given and are
// not what the run started with.
[[nodiscard]] Result<Options> resumed(Options stored, const Options& given,
                                      const std::set<std::string>& names);

}  // namespace lilt::train
