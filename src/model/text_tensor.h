// Text in a model file: a tensor of words that hold its bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/safetensors.h"

namespace lilt {

// Of a model of text in C: the forms of the tunes that it learnt (abc::outlines_text).
inline constexpr const char* kOutlinesTensor = "outlines";

// The bytes in whole words, filled up with zeros.
[[nodiscard]] std::vector<std::uint64_t> words_of_text(std::string_view text);
// A tensor of such words, which must outlive it.
[[nodiscard]] TensorView text_tensor(std::string name, const std::vector<std::uint64_t>& words);
// The text again. A tensor of another type, or with zeros within the text, is an error.
[[nodiscard]] Result<std::string> text_of_tensor(const TensorView& tensor);

}  // namespace lilt
