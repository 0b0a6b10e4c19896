// The processes that learn one model together, as training sees them: they carry bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <type_traits>
#include <vector>

#include "base/environment_error.h"
#include "base/result.h"

namespace lilt::train {

class Ranks {
 public:
  struct Outgoing {
    std::size_t to;
    std::span<const std::byte> bytes;
  };
  struct Incoming {
    std::size_t from;
    std::span<std::byte> bytes;
  };

  virtual ~Ranks() = default;

  [[nodiscard]] virtual std::size_t size() const = 0;
  [[nodiscard]] virtual std::size_t rank() const = 0;  // of this process, from 0
  // Returns when all of these have gone and come. What one rank sends to another comes in the order
  // in which it was sent, in messages of the sizes that are expected. Throws EnvironmentError.
  virtual void exchange(std::span<const Outgoing> out, std::span<const Incoming> in) = 0;
  // Ends the other ranks with this code, and maybe this one: it cannot go on.
  virtual void abandon(int /*code*/) {}

  // Rank 0 writes files and tells people.
  [[nodiscard]] bool is_first() const { return rank() == 0; }
};

// This process, by itself.
class Alone : public Ranks {
 public:
  [[nodiscard]] std::size_t size() const override { return 1; }
  [[nodiscard]] std::size_t rank() const override { return 0; }
  void exchange(std::span<const Outgoing> /*out*/, std::span<const Incoming> /*in*/) override {}
};

// So many things divided evenly among the ranks: rank r has those from cuts[r] to cuts[r + 1] − 1.
[[nodiscard]] std::vector<std::size_t> even_cuts(std::size_t count, std::size_t ranks);

// Bytes cuts[r] … cuts[r + 1] − 1 are what rank r has of the whole; afterwards everyone has all.
void share_bytes(Ranks& ranks, std::span<std::byte> whole, const std::vector<std::size_t>& cuts);

// The same for plain things, cut between them.
template <class T>
void share(Ranks& ranks, std::span<T> whole, std::vector<std::size_t> cuts) {
  static_assert(std::is_trivially_copyable_v<T>);
  for (std::size_t& cut : cuts) cut *= sizeof(T);
  share_bytes(ranks, std::as_writable_bytes(whole), cuts);
}

// What every rank says, in the order of ranks.
template <class T>
[[nodiscard]] std::vector<T> said_by_all(Ranks& ranks, const T& mine) {
  std::vector<T> all(ranks.size());
  all[ranks.rank()] = mine;
  share(ranks, std::span(all), even_cuts(ranks.size(), ranks.size()));
  return all;
}

// A failure that all ranks know of, so that each may end by itself.
class FailureOfAll : public EnvironmentError {
 public:
  using EnvironmentError::EnvironmentError;
};

// Takes a step that may fail on some ranks alone: where it does, all get the error of the first of
// those, or its EnvironmentError as a FailureOfAll, and none goes on. Of one rank it is the step
// alone.
[[nodiscard]] Status together(Ranks& ranks, const std::function<Status()>& step);

}  // namespace lilt::train
