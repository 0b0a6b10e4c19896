// The instruments of General MIDI, and what folk musicians call them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lilt::score {

inline constexpr int kFlute = 73;  // programs count from 0

// The program that a text names: 1 … 128 as General MIDI counts, one of its names ("Acoustic Grand
// Piano"), or one of ours ("fiddle", "whistle", "pipes"); in any case, with - or _ for spaces.
[[nodiscard]] std::optional<int> find_instrument(std::string_view text);

// The General MIDI name of a program, 0 … 127.
[[nodiscard]] std::string_view instrument_name(int program);

// Our own names, for messages: "accordion, bagpipes, banjo, …".
[[nodiscard]] std::string usual_instruments();

}  // namespace lilt::score
