// Composes with one model what several people ask for at once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "compose/driver.h"
#include "compose/model.h"
#include "compose/piece.h"
#include "compose/request.h"
#include "compose/sink.h"

namespace lilt::studio {

// Who gets the pieces. Called by threads of the composer, one at a time; must not wait.
class Listener {
 public:
  Listener() = default;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  virtual ~Listener() = default;

  // The pieces in their order. False: it has enough.
  virtual bool take(const compose::Piece& piece) = 0;
  // The last call, which always comes: how many pieces there were of how many, and what has ended
  // it before it was done, or "".
  virtual void end(const compose::Progress& progress, const std::string& failure) = 0;
};

struct ComposerOptions {
  std::size_t threads = 1;
  std::size_t most = 1000;  // requests at once
  // A request can ask for what is never found, such as a tune newer than any.
  std::chrono::milliseconds longest = std::chrono::minutes(2);
};

// The threads share the requests, each of which has its turn: whoever asked first is served first.
class Composer {
 public:
  Composer(compose::Model model, const ComposerOptions& options);
  Composer(const Composer&) = delete;
  Composer& operator=(const Composer&) = delete;
  // Ends what is under way.
  ~Composer();

  [[nodiscard]] const compose::Model& model() const { return model_; }

  // How many requests are under way; whether those are as many as it takes.
  [[nodiscard]] std::size_t busy() const;
  [[nodiscard]] bool is_full() const { return busy() >= options_.most; }

  // A request that compose::check() has accepted. The listener gets the pieces and the end, which
  // comes early where `stop` asks for it. Does not wait for them.
  void submit(const compose::Request& request, std::shared_ptr<Listener> listener,
              const std::stop_token& stop);

 private:
  class Job;
  using Jobs = std::map<compose::Ticket, std::unique_ptr<Job>>;

  void ring();
  // What the clerk does. Without the mutex, which the driver's threads take in ring().
  void end_jobs(const std::stop_token& stop);
  [[nodiscard]] Jobs wait_for_ends(const std::stop_token& stop);
  [[nodiscard]] Jobs all_jobs();
  void end(compose::Ticket ticket, Job& job);

  compose::Model model_;
  const ComposerOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable_any bell_;
  bool has_rung_ = false;
  Jobs jobs_;
  compose::Driver driver_;
  std::jthread clerk_;  // the last member: it ends before the others do
};

}  // namespace lilt::studio
