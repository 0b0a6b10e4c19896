// Variations of a given tune: some of its bars are written anew under the same chord symbols.
#pragma once

#include <string>
#include <vector>

#include "abc/next_characters.h"
#include "base/random.h"
#include "base/result.h"
#include "compose/plan.h"
#include "compose/plan_given.h"
#include "compose/wishes.h"
#include "model/config.h"

namespace lilt::compose {

class Variation {
 public:
  // Of so many per cent of the bars. The alphabet must outlive it. A tune that has no bar which can
  // change by itself is an error.
  [[nodiscard]] static Result<Variation> of(const std::string& tune, int percent,
                                            const Wishes& wishes, const abc::Alphabet& alphabet,
                                            const TextConfig& form);

  // Chooses bars, and plans them: as many as were asked for, or as near as can be. Bars that are
  // the same change together and stay the same. The first and the last bars of sections change
  // last.
  [[nodiscard]] Plan plan(Random random) const;

 private:
  // Bars that are the same, in their order.
  using Group = std::vector<int>;

  Variation(GivenPlan given, const abc::Alphabet& alphabet, const TextConfig& form);

  void find_groups();
  [[nodiscard]] bool can_change(const Group& group) const;
  [[nodiscard]] bool is_at_edge(const Group& group) const;
  [[nodiscard]] std::vector<Group> chosen(Random random) const;
  [[nodiscard]] Result<Plan> plan_groups(const std::vector<Group>& groups) const;
  void tell_of_bars(const BarSet& bars, Plan& plan) const;

  const abc::Alphabet* alphabet_;
  TextConfig form_;
  GivenPlan given_;
  std::string original_, sounding_;  // as the model reads it, and as it sounds
  int bars_ = 0, wanted_ = 0;
  std::vector<Group> groups_;  // that can change
  std::vector<int> edges_;     // the first and the last bars of sections
};

}  // namespace lilt::compose
