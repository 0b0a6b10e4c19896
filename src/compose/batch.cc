#include "compose/batch.h"

#include <cassert>
#include <optional>
#include <span>
#include <utility>

namespace lilt::compose {

Batch::Batch(const Model& model, std::size_t streams)
    : model_(model),
      engine_(model_.weights(), 2 * streams),
      streams_(streams),
      tokens_(streams),
      features_(streams * model_.features().size()) {}

void Batch::begin(std::shared_ptr<Commission> commission, const Order& order, std::size_t owner) {
  assert(has_room());
  const std::shared_ptr<const Plan> plan = commission->plan(order);
  if (std::holds_alternative<Harmonising>(plan->kind)) {
    auto harmoniser = std::make_unique<Harmoniser>(model_, *plan, commission->writing().dialect);
    harmonies_.push_back({std::move(commission), plan, order, owner, std::move(harmoniser)});
    return;
  }
  std::unique_ptr<Stream>& stream = streams_[busy_];
  if (!stream) stream = std::make_unique<Stream>(model_);
  stream->commission = std::move(commission);
  stream->plan = plan;
  stream->order = order;
  stream->owner = owner;
  stream->drawn = 0;
  draw_anew(busy_);
  ++busy_;
}

void Batch::draw_anew(std::size_t n) {
  Stream& stream = *streams_[n];
  const Commission& commission = *stream.commission;
  stream.writer.begin(*stream.plan, commission.writing(),
                      commission.random(stream.order, stream.drawn));
  ++stream.drawn;
  stream.has_asked = stream.has_kept = false;
  stream.turned_back = 0;
  engine_.reset(n);
}

// What a tune is before the bars that make its end. Where they do not end it as planned, they are
// drawn anew, and not the whole tune.
void Batch::keep_before_end(std::size_t n) {
  constexpr int kBarsOfEnd = 2;
  Stream& stream = *streams_[n];
  const int left = stream.writer.bars_left();
  if (stream.has_kept || left == 0 || left > kBarsOfEnd) return;
  stream.kept = stream.writer;
  stream.has_kept = true;
  engine_.copy_state(n, kept_state(n));
}

void Batch::turn_back(std::size_t n) {
  Stream& stream = *streams_[n];
  stream.writer = *stream.kept;
  ++stream.turned_back;
  stream.writer.go_on_with(
      stream.commission->random(stream.order, stream.drawn - 1, stream.turned_back));
  engine_.copy_state(kept_state(n), n);
}

void Batch::step(const Done& done) {
  for (std::size_t n = busy_; n-- > 0;) {
    if (streams_[n]->commission->is_cancelled()) release(n);
  }
  harmonise(done);
  settle_all(done);  // what is left of a step in which done() has thrown
  if (busy_ == 0) return;
  read_and_write();
  settle_all(done);
}

// Goes on by a place of a chord.
void Batch::harmonise(const Done& done) {
  std::erase_if(harmonies_, [](const Harmony& h) { return h.commission->is_cancelled(); });
  if (harmonies_.empty()) return;
  Harmony& under_way = harmonies_.front();
  Harmoniser& harmoniser = *under_way.harmoniser;
  const std::uint64_t characters = harmoniser.characters();
  harmoniser.step();
  characters_ += harmoniser.characters() - characters;
  if (!harmoniser.is_done()) return;
  const Harmony harmony = std::move(under_way);
  harmonies_.clear();
  const std::size_t rank = harmony.order.piece - 1;
  const std::string& text = harmoniser.text(rank);
  std::optional<Draft> draft = harmony.commission->accept(
      harmony.order, {harmony.plan, text, harmoniser.bits(rank), count_timed(text)});
  assert(draft);  // a tune that is given need not be new
  done(harmony.owner, harmony.order, *std::move(draft));
}

void Batch::settle_all(const Done& done) {
  for (std::size_t n = busy_; n-- > 0;) settle(n, done);
}

void Batch::read_and_write() {
  const std::span<const std::size_t> places = model_.features();
  for (std::size_t n = 0; n < busy_; ++n) {
    const TuneWriter& writer = streams_[n]->writer;
    tokens_[n] = writer.last();
    for (std::size_t k = 0; k < places.size(); ++k) {
      features_[k * busy_ + n] = writer.surroundings()[places[k]];
    }
  }
  characters_ += busy_;
  const std::span<const float> logits = engine_.step(
      std::span(tokens_).first(busy_), std::span(features_).first(busy_ * places.size()));
  const std::size_t vocabulary = logits.size() / busy_;
  for (std::size_t n = 0; n < busy_; ++n) {
    streams_[n]->writer.write(logits.subspan(n * vocabulary, vocabulary));
  }
}

// Draws a tune anew that is refused, and gives away one that is finished.
void Batch::settle(std::size_t n, const Done& done) {
  Stream& stream = *streams_[n];
  const TuneWriter& writer = stream.writer;
  if (!stream.has_asked && writer.has_title()) {
    stream.has_asked = true;
    if (stream.commission->refuses_title(*stream.plan, writer.title(), stream.drawn))
      return draw_anew(n);
  }
  if (!writer.is_done()) return keep_before_end(n);
  const Manuscript written = {stream.plan, writer.text(), writer.bits(), writer.notes(),
                              stream.drawn};
  if (stream.has_kept && !ends_as_planned(written)) {
    if (stream.turned_back < kMostTurnsBack) return turn_back(n);
    if (stream.drawn < kMostDrawsForEnd) return draw_anew(n);
  }
  std::optional<Draft> draft = stream.commission->accept(stream.order, written);
  if (!draft) return draw_anew(n);
  const std::size_t owner = stream.owner;
  const Order order = stream.order;
  release(n);
  done(owner, order, *std::move(draft));
}

// The last busy stream takes the place of one that is free now.
void Batch::release(std::size_t n) {
  streams_[n]->commission.reset();
  streams_[n]->plan.reset();
  --busy_;
  std::swap(streams_[n], streams_[busy_]);
  if (n == busy_) return;
  engine_.copy_state(busy_, n);
  engine_.copy_state(kept_state(busy_), kept_state(n));
}

}  // namespace lilt::compose
