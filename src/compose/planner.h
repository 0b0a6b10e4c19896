// Plans the pieces of a request.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "compose/model.h"
#include "compose/plan.h"
#include "compose/request.h"
#include "compose/sketch.h"
#include "compose/variation.h"

namespace lilt::compose {

// May be asked by any thread at any time.
class Planner {
 public:
  // The model must outlive the planner. Errors are those of the request.
  [[nodiscard]] static Result<Planner> of(const Request& request, const Model& model,
                                          std::uint8_t dialect);

  // Of the piece with that seed. Of a model of text in C each piece has its own, otherwise all have
  // the same.
  [[nodiscard]] std::shared_ptr<const Plan> plan(std::uint64_t seed) const;

 private:
  std::shared_ptr<const Plan> plan_;  // of all pieces; otherwise
  std::optional<Variation> variation_;
  std::string reservation_;  // what is to be said of the model
  std::optional<NewTuneWishes> wishes_;
  std::optional<Sketches> sketches_;
};

}  // namespace lilt::compose
