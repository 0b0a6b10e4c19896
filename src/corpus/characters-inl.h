// The body of for_each_character(), which is inlined into loops over whole collections.
#pragma once

#include "base/text.h"

namespace lilt::corpus {

template <class Use>
Status for_each_character(std::string_view text, const std::string& name, Use&& use) {
  bool after_return = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const Utf8Step step = byte < 0x80 ? Utf8Step{byte, 1} : decode_utf8(text.substr(at));
    if (step.bytes == 0) {
      return Error{ErrorCode::kEncoding,
                   "expected UTF-8 text, found a byte that is not; convert the file, for instance "
                   "with iconv -f LATIN1 -t UTF-8",
                   {.source = name, .byte = at, .line = {}}};
    }
    const char32_t c = step.code_point;
    const bool dropped = (c == U'\n' && after_return) || (c == kByteOrderMark && at == 0);
    if (!dropped) use(c == U'\r' ? U'\n' : c);
    after_return = c == U'\r';
    at += step.bytes;
  }
  return success();
}

}  // namespace lilt::corpus
