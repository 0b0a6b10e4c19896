#include "corpus/characters.h"

namespace lilt::corpus {

Status CharacterDecoder::finish() const {
  if (begun_.empty()) return success();
  return not_utf8();
}

Error CharacterDecoder::not_utf8() const {
  return {ErrorCode::kEncoding,
          "expected UTF-8 text, found a byte that is not; convert the file, for instance "
          "with iconv -f LATIN1 -t UTF-8",
          {.source = name_, .byte = offset_, .line = {}}};
}

}  // namespace lilt::corpus
