// Composes with one model what several people ask for at once.
#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "compose/model.h"
#include "compose/piece.h"
#include "compose/request.h"
#include "compose/sink.h"

namespace lilt::studio {

// Who gets the pieces. Called by a thread of the composer; must not wait.
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

// Each thread has a batch that its requests share, each in its turn; a request goes to the thread
// that has fewest.
class Composer {
 public:
  // It is full with `most` requests.
  Composer(compose::Model model, std::size_t threads, std::size_t most = 1000);
  Composer(const Composer&) = delete;
  Composer& operator=(const Composer&) = delete;
  // Ends what is under way.
  ~Composer();

  [[nodiscard]] const compose::Model& model() const { return model_; }

  // Whether as many requests are under way as it takes.
  [[nodiscard]] bool is_full() const;

  // A request that compose::check() has accepted. The listener gets the pieces and the end, which
  // comes early where `stop` asks for it. Does not wait for them.
  void submit(const compose::Request& request, std::shared_ptr<Listener> listener,
              const std::stop_token& stop);

 private:
  class Desk;

  compose::Model model_;
  std::size_t most_;
  std::vector<std::unique_ptr<Desk>> desks_;
};

}  // namespace lilt::studio
