#include "eval/known.h"

#include <fmt/format.h>

#include <utility>

#include "abc/tune.h"
#include "base/even_sample.h"
#include "likeness/habits.h"

namespace lilt::eval {
namespace {

// Of larger collections so many tunes, evenly taken, tell what is usual.
constexpr std::size_t kMostUsual = std::size_t{1} << 15;

}  // namespace

Result<Known> know_tunes(const std::vector<std::string>& files, const corpus::Watch& watch) {
  likeness::KnownTunes tunes;
  EvenSample<likeness::Style> styles(kMostUsual);
  const auto add = [&](const corpus::TuneText& text) {
    const abc::Tune tune = abc::read_tune(text.text).tune;
    tunes.add(tune);
    if (text.file == 0) styles.add([&] { return likeness::style_of(tune); });
  };
  if (Status s = corpus::for_each_tune(files, "Reading", watch, add); !s) return s.error();
  if (tunes.windows.empty()) {
    return Error{ErrorCode::kCorpus,
                 fmt::format("expected tunes of at least {} notes, found none", likeness::kWindow),
                 {.source = files[0], .byte = {}, .line = {}}};
  }
  return Known{likeness::Novelty(std::move(tunes)), likeness::profile_of(styles.things())};
}

Result<KnownCritic> know_composed(const std::vector<std::string>& real, const std::string& composed,
                                  const corpus::Watch& watch) {
  EvenSample<likeness::HabitValues> some_real(kMostUsual), some_composed(kMostUsual);
  const auto add = [&](const corpus::TuneText& text) {
    some_real.add([&] { return likeness::habits_of(abc::read_tune(text.text).tune); });
  };
  if (Status s = corpus::for_each_tune(real, "Reading", watch, add); !s) return s.error();
  const auto add_composed = [&](const corpus::TuneText& text) {
    some_composed.add([&] { return likeness::habits_of(abc::read_tune(text.text).tune); });
  };
  if (Status s = corpus::for_each_tune({composed}, "Reading", watch, add_composed); !s) {
    return s.error();
  }
  const auto &of_real = some_real.things(), &of_composed = some_composed.things();
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
