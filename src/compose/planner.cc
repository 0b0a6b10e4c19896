#include "compose/planner.h"

#include <utility>

#include "abc/header.h"
#include "compose/walk.h"
#include "compose/wrong.h"

namespace lilt::compose {
namespace {

// The plan with what is to be said of the model.
std::shared_ptr<const Plan> with_reservation(Plan plan, const std::string& told) {
  if (!told.empty()) plan.remarks.push_back(told);
  return std::make_shared<const Plan>(std::move(plan));
}

// An opening that is moved to C has to be of whole notes and chord symbols.
Status check_end_of_start(const NewTuneWishes& wishes) {
  if (wishes.all.start.empty()) return success();
  const abc::Requirements& r = wishes.tune.requirements;
  abc::Header header{{{'X', "1"}, {'T', "a"}}};
  header.add('M', r.metre->to_string());
  header.add('K', r.key->to_string());
  const abc::Stage stage = after(header.text() + wishes.all.start).state().text.stage;
  if (stage != abc::Stage::kAccidental && stage != abc::Stage::kQuote) return success();
  return wrong("start", std::string("expected an opening that ends behind a note or a bar line, "
                                    "found one that ends within a ") +
                            (stage == abc::Stage::kQuote ? "chord symbol" : "note"));
}

}  // namespace

Result<Planner> Planner::of(const Request& request, const Model& model, std::uint8_t dialect) {
  Planner planner;
  if (request.given.vary) {
    Result<Variation> variation =
        Variation::of(request.given.tune, *request.given.vary, request.wishes, model.alphabet(),
                      model.config().text);
    if (!variation) return variation.error();
    planner.variation_ = *std::move(variation);
    planner.reservation_ = model.reservation();
    return planner;
  }
  if (!request.given.tune.empty()) {
    Result<Plan> plan = plan_for_given(request, model.alphabet(), model.config().text);
    if (!plan) return plan.error();
    planner.plan_ = with_reservation(*std::move(plan), model.reservation());
    return planner;
  }
  Result<NewTuneWishes> wishes = new_tune_of(request, model.alphabet());
  if (!wishes) return wishes.error();
  if (!model.config().text.in_c) {
    if (!wishes->tune.outline.is_empty()) {
      return wrong("form",
                   "expected letters alone, such as AABB, for this model, which was not "
                   "taught forms; found " +
                       quote(request.wishes.form));
    }
    planner.plan_ = with_reservation(plan_new_tune(*wishes), model.reservation());
    return planner;
  }
  if (Status s = check_end_of_start(*wishes); !s) return s.error();
  if (Status s = check_start_in_c(*wishes, model.alphabet()); !s) return s.error();
  const Result<const std::vector<abc::KnownOutline>*> outlines = model.outlines();
  if (!outlines) return outlines.error();
  planner.sketches_.emplace(wishes->tune, **outlines, dialect);
  planner.wishes_ = *std::move(wishes);
  if (std::string told = model.reservation(); !told.empty()) {
    planner.wishes_->tune.remarks.push_back(std::move(told));
  }
  return planner;
}

std::shared_ptr<const Plan> Planner::plan(std::uint64_t seed) const {
  if (plan_ != nullptr) return plan_;
  const Random random(seed, RandomStream::kSketch);
  if (variation_) return with_reservation(variation_->plan(random), reservation_);
  return std::make_shared<const Plan>(plan_new_tune(*wishes_, sketches_->draw(random)));
}

}  // namespace lilt::compose
