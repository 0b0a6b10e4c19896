// Bytes that are shared: whoever has a copy keeps them alive.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace lilt {

class Bytes {
 public:
  Bytes() = default;

  // Takes over what holds them, and has a member bytes(): a file that is mapped into memory.
  template <class Holder>
  [[nodiscard]] static Bytes of(Holder holder) {
    const auto owner = std::make_shared<const Holder>(std::move(holder));
    return {owner, owner->bytes()};
  }
  [[nodiscard]] static Bytes of(std::vector<std::byte> held) {
    const auto owner = std::make_shared<const std::vector<std::byte>>(std::move(held));
    return {owner, std::span(*owner)};
  }
  [[nodiscard]] static Bytes copy_of(std::span<const std::byte> bytes) {
    return of(std::vector<std::byte>(bytes.begin(), bytes.end()));
  }

  [[nodiscard]] std::span<const std::byte> span() const { return span_; }

 private:
  Bytes(std::shared_ptr<const void> owner, std::span<const std::byte> span)
      : owner_(std::move(owner)), span_(span) {}

  std::shared_ptr<const void> owner_;
  std::span<const std::byte> span_;
};

}  // namespace lilt
