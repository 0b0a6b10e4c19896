// The names of an enumeration's values, written down once for both directions.
//
// Beside an enumeration whose values count from 0 stands
//
//   constexpr auto names_of(Schedule) { return names<Schedule>("constant", "cosine", "step"); }
//
// which does not compile unless every value has a name.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace lilt {

// Whether a value has an enumerator. The compilers write it as "lilt::Schedule::kStep", and what is
// none as "(lilt::Schedule)3".
template <class Enum, Enum kValue>
constexpr bool is_enumerator() {
  const std::string_view text = __PRETTY_FUNCTION__;
  const char first = text[text.find_last_of("):") + 1];
  return !(first >= '0' && first <= '9');
}

template <class Enum, class... Text>
constexpr std::array<std::string_view, sizeof...(Text)> names(Text... text) {
  constexpr std::size_t kCount = sizeof...(Text);
  static_assert(is_enumerator<Enum, static_cast<Enum>(kCount - 1)>(), "a name that has no value");
  static_assert(!is_enumerator<Enum, static_cast<Enum>(kCount)>(), "a value that has no name");
  return {text...};
}

template <class T>
concept Named = std::is_enum_v<T> && requires(T value) {
  names_of(value);
};

template <Named Enum>
[[nodiscard]] constexpr std::string_view name_of(Enum value) {
  constexpr auto kNames = names_of(Enum{});
  return kNames[static_cast<std::size_t>(value)];
}

template <Named Enum>
[[nodiscard]] constexpr std::optional<Enum> value_named(std::string_view name) {
  constexpr auto kNames = names_of(Enum{});
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Enum>(i);
  }
  return {};
}

// "constant, cosine or step".
template <Named Enum>
[[nodiscard]] std::string alternatives() {
  constexpr auto kNames = names_of(Enum{});
  std::string text;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (i > 0) text += i + 1 == kNames.size() ? " or " : ", ";
    text += kNames[i];
  }
  return text;
}

}  // namespace lilt
