// The constraint with a network that knows nothing, which is the hardest case: whatever it prefers,
// each tune has to be correct and as it was asked for.
#include "compose/composer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "abc/surroundings.h"
#include "abc/tune.h"
#include "small_model.h"
#include "targets.h"

namespace lilt::compose {
namespace {

// What a random network composes with.
struct Bench {
  std::vector<std::byte> file;
  ModelView model;
  infer::Weights weights;
  abc::Alphabet alphabet;

  explicit Bench(std::uint64_t seed = 1)
      : file(support::file_of(network(seed))),
        model(*view_model(file, "random")),
        weights(*infer::Weights::of(model, infer::Precision::kEightBit)),
        alphabet(*abc::Alphabet::of(model.vocabulary.characters())) {}

  static Model network(std::uint64_t seed) {
    std::string characters = "\né";
    for (char c = ' '; c < 127; ++c) characters += c;
    ModelConfig config{.embedding = 5, .hidden = {12}};
    for (const abc::Feature& f : abc::kFeatures) {
      config.features.push_back({std::string(f.name), f.values, 3});
    }
    config.text = {.canonical = true, .dialects = {}};
    return support::random_model(support::vocabulary_of(characters), config, seed);
  }
};

const Bench& bench() {
  static const Bench one;
  return one;
}

std::vector<std::string> compose(const Plan& plan, std::size_t tunes, std::uint64_t seed,
                                 std::size_t streams = 4, const Acceptance& acceptance = {}) {
  const WritingOptions options;
  Result<Composer> composer = Composer::of(bench().weights, bench().model.vocabulary,
                                           bench().alphabet, plan, options, streams);
  EXPECT_TRUE(composer);
  std::vector<std::string> texts(tunes);
  std::size_t next = 0;
  composer->compose(
      acceptance,
      [&]() -> std::optional<Order> {
        if (next == tunes) return std::nullopt;
        const std::size_t i = next++;
        return Order{.seed = seed + i, .candidate = 0, .place = i};
      },
      [&](const Order& order, const Composition& composition) {
        texts[order.place] = composition.text;
      });
  return texts;
}

Plan plan_of(const Wishes& wishes) {
  Result<Plan> plan = make_plan(wishes, bench().alphabet);
  EXPECT_TRUE(plan) << (plan ? "" : plan.error().message);
  return plan ? *std::move(plan) : Plan{};
}

// --- What tunes are

std::string body_of(const std::string& text) {
  return text.substr(text.find('\n', text.find("\nK:") + 1) + 1);
}

// Music in the order of writing, slurs and ties aside: what is struck, and for how long.
std::string sound_of(const abc::Voice& voice, std::size_t begin, std::size_t end) {
  std::string sound;
  for (std::size_t i = begin; i < end; ++i) {
    const abc::Element& element = voice.elements[i];
    if (!element.takes_time()) continue;
    for (const abc::Head& head : element.graces) sound += "g" + std::to_string(head.pitch.midi());
    for (const abc::Head& head : element.heads) sound += " " + std::to_string(head.pitch.midi());
    for (const std::string& symbol : element.chord_symbols) sound += " " + symbol;
    sound += ":" + std::to_string(element.time);
  }
  return sound;
}

std::vector<std::string> sections_of(const abc::Voice& voice) {
  std::map<int, std::string> sections;
  for (const abc::Bar& bar : voice.bars()) {
    sections[bar.section] += sound_of(voice, bar.begin, bar.end) + "|";
  }
  std::vector<std::string> all;
  for (auto& [number, sound] : sections) all.push_back(std::move(sound));
  return all;
}

int bars_of(const std::string& text) {
  abc::Cursor cursor;
  for (const char c : text) cursor.push(static_cast<unsigned char>(c));
  return cursor.bars();
}

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++found;
  }
  return found;
}

