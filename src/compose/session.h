// Composes what several people ask for, in one batch: no threads, no files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "base/result.h"
#include "compose/batch.h"
#include "compose/commission.h"
#include "compose/model.h"
#include "compose/request.h"
#include "compose/sink.h"
#include "compose/turns.h"

namespace lilt::compose {

// Which pieces come of a request does not depend on the other requests, nor on the number of
// streams. Used by one thread at a time.
class Session {
 public:
  explicit Session(Model model, std::size_t streams = kUsualStreams)
      : model_(std::move(model)), batch_(model_, streams == 0 ? 1 : streams) {}

  // The sink must outlive the request: until all its pieces are there, or it is cancelled.
  [[nodiscard]] Result<Ticket> submit(const Request& request, Sink& sink);
  // From here on its sink is not called. A request that is over is cancelled without effect.
  void cancel(Ticket ticket);

  // Goes on with all requests by a character of each tune under way. False: all is done. What a
  // sink throws passes through; its request is cancelled then.
  bool step();

  [[nodiscard]] bool is_under_way(Ticket ticket) const { return jobs_.count(ticket) > 0; }
  [[nodiscard]] std::uint64_t characters() const { return batch_.characters(); }

 private:
  struct Job {
    std::shared_ptr<Commission> commission;
    Sink* sink;
  };

  void take(Ticket ticket, const Order& order, Draft draft);

  Model model_;
  Batch batch_;
  std::map<Ticket, std::shared_ptr<Job>> jobs_;
  Ticket last_ = 0;  // that was given out
  Ticket turn_ = 0;  // whose tune was begun last: each has its turn
};

}  // namespace lilt::compose
