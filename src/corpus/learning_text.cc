#include "corpus/learning_text.h"

#include <algorithm>

#include "abc/canonical.h"
#include "abc/outline.h"
#include "abc/title.h"
#include "abc/transpose.h"
#include "base/text.h"
#include "corpus/tune_stream.h"

namespace lilt::corpus {
namespace {

// Wide enough for what each can tell: rows that are alike are learnt to be so.
std::size_t width_of(const abc::Feature& feature) {
  if (feature.values <= 8) return 4;
  return feature.values <= 64 ? 12 : 24;
}

std::string known_features() {
  std::string names;
  for (const abc::Feature& feature : abc::kFeatures) {
    names += (names.empty() ? "" : ", ") + std::string(feature.name);
  }
  return names;
}

Error unknown_feature(const std::string& name) {
  return {ErrorCode::kOption,
          "expected features among " + known_features() + ", found \"" + name + "\""};
}

abc::Outline outline_as_told(const std::string& text, const Told& told) {
  abc::Outline outline;
  if (told.outline) outline = abc::outline_of(text, told.tonic);
  outline.tonic = told.tonic;
  for (abc::OutlineBar& bar : outline.bars) {
    if (!told.returns) {
      bar.kind = abc::Return::kUnknown;
      bar.source = bar.shift = 0;
    }
    if (!told.rests) bar.rest_degree = bar.rest_length = -1;
    if (!told.heights) bar.height = 0;
  }
  return outline;
}

}  // namespace

std::string learning_text(const abc::Tune& tune, const TextConfig& form) {
  abc::Tune kept = tune;
  if (form.in_c) {
    abc::transpose_to(kept, abc::Key{});
    std::erase_if(kept.header, [](const abc::Field& field) {
      return field.letter == U'T' && !abc::is_title(field.text);
    });
  }
  std::erase_if(kept.header, [](const abc::Field& field) { return field.letter == U'P'; });
  if (kept.voices.size() > 1) kept.voices.resize(1);
  return abc::canonical_text(kept, {.music_only = true, .regular = form.in_c, .number = 1}) + "\n";
}

Vocabulary learning_vocabulary(std::vector<char32_t> others) {
  others.push_back(U'\n');
  for (char32_t c = U' '; c <= U'~'; ++c) others.push_back(c);
  return Vocabulary(std::move(others));
}

Result<std::vector<FeatureConfig>> feature_tables(const std::vector<std::string>& names) {
  std::vector<FeatureConfig> tables;
  const auto add = [&](const abc::Feature& f) {
    tables.push_back({std::string(f.name), f.values, width_of(f)});
  };
  for (const std::string& name : names) {
    if (name == "all") {
      for (const abc::Feature& feature : abc::kFeatures) add(feature);
      continue;
    }
    const std::optional<std::size_t> index = abc::find_feature(name);
    if (!index) return unknown_feature(name);
    add(abc::kFeatures[*index]);
  }
  return tables;
}

Result<TuneEncoder> TuneEncoder::of(const ModelConfig& config, const Vocabulary& vocabulary) {
  std::vector<abc::Feature> features;
  for (const FeatureConfig& f : config.features) features.push_back({f.name, f.values});
  Result<std::vector<std::size_t>> places = abc::feature_places(features);
  if (!places) return places.error();
  TuneEncoder encoder(vocabulary);
  encoder.features_ = *std::move(places);
  return encoder;
}

void TuneEncoder::add(const std::string& text, const Told& told, TuneSet& set) {
  characters_.clear();
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Step step = decode_utf8(std::string_view(text).substr(at));
    characters_.push_back(step.bytes == 0 ? U'?' : step.code_point);
    at += std::max<std::size_t>(1, step.bytes);
  }
  set.feature_count = features_.size();
  set.add(characters_, *vocabulary_);
  if (features_.empty()) return;
  const abc::Outline outline = outline_as_told(text, told);
  surroundings_.reset(told.dialect, &outline);
  for (const char32_t c : characters_) {
    const std::span<const std::uint8_t> values = surroundings_.values();
    for (const std::size_t feature : features_) set.features.push_back(values[feature]);
    surroundings_.push(c);
  }
}

Result<TuneSet> read_tunes_for(const ModelConfig& config, const Vocabulary& vocabulary,
                               const std::vector<std::string>& paths, std::uint8_t dialect,
                               bool told_outline) {
  if (!config.text.canonical) return read_tunes(paths, vocabulary);
  Result<TuneEncoder> encoder = TuneEncoder::of(config, vocabulary);
  if (!encoder) return encoder.error();
  TuneSet set;
  TuneStream stream(paths);
  TuneText tune;
  while (true) {
    const Result<bool> more = stream.next(tune);
    if (!more) return more.error();
    if (!*more) return set;
    const abc::Tune read = abc::read_tune(tune.text).tune;
    encoder->add(learning_text(read, config.text),
                 {.dialect = dialect, .tonic = abc::told_tonic(read.key), .outline = told_outline},
                 set);
  }
}

}  // namespace lilt::corpus
