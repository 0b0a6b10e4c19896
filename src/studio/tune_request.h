// What routes about one tune are asked.
#pragma once

#include <string>
#include <utility>

#include "abc/tune.h"
#include "base/result.h"
#include "compose/request.h"
#include "studio/answer.h"
#include "studio/http.h"

namespace lilt::studio {

inline constexpr Field kAbcField{.name = "abc", .help = "A tune in ABC notation", .value = "ABC"};

// The body's members as a struct with a member `abc`. Errors: those of read_fields_of(), no tune,
// one that is too long.
template <class Struct>
[[nodiscard]] Result<Struct> read_tune_request(const HttpRequest& request) {
  Result<Struct> asked = read_fields_of<Struct>(request);
  if (!asked) return asked;
  if (asked->abc.empty()) {
    return Error{ErrorCode::kFormat, "expected a tune, found none", {.field = "abc"}};
  }
  if (asked->abc.size() > compose::kLongestGiven) {
    return bad_value(kAbcField, "at most " + std::to_string(compose::kLongestGiven) + " bytes",
                     std::to_string(asked->abc.size()));
  }
  return asked;
}

// The error as one of the tune that was sent.
[[nodiscard]] inline HttpResponse tune_error(Error error) {
  if (error.place.field.empty()) error.place.field = "abc";
  return error_answer(error);
}

}  // namespace lilt::studio