bool is_within(const abc::Voice& voice, const abc::PitchRange& range) {
  for (const abc::Element& element : voice.elements) {
    for (const auto* heads : {&element.heads, &element.graces}) {
      for (const abc::Head& head : *heads) {
        if (head.pitch.midi() < range.lowest || head.pitch.midi() > range.highest) return false;
      }
    }
  }
  return true;
}

void expect_form(const Form& form, const abc::Tune& tune, const std::string& text) {
  const std::vector<std::string> sections = sections_of(tune.voices[0]);
  ASSERT_EQ(sections.size(), form.sections.size()) << text;
  std::size_t repeats = 0;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    repeats += form.sections[i].repeated ? 1 : 0;
    if (form.same_as[i]) {
      EXPECT_EQ(sections[i], sections[*form.same_as[i]]) << text;
    }
  }
  const std::string body = body_of(text);
  EXPECT_EQ(count(body, ":|") + count(body, "::"), repeats) << text;
}

// Everything that was asked for.
void expect_as_asked(const Wishes& wishes, const Plan& plan, const std::string& text) {
  const abc::Reading reading = abc::read_tune(text);
  ASSERT_TRUE(reading.problems.empty()) << text << abc::describe(reading.problems[0]);
  const abc::Tune& tune = reading.tune;
  const abc::Requirements& r = plan.requirements;
  ASSERT_EQ(tune.voices.size(), 1U);
  const std::string body = body_of(text);
  if (!wishes.key.empty()) {
    EXPECT_EQ(tune.key, *r.key) << text;
    EXPECT_EQ(count(body, "K:"), 0U) << text;
  }
  if (r.metre) {
    EXPECT_EQ(tune.metre, *r.metre) << text;
    EXPECT_EQ(count(body, "M:"), 0U) << text;
  }
  EXPECT_EQ(tune.unit, *r.unit) << text;
  if (!wishes.rhythm.empty()) {
    EXPECT_EQ(tune.field('R'), wishes.rhythm);
  }
  if (!plan.title.empty()) {
    EXPECT_EQ(tune.field('T'), plan.title);
  }
  int bars = r.bars;
  for (const abc::SectionRequirement& section : plan.form.sections) bars += section.bars;
  if (!plan.form.sections.empty()) bars -= r.bars;
  if (bars != 0) {
    EXPECT_EQ(bars_of(text), bars) << text;
  }
  if (!plan.form.sections.empty()) expect_form(plan.form, tune, text);
  if (!wishes.range.empty()) {
    EXPECT_TRUE(is_within(tune.voices[0], r.range)) << text;
  }
  if (wishes.chord_symbols == abc::ChordSymbols::kNone) {
    EXPECT_EQ(count(body, "\""), 0U) << text;
  }
  if (wishes.chord_symbols == abc::ChordSymbols::kSome) {
    EXPECT_GT(count(body, "\""), 0U) << text;
  }
  if (tune.metre == kWithoutAccompaniment && count(body, "M:") == 0) {
    EXPECT_EQ(count(body, "\""), 0U) << text;
  }
  const std::string start = plan.body.empty() ? "" : plan.body[0].given;
  EXPECT_TRUE(body.starts_with(start)) << text;
}

template <class T, std::size_t N>
const T& one_of(const T (&values)[N], Random& random) {
  return values[random.below(N)];
}

