// Models that know nothing, who receives what is composed, and composing in one call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "abc/surroundings.h"
#include "compose/model.h"
#include "compose/session.h"
#include "compose/sink.h"
#include "model/text_tensor.h"
#include "small_model.h"

namespace lilt::support {

class Collector : public compose::Sink {
 public:
  bool take(const compose::Piece& piece) override {
#ifndef __EMSCRIPTEN__
    if (throws) throw std::runtime_error("no room");
#endif
    pieces.push_back(piece);
    return pieces.size() < most;
  }
  void drew(const compose::Progress& so_far) override { progress = so_far; }

  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> texts;
    for (const compose::Piece& piece : pieces) texts.push_back(piece.text);
    return texts;
  }

  std::vector<compose::Piece> pieces;
  compose::Progress progress;
  std::size_t most = std::numeric_limits<std::size_t>::max();
  bool throws = false;
};

// A network of random weights that is told all there is to tell.
inline ModelContents random_composer(std::uint64_t seed,
                                     ModelConfig config = {.embedding = 5, .hidden = {12}}) {
  std::string characters = "\né";
  for (char c = ' '; c < 127; ++c) characters += c;
  for (const abc::Feature& f : abc::kFeatures) {
    config.features.push_back({std::string(f.name), f.values, 3});
  }
  config.text = {.canonical = true, .dialects = {}};
  return random_model(vocabulary_of(characters), config, seed);
}

inline compose::Model opened(const ModelContents& model, const std::string& outlines = {}) {
  const std::vector<std::uint64_t> words = words_of_text(outlines);
  std::vector<TensorView> tensors;
  if (!words.empty()) tensors.push_back(text_tensor(kOutlinesTensor, words));
  return *compose::Model::open(Bytes::of(file_of(model, {}, std::move(tensors))));
}

inline const compose::Model& ignorant_model() {
  static const compose::Model one = opened(random_composer(1));
  return one;
}

// One that reads and writes text in C.
inline const compose::Model& ignorant_model_in_c() {
  static const compose::Model one = [] {
    ModelContents model = random_composer(1);
    model.config.text.in_c = true;
    return opened(model);
  }();
  return one;
}

// One that likes some characters better than others, wherever they stand.
inline compose::Model stubborn_model(std::uint64_t seed) {
  ModelContents model = random_composer(seed);
  const ParameterLayout layout = parameter_layout(model.config);
  for (std::size_t i = 0; i < layout.dense_bias; ++i) model.weights[i] *= 1e-3F;
  for (std::size_t i = layout.dense_bias; i < layout.count; ++i) model.weights[i] *= 20;
  return opened(model);
}

// The value, or the end of the program with what is wrong.
template <class T>
T value_of(Result<T> result) {
  if (result) return *std::move(result);
  std::printf("wrong: %s\n", result.error().to_string().c_str());
  std::exit(1);
}

// A network as small as can be of the kind that composes: residual connections, coupled and
// normalised gates, told all there is to tell, of widths that are no whole vectors. It has learnt
// nothing.
inline std::vector<std::byte> small_composer() {
  std::string characters = "\n";
  for (char c = ' '; c <= '~'; ++c) characters += c;
  ModelConfig config{.embedding = 9, .hidden = {30, 30}, .residual = true};
  config.coupled_gates = true;
  config.layer_normalisation = true;
  for (const abc::Feature& f : abc::kFeatures) {
    config.features.push_back({std::string(f.name), f.values, 3});
  }
  config.text = {.canonical = true, .dialects = {"one"}};
  return file_of(random_model(vocabulary_of(characters), config));
}

struct Composed {
  std::vector<std::string> tunes;
  std::uint64_t characters = 0;
};

inline Composed compose_with(std::span<const std::byte> file, const compose::Request& request) {
  constexpr std::size_t kStreams = 5;  // an odd number: the last has the weights to itself
  compose::Session session(value_of(compose::Model::open(Bytes::copy_of(file))), kStreams);
  Collector sink;
  value_of(session.submit(request, sink));
  while (session.step()) {
  }
  return {sink.texts(), session.characters()};
}

}  // namespace lilt::support
