// One tune: read, written canonically, read again; played and transposed.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "abc/canonical.h"
#include "abc/performance.h"
#include "abc/transpose.h"
#include "abc/tune.h"

namespace lilt::abc {
namespace {

// Otherwise shows the texts that differ, or the one that is wrong.
void require(bool condition, std::string_view what, std::string_view text,
             std::string_view other = {}) {
  if (condition) return;
  std::fprintf(stderr, "%s:\n%s\n----\n%s\n", std::string(what).c_str(), std::string(text).c_str(),
               std::string(other).c_str());
  std::abort();
}

bool has_overlay(const Tune& tune) {
  for (const Voice& voice : tune.voices) {
    for (const Element& element : voice.elements) {
      if (element.kind == ElementKind::kOverlay) return true;
    }
  }
  return false;
}

// Without decorations, which the canonical text leaves out: a staccato dot shortens a note.
std::vector<Sound> sounds(Tune tune) {
  for (Voice& voice : tune.voices) {
    for (Element& element : voice.elements) element.marks.clear();
  }
  return perform(tune, {.graces = false});
}

void check_transposing(const Tune& tune, const std::string& canonical) {
  Tune moved = tune;
  transpose(moved, 5);
  (void)canonical_text(moved);
  transpose(moved, -5);
  const std::string back = canonical_text(moved);
  require(back == canonical, "transposed and back", canonical, back);
}

void check_tune(std::string_view text) {
  const Reading first = read_tune(text);
  const std::string canonical = canonical_text(first.tune);
  const Reading second = read_tune(canonical);
  const std::vector<Sound> first_sounds = sounds(first.tune);
  if (!first.is_correct() || first.tune.voices.size() != 1 || has_overlay(first.tune)) {
    Tune moved = second.tune;
    transpose(moved, 5);
    (void)canonical_text(moved);
    return;
  }
  require(second.is_correct(), "not correct", canonical,
          second.problems.empty() ? "" : describe(second.problems[0]));
  const std::string again = canonical_text(second.tune);
  require(again == canonical, "not canonical", canonical, again);
  // An order of parts that leaves some out, or in which they do not fit, is not written out.
  const bool has_order = !first.tune.field(U'P').empty();
  require(has_order || sounds(second.tune) == first_sounds, "other sounds", canonical);
  check_transposing(second.tune, canonical);
}

}  // namespace
}  // namespace lilt::abc

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lilt::abc::check_tune({reinterpret_cast<const char*>(data), size});
  return 0;
}
