// Some of very many things, evenly taken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace lilt {

// Of things in a row, however many there will be, all or every second, fourth … one, so that there
// are `most` at most; that is at least 1.
template <class T>
class EvenSample {
 public:
  explicit EvenSample(std::size_t most) : most_(most) {}

  // Calls make() for the next one if it is taken.
  template <class Make>
  void add(Make&& make) {
    if (count_++ % step_ != 0) return;
    things_.push_back(make());
    if (things_.size() > most_) leave_out_every_second();
  }

  [[nodiscard]] const std::vector<T>& things() const { return things_; }

 private:
  void leave_out_every_second() {
    step_ *= 2;
    std::size_t kept = 1;
    for (std::size_t i = 2; i < things_.size(); i += 2) things_[kept++] = std::move(things_[i]);
    things_.erase(things_.begin() + static_cast<std::ptrdiff_t>(kept), things_.end());
  }

  std::size_t most_;
  std::uint64_t count_ = 0, step_ = 1;
  std::vector<T> things_;
};

}  // namespace lilt
