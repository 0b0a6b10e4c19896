#include "compose/plan.h"

#include <algorithm>
#include <utility>

#include "compose/opening.h"

namespace lilt::compose {
namespace {

// The music: the opening, and then sections that are new or come again.
void plan_music(const std::string& start, const WishedTune& tune, std::vector<Segment>& segments) {
  if (!start.empty()) segments.push_back(Given{start});
  for (std::size_t i = 0; i < tune.same_as.size(); ++i) {
    if (!tune.same_as[i]) continue;
    segments.push_back(Free{.until = Free::Until::kSection,
                            .section = i,
                            .in_repeat = tune.requirements.form[i].repeated});
    segments.push_back(Copy{*tune.same_as[i]});
  }
  segments.push_back(Free{});
}

}  // namespace

bool Plan::has_copies() const {
  return std::any_of(segments.begin(), segments.end(),
                     [](const Segment& s) { return std::holds_alternative<Copy>(s); });
}

bool Plan::has_free_title() const {
  return std::any_of(segments.begin(), segments.end(), [](const Segment& s) {
    const Free* const free = std::get_if<Free>(&s);
    return free != nullptr && free->until == Free::Until::kLineEnd;
  });
}

Result<Plan> plan_new_tune(const Wishes& wishes, const abc::Alphabet& alphabet) {
  Result<Opening> opening = read_opening(wishes);
  if (!opening) return opening.error();
  const Wishes& all = opening->wishes;
  Result<WishedTune> tune = require(all, alphabet);
  if (!tune) return tune.error();
  if (Status s = check_start(all.start, *tune, alphabet); !s) return s.error();

  Plan plan{.kind = NewTune{std::move(opening->kept)}};
  plan.segments.push_back(Given{"X:1\nT:"});
  if (all.title.empty()) {
    plan.segments.push_back(Free{.until = Free::Until::kLineEnd});
  } else {
    plan.segments.push_back(Given{all.title + "\n"});
  }
  // Longer and of more characters than the cursor remembers of a field.
  if (!all.rhythm.empty()) plan.segments.push_back(Given{"R:" + all.rhythm + "\n"});
  plan.segments.push_back(Free{.until = Free::Until::kHeaderEnd});
  plan_music(all.start, *tune, plan.segments);
  plan.requirements = std::move(tune->requirements);
  plan.remarks = std::move(tune->remarks);
  return plan;
}

}  // namespace lilt::compose
