#include "corpus/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "base/random.h"

namespace lilt::corpus {

Result<std::vector<std::uint8_t>> split_families(const Families& families,
                                                 std::span<const double> shares,
                                                 std::uint64_t seed) {
  double sum = 0;
  for (const double share : shares) {
    if (!(share > 0) || !std::isfinite(share)) {
      return Error{ErrorCode::kOption, "expected shares above 0, found " + std::to_string(share)};
    }
    sum += share;
  }
  if (shares.size() < 2 || shares.size() > 255 || !std::isfinite(sum)) {
    return Error{ErrorCode::kOption,
                 "expected at least 2 shares, found " + std::to_string(shares.size())};
  }
  const std::size_t tunes = families.tunes();
  std::vector<std::uint32_t> order;  // of the first tunes of the families
  std::vector<std::uint32_t> sizes(tunes);
  for (std::size_t i = 0; i < tunes; ++i) {
    if (sizes[families.family(i)]++ == 0) order.push_back(static_cast<std::uint32_t>(i));
  }
  if (order.size() < shares.size()) {
    return Error{ErrorCode::kCorpus, "expected at least " + std::to_string(shares.size()) +
                                         " families of tunes to share out, found " +
                                         std::to_string(order.size())};
  }
  Random(seed, RandomStream::kSplit).shuffle(std::span(order));
  // What does not fit into every part comes while there is room for it elsewhere.
  const double smallest =
      *std::min_element(shares.begin(), shares.end()) / sum * static_cast<double>(tunes);
  std::stable_partition(order.begin(), order.end(), [&](std::uint32_t family) {
    return static_cast<double>(sizes[family]) > smallest;
  });

  std::vector<std::uint8_t> parts(tunes);
  std::vector<std::size_t> taken(shares.size());
  std::size_t seen = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::uint32_t family = order[k];
    const std::size_t size = sizes[family];
    // The last families go to parts that would stay empty otherwise.
    const auto empty = static_cast<std::size_t>(std::count(taken.begin(), taken.end(), 0));
    const bool only_empty = order.size() - k <= empty;
    // Whether a part is behind does not depend on the size of this family, or small parts would get
    // small families only; but what does not fit goes where there is most room.
    std::size_t chosen = 0, roomiest = 0;
    double most_behind = 0, most_room = 0;
    bool found = false, fits = false;
    for (std::size_t p = 0; p < shares.size(); ++p) {
      if (only_empty && taken[p] != 0) continue;
      const auto has = static_cast<double>(taken[p]);
      const double share = shares[p] / sum;
      const double room = std::ceil(share * static_cast<double>(tunes)) - has;
      const double behind = share * static_cast<double>(seen + 1) - has;
      if (!found || room > most_room) {
        most_room = room;
        roomiest = p;
      }
      if (static_cast<double>(size) <= room && (!fits || behind > most_behind)) {
        most_behind = behind;
        chosen = p;
        fits = true;
      }
      found = true;
    }
    if (!fits) chosen = roomiest;
    taken[chosen] += size;
    seen += size;
    parts[family] = static_cast<std::uint8_t>(chosen);
  }
  for (std::size_t i = 0; i < tunes; ++i) parts[i] = parts[families.family(i)];
  return parts;
}

}  // namespace lilt::corpus
