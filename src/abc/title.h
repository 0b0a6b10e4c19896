// What a title says of a tune.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lilt::abc {

// Whether it is a title that a person gave, and no number, name of a file or remark: a word of
// three letters or more, and no digits, underscores or brackets.
[[nodiscard]] bool is_title(std::string_view text);

// The dances by which tunes are told apart. 0: not known, 1: none of these.
inline constexpr std::size_t kDanceKinds = 24;
// Of the text of R:.
[[nodiscard]] std::uint8_t dance_kind(std::string_view rhythm);
// That a title names; 0: none.
[[nodiscard]] std::uint8_t dance_in_title(std::string_view title);
// Whether a tune of the one kind may be called the other: a slip jig a jig.
[[nodiscard]] bool may_be_called(std::uint8_t dance, std::uint8_t named);

}  // namespace lilt::abc
