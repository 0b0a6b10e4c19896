#include "train/presets.h"

namespace lilt::train {
namespace {

Options folk() {
  Options o;
  o.model.embedding = 64;
  o.model.hidden = {256, 256, 256};
  o.model.dropout = 0.3F;
  o.model.recurrent_dropout = 0.15F;
  o.model.residual = true;
  o.model.coupled_gates = true;
  o.model.layer_normalisation = true;
  o.model.text.canonical = true;
  o.features = {"all"};
  o.keys = corpus::Keys::kC;
  o.weights = {2};
  o.characters = 20'000'000;
  o.learning_rate = {
      .schedule = Schedule::kCosine, .rate = 0.005, .warm_up = 200, .final_share = 0.01};
  o.optimizer.clip_norm = 1;
  o.seed = 1;  // that of the model that comes with Lilt
  return o;
}

}  // namespace

Options options_of(Preset preset) { return preset == Preset::kFolk ? folk() : Options{}; }

}  // namespace lilt::train
