// Free streams go to the requests in turn, piece by piece.
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <memory>
#include <optional>

#include "compose/batch.h"
#include "compose/commission.h"

namespace lilt::compose {

// A request that was submitted.
using Ticket = std::size_t;

// Begins tunes until the batch is full, `most` of them are busy or no request has more to draw.
// `turn` is the request whose tune was begun last: where that was the last draft of a piece, the
// next request is next, so that a piece need not wait for the drafts of all others. A job has a
// commission.
template <class Job>
void begin_in_turn(const std::map<Ticket, std::shared_ptr<Job>>& jobs, Ticket& turn, Batch& batch,
                   std::size_t most = std::numeric_limits<std::size_t>::max()) {
  std::size_t without = 0;  // requests in a row that have nothing more to draw
  while (batch.has_room() && batch.busy() < most && without < jobs.size()) {
    auto job = jobs.find(turn);
    if (job == jobs.end() || !job->second->commission->is_within_piece()) {
      job = jobs.upper_bound(turn);
    }
    if (job == jobs.end()) job = jobs.begin();
    turn = job->first;
    const std::optional<Order> order = job->second->commission->next();
    without = order ? 0 : without + 1;
    if (order) batch.begin(job->second->commission, *order, turn);
  }
}

}  // namespace lilt::compose
