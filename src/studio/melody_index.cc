#include "studio/melody_index.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace lilt::studio {
namespace {

constexpr char kEnd = '\0';
constexpr std::size_t kPickup = 3;  // steps before the first bar that an opening may leave out
constexpr std::size_t kLongestNear = 60;  // steps that are searched with mistakes: bits of a word
constexpr std::size_t kLost = std::size_t{1} << 20;

int mistakes_allowed(std::size_t steps) { return steps < 6 ? 0 : steps < 10 ? 1 : 2; }

// Which steps of the run a step of a tune may be: a bit for each (Baeza-Yates and Gonnet, "A new
// approach to text searching", 1992).
using Masks = std::array<std::uint64_t, 256>;
Masks masks_of(std::string_view steps) {
  Masks masks{};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    masks[static_cast<unsigned char>(steps[i])] |= std::uint64_t{1} << i;
  }
  return masks;
}

// The fewest mistakes with which the run is somewhere in a tune, and where that ends first; more
// than `most`: it is not (Wu and Manber, "Fast text searching allowing errors", 1992).
struct NearMatch {
  int mistakes;
  std::size_t end;
};
NearMatch match_nearly(std::string_view tune, const Masks& masks, std::size_t size, int most) {
  const std::uint64_t whole = std::uint64_t{1} << (size - 1);
  std::array<std::uint64_t, 3> states{};  // [mistakes]: bit i: i + 1 steps of the run are matched
  for (int k = 1; k <= most; ++k) states[k] = (std::uint64_t{1} << k) - 1;
  NearMatch best{most + 1, 0};
  for (std::size_t at = 0; at < tune.size(); ++at) {
    const std::uint64_t mask = masks[static_cast<unsigned char>(tune[at])];
    std::uint64_t before = states[0];
    states[0] = ((before << 1) | 1) & mask;
    for (int k = 1; k <= most; ++k) {
      const std::uint64_t old = states[k];
      states[k] = (((old << 1) | 1) & mask) | (before << 1) | (states[k - 1] << 1) | before | 1;
      before = old;
    }
    for (int k = 0; k < best.mistakes; ++k) {
      if ((states[k] & whole) != 0) best = {k, at + 1};
    }
    if (best.mistakes == 0) break;
  }
  return best;
}

// The runs of a contour as numbers, 8 bits a step.
std::uint64_t next_gram(std::uint64_t gram, char step) {
  constexpr std::uint64_t kMask = (std::uint64_t{1} << 8 * kGram) - 1;
  return (gram << 8 | static_cast<unsigned char>(step)) & kMask;
}

// Each run once, in order.
std::vector<std::uint64_t> grams_of(std::string_view steps) {
  std::vector<std::uint64_t> grams;
  std::uint64_t gram = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    gram = next_gram(gram, steps[i]);
    if (i + 1 >= kGram) grams.push_back(gram);
  }
  std::sort(grams.begin(), grams.end());
  grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
  return grams;
}

// Which of some runs a tune has.
class GramCounter {
 public:
  explicit GramCounter(std::vector<std::uint64_t> grams)
      : grams_(std::move(grams)), tune_of_(grams_.size(), 0) {
    for (const std::uint64_t gram : grams_) filter_[hash(gram) / 64] |= bit(gram);
  }

  // How many.
  std::size_t count(std::string_view tune) {
    ++tune_;
    std::size_t found = 0;
    std::uint64_t gram = 0;
    for (std::size_t i = 0; i < tune.size(); ++i) {
      gram = next_gram(gram, tune[i]);
      if (i + 1 < kGram || (filter_[hash(gram) / 64] & bit(gram)) == 0) continue;
      const auto known = std::lower_bound(grams_.begin(), grams_.end(), gram);
      if (known == grams_.end() || *known != gram) continue;
      std::size_t& last = tune_of_[static_cast<std::size_t>(known - grams_.begin())];
      if (last != tune_) ++found;
      last = tune_;
    }
    return found;
  }

  [[nodiscard]] std::size_t size() const { return grams_.size(); }

 private:
  static constexpr int kBits = 16;
  static std::size_t hash(std::uint64_t gram) {
    return static_cast<std::size_t>(gram * 0x9e3779b97f4a7c15 >> (64 - kBits));
  }
  static std::uint64_t bit(std::uint64_t gram) { return std::uint64_t{1} << hash(gram) % 64; }

  std::vector<std::uint64_t> grams_;
  std::vector<std::size_t> tune_of_;  // that had each last
  std::array<std::uint64_t, (std::size_t{1} << kBits) / 64> filter_{};
  std::size_t tune_ = 0;
};

}  // namespace

