// Bad input is a value: what went wrong, where, and a sentence that helps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lilt {

enum class ErrorCode : std::uint8_t {
  kFormat,      // a file is not what it claims to be
  kEncoding,    // text is not UTF-8
  kVocabulary,  // a character the model has never seen
  kCorpus,      // a collection of tunes that cannot be learnt from
  kOption,      // a setting or a combination of settings that cannot work
  kNumeric,     // a figure that is not finite
  kStopped,     // whoever watched the work stopped it
};

// Where in the input something was found. Absent parts are unknown or do not apply.
struct Place {
  std::string source;                 // file name, or what the user would call the input
  std::optional<std::uint64_t> byte;  // offset from the start, counted from 0
  std::optional<std::uint64_t> line;  // counted from 1
  std::string field;                  // of options or a request, as JSON names it
};

struct Error {
  ErrorCode code;
  std::string
      message;  // what was expected, what was found, what to do; `other_field` in such marks
  Place place = {};

  // "source:line: field: message", leaving out what is unknown.
  [[nodiscard]] std::string to_string() const;
};

// The stable name of a code, for programs.
[[nodiscard]] std::string_view name(ErrorCode code);

}  // namespace lilt
