// To go on learning from a model: what is taken over from it.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/model_file.h"
#include "train/options.h"
#include "train/presets.h"

namespace lilt::train {

// The options of a run that starts: of `given` those that `names` lists, else those of the preset
// or, with given.from, of that model and of what suits going on from it: the network, its text and
// its features; the learning rate and passes with which a person's own tunes are learnt. What is
// given and contradicts the model is an error that names the field. Throws EnvironmentError when
// the model cannot be read.
[[nodiscard]] Result<Options> started(Preset preset, const Options& given,
                                      const std::set<std::string>& names);

// The model that `options` go on from, if there is one: `from`. Refuses options that want another
// network. Throws EnvironmentError.
[[nodiscard]] Result<std::optional<ModelContents>> read_base(const Options& options);

// The dialects of a model that goes on from another: those of the new collections, then those that
// it knew besides.
[[nodiscard]] std::vector<std::string> joined_dialects(std::vector<std::string> collections,
                                                       const std::vector<std::string>& known);

// The weights of `base` for a network of `config`, which differs in its dialects alone: each has
// its row, a new one the mean of all that there were.
[[nodiscard]] std::vector<float> adopted_weights(const ModelContents& base,
                                                 const ModelConfig& config);

}  // namespace lilt::train