Wishes random_wishes(Random& random) {
  constexpr const char* kKeys[] = {"",    "",     "D",    "Am",    "Ebm",   "C#",  "Cb",
                                   "G#m", "Fdor", "Bloc", "C#phr", "Gblyd", "Emix"};
  constexpr const char* kMetres[] = {"",    "",    "C",   "C|",  "2/4", "3/4",
                                     "4/4", "5/4", "6/4", "7/4", "2/2", "3/2",
                                     "3/8", "5/8", "6/8", "7/8", "9/8", "12/8"};
  constexpr const char* kUnits[] = {"", "", "1/4", "1/8", "1/16"};
  constexpr const char* kRhythms[] = {"", "", "slängpolska", "reel",
                                      "a rhythm of more characters than anything would remember"};
  constexpr const char* kForms[] = {"",     "",     "A",   "AA",     "AABB",   "AABA",
                                    "ABAC", "ABAB", "AAA", "AABBCC", "AABBAA", "ABACA"};
  constexpr const char* kRanges[] = {"", "", "fiddle", "whistle", "C4-C5", "pipes", "F#4-Gb5"};
  Wishes wishes{.key = one_of(kKeys, random),
                .metre = one_of(kMetres, random),
                .unit = one_of(kUnits, random),
                .rhythm = one_of(kRhythms, random),
                .title = random.below(3) == 0 ? "A Tune for Nobody" : "",
                .form = one_of(kForms, random),
                .range = one_of(kRanges, random)};
  if (wishes.form.empty()) {
    wishes.bars = static_cast<int>(random.below(12));
  } else {
    const auto sections = static_cast<int>(parse_form(wishes.form, 0)->sections.size());
    wishes.bars = sections * static_cast<int>(1 + random.below(4));
  }
  wishes.chord_symbols = static_cast<abc::ChordSymbols>(random.below(3));
  if (wishes.metre == std::string("3/2")) wishes.chord_symbols = abc::ChordSymbols::kAny;
  return wishes;
}

std::string shown(const Wishes& w) {
  return "key " + w.key + ", metre " + w.metre + ", unit " + w.unit + ", rhythm " + w.rhythm +
         ", form " + w.form + ", range " + w.range + ", start " + w.start + ", bars " +
         std::to_string(w.bars) + ", chords " + std::to_string(static_cast<int>(w.chord_symbols));
}

TEST(Composer, TunesOfMixedWishesAreCorrectAndAsAsked) {
  Random random(5, RandomStream::kBench);
  for (std::uint64_t i = 0; i < 250; ++i) {
    const Wishes wishes = random_wishes(random);
    SCOPED_TRACE(shown(wishes));
    const Plan plan = plan_of(wishes);
    if (HasFailure()) return;
    for (const std::string& text : compose(plan, 2, 1000 * i, 2)) {
      expect_as_asked(wishes, plan, text);
      if (HasFatalFailure() || HasFailure()) return;
    }
  }
}

TEST(Composer, TunesGoOnFromAnOpening) {
  // Cut anywhere where what is left is a beginning: each prefix of a tune is one.
  const std::string tune = "d|\"D\"(3fga f>d A2 d2|\"G\"B4- B2 (g{a}f)|e2 c2 A2 =c2|d7||\n";
  constexpr const char* kForms[] = {"", "ABC", "ABA", "ABCB"};
  Random random(6, RandomStream::kBench);
  for (std::size_t size = 1; size <= tune.size(); ++size) {
    Wishes wishes{.key = "D", .metre = "4/4", .form = one_of(kForms, random)};
    wishes.start = tune.substr(0, size);
    if (!wishes.form.empty())
      wishes.bars = 4 * static_cast<int>(parse_form(wishes.form, 0)->sections.size());
    SCOPED_TRACE(shown(wishes));
    const Plan plan = plan_of(wishes);
    if (HasFailure()) return;
    for (const std::string& text : compose(plan, 3, 100 * size)) {
      expect_as_asked(wishes, plan, text);
      if (HasFailure()) return;
    }
  }
}

TEST(Composer, AnOpeningMayHoldWholeSectionsThatComeAgain) {
  for (const char* const start :
       {"|:d2|A8|B6:|\n|:c2|", "|:d2|A8|B6::c2|A8|", "|:d2|A8|B6:|\n|:c2|A8|", "|:d2|A8|B6:|"}) {
    const Wishes wishes{.key = "D", .metre = "4/4", .form = "AABBAA", .start = start, .bars = 6};
    SCOPED_TRACE(start);
    const Plan plan = plan_of(wishes);
    if (HasFailure()) return;
    for (const std::string& text : compose(plan, 5, 7)) {
      expect_as_asked(wishes, plan, text);
      if (HasFailure()) return;
    }
  }
}

