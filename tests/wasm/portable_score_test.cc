// The same everywhere: MIDI, MusicXML and notes for players, on this machine and under WebAssembly.
// Everything goes into one signature, which is written here.

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include "abc/tune.h"
#include "score/midi.h"
#include "score/musicxml.h"
#include "score/playback.h"
#include "signature.h"

namespace lilt::score {
namespace {

constexpr std::uint64_t kSignature = 0x263A7A9AACEA07E6;

// Every kind of thing that sounds.
constexpr const char* kTune =
    "X:1\nT:The Mill Race\nC:Nobody\nR:hornpipe\nM:4/4\nL:1/8\nQ:1/4=99.5\nP:AB\nK:Edor\nP:A\n"
    "(3BcB|:\"Em\"E2BG !p!.B2~A3|\"D/f+\"A>FD<F (3D{c}EF Td2|1\"Am7\"{c}[EB]4-[EB]4:|2\"D\"HdAFE "
    "D4||\nP:B\nM:3/2\nK:C\n\"G7sus4\"G12|[M:none]\"C\"c8|]\n";

int failures = 0;

void expect(bool condition, const char* what) {
  if (condition) return;
  std::printf("wrong: %s\n", what);
  ++failures;
}

int run() {
  support::Signature signature;
  const abc::Tune tune = abc::read_tune(kTune).tune;
  for (const std::optional<double>& tempo : {std::optional<double>(), std::optional<double>(133)}) {
    const Playing playing = playing_of(tune, 40, tempo);
    const auto playback = play(tune, playing);
    const auto midi = make_midi(tune, playing);
    const auto xml = make_musicxml(tune, {.instrument = 40, .tempo = playing.tempo});
    expect(playback.ok() && midi.ok() && xml.ok(), "a tune that can be played");
    if (failures > 0) return 1;
    signature.add(to_json(*playback));
    signature.add(*midi);
    signature.add(*xml);
  }
  expect(!play(abc::read_tune("X:1\nK:C\nz4|]\n").tune, {}).ok(), "no notes are an error");
  std::printf("signature 0x%016llX\n", static_cast<unsigned long long>(signature.value()));
  expect(signature.value() == kSignature, "the signature");
  return failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace lilt::score

int main() { return lilt::score::run(); }
