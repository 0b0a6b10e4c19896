// The same everywhere: what tunes are like, on this machine and under WebAssembly: the habits of a
// tune in many keys and what a critic makes of them, in one signature, which is written here.

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

#include "abc/transpose.h"
#include "abc/tune.h"
#include "likeness/critic.h"
#include "likeness/habits.h"
#include "signature.h"

namespace lilt::likeness {
namespace {

using support::Signature;

constexpr std::uint64_t kSignature = 0xC033C8AAB7261B9A;

constexpr std::string_view kTune =
    "X:1\nT:The Mill Race Reel\nR:jig\nM:6/8\nL:1/8\nK:Edor\n"
    "B|:\"Em\"E2B BAB|\"D\"A>FD (3DEF A|\"Em\"E2B B2A|\"D\"dAF \"A\"E3|\"Em\"E2B BAB|\"D\"AFD DFA|"
    "\"Em\"gfe \"D7\"d^cA|1\"Bm\"dAF \"Em\"E2B:|2\"D\"dAF \"Em\"E3||\"G\"g3- gfe|\"D\"fdA z3|]\n";

void add(double value, Signature& signature) {
  std::int64_t bits = 0;
  if (std::isnan(value)) value = -1;  // there are several
  std::memcpy(&bits, &value, sizeof bits);
  signature.add(bits);
}

// A critic that looks at every habit, made up.
Critic critic() {
  Critic made{.bias = 0.1};
  const std::size_t habits = likeness::habits().size();
  for (std::uint32_t h = 0; h < habits; ++h) {
    CriticTree tree;
    for (std::uint32_t i = 0; i < CriticTree::kSplits; ++i) {
      tree.splits[i] = {static_cast<std::uint32_t>((h + 7 * i) % habits), i % 2 == 0,
                        0.3 + 0.1 * i};
    }
    for (std::size_t i = 0; i < CriticTree::kLeaves; ++i) {
      tree.leaves[i] = 0.01 * static_cast<double>(i * (h + 1) % 13) - 0.05;
    }
    made.trees.push_back(tree);
  }
  return made;
}

std::uint64_t signature_of_everything() {
  Signature signature;
  const Critic made = critic();
  for (int semitones = -8; semitones <= 8; ++semitones) {
    abc::Tune tune = abc::read_tune(kTune).tune;
    abc::transpose(tune, semitones);
    const std::vector<double> values = habits_of(tune);
    for (const double value : values) add(value, signature);
    add(made.score(values), signature);
  }
  return signature.value();
}

}  // namespace
}  // namespace lilt::likeness

int main() {
  using namespace lilt::likeness;
  const std::uint64_t signature = signature_of_everything();
  std::printf("signature 0x%016llX\n", static_cast<unsigned long long>(signature));
  if (signature != kSignature) std::printf("wrong: the signature\n");
  return signature == kSignature ? 0 : 1;
}