TEST(Composer, TheSameTunesWhateverElseIsComposed) {
  const Plan plan = plan_of({.form = "ABA", .bars = 6});
  const std::vector<std::string> alone = compose(plan, 12, 40, 1);
  EXPECT_NE(alone[0], alone[1]);
  for (const std::size_t streams : {2, 5, 16}) EXPECT_EQ(compose(plan, 12, 40, streams), alone);
  for (std::size_t i = 0; i < alone.size(); ++i) {
    EXPECT_EQ(compose(plan, 1, 40 + i)[0], alone[i]);
  }
}

TEST(Composer, TheSameTunesOnEveryInstructionSet) {
  const Plan plan = plan_of({.bars = 4});
  std::vector<std::string> first;
  support::for_each_target([&](const char* name) {
    const std::vector<std::string> tunes = compose(plan, 6, 3, 3);
    if (first.empty()) first = tunes;
    EXPECT_EQ(tunes, first) << name;
  });
}

TEST(Composer, DrawsAgainWhatIsRefused) {
  const Plan plan = plan_of({.bars = 2});
  const std::string drawn = compose(plan, 1, 9)[0];
  const Acceptance other{.refuses_title = {},
                         .refuses_tune = [&](const std::string& tune) { return tune == drawn; }};
  const std::string second = compose(plan, 1, 9, 1, other)[0];
  EXPECT_NE(second, drawn);
  EXPECT_EQ(compose(plan, 1, 9, 3, other)[0], second);
  int asked = 0;
  const Acceptance never{.refuses_title = {},
                         .refuses_tune = [&](const std::string&) { return ++asked > 0; },
                         .most_draws = 5};
  EXPECT_TRUE(abc::read_tune(compose(plan, 1, 9, 1, never)[0]).problems.empty());
  EXPECT_EQ(asked, 4);
}

// --- Given tunes

struct Given {
  const char* text;
  // Of each bar with music as it is written, the number that it goes by.
  std::vector<int> numbers;
};

const std::vector<Given>& given_tunes() {
  static const std::vector<Given> tunes = {
      {"X:9\nT:Plain\nC:Nobody\nM:4/4\nL:1/8\nK:G\n"
       "GABc d2^c2-|c2d2 (e2c2|GA)Bc ^d4-|d4 [Gd]4-|[Gd]8|]\n\n",
       {1, 2, 3, 4, 5}},
      {"X:1\nT:Pickup, repeats, endings\nR:jig\nM:6/8\nL:1/8\nK:D\n"
       "A|:\"D\"(dfa a)fd-|d3 (efg|\"G\"gec) e2A-|A3- A2e|1 d3 d3:|2 d3 d2||\n"
       "|:g-|gba (agf|e)dc ^d2e|f3- f3|gec d2:|\n\n",
       {0, 1, 2, 3, 4, 5, 6, 6, 7, 8, 9, 10}},
      {"X:1\nT:Changes\nM:3/4\nL:1/4\nK:Am\n"
       "(3A/B/c/ d>e|[K:D]f {g}f e|\nM:4/4\n\"A7\"[ce]2 z2|d4:|\n\n",
       {1, 2, 3, 4}},
  };
  return tunes;
}

std::vector<std::string> sounds_of_bars(const std::string& text) {
  const abc::Tune tune = abc::read_tune(text).tune;
  std::vector<std::string> sounds;
  for (const abc::Bar& bar : tune.voices[0].bars()) {
    sounds.push_back(sound_of(tune.voices[0], bar.begin, bar.end));
  }
  return sounds;
}

