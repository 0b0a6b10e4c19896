#include "score/midi.h"

namespace lilt::score {
namespace {

constexpr std::chrono::seconds kLimit{30};  // a tune takes some milliseconds

}  // namespace

Result<std::string> make_midi(const Workshop& workshop, const abc::Tune& tune,
                              const Playing& playing) {
  const Result<std::string> source = playing_source(tune, playing);
  if (!source) return source;
  workshop.write("tune.abc", *source);
  std::filesystem::remove(workshop.folder() / "tune.mid");
  const Outcome outcome = workshop.run(kAbc2midi, {"tune.abc", "-o", "tune.mid"}, kLimit);
  // Its exit code tells of remarks, not of success.
  if (!std::filesystem::exists(workshop.folder() / "tune.mid")) fail(kAbc2midi, outcome);
  return workshop.read("tune.mid");
}

}  // namespace lilt::score
