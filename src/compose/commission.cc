#include "compose/commission.h"

#include <algorithm>
#include <utility>

#include "abc/chord_symbol.h"
#include "abc/stretches.h"
#include "abc/title.h"
#include "compose/in_c.h"
#include "compose/returns.h"
#include "compose/wrong.h"
#include "likeness/habits.h"

namespace lilt::compose {
namespace {

constexpr std::uint64_t kDrawsOfACandidate = std::uint64_t{1} << 20;
constexpr std::uint64_t kDrawsOfAnEnd = std::uint64_t{1} << 15;
static_assert((kMostTurnsBack + 1) * kDrawsOfAnEnd < kDrawsOfACandidate);
// After so many the last one is taken, whatever it is.
constexpr std::uint64_t kMostDraws = 1000;
// After so many it need not follow its plan in all; a form that was asked for it has to have
// longer.
constexpr std::uint64_t kMostDrawsForPlan = 100;
constexpr std::uint64_t kMostDrawsForReturns = 400, kMostDrawsForForm = 20 * kMostDraws;

template <class T>
Status read_into(const Result<const T*>& known, const T*& place) {
  if (!known) return known.error();
  place = *known;
  return success();
}

// Whether the last chord of a text in C has its tonic for a root, or there is none.
bool rests_on_tonic_chord(std::string_view text) {
  const std::size_t end = text.rfind('"');
  if (end == std::string_view::npos || end == 0) return true;
  const std::size_t begin = text.rfind('"', end - 1);
  const auto chord = begin == std::string_view::npos
                         ? std::nullopt
                         : abc::parse_chord_symbol(text.substr(begin + 1, end - begin - 1));
  return !chord || (chord->root_step == 0 && chord->root_alter == 0);
}

}  // namespace

const Draft& best_of(std::span<const Draft> drafts) {
  const auto rank = [&](const auto& is_better) {
    return std::count_if(drafts.begin(), drafts.end(), is_better);
  };
  const auto sum_of_ranks = [&](const Draft& one) {
    return rank([&](const Draft& d) { return d.bits_per_note < one.bits_per_note; }) +
           rank([&](const Draft& d) { return d.typicality > one.typicality; });
  };
  const auto is_better = [&](const Draft& a, const Draft& b) {
    if (a.criticism && b.criticism && a.criticism != b.criticism) {
      return *a.criticism > *b.criticism;
    }
    const auto of_a = sum_of_ranks(a), of_b = sum_of_ranks(b);
    return of_a != of_b ? of_a < of_b : a.candidate < b.candidate;
  };
  return *std::min_element(drafts.begin(), drafts.end(), is_better);
}

bool ends_as_planned(const Manuscript& written) {
  const abc::Outline& plan = *written.plan->outline;
  const abc::Outline outline = abc::outline_of(written.text, plan.tonic);
  if (outline.bars.empty() || plan.bars.empty()) return true;
  const abc::OutlineBar &end = outline.bars.back(), &planned = plan.bars.back();
  if (end.rest_degree == 0 && !rests_on_tonic_chord(written.text)) return false;
  return planned.rest_degree < 0 ||
         (end.rest_degree == planned.rest_degree && end.rest_length >= planned.rest_length);
}

std::string finished(std::string_view text, const Plan& plan, std::size_t number,
                     std::uint64_t seed) {
  std::string sounding;
  if (plan.sounding) sounding = as_it_sounds(text, *plan.sounding);
  if (plan.sounding) text = sounding;
  if (const auto* goes_on = std::get_if<Continuation>(&plan.kind)) {
    return counted_on(continued(goes_on->source, text, goes_on->given), number - 1) + "\n";
  }
  if (const auto* rewrites = std::get_if<Rewriting>(&plan.kind)) {
    return counted_on(spliced(rewrites->splice, text), number - 1) + "\n";
  }
  if (const auto* harmonises = std::get_if<Harmonising>(&plan.kind)) {
    return counted_on(with_chord_symbols_of(text, harmonises->source), number - 1) + "\n";
  }
  abc::PartedTune tune = abc::part_tune(text);
  if (const auto* is_new = std::get_if<NewTune>(&plan.kind)) {
    for (const abc::HeaderLine& line : is_new->kept.lines) tune.header.add(line.letter, line.text);
    tune.header.add('Z', "Lilt, seed " + std::to_string(seed));
  }
  tune.header.set('X', std::to_string(number));
  return tune.header.text().append(tune.music);
}

Status check(const Request& request, const Model& model) {
  const Result<std::shared_ptr<Commission>> commission = Commission::of(model, request);
  return commission ? success() : Status(commission.error());
}

Result<std::shared_ptr<Commission>> Commission::of(const Model& model, const Request& request) {
  if (Status s = validate(request); !s) return s.error();
  std::shared_ptr<Commission> commission(new Commission(model, request));
  Result<WritingOptions> writing = writing_of(request, model.config());
  if (!writing) return writing.error();
  commission->writing_ = *std::move(writing);
  Result<Planner> planner =
      Planner::of(commission->request_, commission->model_, commission->writing_.dialect);
  if (!planner) return planner.error();
  commission->planner_ = *std::move(planner);
  commission->candidates_ = candidates(request, model.has_critic());
  commission->progress_.of = request.number;
  if (Status s = commission->know(); !s) return s.error();
  return commission;
}

// Reads of the model's knowledge no more than is needed: the whole of it takes longer than a tune.
Status Commission::know() {
  const bool asks = request_.newer_than > 0 || request_.report;
  if (!model_.knows_titles() && !asks) return success();
  if (!model_.knows_tunes() && asks) {
    return Error{ErrorCode::kFormat,
                 "expected a model that knows the tunes it learnt, found one that does not; add "
                 "them with: lilt export MODEL -o OUT --known FILE…",
                 {.field = request_.report ? "report" : "novel"}};
  }
  if (asks) {
    if (Status s = read_into(model_.novelty(), novelty_); !s) return s;
  }
  if (planner_->plan(request_.seed_of(request_.first))->has_free_title()) {
    if (Status s = read_into(asks ? model_.novelty() : model_.titles(), titles_); !s) return s;
  }
  if (titles_ != nullptr && model_.config().text.in_c) {
    if (Status s = read_into(model_.title_words(), writing_.title_words); !s) return s;
  }
  if (candidates_ > 1 && request_.given.tune.empty()) {
    const Result<const std::optional<likeness::Critic>*> critic = model_.critic();
    if (!critic) return critic.error();
    if (**critic) critic_ = &***critic;
  }
  if ((candidates_ == 1 || critic_ != nullptr) && !request_.report) return success();
  return read_into(model_.style(), style_);
}

Random Commission::random(const Order& order, std::uint64_t draw, std::uint64_t turned_back) const {
  return Random(request_.seed_of(order.piece), RandomStream::kCompose,
                order.candidate * kDrawsOfACandidate + turned_back * kDrawsOfAnEnd + draw);
}

bool Commission::refuses_title(const Plan& plan, std::string_view title,
                               std::uint64_t drawn) const {
  if (titles_ == nullptr || drawn >= kMostDraws) return false;
  if (!titles_->is_title_new(title)) return true;
  if (!plan.outline) return false;
  return !writing_.title_words->is_whole(title) ||
         !abc::may_be_called(plan.outline->dance, abc::dance_in_title(title));
}

// Whether the tune has the form that was planned for it. As long as it is `strict`, it has to
// return as planned, where that was asked for.
bool Commission::follows_plan(const Plan& plan, const Manuscript& manuscript, bool strict) {
  if (!plan.keeps_to_outline) return true;
  const abc::Outline written = abc::outline_of(manuscript.text, plan.outline->tonic);
  if (written.sections != plan.outline->sections || written.bars.empty()) return false;
  return !strict || !plan.copies_returns || returns_as(written, *plan.outline);
}

// Whether one of the bars that were to be written anew is as it was.
bool Commission::keeps_a_bar(const Rewriting& rewriting, std::string_view text) {
  const auto bars_of = [&](std::string_view tune) {
    std::vector<std::string_view> bars;
    for (const abc::Stretch& stretch : abc::find_stretches(tune)) {
      if (!rewriting.splice.bars.contains(stretch.bar)) continue;
      bars.push_back(tune.substr(stretch.place.begin, stretch.place.end - stretch.place.begin));
    }
    return bars;
  };
  const std::vector<std::string_view> before = bars_of(rewriting.original), now = bars_of(text);
  for (std::size_t i = 0; i < std::min(before.size(), now.size()); ++i) {
    if (before[i] == now[i]) return true;
  }
  return false;
}

std::optional<Draft> Commission::accept(const Order& order, const Manuscript& written) const {
  const bool may_refuse = written.drawn < kMostDraws;
  const Plan& plan = *written.plan;
  const auto* rewriting = std::get_if<Rewriting>(&plan.kind);
  // What is written anew is to be new.
  if (may_refuse && rewriting != nullptr && written.text == rewriting->original)
    return std::nullopt;
  const bool is_patient = written.drawn < kMostDrawsForPlan;
  if (is_patient && rewriting != nullptr && rewriting->all_new &&
      keeps_a_bar(*rewriting, written.text)) {
    return std::nullopt;
  }
  const bool is_asked = plan.copies_returns;
  const bool is_strict = written.drawn < (is_asked ? kMostDrawsForReturns : kMostDrawsForPlan);
  const bool must_follow = is_strict || (is_asked && written.drawn < kMostDrawsForForm);
  if (must_follow && !follows_plan(plan, written, is_strict)) return std::nullopt;
  if (may_refuse && plan.progression && !begins_bars_with_symbols(written.text)) {
    return std::nullopt;
  }
  Draft draft{.candidate = order.candidate,
              .text = finished(written.text, plan, order.piece, request_.seed_of(order.piece)),
              .drawn = written.drawn,
              .plan = written.plan};
  draft.tune = abc::read_tune(draft.text).tune;
  if (may_refuse && request_.newer_than > 0) {
    const likeness::NoveltyReport report = novelty_->report(draft.tune);
    if (novelty_->percentile(report) < request_.newer_than) return std::nullopt;
  }
  if (written.notes > 0) draft.bits_per_note = written.bits / static_cast<double>(written.notes);
  if (critic_ != nullptr) draft.criticism = critic_->score(likeness::habits_of(draft.tune));
  if (style_ != nullptr) draft.typicality = style_->typicality(draft.tune);
  return draft;
}

std::shared_ptr<const Plan> Commission::plan(const Order& order) const {
  return planner_->plan(request_.seed_of(order.piece));
}

std::uint64_t Commission::left() const {
  if (is_cancelled()) return 0;
  const std::uint64_t given = given_.load(std::memory_order_relaxed);
  return std::min<std::uint64_t>(all(), (given + kMostAhead) * candidates_) - next_;
}

std::optional<Order> Commission::next() {
  if (left() == 0) return std::nullopt;
  const auto piece = static_cast<std::size_t>(next_ / candidates_);
  const Order order{request_.first + piece, static_cast<std::size_t>(next_ % candidates_)};
  ++next_;
  return order;
}

void Commission::take(const Order& order, Draft draft, Sink& sink) {
  if (is_cancelled()) return;
  progress_.drawn += draft.drawn;
  std::vector<Draft>& drafts = drafts_[order.piece];
  drafts.push_back(std::move(draft));
  if (drafts.size() == candidates_) {
    waiting_.emplace(order.piece, piece_of(order.piece, drafts));
    drafts_.erase(order.piece);
  }
  while (!waiting_.empty() && waiting_.begin()->first == request_.first + progress_.pieces) {
    const Piece piece = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    given_.store(++progress_.pieces, std::memory_order_relaxed);
    if (sink.take(piece) && !is_cancelled()) continue;
    cancel();
    return;
  }
  sink.drew(progress_);
}

Piece Commission::piece_of(std::size_t number, const std::vector<Draft>& drafts) const {
  const Draft& best = best_of(drafts);
  Piece piece{.seed = request_.seed_of(number),
              .number = number,
              .tune = best.tune,
              .text = best.text,
              .bits_per_note = best.bits_per_note,
              .drawn = 0,
              .plan = best.plan};
  for (const Draft& draft : drafts) piece.drawn += draft.drawn;
  if (request_.report) piece.likeness = likeness_of(best);
  return piece;
}

Likeness Commission::likeness_of(const Draft& draft) const {
  Likeness likeness{.novelty = novelty_->report(draft.tune), .typicality = draft.typicality};
  likeness.newer_than = novelty_->percentile(likeness.novelty);
  if (likeness.novelty.nearest) {
    likeness.nearest = novelty_->title(*likeness.novelty.nearest);
  }
  return likeness;
}

}  // namespace lilt::compose
