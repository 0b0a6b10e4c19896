#include "eval/known.h"

#include <fmt/format.h>

#include <utility>

#include "abc/tune.h"
#include "likeness/habits.h"

namespace lilt::eval {

Result<Known> know_tunes(const std::vector<std::string>& files, const corpus::Watch& watch) {
  likeness::KnownTunes tunes;
  std::vector<likeness::Style> styles;
  const auto add = [&](const corpus::TuneText& text) {
    const abc::Tune tune = abc::read_tune(text.text).tune;
    tunes.add(tune);
    if (text.file == 0) styles.push_back(likeness::style_of(tune));
  };
  if (Status s = corpus::for_each_tune(files, "Reading", watch, add); !s) return s.error();
  if (tunes.windows.empty()) {
    return Error{ErrorCode::kCorpus,
                 fmt::format("expected tunes of at least {} notes, found none", likeness::kWindow),
                 {.source = files[0], .byte = {}, .line = {}}};
  }
  return Known{likeness::Novelty(std::move(tunes)), likeness::profile_of(styles)};
}

Result<KnownCritic> know_composed(const std::vector<std::string>& real, const std::string& composed,
                                  const corpus::Watch& watch) {
  std::vector<likeness::HabitValues> of_real, of_composed;
  const auto add = [&](const corpus::TuneText& text) {
    of_real.push_back(likeness::habits_of(abc::read_tune(text.text).tune));
  };
  if (Status s = corpus::for_each_tune(real, "Reading", watch, add); !s) return s.error();
  const auto add_composed = [&](const corpus::TuneText& text) {
    of_composed.push_back(likeness::habits_of(abc::read_tune(text.text).tune));
  };
  if (Status s = corpus::for_each_tune({composed}, "Reading", watch, add_composed); !s) {
    return s.error();
  }
  constexpr std::uint64_t kSeed = 1;
  const auto told = likeness::told_apart(of_real, of_composed, kSeed);
  if (!told) {
    return Error{
        ErrorCode::kCorpus,
        fmt::format("expected at least {} tunes, real and composed", likeness::kFewestToTellApart),
        {.source = composed, .byte = {}, .line = {}}};
  }
  return KnownCritic{likeness::train_critic(of_real, of_composed).critic, told->auc};
}

}  // namespace lilt::eval
