// What a person wants to teach Lilt, and how `lilt train` is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/field.h"
#include "base/names.h"
#include "base/result.h"

namespace lilt::studio {

enum class LessonPreset : std::uint8_t {
  kFurther,  // goes on from a model: a person's own tunes in minutes
  kSmall,    // a small network that knows nothing else
  kFull,     // the recipe of the model that comes with Lilt
};
constexpr auto names_of(LessonPreset) { return names<LessonPreset>("further", "small", "full"); }

struct LessonRequest {
  std::string name;
  std::vector<std::string> collections;  // the first one is what the model is for
  LessonPreset preset = LessonPreset::kFurther;
  std::string from;                   // a model's name; "": the usual one
  std::optional<std::size_t> epochs;  // the preset's own where nothing is said
  std::size_t samples = 3;            // tunes after each epoch
  bool beside = false;                // though another lesson is at work
};

template <FieldsOf<LessonRequest> R, class Visit>
void visit_fields(R& r, Visit&& visit) {
  visit(Field{.name = "name", .help = "What the model is to be called"}, r.name);
  visit(Field{.name = "collections", .help = "What to learn; the model is for the first"},
        r.collections);
  visit(Field{.name = "preset", .help = "Go on from a model, or start from nothing"}, r.preset);
  visit(Field{.name = "from", .help = "The model to go on from (default: the usual one)"}, r.from);
  visit(Field{.name = "epochs", .help = "Passes over the tunes", .least = 1, .most = 10000},
        r.epochs);
  visit(Field{.name = "samples", .help = "Tunes to hear after each pass", .most = 10}, r.samples);
  visit(Field{.name = "beside", .help = "Though another lesson is at work"}, r.beside);
}

// The most collections of a lesson.
inline constexpr std::size_t kMostCollectionsLearnt = 20;

// Refuses what cannot be, naming the field.
[[nodiscard]] Status validate(const LessonRequest& request);

// What a preset is to people, and how much it learns.
struct PresetFacts {
  const char* title;
  const char* help;
  std::size_t epochs;      // 0: as many as make the characters
  std::size_t characters;  // likewise
};
[[nodiscard]] PresetFacts facts_of(LessonPreset preset);

// How many characters a lesson learns in all, of collections with so many.
[[nodiscard]] std::size_t characters_to_learn(LessonPreset preset, std::size_t characters,
                                              std::optional<std::size_t> epochs);

// How much faster than the full network that of a preset learns.
[[nodiscard]] double speed_beside_full(LessonPreset preset);

// The arguments of `lilt`, run in the lesson's folder: `files` to learn, and one to validate on
// unless it is empty.
struct LessonFiles {
  std::vector<std::filesystem::path> learnt;
  std::filesystem::path held_out;
  std::filesystem::path from;  // the model, for kFurther
};
[[nodiscard]] std::vector<std::string> training_arguments(const LessonRequest& request,
                                                          const LessonFiles& files,
                                                          std::size_t threads);
// To go on where it stopped; with `epochs`, up to so many.
[[nodiscard]] std::vector<std::string> resuming_arguments(const LessonRequest& request,
                                                          std::optional<std::size_t> epochs,
                                                          std::size_t threads);

}  // namespace lilt::studio
