// Plans that start from a given tune.

#include <utility>

#include "compose/given_tune.h"
#include "compose/plan.h"
#include "compose/walk.h"
#include "compose/wrong.h"

namespace lilt::compose {
namespace {

constexpr int kMoreBars = 8;  // of a tune that goes on

Status check_keeps_fields(const Wishes& w) {
  const std::pair<const char*, const std::string*> fields[] = {
      {"key", &w.key},     {"meter", &w.metre}, {"unit", &w.unit}, {"rhythm", &w.rhythm},
      {"title", &w.title}, {"start", &w.start}, {"form", &w.form}};
  for (const auto& [field, wish] : fields) {
    if (wish->empty()) continue;
    return wrong(field, std::string("expected nothing where a tune is given, which keeps its ") +
                            (std::string_view(field) == "start" ? "beginning" : field) +
                            ", found " + quote(*wish));
  }
  return success();
}

struct GivenPlan {
  GivenTune tune;
  abc::Requirements requirements;
};

Result<GivenPlan> plan_for(const std::string& text, const Wishes& wishes,
                           const abc::Alphabet& alphabet) {
  Result<GivenTune> tune = read_given_tune(text, alphabet);
  if (!tune) return tune.error();
  if (Status s = check_keeps_fields(wishes); !s) return s.error();
  abc::Requirements requirements;
  if (Status s = require_sounds(wishes, alphabet, requirements); !s) return s.error();
  requirements.complete_bars = true;
  return GivenPlan{*std::move(tune), std::move(requirements)};
}

}  // namespace

Result<Plan> plan_continuation(const std::string& tune, const Wishes& wishes,
                               const abc::Alphabet& alphabet) {
  Result<GivenPlan> given = plan_for(tune, wishes, alphabet);
  if (!given) return given.error();
  if (Status s = check_bars(wishes.bars); !s) return s.error();

  const std::string music = with_open_end(given->tune);
  const abc::Cursor end = after(given->tune.header + music);
  if (wishes.bars && *wishes.bars <= end.bars()) {
    return wrong("bars", "expected more than the " + std::to_string(end.bars()) +
                             " that the tune has, found " + std::to_string(*wishes.bars));
  }
  given->requirements.bars = wishes.bars.value_or(end.bars() + kMoreBars);
  if (!is_field_text("X:1\nT:a\nM:", end.metre().to_string(), {}) ||
      is_dead_end(end, given->requirements, alphabet)) {
    return wrong_tune(
        "expected a tune in the ABC that Lilt writes (docs/dialect.md), which could go on; found "
        "another");
  }
  return Plan{.kind = Continuation{std::move(given->tune.shown)},
              .requirements = std::move(given->requirements),
              .segments = {Given{given->tune.header + music}, Free{}}};
}

Result<Plan> plan_rewriting(const std::string& tune, const BarSpan& bars, const Wishes& wishes,
                            const abc::Alphabet& alphabet) {
  Result<GivenPlan> given = plan_for(tune, wishes, alphabet);
  if (!given) return given.error();
  if (wishes.bars) return wrong("bars", "expected it or `rewrite`, found both");

  const std::vector<Stretch> all = stretches_of(given->tune);
  const int count = all.empty() ? 0 : all.back().bar;
  if (count == 0) return wrong_tune("expected a tune with a full bar, found none");
  if (bars.first < 1 || bars.last < bars.first || bars.last > count) {
    return wrong("rewrite", "expected bars within 1-" + std::to_string(count) +
                                ", such as 5-8, found " + std::to_string(bars.first) + "-" +
                                std::to_string(bars.last));
  }
  const GivenTune cut = untied(given->tune, bars.first, bars.last);
  Plan plan{.kind = Rewriting{given->tune.shown, given->tune.header + given->tune.music},
            .requirements = given->requirements};
  std::size_t done = 0;
  std::string text = cut.header;
  for (const Stretch& stretch : stretches_of(cut)) {
    if (stretch.bar < bars.first || stretch.bar > bars.last) continue;
    abc::Requirements requirements = plan.requirements;
    requirements.music_until = stretch.filled;
    if (is_dead_end(stretch.before, requirements, alphabet)) {
      return wrong_tune("bar " + std::to_string(stretch.bar) +
                        ": expected music that Lilt could write (docs/dialect.md), found other");
    }
    text += cut.music.substr(done, stretch.begin - done);
    plan.segments.push_back(Given{std::exchange(text, {})});
    plan.segments.push_back(Free{.until = Free::Until::kFilled, .filled = stretch.filled});
    done = stretch.end;
  }
  plan.segments.push_back(Given{text + cut.music.substr(done)});
  return plan;
}

}  // namespace lilt::compose
