#include "train/options.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "corpus/learning_text.h"

namespace lilt::train {
namespace {

using Json = nlohmann::json;

Status require(bool holds, const char* expectation) {
  if (holds) return success();
  return Error{ErrorCode::kOption, std::string("expected ") + expectation};
}

bool is_share(double value) { return value >= 0 && value < 1; }
bool is_positive(double value) { return value > 0 && std::isfinite(value); }

}  // namespace

std::string to_json(const Options& o) {
  return Json{{"files", o.files},
              {"embedding", o.model.embedding},
              {"hidden", o.model.hidden},
              {"dropout", o.model.dropout},
              {"recurrent-dropout", o.model.recurrent_dropout},
              {"residual", o.model.residual},
              {"coupled-gates", o.model.coupled_gates},
              {"layer-normalisation", o.model.layer_normalisation},
              {"gate-activation", name(o.model.gate_activation)},
              {"canonical", o.model.text.canonical},
              {"features", o.features},
              {"keys", name(o.keys)},
              {"weights", o.weights},
              {"focus", o.focus},
              {"batch", o.batch},
              {"window", o.window},
              {"epochs", o.epochs},
              {"characters", o.characters},
              {"save-every", o.save_every},
              {"lr", o.learning_rate.rate},
              {"schedule", name(o.learning_rate.schedule)},
              {"warm-up", o.learning_rate.warm_up},
              {"final-lr-share", o.learning_rate.final_share},
              {"step-epochs", o.learning_rate.step_epochs},
              {"step-factor", o.learning_rate.step_factor},
              {"beta1", o.optimizer.beta1},
              {"beta2", o.optimizer.beta2},
              {"epsilon", o.optimizer.epsilon},
              {"weight-decay", o.optimizer.weight_decay},
              {"clip-norm", o.optimizer.clip_norm},
              {"shuffle", o.shuffle},
              {"valid", o.valid_file},
              {"valid-share", o.valid_share},
              {"patience", o.patience},
              {"seed", o.seed}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);  // file names may be no UTF-8
}

Result<Options> options_from_json(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return Error{ErrorCode::kFormat, "expected the options of a run as JSON"};
  Options o;
  // The file was written by to_json() and its checksum was right, so a wrong type means a hand
  // that edited it; nlohmann/json reports that as an exception.
  try {
    const auto read = [&](const char* key, auto& value) { json.at(key).get_to(value); };
    // What earlier versions did not have.
    const auto read_new = [&](const char* key, auto& value) {
      if (json.contains(key)) json.at(key).get_to(value);
    };
    std::string gate, schedule, keys(name(o.keys));
    read_new("characters", o.characters);
    read_new("recurrent-dropout", o.model.recurrent_dropout);
    read_new("residual", o.model.residual);
    read_new("coupled-gates", o.model.coupled_gates);
    read_new("layer-normalisation", o.model.layer_normalisation);
    read_new("canonical", o.model.text.canonical);
    read_new("features", o.features);
    read_new("keys", keys);
    read_new("weights", o.weights);
    read_new("focus", o.focus);
    read("files", o.files);
    read("embedding", o.model.embedding);
    read("hidden", o.model.hidden);
    read("dropout", o.model.dropout);
    read("gate-activation", gate);
    read("batch", o.batch);
    read("window", o.window);
    read("epochs", o.epochs);
    read("save-every", o.save_every);
    read("lr", o.learning_rate.rate);
    read("schedule", schedule);
    read("warm-up", o.learning_rate.warm_up);
    read("final-lr-share", o.learning_rate.final_share);
    read("step-epochs", o.learning_rate.step_epochs);
    read("step-factor", o.learning_rate.step_factor);
    read("beta1", o.optimizer.beta1);
    read("beta2", o.optimizer.beta2);
    read("epsilon", o.optimizer.epsilon);
    read("weight-decay", o.optimizer.weight_decay);
    read("clip-norm", o.optimizer.clip_norm);
    read("shuffle", o.shuffle);
    read("valid", o.valid_file);
    read("valid-share", o.valid_share);
    read("patience", o.patience);
    read("seed", o.seed);
    const Result<GateActivation> activation = gate_activation_from(gate);
    if (!activation) return activation.error();
    o.model.gate_activation = *activation;
    const Result<Schedule> found = schedule_from(schedule);
    if (!found) return found.error();
    o.learning_rate.schedule = *found;
    const Result<corpus::Keys> found_keys = corpus::keys_from(keys);
    if (!found_keys) return found_keys.error();
    o.keys = *found_keys;
  } catch (const Json::exception& e) {
    return Error{ErrorCode::kFormat, std::string("the options of the run: ") + e.what()};
  }
  return o;
}

Status validate(const Options& o) {
  ModelConfig model = o.model;
  model.vocabulary = 1;  // not known yet
  if (Status s = validate(model); !s) return s;
  const auto features = corpus::feature_tables(o.features);
  if (!features) return features.error();
  const std::pair<bool, const char*> rules[] = {
      {!o.files.empty(), "at least one file to learn from"},
      {o.batch >= 1 && o.batch <= 65536, "a --batch of 1 to 65536 streams"},
      {o.window >= 1 && o.window <= 65536, "a --window of 1 to 65536 characters"},
      {o.batch * o.window <= std::size_t{1} << 22, "--batch times --window of at most 4194304"},
      {o.epochs >= 1, "--epochs of at least 1"},
      {o.save_every >= 1, "--save-every of at least 1 epoch"},
      {is_positive(o.learning_rate.rate), "a positive --lr"},
      {o.learning_rate.final_share >= 0 && o.learning_rate.final_share <= 1,
       "a --final-lr-share of 0 to 1"},
      {o.learning_rate.step_epochs >= 1, "--step-epochs of at least 1"},
      {is_positive(o.learning_rate.step_factor), "a positive --step-factor"},
      {is_share(o.optimizer.beta1), "a --beta1 of at least 0 and less than 1"},
      {is_share(o.optimizer.beta2), "a --beta2 of at least 0 and less than 1"},
      {is_positive(o.optimizer.epsilon), "a positive --epsilon"},
      {o.optimizer.weight_decay >= 0 && std::isfinite(o.optimizer.weight_decay),
       "a --weight-decay of at least 0"},
      {o.optimizer.clip_norm >= 0 && std::isfinite(o.optimizer.clip_norm),
       "a --clip-norm of at least 0"},
      {o.model.text.canonical || (o.features.empty() && o.keys == corpus::Keys::kOriginal &&
                                  o.weights.empty() && o.focus == 0),
       "--canonical beside --features, --keys, --weights or --focus"},
      {!(o.model.text.canonical && o.shuffle), "no --shuffle beside --canonical, which shuffles"},
      {o.weights.size() <= o.files.size(), "--weights of at most as many as there are files"},
      {std::ranges::all_of(o.weights, is_positive), "positive --weights"},
      {is_share(o.focus), "a --focus of at least 0 and less than 1"},
      {is_share(o.valid_share), "a --valid-share of at least 0 and less than 1"},
      {o.valid_file.empty() || o.valid_share == 0, "--valid or --valid-share, not both"},
      {o.patience == 0 || !o.valid_file.empty() || o.valid_share > 0,
       "--valid or --valid-share beside --patience"},
  };
  for (const auto& [holds, expectation] : rules) {
    if (Status s = require(holds, expectation); !s) return s;
  }
  return success();
}

}  // namespace lilt::train
