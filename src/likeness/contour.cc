#include "likeness/contour.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "abc/tune.h"
#include "base/text.h"

namespace lilt::likeness {
namespace {

constexpr int kWidest = 63;  // semitones
constexpr std::size_t kFewest = 2;
constexpr std::string_view kBetween = " \t\r\n,";

char byte_of(int step) { return static_cast<char>(kLevel + std::clamp(step, -kWidest, kWidest)); }

// A step as it is typed: "2", "+2", "-4".
std::optional<int> read_step(std::string_view word) {
  if (word.starts_with('+')) word.remove_prefix(1);
  int step = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), step);
  if (error != std::errc() || end != word.data() + word.size()) return {};
  return step;
}

// Nothing where a word is no number.
std::optional<std::string> read_steps(std::string_view typed) {
  std::string steps;
  for (std::size_t at = typed.find_first_not_of(kBetween); at < typed.size();
       at = typed.find_first_not_of(kBetween, at)) {
    const std::size_t end = std::min(typed.find_first_of(kBetween, at), typed.size());
    const std::optional<int> step = read_step(typed.substr(at, end - at));
    if (!step) return {};
    if (*step != 0) steps += byte_of(*step);
    at = end;
  }
  return steps;
}

std::string read_notes(std::string_view typed) {
  const bool is_tune = typed.starts_with("X:");
  const std::string head = is_tune ? "" : "X:1\nM:none\nL:1/8\nK:C\n";
  const abc::Tune tune = abc::read_tune(head + std::string(typed) + "\n").tune;
  return contour_of(melody_of(tune)).steps;
}

}  // namespace

Contour contour_of(std::span<const MelodyNote> melody) {
  Contour contour;
  for (std::size_t i = 1; i < melody.size(); ++i) {
    const int step = melody[i].pitch - melody[i - 1].pitch;
    if (step == 0) continue;
    contour.steps += byte_of(step);
    contour.notes.push_back(i - 1);
  }
  return contour;
}

Result<std::string> read_contour(std::string_view typed) {
  const std::optional<std::string> typed_steps = read_steps(typed);
  std::string steps = typed_steps ? *typed_steps : read_notes(typed);
  if (steps.size() >= kFewest) return steps;
  return Error{ErrorCode::kOption,
               "expected three different notes or more, such as D E F A, or steps in semitones "
               "such as +2 +1 +4; found " +
                   escaped(shortened(typed, 60)),
               {.field = "melody"}};
}

}  // namespace lilt::likeness
