#include "compose/session.h"

#include <utility>

namespace lilt::compose {

Result<Ticket> Session::submit(const Request& request, Sink& sink) {
  Result<std::shared_ptr<Commission>> commission = Commission::of(model_, request);
  if (!commission) return commission.error();
  jobs_.emplace(++last_, std::make_shared<Job>(Job{*std::move(commission), &sink}));
  return last_;
}

void Session::cancel(Ticket ticket) {
  const auto job = jobs_.find(ticket);
  if (job == jobs_.end()) return;
  job->second->commission->cancel();
  jobs_.erase(job);
}

bool Session::step() {
  begin_in_turn(jobs_, turn_, batch_);
  batch_.step([this](Ticket ticket, const Order& order, Draft draft) {
    take(ticket, order, std::move(draft));
  });
  return !jobs_.empty();
}

void Session::take(Ticket ticket, const Order& order, Draft draft) {
  const auto found = jobs_.find(ticket);
  if (found == jobs_.end()) return;
  const std::shared_ptr<Job> job = found->second;
  // Should the sink throw, it is not called again; should it cancel, the job is gone.
  struct Guard {
    Session& session;
    Ticket ticket;
    const Commission& commission;
    bool is_done = false;
    ~Guard() {
      if (!is_done || commission.is_over()) session.cancel(ticket);
    }
  } guard{*this, ticket, *job->commission};
  job->commission->take(order, std::move(draft), *job->sink);
  guard.is_done = true;
}

}  // namespace lilt::compose
