// Composes with a model's bytes: for tests that the same comes out wherever it is done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "abc/next_characters.h"
#include "abc/surroundings.h"
#include "compose/composer.h"
#include "compose/wishes.h"
#include "infer/weights.h"
#include "model/model_file.h"
#include "small_model.h"

namespace lilt::support {

// The value, or the end of the program with what is wrong.
template <class T>
T value_of(Result<T> result) {
  if (result) return *std::move(result);
  std::printf("wrong: %s\n", result.error().message.c_str());
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

// The tunes with the seeds 1 … count.
inline Composed compose_with(std::span<const std::byte> file, const compose::Wishes& wishes,
                             const compose::WritingOptions& writing, std::size_t count) {
  constexpr std::size_t kStreams = 5;  // an odd number: the last has the weights to itself
  const ModelView model = value_of(view_model(file, "model"));
  const abc::Alphabet alphabet = value_of(abc::Alphabet::of(model.vocabulary.characters()));
  const compose::Plan plan = value_of(compose::make_plan(wishes, alphabet));
  const infer::Weights weights = value_of(infer::Weights::of(model, infer::Precision::kEightBit));
  compose::Composer composer =
      value_of(compose::Composer::of(weights, model.vocabulary, alphabet, plan, writing, kStreams));
  Composed composed;
  composed.tunes.resize(count);
  std::uint64_t seed = 0;
  const auto next = [&]() -> std::optional<compose::Order> {
    if (seed == count) return std::nullopt;
    ++seed;
    return compose::Order{.seed = seed, .place = static_cast<std::size_t>(seed - 1)};
  };
  composer.compose({}, next, [&](const compose::Order& order, compose::Composition composition) {
    composed.tunes[order.place] = std::move(composition.text);
  });
  composed.characters = composer.characters();
  return composed;
}

}  // namespace lilt::support
