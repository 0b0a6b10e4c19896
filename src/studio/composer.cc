#include "studio/composer.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <functional>
#include <utility>

namespace lilt::studio {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

// A request on its way through the driver.
class Composer::Job : public compose::Sink {
 public:
  Job(Composer& composer, const compose::Request& request, std::shared_ptr<Listener> listener,
      const std::stop_token& stop)
      : composer_(composer),
        listener_(std::move(listener)),
        stop_(stop),
        late_(Clock::now() + composer.options_.longest),
        when_stopped_(stop, [this] { composer_.ring(); }) {
    progress_.of = request.number;
  }

  bool take(const compose::Piece& piece) override { return listener_->take(piece); }
  void drew(const compose::Progress& progress) override { progress_ = progress; }

  // By the driver's threads, when nothing more is coming.
  void set_over() {
    is_over_ = true;
    composer_.ring();
  }

  [[nodiscard]] Clock::time_point late() const { return late_; }
  [[nodiscard]] bool is_late() const { return Clock::now() >= late_; }
  [[nodiscard]] bool is_to_end() const { return is_over_ || stop_.stop_requested() || is_late(); }
  // Why it ends now, should it not be whole.
  [[nodiscard]] std::string reason() const {
    if (is_over_ || stop_.stop_requested()) return "cancelled";
    return is_late() ? "no such tune was found in two minutes" : "the server stops";
  }

  // Once the driver has let go of it.
  void end(const std::string& failure) {
    const bool is_whole = progress_.pieces == progress_.of;
    listener_->end(progress_, is_whole ? "" : failure);
  }

 private:
  Composer& composer_;
  std::shared_ptr<Listener> listener_;
  std::stop_token stop_;
  Clock::time_point late_;
  compose::Progress progress_;
  std::atomic<bool> is_over_{false};
  std::stop_callback<std::function<void()>> when_stopped_;  // the last member: it uses the others
};

Composer::Composer(compose::Model model, const ComposerOptions& options)
    : model_(std::move(model)),
      options_(options),
      driver_(model_, options.threads),
      clerk_([this](const std::stop_token& stop) { end_jobs(stop); }) {}

Composer::~Composer() = default;

std::size_t Composer::busy() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

void Composer::submit(const compose::Request& request, std::shared_ptr<Listener> listener,
                      const std::stop_token& stop) {
  auto job = std::make_unique<Job>(*this, request, std::move(listener), stop);
  const Result<compose::Ticket> ticket =
      driver_.submit(request, *job, [job = job.get()] { job->set_over(); });
  if (!ticket) return job->end(ticket.error().to_string());
  {
    const std::lock_guard lock(mutex_);
    jobs_[*ticket] = std::move(job);
  }
  ring();  // it may be over already, and be late before the others
}

// The clerk looks through the jobs.
void Composer::ring() {
  const std::lock_guard lock(mutex_);
  has_rung_ = true;
  bell_.notify_one();
}

void Composer::end_jobs(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    for (auto& [ticket, job] : wait_for_ends(stop)) end(ticket, *job);
  }
  for (auto& [ticket, job] : all_jobs()) end(ticket, *job);
}

Composer::Jobs Composer::all_jobs() {
  const std::lock_guard lock(mutex_);
  return std::exchange(jobs_, {});
}

// The jobs that are to end, when there may be some.
Composer::Jobs Composer::wait_for_ends(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto is_later = [](const auto& a, const auto& b) {
    return a.second->late() < b.second->late();
  };
  const auto first = std::min_element(jobs_.begin(), jobs_.end(), is_later);
  const auto has_rung = [this] { return std::exchange(has_rung_, false); };
  if (first == jobs_.end()) {
    bell_.wait(lock, stop, has_rung);
  } else {
    bell_.wait_until(lock, stop, first->second->late(), has_rung);
  }
  Jobs ending;
  for (auto at = jobs_.begin(); at != jobs_.end();) {
    const auto job = at++;
    if (job->second->is_to_end()) ending.insert(jobs_.extract(job));
  }
  return ending;
}

void Composer::end(compose::Ticket ticket, Job& job) {
  std::string failure = job.reason();
  std::stop_source at_once;
  at_once.request_stop();
  try {
    driver_.wait(ticket, at_once.get_token());
  } catch (const std::exception& e) {  // memory has run out
    failure = e.what();
  }
  try {
    job.end(failure);
  } catch (const std::exception&) {  // nobody is left to be told
  }
}

}  // namespace lilt::studio
