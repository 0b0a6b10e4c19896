// The bodies of what is inlined into loops over whole collections.
#pragma once

#include <utility>

#include "base/text.h"

namespace lilt::corpus {

template <class Use>
Status CharacterDecoder::feed(std::string_view block, Use&& use) {
  std::string joined;
  if (!begun_.empty()) {
    joined = std::exchange(begun_, {}).append(block);
    block = joined;
  }
  constexpr std::size_t kLongestCharacter = 4;
  std::size_t at = 0;
  const std::uint64_t start = offset_;
  while (at < block.size()) {
    const auto byte = static_cast<unsigned char>(block[at]);
    const Utf8Step step = byte < 0x80 ? Utf8Step{byte, 1} : decode_utf8(block.substr(at));
    offset_ = start + at;
    if (step.bytes == 0 && block.size() - at >= kLongestCharacter) return not_utf8();
    if (step.bytes == 0) {
      begun_ = block.substr(at);
      return success();
    }
    const char32_t c = step.code_point;
    const bool dropped = (c == U'\n' && after_return_) || (c == kByteOrderMark && offset_ == 0);
    if (!dropped) use(c == U'\r' ? U'\n' : c);
    after_return_ = c == U'\r';
    at += step.bytes;
  }
  offset_ = start + at;
  return success();
}

template <class Use>
Status for_each_character(std::string_view text, const std::string& name, Use&& use) {
  CharacterDecoder decoder(name);
  Status fed = decoder.feed(text, use);
  return fed ? decoder.finish() : fed;
}

template <class Use>
Status read_characters(const std::string& path, Use&& use) {
  CharacterDecoder decoder(path);
  FileReader file(path);
  std::vector<char> block(std::size_t{1} << 16);
  while (const std::size_t size = file.read(block)) {
    if (Status fed = decoder.feed({block.data(), size}, use); !fed) return fed;
  }
  return decoder.finish();
}

}  // namespace lilt::corpus
