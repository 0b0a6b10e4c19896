#include "base/nearest.h"

#include <algorithm>
#include <vector>

namespace lilt {
namespace {

// Longer texts are no slips of the finger, and would take time.
constexpr std::size_t kLongest = 64;

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::size_t typing_distance(std::string_view a, std::string_view b) {
  if (a.size() > kLongest || b.size() > kLongest) return std::max(a.size(), b.size());
  // Distances of the beginnings of b to that of a which ends two, one and no characters back.
  std::vector<std::size_t> before_last, last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = small(a[i - 1]) == small(b[j - 1]);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && small(a[i - 1]) == small(b[j - 2]) &&
          small(a[i - 2]) == small(b[j - 1])) {
        now[j] = std::min(now[j], before_last[j - 2] + 1);
      }
    }
    before_last = last;
    std::swap(last, now);
  }
  return last[b.size()];
}

std::size_t farthest_slip(std::string_view text) {
  return std::clamp<std::size_t>(text.size() / 3, 1, 3);
}

}  // namespace lilt
