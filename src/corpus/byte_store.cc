#include "corpus/byte_store.h"

#include <cassert>
#include <cstring>

namespace lilt::corpus {

std::uint64_t ByteStore::append(std::span<const std::byte> bytes) {
  if (!file_ && held_.size() + bytes.size() > most_held_) {
    file_.emplace();
    file_->append(held_);
    held_ = {};
  }
  if (file_) return file_->append(bytes);
  const std::uint64_t offset = held_.size();
  held_.insert(held_.end(), bytes.begin(), bytes.end());
  return offset;
}

void ByteStore::read(std::uint64_t offset, std::span<std::byte> bytes) const {
  if (file_) return file_->read(offset, bytes);
  assert(offset + bytes.size() <= held_.size());
  if (!bytes.empty()) std::memcpy(bytes.data(), held_.data() + offset, bytes.size());
}

}  // namespace lilt::corpus