void MelodyIndex::put(std::int64_t id, std::string_view steps) {
  remove(id);
  places_[id] = slots_.size();
  slots_.push_back({steps_.size(), id});
  // A 0 in what a damaged book has would end the tune.
  for (const char step : steps) steps_ += step == kEnd ? '\x01' : step;
  steps_ += kEnd;
}

void MelodyIndex::remove(std::int64_t id) {
  const auto place = places_.find(id);
  if (place == places_.end()) return;
  Slot& slot = slots_[place->second];
  const std::size_t size = end_of(place->second) - slot.begin;
  std::fill_n(steps_.begin() + static_cast<std::ptrdiff_t>(slot.begin), size, kEnd);
  slot.id = 0;
  lost_ += size + 1;
  places_.erase(place);
  if (lost_ > kLost && lost_ > steps_.size() / 2) compact();
}

void MelodyIndex::clear() { *this = MelodyIndex(); }

void MelodyIndex::compact() {
  MelodyIndex kept;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const std::size_t begin = slots_[i].begin;
    if (slots_[i].id != 0) {
      kept.put(slots_[i].id, std::string_view(steps_).substr(begin, end_of(i) - begin));
    }
  }
  *this = std::move(kept);
}

std::size_t MelodyIndex::end_of(std::size_t slot) const {
  return (slot + 1 < slots_.size() ? slots_[slot + 1].begin : steps_.size()) - 1;
}

std::size_t MelodyIndex::slot_at(std::size_t byte) const {
  const auto after =
      std::upper_bound(slots_.begin(), slots_.end(), byte,
                       [](std::size_t place, const Slot& slot) { return place < slot.begin; });
  return static_cast<std::size_t>(after - slots_.begin()) - 1;
}

std::vector<MelodyIndex::Match> MelodyIndex::find(std::string_view steps) const {
  if (steps.empty() || steps.find(kEnd) != std::string_view::npos) return {};
  std::vector<Match> found = find_exactly(steps);
  if (found.empty()) {
    const std::string_view start = steps.substr(0, kLongestNear);
    if (const int most = mistakes_allowed(start.size()); most > 0) found = find_nearly(start, most);
  }
  std::sort(found.begin(), found.end(), [](const Match& a, const Match& b) {
    const bool a_inside = a.at > kPickup, b_inside = b.at > kPickup;
    if (a.mistakes != b.mistakes) return a.mistakes < b.mistakes;
    return a_inside != b_inside ? b_inside : a.id > b.id;
  });
  return found;
}

std::vector<MelodyIndex::Match> MelodyIndex::find_exactly(std::string_view steps) const {
  std::vector<Match> found;
  const char* const begin = steps_.data();
  for (std::size_t at = 0; at < steps_.size();) {
    const void* hit = ::memmem(begin + at, steps_.size() - at, steps.data(), steps.size());
    if (hit == nullptr) break;
    const auto place = static_cast<std::size_t>(static_cast<const char*>(hit) - begin);
    const std::size_t slot = slot_at(place);
    found.push_back({slots_[slot].id, place - slots_[slot].begin, 0, steps.size()});
    at = end_of(slot) + 1;
  }
  return found;
}

std::vector<MelodyIndex::Match> MelodyIndex::find_nearly(std::string_view steps,
                                                         int mistakes) const {
  const Masks masks = masks_of(steps);
  std::vector<Match> found;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].id == 0) continue;
    const std::size_t begin = slots_[i].begin;
    const std::string_view tune = std::string_view(steps_).substr(begin, end_of(i) - begin);
    const NearMatch match = match_nearly(tune, masks, steps.size(), mistakes);
    if (match.mistakes > mistakes) continue;
    const std::size_t size = std::min(match.end, steps.size());
    found.push_back({slots_[i].id, match.end - size, match.mistakes, size});
  }
  return found;
}

std::vector<MelodyIndex::Neighbour> MelodyIndex::near(std::string_view steps,
                                                      std::size_t most) const {
  GramCounter counter(grams_of(steps));
  std::vector<Neighbour> found;
  if (counter.size() == 0) return found;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].id == 0) continue;
    const std::size_t begin = slots_[i].begin;
    const std::size_t shared =
        counter.count(std::string_view(steps_).substr(begin, end_of(i) - begin));
    if (shared == 0) continue;
    found.push_back(
        {slots_[i].id, static_cast<double>(shared) / static_cast<double>(counter.size())});
  }
  const auto nearer = [](const Neighbour& a, const Neighbour& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.id < b.id;
  };
  const std::size_t kept = std::min(most, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end(),
                    nearer);
  found.resize(kept);
  return found;
}

}  // namespace lilt::studio
