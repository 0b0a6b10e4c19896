#include "base/error.h"

namespace lilt {

std::string Error::to_string() const {
  std::string text;
  if (!place.source.empty()) text += place.source;
  if (place.line) text += (text.empty() ? "line " : ":") + std::to_string(*place.line);
  if (place.byte) text += (text.empty() ? "byte " : ": byte ") + std::to_string(*place.byte);
  if (!place.field.empty()) text += (text.empty() ? "" : ": ") + place.field;
  return text.empty() ? message : text + ": " + message;
}

std::string_view name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kFormat:
      return "format";
    case ErrorCode::kEncoding:
      return "encoding";
    case ErrorCode::kVocabulary:
      return "vocabulary";
    case ErrorCode::kCorpus:
      return "corpus";
    case ErrorCode::kOption:
      return "option";
    case ErrorCode::kNumeric:
      return "numeric";
    case ErrorCode::kStopped:
      return "stopped";
  }
  return "unknown";
}

}  // namespace lilt
