#include "compose/rhythm.h"

#include <array>
#include <vector>

#include "base/nearest.h"
#include "compose/wrong.h"

namespace lilt::compose {
namespace {

// The metres that collections have for them, the usual one first. No metres: any.
struct Dance {
  std::string_view name;
  std::string_view metres;
  bool has_usual = false;  // the first is meant where none is said
};
constexpr std::array kDances = {
    Dance{"jig", "6/8 9/8 12/8", true},
    Dance{"double jig", "6/8 12/8", true},
    Dance{"single jig", "6/8 12/8", true},
    Dance{"slip jig", "9/8", true},
    Dance{"hop jig", "9/8", true},
    Dance{"slide", "12/8 6/8", true},
    Dance{"polka", "2/4 4/4 C C|", true},
    Dance{"waltz", "3/4 3/8", true},
    Dance{"mazurka", "3/4 3/8", true},
    Dance{"minuet", "3/4 3/8"},
    Dance{"reel", "4/4 C| C 2/2 2/4"},
    Dance{"hornpipe", "4/4 C 2/4"},
    Dance{"strathspey", "4/4 C C| 2/2 2/4"},
    Dance{"schottische", "4/4 C C| 2/2 2/4"},
    Dance{"barndance", "4/4 C C| 2/2 2/4"},
    Dance{"highland fling", "4/4 C C| 2/2 2/4"},
    Dance{"march", ""},
    Dance{"air", ""},
    Dance{"slow air", ""},
    Dance{"song", ""},
    Dance{"set dance", ""},
    Dance{"quickstep", ""},
    Dance{"galop", ""},
    Dance{"rant", ""},
    Dance{"polska", ""},
    Dance{"slängpolska", ""},
    Dance{"schottis", ""},
    Dance{"bourrée", ""},
};

// In capital letters or small ones.
const Dance* find(std::string_view rhythm) {
  const auto small = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  std::string name(rhythm);
  for (char& c : name) c = small(c);
  for (const Dance& dance : kDances) {
    if (dance.name == name) return &dance;
  }
  return nullptr;
}

// Calls use(metre) for each metre of a dance, as it is written.
template <class Use>
void for_each_metre(std::string_view metres, Use&& use) {
  while (!metres.empty()) {
    const std::size_t end = std::min(metres.find(' '), metres.size());
    use(metres.substr(0, end));
    metres.remove_prefix(std::min(end + 1, metres.size()));
  }
}

}  // namespace

std::optional<abc::Metre> usual_metre(std::string_view rhythm) {
  const Dance* const dance = find(rhythm);
  if (dance == nullptr || !dance->has_usual) return std::nullopt;
  return abc::parse_metre(std::string(dance->metres.substr(0, dance->metres.find(' '))));
}

Status check_metre_of(std::string_view rhythm, const abc::Metre& metre) {
  const Dance* const dance = find(rhythm);
  if (dance == nullptr || dance->metres.empty()) return success();
  bool is_one = false;
  std::string all;
  for_each_metre(dance->metres, [&](std::string_view text) {
    is_one |= abc::parse_metre(std::string(text)) == metre;
    all.append(all.empty() ? "" : ", ").append(text);
  });
  if (is_one) return success();
  return wrong("meter", "expected a metre in which a " + std::string(dance->name) +
                            " is written (" + all + "), or another `rhythm`, found " +
                            metre.to_string());
}

std::string meant_rhythm(std::string_view rhythm) {
  if (find(rhythm) != nullptr) return {};
  std::vector<std::string_view> names;
  names.reserve(kDances.size());
  for (const Dance& dance : kDances) names.push_back(dance.name);
  return nearest(rhythm, names);
}

}  // namespace lilt::compose
