#include "studio/composer.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "compose/session.h"

namespace lilt::studio {
namespace {

using Clock = std::chrono::steady_clock;

// A request can ask for what is never found, such as a tune newer than any.
constexpr std::chrono::minutes kLongest{2};

// A request on its way through a session.
class Job : public compose::Sink {
 public:
  Job(compose::Request asked, std::shared_ptr<Listener> listener, std::stop_token stop)
      : request(std::move(asked)), stop_(std::move(stop)), listener_(std::move(listener)) {
    progress_.of = request.number;
  }

  bool take(const compose::Piece& piece) override {
    if (is_unwanted()) return false;
    is_wanted_ = listener_->take(piece);
    return is_wanted_;
  }
  void drew(const compose::Progress& progress) override { progress_ = progress; }

  [[nodiscard]] bool is_unwanted() const { return !is_wanted_ || stop_.stop_requested(); }
  [[nodiscard]] bool is_late() const { return Clock::now() - begun_ > kLongest; }

  void end(const std::string& failure) {
    const bool is_whole = progress_.pieces == progress_.of;
    listener_->end(progress_, is_whole ? "" : failure);
  }

  const compose::Request request;

 private:
  std::stop_token stop_;
  std::shared_ptr<Listener> listener_;
  compose::Progress progress_;
  bool is_wanted_ = true;
  Clock::time_point begun_ = Clock::now();
};

}  // namespace

// A thread and its session.
class Composer::Desk {
 public:
  explicit Desk(const compose::Model& model)
      : model_(model), thread_([this](const std::stop_token& stop) { work(stop); }) {}

  [[nodiscard]] std::size_t busy() const { return busy_; }

  void add(std::unique_ptr<Job> job) {
    ++busy_;
    const std::lock_guard lock(mutex_);
    new_.push_back(std::move(job));
    wanted_.notify_one();
  }

 private:
  void work(const std::stop_token& stop);
  [[nodiscard]] std::deque<std::unique_ptr<Job>> wait_for_jobs(const std::stop_token& stop);
  void begin(std::unique_ptr<Job> job);
  void step();
  void end(std::unique_ptr<Job> job, const std::string& failure);
  void end_all(const std::string& failure);

  compose::Model model_;
  std::atomic<std::size_t> busy_{0};
  std::mutex mutex_;
  std::condition_variable_any wanted_;
  std::deque<std::unique_ptr<Job>> new_;

  // Of the thread alone.
  std::optional<compose::Session> session_;
  std::map<compose::Ticket, std::unique_ptr<Job>> jobs_;

  std::jthread thread_;  // the last member: it ends before the others do
};

void Composer::Desk::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    for (std::unique_ptr<Job>& job : wait_for_jobs(stop)) begin(std::move(job));
    try {
      step();
    } catch (const std::exception& e) {  // memory has run out
      end_all(e.what());
    }
  }
  end_all("the server stops");
  const std::lock_guard lock(mutex_);
  for (std::unique_ptr<Job>& job : new_) end(std::move(job), "the server stops");
}

// Those that are new; without others under way, when there are some.
std::deque<std::unique_ptr<Job>> Composer::Desk::wait_for_jobs(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (jobs_.empty()) wanted_.wait(lock, stop, [this] { return !new_.empty(); });
  return std::exchange(new_, {});
}

void Composer::Desk::begin(std::unique_ptr<Job> job) {
  try {
    if (!session_) session_.emplace(model_);
    const Result<compose::Ticket> ticket = session_->submit(job->request, *job);
    if (!ticket) return end(std::move(job), ticket.error().to_string());
    jobs_[*ticket] = std::move(job);
  } catch (const std::exception& e) {
    if (job) end(std::move(job), e.what());
  }
}

void Composer::Desk::step() {
  if (jobs_.empty()) return;
  session_->step();
  for (auto at = jobs_.begin(); at != jobs_.end();) {
    const compose::Ticket ticket = at->first;
    const bool is_late = at->second->is_late();
    if (is_late || at->second->is_unwanted()) session_->cancel(ticket);
    if (session_->is_under_way(ticket)) {
      ++at;
      continue;
    }
    std::unique_ptr<Job> over = std::move(at->second);
    at = jobs_.erase(at);
    end(std::move(over), is_late ? "no such tune was found in two minutes" : "cancelled");
  }
}

void Composer::Desk::end(std::unique_ptr<Job> job, const std::string& failure) {
  --busy_;
  try {
    job->end(failure);
  } catch (const std::exception&) {  // nobody is left to be told
  }
}

// What a session is in the middle of is not to be gone on with after it has thrown.
void Composer::Desk::end_all(const std::string& failure) {
  session_.reset();
  for (auto& [ticket, job] : std::exchange(jobs_, {})) end(std::move(job), failure);
}

Composer::Composer(compose::Model model, std::size_t threads, std::size_t most)
    : model_(std::move(model)), most_(most) {
  for (std::size_t i = 0; i < std::max<std::size_t>(1, threads); ++i) {
    desks_.push_back(std::make_unique<Desk>(model_));
  }
}

Composer::~Composer() = default;

bool Composer::is_full() const {
  std::size_t all = 0;
  for (const auto& desk : desks_) all += desk->busy();
  return all >= most_;
}

void Composer::submit(const compose::Request& request, std::shared_ptr<Listener> listener,
                      const std::stop_token& stop) {
  const auto fewest =
      std::min_element(desks_.begin(), desks_.end(),
                       [](const auto& a, const auto& b) { return a->busy() < b->busy(); });
  (*fewest)->add(std::make_unique<Job>(request, std::move(listener), stop));
}

}  // namespace lilt::studio
