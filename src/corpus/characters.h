// Files of tunes as a stream of characters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace lilt::corpus {

// Takes UTF-8 text in blocks of bytes and calls use(code point) for each character in order. A
// byte-order mark at the start is dropped; CR LF and CR count as LF. Text that is not UTF-8 is an
// error with the byte offset.
class CharacterDecoder {
 public:
  explicit CharacterDecoder(std::string name) : name_(std::move(name)) {}

  template <class Use>
  Status feed(std::string_view block, Use&& use);
  Status finish() const;

 private:
  [[nodiscard]] Error not_utf8() const;

  std::string name_;          // of the text, in errors
  std::uint64_t offset_ = 0;  // of what comes next
  bool after_return_ = false;
  std::string begun_;  // a character whose end has not come
};

// The characters of one text, or of a file, which is read block by block. Throws EnvironmentError
// when it cannot be read.
template <class Use>
Status for_each_character(std::string_view text, const std::string& name, Use&& use);
template <class Use>
Status read_characters(const std::string& path, Use&& use);

}  // namespace lilt::corpus

#include "corpus/characters-inl.h"
