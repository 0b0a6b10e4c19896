#include "compose/driver.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

namespace lilt::compose {

// A request under way. Which tune of it is next, `Driver::mutex_` guards; what has come of it, its
// own.
struct Driver::Job {
  Job(std::shared_ptr<Commission> of, Sink* to, std::function<void()> then)
      : commission(std::move(of)), sink(to), when_over(std::move(then)) {}

  void tell_that_it_is_over() {
    over.notify_all();
    if (const auto then = std::exchange(when_over, nullptr)) then();
  }

  std::shared_ptr<Commission> commission;
  Sink* sink;
  std::mutex mutex;
  std::condition_variable_any over;
  std::function<void()> when_over;
  std::exception_ptr failure;
};

Driver::Driver(Model model, std::size_t threads)
    : model_(std::move(model)), thread_count_(std::max<std::size_t>(1, threads)) {
  for (std::size_t i = 0; i < thread_count_; ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  }
}

Driver::~Driver() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

Result<Ticket> Driver::submit(const Request& request, Sink& sink, std::function<void()> when_over) {
  Result<std::shared_ptr<Commission>> commission = Commission::of(model_, request);
  if (!commission) return commission.error();
  auto job = std::make_shared<Job>(*std::move(commission), &sink, std::move(when_over));
  const std::lock_guard lock(mutex_);
  jobs_.emplace(++last_, std::move(job));
  work_.notify_all();
  return last_;
}

std::shared_ptr<Driver::Job> Driver::find(Ticket ticket) const {
  const std::lock_guard lock(mutex_);
  const auto job = jobs_.find(ticket);
  return job == jobs_.end() ? nullptr : job->second;
}

void Driver::cancel(Ticket ticket) {
  const std::shared_ptr<Job> job = find(ticket);
  if (!job) return;
  {
    const std::lock_guard lock(job->mutex);
    job->when_over = nullptr;
    job->commission->cancel();
    job->over.notify_all();
  }
  const std::lock_guard lock(mutex_);
  jobs_.erase(ticket);
}

Progress Driver::wait(Ticket ticket, const std::stop_token& stop) {
  const std::shared_ptr<Job> job = find(ticket);
  if (!job) return {};
  {
    std::unique_lock lock(job->mutex);
    job->over.wait(lock, stop, [&] { return job->commission->is_over(); });
  }
  cancel(ticket);
  if (job->failure) std::rethrow_exception(job->failure);
  return job->commission->progress();
}

std::uint64_t Driver::characters() const {
  const std::lock_guard lock(mutex_);
  return characters_;
}

// Should memory run out, the requests under way fail, and the next ones find the thread at work.
void Driver::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::size_t mine = 0;  // tunes under way in this thread
    try {
      draw(stop, mine);
    } catch (...) {
      give_up(std::current_exception(), mine);
    }
  }
}

void Driver::draw(const std::stop_token& stop, std::size_t& mine) {
  std::optional<Batch> batch;  // made when there is something to do
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const bool is_wanted = batch && batch->busy() > 0;
    if (!is_wanted && !work_.wait(lock, stop, [this] { return has_orders(); })) return;
    if (!batch) batch.emplace(model_, kUsualStreams);
    begin_in_turn(jobs_, turn_, *batch, share());
    under_way_ += batch->busy() - mine;
    mine = batch->busy();
    const std::uint64_t characters = batch->characters();
    lock.unlock();
    batch->step([this](Ticket ticket, const Order& order, Draft draft) {
      take(ticket, order, std::move(draft));
    });
    lock.lock();
    if (batch->busy() < mine) work_.notify_all();  // later tunes may be begun now
    under_way_ -= mine - batch->busy();
    mine = batch->busy();
    characters_ += batch->characters() - characters;
  }
}

bool Driver::has_orders() const {
  return std::any_of(jobs_.begin(), jobs_.end(),
                     [](const auto& job) { return job.second->commission->left() > 0; });
}

// Ends all requests with what was thrown outside of their sinks. Allocates nothing.
void Driver::give_up(const std::exception_ptr& why, std::size_t mine) {
  {
    const std::lock_guard lock(mutex_);
    under_way_ -= mine;
  }
  for (Ticket ticket = 0;;) {
    std::shared_ptr<Job> job;
    {
      const std::lock_guard lock(mutex_);
      const auto next = jobs_.upper_bound(ticket);
      if (next == jobs_.end()) return;
      ticket = next->first;
      job = next->second;
    }
    const std::lock_guard lock(job->mutex);
    if (job->commission->is_over()) continue;
    job->failure = why;
    job->commission->cancel();
    job->tell_that_it_is_over();
  }
}

// How many tunes a thread should draw at once, so that all have something to do.
std::size_t Driver::share() const {
  const std::uint64_t enough = std::uint64_t{thread_count_} * kUsualStreams;
  std::uint64_t all = under_way_;
  for (const auto& [ticket, job] : jobs_) {
    if (all >= enough) break;
    all += job->commission->left();
  }
  const std::uint64_t share = (all + thread_count_ - 1) / thread_count_;
  return static_cast<std::size_t>(std::max<std::uint64_t>(1, share));
}

void Driver::take(Ticket ticket, const Order& order, Draft draft) {
  const std::shared_ptr<Job> job = find(ticket);
  if (!job) return;
  const std::lock_guard lock(job->mutex);
  try {
    job->commission->take(order, std::move(draft), *job->sink);
  } catch (...) {  // a full disk, a closed pipe
    job->failure = std::current_exception();
    job->commission->cancel();
  }
  if (job->commission->is_over()) job->tell_that_it_is_over();
}

}  // namespace lilt::compose