TEST(Composer, BarsWrittenAnewLeaveAllOthersAsTheyAre) {
  for (const Given& given : given_tunes()) {
    const std::vector<std::string> before = sounds_of_bars(given.text);
    ASSERT_EQ(before.size(), given.numbers.size()) << given.text;
    const int bars = given.numbers.back();
    for (int first = 1; first <= bars; ++first) {
      for (int last = first; last <= bars; ++last) {
        const Result<Plan> plan = plan_rewriting(given.text, first, last, {}, bench().alphabet);
        ASSERT_TRUE(plan) << plan.error().message;
        for (const std::string& text : compose(*plan, 2, 50)) {
          ASSERT_TRUE(abc::read_tune(text).is_correct()) << text;
          const std::vector<std::string> after = sounds_of_bars(text);
          ASSERT_EQ(after.size(), before.size()) << text;
          bool is_new = false;
          for (std::size_t i = 0; i < after.size(); ++i) {
            const bool is_asked = given.numbers[i] >= first && given.numbers[i] <= last;
            is_new |= is_asked && after[i] != before[i];
            if (!is_asked) {
              EXPECT_EQ(after[i], before[i]) << first << "-" << last << "\n" << text;
            }
          }
          EXPECT_TRUE(is_new) << text;
          if (HasFailure()) return;
        }
      }
    }
  }
}

TEST(Composer, BarsAreWrittenAnewWithinARange) {
  for (const Given& given : given_tunes()) {
    for (const auto chords : {abc::ChordSymbols::kNone, abc::ChordSymbols::kSome}) {
      // The tunes have notes outside of it, also some that are tied into what is written anew.
      const Wishes wishes{.range = "C2-C3", .chord_symbols = chords};
      const Result<Plan> plan = plan_rewriting(given.text, 3, 4, wishes, bench().alphabet);
      ASSERT_TRUE(plan) << plan.error().message;
      for (const std::string& text : compose(*plan, 5, 60)) {
        EXPECT_TRUE(abc::read_tune(text).is_correct()) << text;
      }
    }
  }
}

TEST(Composer, TunesGoOnBehindTheirEnd) {
  for (const Given& given : given_tunes()) {
    for (const int more : {0, 1, 5}) {
      const int bars = given.numbers.back();
      const Result<Plan> plan =
          plan_continuation(given.text, {.bars = more == 0 ? 0 : bars + more}, bench().alphabet);
      ASSERT_TRUE(plan) << plan.error().message;
      const std::vector<std::string> before = sounds_of_bars(given.text);
      for (const std::string& text : compose(*plan, 3, 70)) {
        EXPECT_TRUE(abc::read_tune(text).problems.empty()) << text;
        EXPECT_EQ(bars_of(text), bars + (more == 0 ? 8 : more)) << text;
        const std::vector<std::string> after = sounds_of_bars(text);
        ASSERT_GT(after.size(), before.size()) << text;
        EXPECT_TRUE(std::equal(before.begin(), before.end(), after.begin())) << text;
        if (HasFailure()) return;
      }
    }
  }
}

TEST(Composer, WhatIsGivenNeedNotBeKnownToTheModel) {
  const Wishes wishes{.rhythm = "漢", .title = "漢字", .bars = 2};
  const Plan plan = plan_of(wishes);
  if (HasFailure()) return;
  for (const std::string& text : compose(plan, 2, 1)) expect_as_asked(wishes, plan, text);
}

// --- The finished text

TEST(Finished, HasItsNumberAndWhereItComesFrom) {
  Plan plan;
  EXPECT_EQ(finished("X:1\nT:a\nR:jig\nM:6/8\nL:1/8\nK:D\nd3 d3|]\n\n", plan, 12, "Lilt, seed 3"),
            "X:12\nT:a\nZ:Lilt, seed 3\nR:jig\nM:6/8\nL:1/8\nK:D\nd3 d3|]\n\n");
  plan.fields = "C:Nobody\n";
  EXPECT_EQ(finished("X:1\nT:a\nM:6/8\nL:1/8\nK:D\nd3 d3|]\n\n", plan, 1, ""),
            "X:1\nT:a\nC:Nobody\nM:6/8\nL:1/8\nK:D\nd3 d3|]\n\n");
}

}  // namespace
}  // namespace lilt::compose
