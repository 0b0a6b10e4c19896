#include "studio/lesson_request.h"

#include <algorithm>
#include <set>

#include "train/presets.h"

namespace lilt::studio {
namespace {

constexpr const char* kSmallHidden = "128,128";
constexpr const char* kSmallEmbedding = "32";
// Of checkpoints the newest and the best are enough; each is some 20 MB.
constexpr const char* kSaveEvery = "100000";

Error wrong(const char* field, std::string message) {
  return {ErrorCode::kOption,
          std::move(message),
          {.source = {}, .byte = {}, .line = {}, .field = field}};
}

// What is the same in each start.
std::vector<std::string> run_arguments(const LessonRequest& request, std::size_t threads) {
  return {"train",
          "--out",
          ".",
          "--save-every",
          kSaveEvery,
          "--samples",
          std::to_string(request.samples),
          "--threads",
          std::to_string(threads)};
}

}  // namespace

Status validate(const LessonRequest& r) {
  if (r.name.empty() || r.name.size() > 60) {
    return wrong("name",
                 "expected a name of 1 to 60 characters, found " +
                     (r.name.empty() ? std::string("none") : std::to_string(r.name.size())));
  }
  if (r.collections.empty() || r.collections.size() > kMostCollectionsLearnt) {
    return wrong("collections",
                 "expected 1 to 20 collections, found " + std::to_string(r.collections.size()));
  }
  if (std::set(r.collections.begin(), r.collections.end()).size() < r.collections.size()) {
    return wrong("collections", "expected each collection once");
  }
  if (!r.from.empty() && r.preset != LessonPreset::kFurther) {
    return wrong("from", "expected no model to go on from beside this preset");
  }
  return check_fields(r);
}

PresetFacts facts_of(LessonPreset preset) {
  switch (preset) {
    case LessonPreset::kFurther:
      return {"Go on from what Lilt knows",
              "Learns your tunes on top of those that a model has learnt. Best for up to some "
              "thousand tunes.",
              10, 0};
    case LessonPreset::kSmall:
      return {"A small model from nothing",
              "Knows nothing but your tunes, and learns quickly. For trying out, and for seeing "
              "how a model learns.",
              30, 0};
    case LessonPreset::kFull:
      break;
  }
  return {"A full model from nothing",
          "The recipe of the model that comes with Lilt: knows nothing but your tunes. For a "
          "thousand tunes and more.",
          0, train::options_of(train::Preset::kFolk).characters};
}

std::size_t characters_to_learn(LessonPreset preset, std::size_t characters,
                                std::optional<std::size_t> epochs) {
  const PresetFacts facts = facts_of(preset);
  if (!epochs && facts.characters > 0) return facts.characters;
  return epochs.value_or(facts.epochs) * characters;
}

double speed_beside_full(LessonPreset preset) {
  return preset == LessonPreset::kSmall ? 4 : 1;  // as measured on two cores
}

std::vector<std::string> training_arguments(const LessonRequest& request, const LessonFiles& files,
                                            std::size_t threads) {
  std::vector<std::string> all = run_arguments(request, threads);
  const auto add = [&](const auto&... words) { (all.emplace_back(words), ...); };
  if (request.preset == LessonPreset::kFurther) {
    add("--from", files.from.string());
  } else {
    add("--preset", "folk");
  }
  if (request.preset == LessonPreset::kSmall) {
    add("--hidden", kSmallHidden, "--embedding", kSmallEmbedding);
  }
  const std::size_t epochs = request.epochs.value_or(facts_of(request.preset).epochs);
  if (epochs > 0) add("--epochs", std::to_string(epochs));
  if (!files.held_out.empty()) add("--valid", files.held_out.string());
  add("--");
  for (const std::filesystem::path& file : files.learnt) add(file.string());
  return all;
}

std::vector<std::string> resuming_arguments(const LessonRequest& request,
                                            std::optional<std::size_t> epochs,
                                            std::size_t threads) {
  std::vector<std::string> all = run_arguments(request, threads);
  all.emplace_back("--resume");
  if (epochs) all.insert(all.end(), {"--epochs", std::to_string(*epochs)});
  return all;
}

}  // namespace lilt::studio
