#include "model/text_tensor.h"

#include <cstring>
#include <span>
#include <utility>

namespace lilt {

std::vector<std::uint64_t> words_of_text(std::string_view text) {
  std::vector<std::uint64_t> words((text.size() + 7) / 8);
  if (!text.empty()) std::memcpy(words.data(), text.data(), text.size());
  return words;
}

TensorView text_tensor(std::string name, const std::vector<std::uint64_t>& words) {
  return {std::move(name), DataType::kU64, {words.size()}, std::as_bytes(std::span(words))};
}

Result<std::string> text_of_tensor(const TensorView& tensor) {
  const auto* const bytes = reinterpret_cast<const char*>(tensor.bytes.data());
  std::string text(bytes, tensor.bytes.size());
  while (!text.empty() && text.back() == '\0') text.pop_back();
  const bool is_text = tensor.type == DataType::kU64 && text.find('\0') == std::string::npos &&
                       text.size() + 8 > tensor.bytes.size();
  if (is_text || (tensor.bytes.empty() && tensor.type == DataType::kU64)) return text;
  return Error{ErrorCode::kFormat, "the tensor " + tensor.name + ": expected text in whole words"};
}

}  // namespace lilt
