// The plan of a tune as a JSON object, and a form of such an object.
//
//   {"key": "G", "meter": "6/8",
//    "sections": [{"bars": 8, "repeated": true, "endings": [1, 1]}, {"bars": 8}],
//    "bars": [{"returns": "new"}, {"returns": "exact", "to": 1}, {}, {"rest": [0, 2]}, …]}
//
// The bars of a section go up to its repeat, its first ending among them; `endings` are the bars of
// its first and its second one. `bars` are those of the tune as written, each ending by itself. A
// bar returns "exact", "near", in "sequence" (by "shift" steps), "contour" or "rhythm" to an
// earlier one, from 1, or is "new"; nothing: that is open. Where it ends a phrase, it rests so many
// semitones above the tonic, and how long: 0 less than a beat, 1 less than two, 2 more.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/result.h"
#include "compose/form.h"
#include "compose/plan.h"

namespace lilt::compose {

// What the plan says of key, metre and form; null where it says nothing of them.
[[nodiscard]] nlohmann::ordered_json plan_to_json(const Plan& plan);

// The form of a plan, of which the bars may be left out, in full or from some place on. `bars` as
// in parse_form(). Errors name the field and the place in the plan.
[[nodiscard]] Result<Form> form_of_plan(const std::string& json, int bars);

}  // namespace lilt::compose
