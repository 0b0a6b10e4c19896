// Composes tunes: several at once, each its own stream of the network.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "compose/tune_writer.h"
#include "compose/wishes.h"
#include "infer/engine.h"
#include "model/vocabulary.h"

namespace lilt::compose {

// A tune to be composed. The same seed and candidate give the same tune, whatever else is composed.
struct Order {
  std::uint64_t seed = 0;
  std::size_t candidate = 0;  // which of several tunes of that seed
  std::size_t place = 0;      // the caller's own
};

struct Composition {
  std::string text;       // ends with an empty line; its number is 1
  double bits = 0;        // of the characters that the model was free to write in the music
  std::size_t notes = 0;  // and rests, among them
  int drawn = 1;          // how many were drawn until one was accepted

  [[nodiscard]] double bits_per_note() const {
    return notes == 0 ? 0 : bits / static_cast<double>(notes);
  }
};

struct Acceptance {
  // Refuses a title, as soon as it is written. Absent: none.
  std::function<bool(std::string_view title)> refuses_title;
  // Refuses a tune. Absent: none.
  std::function<bool(const std::string& tune)> refuses_tune;
  int most_draws = 1000;  // after so many the last one is taken, whatever it is
};

class Composer {
 public:
  // All must outlive the composer; the weights are in 8 bits. A model that wants to be told what
  // this version does not know is an error.
  [[nodiscard]] static Result<Composer> of(const infer::Weights& weights,
                                           const Vocabulary& vocabulary,
                                           const abc::Alphabet& alphabet, const Plan& plan,
                                           const WritingOptions& options, std::size_t streams);

  // Composes what next() orders until it has nothing more, and gives each tune to done(). Between
  // two tunes nothing is remembered.
  void compose(const Acceptance& acceptance, const std::function<std::optional<Order>()>& next,
               const std::function<void(const Order&, Composition)>& done);

  // Characters that the network has read so far.
  [[nodiscard]] std::uint64_t characters() const { return characters_; }

 private:
  struct Stream {
    TuneWriter writer;
    Order order{};
    int drawn = 0;
    bool is_busy = false;
    bool has_asked = false;  // about the title
  };

  Composer() = default;

  bool begin(std::size_t stream, const std::optional<Order>& order);
  void draw_anew(std::size_t stream);
  void step();

  std::vector<std::size_t> places_;  // of the features in abc::kFeatures
  std::unique_ptr<infer::Engine> engine_;
  std::vector<Stream> streams_;
  std::vector<Token> tokens_, features_;
  std::uint64_t characters_ = 0;
};

// The text of a composition with that number, and a line Z: that says where it comes from. A given
// tune's header takes the place of what the model read.
[[nodiscard]] std::string finished(const std::string& text, const Plan& plan, std::size_t number,
                                   const std::string& origin);

}  // namespace lilt::compose
