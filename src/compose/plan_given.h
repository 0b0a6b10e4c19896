// What plans that start from a given tune have in common.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "abc/cursor.h"
#include "abc/next_characters.h"
#include "base/result.h"
#include "compose/given_tune.h"
#include "compose/plan.h"
#include "compose/wishes.h"
#include "model/config.h"

namespace lilt::compose {

struct GivenPlan {
  GivenTune tune;
  abc::Requirements requirements;
};

// The tune, and what is required of new music in it. Wishes for what the tune keeps are errors.
[[nodiscard]] Result<GivenPlan> plan_for(const std::string& text, const Wishes& wishes,
                                         const abc::Alphabet& alphabet, const TextConfig& form);

// What a model of text in C is told of the tune.
void tell_of(const GivenTune& tune, Plan& plan);

// Reads on up to that byte of a text in UTF-8, or one character.
void read_on(std::string_view text, std::size_t to, abc::Cursor& cursor);

}  // namespace lilt::compose
