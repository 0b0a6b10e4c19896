// What the understanding of ABC costs: reading with the Cursor, and the characters that may come.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "abc/canonical.h"
#include "abc/cursor.h"
#include "abc/next_characters.h"
#include "abc/tune.h"
#include "base/random.h"
#include "base/text.h"

namespace lilt::abc {
namespace {

constexpr std::string_view kTune =
    "X:1\nT:The Mill Race\nR:jig\nM:6/8\nL:1/8\nK:Edor\n"
    "B|:\"Em\"E2B BAB|\"D\"AFD DEF|\"Em\"E2B BAB|\"D\"dAF \"Em\"E2B|\n"
    "\"Em\"E2B BAB|\"D\"AFD DEF|\"G\"G2A Bcd|1 \"D\"dAF \"Em\"E2B:|2 \"D\"dAF \"Em\"E3||\n"
    "|:\"Em\"e2f gfe|\"D\"f2d dBA|\"Em\"B2e efg|\"D\"fed \"Bm\"B2A|\n"
    "\"G\"B>AG \"D\"AFD|\"Em\"(3EFG B {c}BAB|\"G\"G2A Bcd|\"D\"dAF \"Em\"E3:|\n";

// A tune of random characters of the dialect.
std::string random_walk(std::uint64_t number) {
  Random random(1, RandomStream::kBench, number);
  const Alphabet alphabet;
  Requirements wanted;
  Cursor cursor;
  std::string text;
  while (cursor.part() != Part::kEnded) {
    wanted.ends_here = text.size() > 400;
    const CharacterSet set = next_characters(cursor, wanted, alphabet);
    std::vector<char32_t> characters;
    for (char32_t c = 0; c < 128; ++c) {
      if (set.contains(c)) characters.push_back(c);
    }
    const char32_t c = characters[random.below(characters.size())];
    cursor.push(c);
    append_utf8(text, c);
  }
  return text;
}

std::vector<std::string> random_walks() {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 50; ++i) texts.push_back(random_walk(i));
  return texts;
}

std::vector<std::string> canonical_tunes() { return {canonical_text(read_tune(kTune).tune)}; }

std::vector<Cursor> positions(const std::vector<std::string>& texts, bool body_only) {
  std::vector<Cursor> cursors;
  for (const std::string& text : texts) {
    Cursor cursor;
    for (const char c : text) {
      if (!body_only || cursor.part() == Part::kBody) cursors.push_back(cursor);
      cursor.push(static_cast<unsigned char>(c));
    }
  }
  return cursors;
}

void count(benchmark::State& state, std::size_t each) {
  state.counters["each"] =
      benchmark::Counter(static_cast<double>(each), benchmark::Counter::kIsIterationInvariantRate |
                                                        benchmark::Counter::kInvert);
}

void push(benchmark::State& state, const std::vector<std::string>& texts) {
  std::size_t characters = 0;
  for (const std::string& text : texts) characters += text.size();
  for (auto _ : state) {
    for (const std::string& text : texts) {
      Cursor cursor;
      for (const char c : text) cursor.push(static_cast<unsigned char>(c));
      benchmark::DoNotOptimize(cursor);
    }
  }
  count(state, characters);
}
BENCHMARK_CAPTURE(push, tune, canonical_tunes());
BENCHMARK_CAPTURE(push, walks, random_walks());

void next(benchmark::State& state, const std::vector<std::string>& texts, bool body_only,
          const Requirements& wanted) {
  const std::vector<Cursor> cursors = positions(texts, body_only);
  const Alphabet alphabet;
  for (auto _ : state) {
    for (const Cursor& cursor : cursors) {
      benchmark::DoNotOptimize(next_characters(cursor, wanted, alphabet));
    }
  }
  count(state, cursors.size());
}
BENCHMARK_CAPTURE(next, tune, canonical_tunes(), false, Requirements{});
BENCHMARK_CAPTURE(next, walks, random_walks(), false, Requirements{});
BENCHMARK_CAPTURE(next, body_of_tune, canonical_tunes(), true, Requirements{});
BENCHMARK_CAPTURE(next, body_of_walks, random_walks(), true, Requirements{});
BENCHMARK_CAPTURE(next, tune_with_bars, canonical_tunes(), true, Requirements{.bars = 32});
BENCHMARK_CAPTURE(next, tune_that_ends, canonical_tunes(), true, Requirements{.ends_here = true});

void copy(benchmark::State& state) {
  const std::vector<Cursor> cursors = positions(canonical_tunes(), true);
  Cursor target;
  for (auto _ : state) {
    for (const Cursor& cursor : cursors) {
      target = cursor;
      benchmark::DoNotOptimize(target);
    }
  }
  count(state, cursors.size());
}
BENCHMARK(copy);

void read(benchmark::State& state, const std::vector<std::string>& texts) {
  std::size_t bytes = 0;
  for (const std::string& text : texts) bytes += text.size();
  for (auto _ : state) {
    for (const std::string& text : texts) benchmark::DoNotOptimize(read_tune(text));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * state.iterations());
}
BENCHMARK_CAPTURE(read, tune, canonical_tunes());
BENCHMARK_CAPTURE(read, walks, random_walks());

}  // namespace
}  // namespace lilt::abc
