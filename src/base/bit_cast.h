// std::bit_cast, which the standard library of Debian's Emscripten has not.
#pragma once

namespace lilt {

template <class To, class From>
[[nodiscard]] constexpr To bit_cast(const From& from) {
  static_assert(sizeof(To) == sizeof(From));
  return __builtin_bit_cast(To, from);
}

}  // namespace lilt
