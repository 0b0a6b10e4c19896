#include "eval/prediction.h"

#include <fmt/format.h>

#include <utility>

#include "base/file.h"
#include "corpus/learning_text.h"
#include "infer/weights.h"
#include "model/model_file.h"

namespace lilt::eval {
namespace {

// The tunes as this model reads them. Beside others one that tells no dialects apart may be asked
// for any.
Result<corpus::TuneSet> tunes_for(const ModelView& model, const PredictionOptions& options) {
  const TextConfig& text = model.config.text;
  const bool is_told = options.models.size() == 1 || !text.dialects.empty();
  const Result<std::uint8_t> dialect = find_dialect(text, is_told ? options.dialect : kAnyDialect);
  if (!dialect) return dialect.error();
  return corpus::read_tunes_for(model.config, model.vocabulary, options.tunes, *dialect,
                                !options.unplanned);
}

Result<Prediction> measure(const std::string& path, const PredictionOptions& options,
                           const ShareWatch& watch) {
  const FileBytes file(path);
  const Result<ModelView> model = view_model(file.bytes(), path);
  if (!model) return model.error();
  const Result<corpus::TuneSet> tunes = tunes_for(*model, options);
  if (!tunes) return tunes.error();
  const auto in_model = [&](Error error) {
    error.place.source = path;
    return error;
  };
  const Result<infer::Weights> weights = infer::Weights::of(
      *model, options.eight_bit ? infer::Precision::kEightBit : infer::Precision::kSingle);
  if (!weights) return in_model(weights.error());
  const auto tell = [&](std::size_t done) {
    return !watch || watch(static_cast<double>(done) / static_cast<double>(tunes->tokens.size()));
  };
  Result<Likelihood> likelihood =
      measure_likelihood(*weights, *tunes, model->vocabulary.token(U'\n'), options.threads, tell);
  if (!likelihood) return in_model(likelihood.error());
  const NoteSplit notes = split_notes(*tunes, model->vocabulary, likelihood->bits);
  likelihood->bits = {};
  return Prediction{.model = path,
                    .parameters = parameter_layout(model->config).count,
                    .likelihood = *std::move(likelihood),
                    .notes = notes};
}

void add_confidence(std::vector<Prediction>& all) {
  std::vector<std::vector<corpus::Figures>> tunes;
  tunes.reserve(all.size());
  for (const Prediction& one : all) tunes.push_back(one.likelihood.tunes);
  const std::vector<Confidence> confidence = confidence_of(tunes);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].confidence = confidence[i];
}

}  // namespace

Result<std::vector<Prediction>> predict(const PredictionOptions& options, const ShareWatch& watch) {
  std::vector<Prediction> all;
  for (const std::string& path : options.models) {
    const auto tell = [&](double share) {
      return !watch || watch((static_cast<double>(all.size()) + share) /
                             static_cast<double>(options.models.size()));
    };
    Result<Prediction> one = measure(path, options, tell);
    if (!one) return one.error();
    all.push_back(*std::move(one));
    const std::size_t tunes = all.front().likelihood.tunes.size();
    if (all.back().likelihood.tunes.size() == tunes) continue;
    return Error{ErrorCode::kCorpus,
                 fmt::format("expected the {} tunes that {} reads, found {}; the models cannot be "
                             "compared on them",
                             tunes, all.front().model, all.back().likelihood.tunes.size()),
                 {.source = path, .byte = {}, .line = {}}};
  }
  add_confidence(all);
  return all;
}

double difference(const Prediction& one, const Prediction& first) {
  return one.likelihood.total.bits_per_note() - first.likelihood.total.bits_per_note();
}

}  // namespace lilt::eval
