#include "eval/known.h"

#include <fmt/format.h>

#include <utility>

#include "abc/tune.h"

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

}  // namespace lilt::eval
