// Tunes that are drawn in step, each its own stream of the network, so that the weights are read
// once for all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "compose/commission.h"
#include "compose/harmoniser.h"
#include "compose/model.h"
#include "compose/tune_writer.h"
#include "infer/engine.h"

namespace lilt::compose {

// More streams of one thread share the weights no better.
inline constexpr std::size_t kUsualStreams = 16;

class Batch {
 public:
  Batch(const Model& model, std::size_t streams);

  [[nodiscard]] std::size_t busy() const { return busy_ + harmonies_.size(); }
  [[nodiscard]] bool has_room() const { return busy_ < streams_.size() && harmonies_.empty(); }

  // Starts a tune in a stream that is free. The owner comes back with the draft.
  void begin(std::shared_ptr<Commission> commission, const Order& order, std::size_t owner);

  // Draws a character of each tune. Gives those that are finished to done(owner, order, draft), and
  // forgets those of commissions that are cancelled. Between two tunes nothing is remembered. What
  // done() throws passes through; the other tunes go on with the next step.
  using Done = std::function<void(std::size_t owner, const Order& order, Draft draft)>;
  void step(const Done& done);

  // Characters that the network has read so far.
  [[nodiscard]] std::uint64_t characters() const { return characters_; }

 private:
  struct Stream {
    explicit Stream(const Model& model) : writer(model.vocabulary(), model.alphabet()) {}

    TuneWriter writer;
    std::shared_ptr<Commission> commission;
    std::shared_ptr<const Plan> plan;
    Order order;
    std::size_t owner = 0;
    std::uint64_t drawn = 0;
    bool has_asked = false;  // about the title
    // The tune as it was before its last bars, and how often they were drawn anew from there.
    std::optional<TuneWriter> kept;
    bool has_kept = false;
    std::uint64_t turned_back = 0;
  };

  // A tune that gets chord symbols: a harmoniser has streams of its own.
  struct Harmony {
    std::shared_ptr<Commission> commission;
    std::shared_ptr<const Plan> plan;
    Order order;
    std::size_t owner = 0;
    std::unique_ptr<Harmoniser> harmoniser;
  };

  void harmonise(const Done& done);
  void draw_anew(std::size_t n);
  void keep_before_end(std::size_t n);
  void turn_back(std::size_t n);
  [[nodiscard]] std::size_t kept_state(std::size_t n) const { return streams_.size() + n; }
  void read_and_write();
  void settle_all(const Done& done);
  void settle(std::size_t n, const Done& done);
  void release(std::size_t n);

  Model model_;
  infer::Engine engine_;  // as many states again for those that are kept
  // Those that are busy come first. The others are made when they are first needed.
  std::vector<std::unique_ptr<Stream>> streams_;
  std::size_t busy_ = 0;
  std::vector<Harmony> harmonies_;  // one at most
  std::vector<Token> tokens_, features_;
  std::uint64_t characters_ = 0;
};

}  // namespace lilt::compose
