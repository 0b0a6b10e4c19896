// The same everywhere: tunes read, checked, written canonically, transposed, played and made, on
// this machine and under WebAssembly. Everything goes into one signature, which is written here.

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "abc/canonical.h"
#include "abc/check.h"
#include "abc/cursor.h"
#include "abc/next_characters.h"
#include "abc/performance.h"
#include "abc/transpose.h"
#include "abc/tune.h"
#include "base/random.h"
#include "base/text.h"
#include "signature.h"

namespace lilt::abc {
namespace {

using support::Signature;

constexpr std::uint64_t kSignature = 0xA81810A25E2D94C9;
constexpr std::uint64_t kWalks = 300;

constexpr std::string_view kTune =
    "X:1\nT:The Mill Race\nR:jig\nM:6/8\nL:1/8\nK:Edor\n"
    "B|:\"Em\"E2B BAB|\"D\"A>FD (3DEF A|\"Em\"{c}[EB]3-[EB]z e|1\"D\"dAF E2B:|2\"D\"dAF E3|]\n";

constexpr std::string_view kHigher = "X:1\nT:The Mill Race\nR:jig\nM:6/8\nL:1/8\nK:F#dor\n";

int failures = 0;

void expect(bool condition, const char* what) {
  if (condition) return;
  std::printf("wrong: %s\n", what);
  ++failures;
}

void add_tune(std::string_view text, Signature& signature) {
  signature.add(text);
  Reading reading = read_tune(text);
  for (const Problem& problem : reading.problems) signature.add(describe(problem));
  signature.add(canonical_text(reading.tune));
  for (const Sound& sound : perform(reading.tune)) {
    signature.add(sound.pitch);
    signature.add(sound.start);
    signature.add(sound.length);
  }
  transpose(reading.tune, 2);
  signature.add(canonical_text(reading.tune));
}

std::string random_tune(std::uint64_t number) {
  Random random(1, RandomStream::kSample, number);
  const Alphabet alphabet;
  Requirements wanted;
  wanted.complete_bars = number % 2 == 0;
  if (number % 3 == 0) wanted.bars = static_cast<int>(1 + random.below(16));
  Cursor cursor;
  std::string text;
  while (cursor.part() != Part::kEnded) {
    if (text.size() > 400 && wanted.bars == 0) wanted.ends_here = true;
    const CharacterSet set = next_characters(cursor, wanted, alphabet);
    std::vector<char32_t> characters;
    for (char32_t c = 0; c < 256; ++c) {
      if (set.contains(c) && (c < 128 || c == 0xE9)) characters.push_back(c);
    }
    if (characters.empty()) {
      expect(false, "a tune that cannot go on");
      return text;
    }
    const char32_t c = characters[static_cast<std::size_t>(random.below(characters.size()))];
    cursor.push(c);
    append_utf8(text, c);
  }
  return text;
}

void check_one_tune() {
  Reading reading = read_tune(kTune);
  expect(reading.is_correct(), "a correct tune is correct");
  expect(check_tune(kTune).empty(), "nothing is wrong with it");
  expect(canonical_text(reading.tune) == kTune, "its canonical text");
  transpose(reading.tune, 2);
  expect(canonical_text(reading.tune).substr(0, kHigher.size()) == kHigher, "a tone higher");
  const std::vector<Sound> sounds = perform(reading.tune);
  expect(sounds.size() == 42 && sounds[0].pitch == 73, "how it sounds");
  expect(!check_tune("X:1\nT:Short\nM:4/4\nL:1/8\nK:C\nC4|C4|C4|]\n").empty(), "bars too short");
}

std::uint64_t signature_of_everything() {
  Signature signature;
  add_tune(kTune, signature);
  for (std::uint64_t i = 0; i < kWalks; ++i) {
    const std::string text = random_tune(i);
    expect(read_tune(text).is_correct(), "a made tune is correct");
    add_tune(text, signature);
  }
  return signature.value();
}

int run() {
  check_one_tune();
  const std::uint64_t signature = signature_of_everything();
  std::printf("signature 0x%016llX\n", static_cast<unsigned long long>(signature));
  expect(signature == kSignature, "the signature");
  return failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace lilt::abc

int main() { return lilt::abc::run(); }
