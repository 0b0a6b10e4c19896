// One request under way: which tunes are drawn for it, which are kept, in which order they come.
// What decides about pieces is here, and not in who draws them: a batch of streams or several.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "compose/model.h"
#include "compose/piece.h"
#include "compose/planner.h"
#include "compose/request.h"
#include "compose/sink.h"

namespace lilt::compose {

// So many pieces of a request are under way, or wait for an earlier one, at most.
inline constexpr std::size_t kMostAhead = 1024;

// A tune to be drawn.
struct Order {
  std::size_t piece = 1;      // its number
  std::size_t candidate = 0;  // for that piece, from 0
};

// A tune that was drawn.
struct Draft {
  std::size_t candidate = 0;
  std::string text;  // as it will be shown
  abc::Tune tune;
  double bits_per_note = 0;
  double typicality = 0;                 // 0 where it is not asked for
  std::optional<double> criticism = {};  // how real it looks: log odds; where there is a critic
  std::uint64_t drawn = 1;               // how often, until it was accepted
  std::shared_ptr<const Plan> plan;
};

// What a writer has written.
struct Manuscript {
  std::shared_ptr<const Plan> plan;
  std::string_view text;
  double bits = 0;
  std::size_t notes = 0;
  std::uint64_t drawn = 1;
};

// Whether a tune ends on the note that was planned for it, at least as long, and one that ends on
// the tonic over its chord.
[[nodiscard]] bool ends_as_planned(const Manuscript& written);
// So often an end is drawn anew, then once the tune, until it is taken
// as it is: its last bars may have to return to bars that end on another note.
inline constexpr std::uint64_t kMostTurnsBack = 7, kMostDrawsForEnd = 2;

// The best draft: the most real one where there is a critic, otherwise by the sum of its ranks in
// bits per note and in typicality; the first candidate of equals. There must be one.
[[nodiscard]] const Draft& best_of(std::span<const Draft> drafts);

// A written tune with its number, its header as a person is to see it and where it comes from.
[[nodiscard]] std::string finished(std::string_view text, const Plan& plan, std::size_t number,
                                   std::uint64_t seed);

// Refuses what would be refused when it is submitted.
[[nodiscard]] Status check(const Request& request, const Model& model);

class Commission {
 public:
  // Errors are those of the request, and of a model that does not know what is asked about.
  [[nodiscard]] static Result<std::shared_ptr<Commission>> of(const Model& model,
                                                              const Request& request);

  // --- May be called by any thread at any time

  // The plan of a piece, for all its candidates.
  [[nodiscard]] std::shared_ptr<const Plan> plan(const Order& order) const;
  [[nodiscard]] const WritingOptions& writing() const { return writing_; }
  // The random numbers of a tune that is drawn for the n-th time, from 0, and of its end, where
  // that was turned back to so often.
  [[nodiscard]] Random random(const Order& order, std::uint64_t draw,
                              std::uint64_t turned_back = 0) const;
  // Titles are new, of whole words, and name no other dance than the tune's.
  [[nodiscard]] bool refuses_title(const Plan& plan, std::string_view title,
                                   std::uint64_t drawn) const;
  // The draft, if it is accepted.
  [[nodiscard]] std::optional<Draft> accept(const Order& order, const Manuscript& written) const;
  void cancel() { is_cancelled_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool is_cancelled() const { return is_cancelled_.load(std::memory_order_relaxed); }

  // --- By one thread at a time

  // The next tune to draw; none when all are being drawn.
  [[nodiscard]] std::optional<Order> next();
  // Whether next() goes on with the piece that it began last.
  [[nodiscard]] bool is_within_piece() const { return left() > 0 && next_ % candidates_ != 0; }
  // How many next() still has for now: a tune that takes long does not let any number of later ones
  // wait for it in memory.
  [[nodiscard]] std::uint64_t left() const;
  // Takes a draft, and gives the pieces whose turn it is.
  void take(const Order& order, Draft draft, Sink& sink);
  [[nodiscard]] bool is_over() const { return is_cancelled() || progress_.pieces == progress_.of; }
  [[nodiscard]] const Progress& progress() const { return progress_; }

 private:
  Commission(const Model& model, const Request& request) : model_(model), request_(request) {}

  [[nodiscard]] Status know();
  [[nodiscard]] static bool keeps_a_bar(const Rewriting& rewriting, std::string_view text);
  [[nodiscard]] static bool follows_plan(const Plan& plan, const Manuscript& manuscript,
                                         bool strict);
  [[nodiscard]] std::uint64_t all() const { return std::uint64_t{request_.number} * candidates_; }
  [[nodiscard]] Piece piece_of(std::size_t number, const std::vector<Draft>& drafts) const;
  [[nodiscard]] Likeness likeness_of(const Draft& draft) const;

  Model model_;
  Request request_;
  std::optional<Planner> planner_;
  WritingOptions writing_;
  std::size_t candidates_ = 1;
  // What the model knows, as far as it is asked.
  const likeness::Novelty* titles_ = nullptr;
  const likeness::Novelty* novelty_ = nullptr;
  const likeness::StyleProfile* style_ = nullptr;
  const likeness::Critic* critic_ = nullptr;

  std::uint64_t next_ = 0;
  std::map<std::size_t, std::vector<Draft>> drafts_;  // of pieces that are not whole, by number
  std::map<std::size_t, Piece> waiting_;              // whole ones
  Progress progress_;
  std::atomic<std::uint64_t> given_{0};  // pieces, for next()
  std::atomic<bool> is_cancelled_{false};
};

}  // namespace lilt::compose
