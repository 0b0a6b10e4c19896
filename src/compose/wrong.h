// What is wrong with a request: errors that name the field.
#pragma once

#include <string>
#include <utility>

#include "base/error.h"

namespace lilt::compose {

[[nodiscard]] inline Error wrong(std::string field, std::string message) {
  return {ErrorCode::kOption, std::move(message), {.field = std::move(field)}};
}

// Of the tune that was given to go on from.
[[nodiscard]] inline Error wrong_tune(std::string message) {
  return {ErrorCode::kFormat, std::move(message), {.field = "tune"}};
}

}  // namespace lilt::compose
