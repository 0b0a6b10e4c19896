#include "compose/series.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace lilt::compose {
namespace {

constexpr std::size_t kAhead = 64;  // requests under way: enough for the streams of some threads

class Holder : public Sink {
 public:
  bool take(const Piece& piece) override {
    held_ = piece;
    return true;
  }
  [[nodiscard]] std::optional<Piece>& held() { return held_; }

 private:
  std::optional<Piece> held_;
};

// A piece as number `number` of several.
Piece numbered(Piece piece, std::size_t number) {
  piece.number = number;
  piece.text.replace(0, piece.text.find('\n'), "X:" + std::to_string(number));
  piece.tune = abc::read_tune(piece.text).tune;
  return piece;
}

// The requests under way, the next one first.
class Queue {
 public:
  explicit Queue(Driver& driver) : driver_(driver) {}
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  ~Queue() {
    for (const auto& job : jobs_) driver_.cancel(job->ticket);
  }

  [[nodiscard]] std::size_t size() const { return jobs_.size(); }

  [[nodiscard]] Status submit(const Request& request) {
    auto job = std::make_unique<Job>();
    const Result<Ticket> ticket = driver_.submit(request, job->holder);
    if (!ticket) return ticket.error();
    job->ticket = *ticket;
    jobs_.push_back(std::move(job));
    return success();
  }

  // Waits for the next one; nothing where that was stopped.
  [[nodiscard]] std::optional<Piece> next(const std::stop_token& stop, Progress& progress) {
    const std::unique_ptr<Job> job = std::move(jobs_.front());
    jobs_.pop_front();
    progress.drawn += driver_.wait(job->ticket, stop).drawn;
    return std::move(job->holder.held());
  }

 private:
  struct Job {
    Holder holder;
    Ticket ticket = 0;
  };
  Driver& driver_;
  std::deque<std::unique_ptr<Job>> jobs_;
};

}  // namespace

Result<Progress> compose_series(Driver& driver, const Numbers& wanted,
                                const std::function<Request(std::size_t)>& request_of, Sink& sink,
                                const std::stop_token& stop) {
  Queue queue(driver);
  Progress progress{.of = wanted.count};
  for (std::size_t submitted = 0; progress.pieces < wanted.count;) {
    for (; submitted < wanted.count && queue.size() < kAhead; ++submitted) {
      if (Status s = queue.submit(request_of(wanted.first - 1 + submitted)); !s) return s.error();
    }
    const std::optional<Piece> piece = queue.next(stop, progress);
    if (!piece) return progress;
    const std::size_t number = wanted.first + progress.pieces++;
    if (!sink.take(numbered(*piece, number))) return progress;
    sink.drew(progress);
  }
  return progress;
}

Result<Progress> compose_pieces(Driver& driver, const Request& asked, const Likes& likes,
                                Sink& sink, const std::stop_token& stop) {
  const auto like = [&](std::size_t i) { return likes.request(i); };
  if (likes.size() > 0)
    return compose_series(driver, {asked.first, asked.number}, like, sink, stop);
  const Result<Ticket> ticket = driver.submit(asked, sink);
  if (!ticket) return ticket.error();
  return driver.wait(*ticket, stop);
}

}  // namespace lilt::compose
