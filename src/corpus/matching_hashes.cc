#include "corpus/matching_hashes.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace lilt::corpus {

void MatchingHashes::add(std::uint64_t hash, std::uint32_t tune) {
  if (held_.size() == most_held_) move_to_file();
  held_.push_back({static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(hash), tune});
}

void MatchingHashes::move_to_file() {
  std::array<std::uint32_t, (1U << kPartBits) + 1> starts{};
  for (const Entry& entry : held_) ++starts[part_of(entry) + 1];
  for (std::size_t p = 1; p < starts.size(); ++p) starts[p] += starts[p - 1];
  std::vector<Entry> sorted(held_.size());
  auto next = starts;
  for (const Entry& entry : held_) sorted[next[part_of(entry)]++] = entry;

  if (!file_) file_.emplace();
  for (std::uint32_t p = 0; p + 1 < starts.size(); ++p) {
    const std::uint32_t count = starts[p + 1] - starts[p];
    if (count == 0) continue;
    const std::span<const Entry> part = std::span(sorted).subspan(starts[p], count);
    extents_.push_back({file_->append(std::as_bytes(part)), count, p});
  }
  held_.clear();
}

void MatchingHashes::load(std::span<const Extent> part, std::uint32_t slice, std::uint32_t slices) {
  held_.clear();
  std::vector<Entry> read;
  for (const Extent& extent : part) {
    read.resize(extent.count);
    file_->read(extent.offset, std::as_writable_bytes(std::span(read)));
    for (const Entry& entry : read) {
      if (entry.low % slices == slice) held_.push_back(entry);
    }
  }
}

void MatchingHashes::match_held(const Match& match) {
  std::sort(held_.begin(), held_.end());
  const Entry* first = nullptr;
  for (const Entry& entry : held_) {
    if (first == nullptr || first->high != entry.high || first->low != entry.low) {
      first = &entry;
    } else {
      match(first->tune, entry.tune);
    }
  }
}

void MatchingHashes::take_matches(const Match& match) {
  if (!file_) {
    match_held(match);
    *this = MatchingHashes(most_held_);
    return;
  }
  move_to_file();
  std::stable_sort(extents_.begin(), extents_.end(),
                   [](const Extent& a, const Extent& b) { return a.part < b.part; });
  for (auto begin = extents_.begin(); begin != extents_.end();) {
    const auto end = std::find_if(begin, extents_.end(),
                                  [&](const Extent& extent) { return extent.part != begin->part; });
    std::uint64_t size = 0;
    for (auto extent = begin; extent != end; ++extent) size += extent->count;
    const auto slices = static_cast<std::uint32_t>(1 + size / (8 * most_held_));
    held_.reserve(size / slices);
    for (std::uint32_t slice = 0; slice < slices; ++slice) {
      load({begin, end}, slice, slices);
      match_held(match);
    }
    begin = end;
  }
  *this = MatchingHashes(most_held_);
}

}  // namespace lilt::corpus
