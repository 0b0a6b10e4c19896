// The constraint with a network that knows nothing, which is the hardest case: whatever it prefers,
// each tune has to be correct and as it was asked for.
#include "compose/session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "abc/playability.h"
#include "abc/surroundings.h"
#include "abc/tune.h"
#include "allocations.h"
#include "compose/returns.h"
#include "composing.h"
#include "targets.h"

namespace lilt::compose {
namespace {

using support::Collector;
using support::ignorant_model;

std::vector<Piece> compose(const Request& request, std::size_t streams = 4,
                           const Model& model = ignorant_model()) {
  Session session(model, streams);
  Collector sink;
  const Result<Ticket> ticket = session.submit(request, sink);
  EXPECT_TRUE(ticket) << (ticket ? "" : ticket.error().to_string());
  while (session.step()) {
  }
  return sink.pieces;
}

std::vector<std::string> texts_of(const Request& request, std::size_t streams = 4) {
  std::vector<std::string> texts;
  for (const Piece& piece : compose(request, streams)) texts.push_back(piece.text);
  return texts;
}

Request wish(const Wishes& wishes, std::size_t number, std::uint64_t seed) {
  return {.wishes = wishes, .sampling = {}, .seed = seed, .number = number};
}

// --- What tunes are

std::string body_of(const std::string& text) { return std::string(abc::part_tune(text).music); }

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
void expect_as_asked(const Wishes& wishes, const Piece& piece) {
  const std::string& text = piece.text;
  const abc::Reading reading = abc::read_tune(text);
  ASSERT_TRUE(reading.problems.empty()) << text << abc::describe(reading.problems[0]);
  const abc::Tune& tune = piece.tune;
  const Result<NewTuneWishes> checked = check_wishes(wishes, {});
  ASSERT_TRUE(checked);
  const abc::Requirements& r = checked->tune.requirements;
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
  if (!wishes.title.empty()) {
    EXPECT_EQ(tune.field('T'), wishes.title);
  }
  if (wishes.bars) {
    EXPECT_EQ(bars_of(text), *wishes.bars) << text;
  }
  if (!wishes.form.empty())
    expect_form(*parse_form(wishes.form, wishes.bars.value_or(0)), tune, text);
  if (!wishes.range.empty()) {
    EXPECT_TRUE(is_within(tune.voices[0], r.range)) << text;
  }
  if (wishes.chords == "off") {
    EXPECT_EQ(count(body, "\""), 0U) << text;
  }
  if (wishes.chords == "on") {
    EXPECT_GT(count(body, "\""), 0U) << text;
  }
  if (tune.metre == abc::kWithoutAccompaniment && count(body, "M:") == 0) {
    EXPECT_EQ(count(body, "\""), 0U) << text;
  }
  std::string start = wishes.start;
  if (piece.plan->sounding) start = piece.plan->sounding->start;  // it may be in a repeat now
  while (start.ends_with(' ') || start.ends_with('\n')) start.pop_back();
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
  constexpr const char* kRhythms[] = {"", "", "slängpolska", "air",
                                      "a rhythm of more characters than anything would remember"};
  constexpr const char* kForms[] = {"",     "",     "A",   "AA",     "AABB",   "AABA",
                                    "ABAC", "ABAB", "AAA", "AABBCC", "AABBAA", "ABACA"};
  constexpr const char* kRanges[] = {"", "C2-B6", "fiddle", "whistle", "C4-C5", "pipes", "F#4-Gb5"};
  Wishes wishes{.key = one_of(kKeys, random),
                .metre = one_of(kMetres, random),
                .unit = one_of(kUnits, random),
                .rhythm = one_of(kRhythms, random),
                .title = random.below(3) == 0 ? "A Tune for Nobody" : "",
                .form = one_of(kForms, random),
                .range = one_of(kRanges, random)};
  if (wishes.form.empty()) {
    if (const auto bars = static_cast<int>(random.below(12)); bars > 0) wishes.bars = bars;
  } else {
    const auto sections = static_cast<int>(parse_form(wishes.form, 0)->sections.size());
    wishes.bars = sections * static_cast<int>(1 + random.below(4));
  }
  wishes.chords = lilt::name_of(static_cast<abc::ChordSymbols>(random.below(3)));
  if (wishes.metre == std::string("3/2")) wishes.chords = "any";
  return wishes;
}

std::string shown(const Wishes& w) {
  return "key " + w.key + ", metre " + w.metre + ", unit " + w.unit + ", rhythm " + w.rhythm +
         ", form " + w.form + ", range " + w.range + ", start " + w.start + ", bars " +
         std::to_string(w.bars.value_or(0)) + ", chords " + w.chords;
}

TEST(Session, TunesOfMixedWishesAreCorrectAndAsAsked) {
  Random random(5, RandomStream::kBench);
  for (std::uint64_t i = 0; i < 250; ++i) {
    const Wishes wishes = random_wishes(random);
    SCOPED_TRACE(shown(wishes));
    for (const Piece& piece : compose(wish(wishes, 2, 1000 * i), 2)) {
      expect_as_asked(wishes, piece);
      if (HasFatalFailure() || HasFailure()) return;
    }
  }
}

// A model of text in C, which knows the forms of three tunes.
const Model& model_in_c() {
  static const Model one = [] {
    ModelContents model = support::random_composer(7);
    model.config.text.in_c = true;
    const auto known = [](const char* text, int tonic) {
      return abc::KnownOutline{1, abc::Mode::kMajor,
                               abc::outline_of(text, static_cast<std::uint8_t>(tonic))};
    };
    const std::vector<abc::KnownOutline> outlines = {
        known("X:1\nT:a\nM:6/8\nL:1/8\nK:C\n|:G|c6|d6|c6|1d5:|2c5||\n|:G|e6|f6|e6|f5:|\n", 3),
        known("X:1\nT:a\nM:4/4\nL:1/8\nK:C\n\"C\"c8|d8|c8|\"G\"G8||\ne8|f8|e8|\"C\"c8|]\n", 8),
        known("X:1\nT:a\nM:2/4\nL:1/8\nK:C\n|:c4|d4|c4|G4:|\n", 10)};
    return support::opened(model, abc::outlines_text(outlines));
  }();
  return one;
}

TEST(Session, TunesOfAModelInCAreCorrectAndAsAsked) {
  Random random(15, RandomStream::kBench);
  for (std::uint64_t i = 0; i < 150; ++i) {
    const Wishes wishes = random_wishes(random);
    SCOPED_TRACE(shown(wishes));
    for (const Piece& piece : compose(wish(wishes, 2, 1000 * i), 2, model_in_c())) {
      expect_as_asked(wishes, piece);
      if (HasFatalFailure() || HasFailure()) return;
    }
  }
}

TEST(Session, AModelInCKeepsToFormsThatItKnows) {
  int as_planned = 0;
  for (const Piece& piece : compose(wish({}, 30, 3), 4, model_in_c())) {
    const abc::Outline& planned = *piece.plan->outline;
    const abc::Outline written = abc::outline_of(piece.text);
    as_planned += written.sections == planned.sections ? 1 : 0;
    EXPECT_EQ(abc::told_tonic(piece.tune.key), planned.tonic) << piece.text;
    EXPECT_EQ(piece.tune.metre, *planned.metre) << piece.text;
    EXPECT_EQ(bars_of(piece.text), static_cast<int>(planned.bars.size())) << piece.text;
  }
  // A network that has learnt nothing may tie notes over the end of a section, which goes on then.
  EXPECT_GE(as_planned, 12);
}

// Even notes that mean nothing end where they should: their end is drawn anew until it does.
TEST(Session, AModelInCEndsTunesAsPlanned) {
  constexpr std::size_t kTunes = 30;
  const Wishes wishes{.form = R"({"sections": [{"bars": 4}],
                                  "bars": [{}, {}, {}, {"rest": [7, 0]}]})"};
  const std::vector<Piece> pieces = compose(wish(wishes, kTunes, 3), 4, model_in_c());
  const std::vector<Piece> one_by_one = compose(wish(wishes, kTunes, 3), 1, model_in_c());
  std::size_t on_the_fifth = 0;
  for (std::size_t i = 0; i < kTunes; ++i) {
    on_the_fifth += abc::outline_of(pieces[i].text).bars.back().rest_degree == 7 ? 1 : 0;
    EXPECT_EQ(one_by_one[i].text, pieces[i].text);
  }
  EXPECT_GE(on_the_fifth, kTunes / 2);  // by chance an eighth or so
}

// Sections, repeats and endings, and what returns.
TEST(Session, AModelInCKeepsToAFormThatIsAskedFor) {
  constexpr std::size_t kTunes = 12;
  std::size_t tunes = 0, as_asked = 0;
  for (const char* const text :
       {"A3B5", "A4A'B2", "A2A'B3B'", "A4A'4 B4B'4", "A2B2: C2B'2:", "A2A' A2A' A2",
        R"({"sections":[{"bars":3,"repeated":true,"endings":[1,2]},{"bars":4}],)"
        R"("bars":[{},{},{},{},{},{"returns":"exact","to":1},{"returns":"near","to":3}]})"}) {
    const abc::Outline asked = parse_form(text, 0)->outline;
    for (const Piece& piece : compose(wish({.form = text}, kTunes, 3), 4, model_in_c())) {
      EXPECT_TRUE(piece.tune.voices.size() == 1 && abc::read_tune(piece.text).is_correct());
      const abc::Outline written = abc::outline_of(piece.text);
      ASSERT_EQ(written.sections, asked.sections) << text << "\n" << piece.text;
      ++tunes;
      as_asked += returns_as(written, asked) ? 1 : 0;
      EXPECT_NE(to_json(piece).find("\"plan\":"), std::string::npos);
    }
  }
  // A network that has learnt nothing may draw a slur into a bar, which is not copied then.
  EXPECT_GE(4 * as_asked, 3 * tunes);
}

TEST(Session, OtherModelsKnowFormsOfLettersAlone) {
  Session session(ignorant_model());
  Collector sink;
  for (const char* const text : {"A16B8", "AA'BB'", "A4 B4"}) {
    const Result<Ticket> ticket = session.submit({.wishes = {.form = text}}, sink);
    ASSERT_FALSE(ticket) << text;
    EXPECT_EQ(ticket.error().place.field, "form");
  }
}

TEST(Session, AModelInCGoesOnFromAnOpening) {
  // Cut anywhere where what is left is a beginning.
  const std::string tune = "d|\"D\"(3fga f>d A2 d2|\"G\"B4- B2 (g{a}f)|e2 c2 A2 =c2|d7||\n";
  for (std::size_t size = 1; size <= tune.size(); ++size) {
    const Wishes wishes{.key = "D", .metre = "4/4", .start = tune.substr(0, size)};
    SCOPED_TRACE(shown(wishes));
    const std::size_t quotes = count(wishes.start, "\"");
    const bool is_cut = quotes % 2 != 0 || wishes.start.ends_with('=');
    EXPECT_EQ(check(wish(wishes, 1, 1), model_in_c()).ok(), !is_cut);
    if (is_cut) continue;
    for (const Piece& piece : compose(wish(wishes, 2, 100 * size), 2, model_in_c())) {
      expect_as_asked(wishes, piece);
      if (HasFailure()) return;
    }
  }
}

TEST(Session, AModelInCLeavesTheLastNoteOfAnOpening) {
  // What it would add means another length or pitch where the opening is shown: B is its d.
  for (const auto& [unit, start] :
       {std::pair("1/8", "GAB"), {"1/8", "{B"}, {"1/4", "GAB"}, {"1/16", "[Bc"}, {"1/4", "[Bc]"}}) {
    const Wishes wishes{.key = "Am", .metre = "4/4", .unit = unit, .start = start, .bars = 2};
    SCOPED_TRACE(shown(wishes));
    for (const Piece& piece : compose(wish(wishes, 12, 1), 2, model_in_c())) {
      expect_as_asked(wishes, piece);
      const std::string& shown_start = piece.plan->sounding->start;
      EXPECT_NE(body_of(piece.text)[shown_start.size()], '\'') << piece.text;
      if (HasFailure()) return;
    }
  }
}

TEST(Session, AModelInCRefusesAnOpeningThatIsItsEnd) {
  const auto start = [](const char* unit, const char* music) {
    return wish({.key = "C", .metre = "3/4", .unit = unit, .start = music}, 1, 1);
  };
  EXPECT_TRUE(check(start("1/2", "cf/2|A"), model_in_c()).ok());
  const Status overfull = check(start("1/2", "cf/2|BA"), model_in_c());  // which could be A/2
  ASSERT_FALSE(overfull.ok());
  EXPECT_EQ(overfull.error().message, "bar 2 holds 8 eighths; 3/4 holds 6");
  EXPECT_TRUE(check(start("1/8", "A6|A>"), model_in_c()).ok());
  EXPECT_FALSE(check(start("1/16", "A8A4|A>"), model_in_c()).ok());  // in eighths A3/4, then /4
}

TEST(Session, TunesGoOnFromAnOpening) {
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
    for (const Piece& piece : compose(wish(wishes, 3, 100 * size))) {
      expect_as_asked(wishes, piece);
      if (HasFailure()) return;
    }
  }
}

TEST(Session, AnOpeningMayHoldWholeSectionsThatComeAgain) {
  for (const char* const start :
       {"|:d2|A8|B6:|\n|:c2|", "|:d2|A8|B6::c2|A8|", "|:d2|A8|B6:|\n|:c2|A8|", "|:d2|A8|B6:|"}) {
    const Wishes wishes{.key = "D", .metre = "4/4", .form = "AABBAA", .start = start, .bars = 6};
    SCOPED_TRACE(start);
    for (const Piece& piece : compose(wish(wishes, 5, 7))) {
      expect_as_asked(wishes, piece);
      if (HasFailure()) return;
    }
  }
}

TEST(Session, TheSameTunesWhateverElseIsComposed) {
  const Request request = wish({.form = "ABA", .bars = 6}, 12, 40);
  const std::vector<std::string> alone = texts_of(request, 1);
  EXPECT_NE(alone[0], alone[1]);
  for (const std::size_t streams : {2, 5, 16}) EXPECT_EQ(texts_of(request, streams), alone);
  for (std::size_t i = 0; i < alone.size(); ++i) {
    Request one = request;
    one.seed += i;
    one.number = 1;
    EXPECT_EQ(abc::part_tune(texts_of(one)[0]).music, abc::part_tune(alone[i]).music);
  }
}

TEST(Session, TheSameTunesOnEveryInstructionSet) {
  std::vector<std::string> first;
  support::for_each_target([&](const char* name) {
    const std::vector<std::string> tunes = texts_of(wish({.bars = 4}, 6, 3), 3);
    if (first.empty()) first = tunes;
    EXPECT_EQ(tunes, first) << name;
  });
}

// Whoever composes a part of the tunes gets the same ones.
TEST(Session, TunesStayAsTheyAreWhenEarlierOnesAreLeftOut) {
  const std::string given = "X:3\nT:Given\nM:4/4\nL:1/8\nK:G\nABcd efga|g8|A8|B8|]\n\n";
  for (const GivenWish& from :
       {GivenWish{}, GivenWish{.tune = given, .rewrite = "2-3"},
        GivenWish{.tune = given, .vary = 50}, GivenWish{.tune = given, .harmonise = true}}) {
    Request request{.given = from, .seed = 11, .number = 7};
    const std::vector<std::string> whole = texts_of(request);
    std::vector<std::string> joined;
    for (const auto& [first, number] : {std::pair(1, 2), {3, 1}, {4, 4}}) {
      request.first = static_cast<std::size_t>(first);
      request.number = static_cast<std::size_t>(number);
      const std::vector<Piece> part = compose(request, 2);
      ASSERT_EQ(part.size(), request.number);
      EXPECT_EQ(part[0].number, request.first);
      EXPECT_EQ(part[0].seed, 10 + request.first);
      for (const Piece& piece : part) joined.push_back(piece.text);
    }
    EXPECT_EQ(joined, whole);
  }
}

TEST(Session, DifferentRequestsShareABatch) {
  Session session(ignorant_model(), 5);
  const std::vector<Request> requests = {wish({.key = "D", .bars = 3}, 4, 1),
                                         wish({.form = "ABA", .bars = 3}, 1, 9),
                                         wish({.metre = "6/8", .bars = 1}, 7, 5)};
  std::vector<Collector> sinks(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    ASSERT_TRUE(session.submit(requests[i], sinks[i]));
    session.step();  // one is under way when the next one comes
  }
  while (session.step()) {
  }
  for (std::size_t i = 0; i < requests.size(); ++i) {
    EXPECT_EQ(sinks[i].texts(), texts_of(requests[i])) << i;
    ASSERT_EQ(sinks[i].pieces.size(), requests[i].number);
    for (std::size_t n = 0; n < requests[i].number; ++n) {
      EXPECT_EQ(sinks[i].pieces[n].number, n + 1);
      EXPECT_EQ(sinks[i].pieces[n].seed, requests[i].seed + n);
    }
    EXPECT_EQ(sinks[i].progress.pieces, requests[i].number);
  }
}

// With one stream: the drafts of its piece are drawn one after another.
TEST(Session, APieceDoesNotWaitForTheDraftsOfOtherRequests) {
  struct Watcher : Sink {
    Watcher(std::string of, std::string& to) : name(std::move(of)), log(to) {}
    bool take(const Piece& /*piece*/) override { return true; }
    void drew(const Progress& /*progress*/) override { log += name; }
    std::string name;
    std::string& log;
  };
  std::string log;
  Watcher one("a", log), two("b", log), three("c", log);
  Session session(ignorant_model(), 1);
  for (Watcher* const sink : {&one, &two, &three}) {
    Request request = wish({.bars = 4}, sink == &one ? 2 : 1, 1);
    request.best_of = 3;
    ASSERT_TRUE(session.submit(request, *sink));
  }
  while (session.step()) {
  }
  EXPECT_EQ(log, "aaabbbcccaaa");
}

TEST(Session, ACancelledRequestLeavesTheOthersAlone) {
  Session session(ignorant_model(), 3);
  Collector cancelled, kept;
  const Request request = wish({.bars = 4}, 6, 2);
  const Result<Ticket> ticket = session.submit(wish({.bars = 9}, 50, 1), cancelled);
  ASSERT_TRUE(session.submit(request, kept));
  while (cancelled.pieces.empty()) session.step();
  const std::size_t so_far = cancelled.pieces.size();
  session.cancel(*ticket);
  session.cancel(*ticket);  // again, without effect
  while (session.step()) {
  }
  EXPECT_EQ(cancelled.pieces.size(), so_far);
  EXPECT_EQ(kept.texts(), texts_of(request));
  EXPECT_FALSE(session.is_under_way(*ticket));
}

TEST(Session, ASinkThatHasEnoughGetsNoMore) {
  Session session(ignorant_model(), 4);
  Collector sink;
  sink.most = 2;
  ASSERT_TRUE(session.submit(wish({.bars = 1}, 20, 1), sink));
  while (session.step()) {
  }
  EXPECT_EQ(sink.pieces.size(), 2U);
}

TEST(Session, WhatASinkThrowsEndsItsRequestOnly) {
  Session session(ignorant_model(), 2);
  Collector fails, other;
  fails.throws = true;
  const Request request = wish({.bars = 2}, 3, 4);
  ASSERT_TRUE(session.submit(wish({.bars = 1}, 9, 1), fails));
  ASSERT_TRUE(session.submit(request, other));
  const auto run = [&] {
    while (session.step()) {
    }
  };
  EXPECT_THROW(run(), std::runtime_error);
  EXPECT_NO_THROW(run());
  EXPECT_EQ(fails.pieces.size(), 0U);
  EXPECT_EQ(other.texts(), texts_of(request));
}

// Both end in the same step: what one sink throws takes nothing from the other.
TEST(Session, WhatASinkThrowsTakesNothingFromOthersOfTheSameStep) {
  Session session(ignorant_model(), 2);
  Collector fails, other;
  fails.throws = true;
  const Request request = wish({.bars = 2}, 1, 4);
  ASSERT_TRUE(session.submit(request, other));
  ASSERT_TRUE(session.submit(request, fails));
  const auto run = [&] {
    while (session.step()) {
    }
  };
  EXPECT_THROW(run(), std::runtime_error);
  EXPECT_NO_THROW(run());
  EXPECT_EQ(other.texts(), texts_of(request));
}

TEST(Session, ASinkMayCancelItsOwnRequest) {
  struct Canceller : Sink {
    bool take(const Piece&) override {
      session->cancel(ticket);
      ++pieces;
      return true;
    }
    void drew(const Progress&) override { ++calls; }
    Session* session = nullptr;
    Ticket ticket = 0;
    int pieces = 0, calls = 0;
  } sink;
  Session session(ignorant_model(), 4);
  sink.session = &session;
  sink.ticket = *session.submit(wish({.bars = 1}, 9, 1), sink);
  while (session.step()) {
  }
  EXPECT_EQ(sink.pieces, 1);
}

TEST(Session, RefusesWhatCannotBe) {
  Session session(ignorant_model());
  Collector sink;
  const auto refused = [&](const Request& request) {
    const Result<Ticket> ticket = session.submit(request, sink);
    return ticket ? "" : ticket.error().place.field;
  };
  EXPECT_EQ(refused({.wishes = {.key = "H"}}), "key");
  EXPECT_EQ(refused({.given = {.tune = "X:1"}}), "tune");
  EXPECT_EQ(refused({.given = {.rewrite = "1"}}), "tune");
  EXPECT_EQ(refused({.given = {.tune = std::string(kLongestGiven + 1, 'A'), .rewrite = "1"}}),
            "tune");
  EXPECT_EQ(refused({.wishes = {.start = std::string(kLongestGiven + 1, 'A')}}), "start");
  EXPECT_EQ(refused({.wishes = {.form = "ABCDEFGHIJKLMNOPQRSTUVWXYZ["}}), "form");
  EXPECT_EQ(refused({.dialect = "welsh"}), "dialect");
  EXPECT_EQ(refused({.newer_than = 50}), "novel");  // it has not learnt any
  EXPECT_EQ(refused({.report = true}), "report");
  EXPECT_EQ(refused({.seed = ~std::uint64_t{0}, .number = 2}), "seed");
  EXPECT_EQ(refused({.seed = ~std::uint64_t{0}, .first = 2}), "seed");
  EXPECT_EQ(refused({.first = 0}), "first");
  EXPECT_FALSE(session.step());
}

// What the model holds is shared: a session has the state of its streams, and no tables.
TEST(Session, ASecondOneTakesLittleMemory) {
  const Model model = support::opened(support::random_composer(1, {.hidden = {256, 256, 256}}));
  Session first(model);
  const support::AllocationWatch watch;
  constexpr std::size_t kStreams = 8;
  Session second(model, kStreams);
  Collector sink;
  ASSERT_TRUE(second.submit(wish({.bars = 4}, kStreams, 1), sink));
  while (second.step()) {
  }
  EXPECT_LT(watch.peak(), kStreams << 20U);
  EXPECT_GT(watch.peak(), 0U);
}

// A network could prefer anything. No tune takes for ever.
TEST(Session, TunesComeToAnEndWhateverTheNetworkPrefers) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Model model = support::stubborn_model(seed);
    Session session(model, 1);
    Collector sink;
    Request request = wish({}, 1, 1);
    if (seed % 2 == 0) request.wishes.bars = 4;
    request.sampling.temperature = 0;
    ASSERT_TRUE(session.submit(request, sink));
    while (session.step()) {
      ASSERT_LT(session.characters(), 40'000U) << seed;
    }
    EXPECT_TRUE(abc::read_tune(sink.pieces[0].text).is_correct()) << sink.pieces[0].text;
  }
}

TEST(Session, WhatAnOpeningLeavesOpenIsAsWished) {
  Wishes wishes{.key = "G", .metre = "4/4", .form = "AABB", .start = "GABc d4|e8|", .bars = 8};
  wishes.chords = "on";
  for (const std::string& text : texts_of(wish(wishes, 10, 5))) {
    EXPECT_TRUE(abc::read_tune(text).problems.empty()) << text;
    std::string body = body_of(text);
    std::erase(body, '\n');
    EXPECT_TRUE(body.starts_with("|:GABc d4|e8|\"")) << text;
  }
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
       "GABc d2^c2-|^c2d2 (e2c2|GA)Bc ^d4-|^d4 [Gd]4-|[G^d]8|]\n\n",
       {1, 2, 3, 4, 5}},
      {"X:1\nT:Pickup, repeats, endings\nR:jig\nM:6/8\nL:1/8\nK:D\n"
       "A|:\"D\"(dfa a)fd-|d3 (efg|\"G\"gec) e2A-|A3- A2e|1 d3 d3:|2 d3 d2||\n"
       "|:g-|gba (agf|e)dc ^d2e|f3- f3|gec d2:|\n\n",
       {0, 1, 2, 3, 4, 5, 6, 0, 7, 8, 9, 10}},
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

TEST(Session, BarsWrittenAnewLeaveAllOthersAsTheyAre) {
  for (const Given& given : given_tunes()) {
    const std::vector<std::string> before = sounds_of_bars(given.text);
    ASSERT_EQ(before.size(), given.numbers.size()) << given.text;
    const int bars = given.numbers.back();
    for (int first = 1; first <= bars; ++first) {
      for (int last = first; last <= bars; ++last) {
        const std::string span = std::to_string(first) + "-" + std::to_string(last);
        Request request = wish({}, 2, 50);
        request.given = {.tune = given.text, .rewrite = span};
        request.best_of = 1;
        for (const std::string& text : texts_of(request)) {
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

std::string chord_symbols_of(const std::string& text) {
  std::string symbols;
  const abc::Tune tune = abc::read_tune(text).tune;
  for (const abc::Element& element : tune.voices[0].elements) {
    for (const std::string& symbol : element.chord_symbols) symbols += symbol + " ";
  }
  return symbols;
}

TEST(Session, VariationsKeepFormAndHarmony) {
  for (const Given& given : given_tunes()) {
    const std::vector<std::string> before = sounds_of_bars(given.text);
    for (const int percent : {10, 40, 100}) {
      for (const Model* const model : {&ignorant_model(), &model_in_c()}) {
        Request request = wish({}, 4, 50);
        request.given = {.tune = given.text, .vary = percent};
        request.best_of = 1;
        for (const Piece& piece : compose(request, 4, *model)) {
          ASSERT_TRUE(abc::read_tune(piece.text).is_correct()) << piece.text;
          EXPECT_EQ(chord_symbols_of(piece.text), chord_symbols_of(given.text)) << piece.text;
          const BarSet& bars = std::get<Rewriting>(piece.plan->kind).splice.bars;
          const std::vector<std::string> now = sounds_of_bars(piece.text);
          ASSERT_EQ(now.size(), before.size()) << piece.text;
          for (std::size_t i = 0; i < now.size(); ++i) {
            EXPECT_EQ(now[i] != before[i], bars.contains(given.numbers[i]))
                << given.numbers[i] << "\n"
                << piece.text;
          }
        }
      }
    }
  }
}

TEST(Session, VariationsKeepChordSymbolsAsTheyAreSpelt) {
  Request request = wish({}, 4, 50);
  request.given = {.tune = "X:1\nT:a\nM:4/4\nL:1/8\nK:G\n\"G\"\"Em\"G4 \"D/f#\"B4|\"C\"c8|]\n",
                   .vary = 100};
  for (const Model* const model : {&ignorant_model(), &model_in_c()}) {
    for (const Piece& piece : compose(request, 4, *model)) {
      for (const char* const symbols : {"\"G\"\"Em\"", "\"D/f#\"", "\"C\""}) {
        EXPECT_EQ(count(piece.text, symbols), 1U) << piece.text;
      }
    }
  }
}

TEST(Session, ATuneMayStandInAFileOfAnySystem) {
  Request request = wish({}, 1, 5);
  request.given = {.tune = given_tunes()[0].text, .rewrite = "2"};
  const std::vector<std::string> expected = texts_of(request);
  std::string file = "Tunes that I like.\r\n\r\n";
  for (const char c : request.given.tune)
    file += c == '\n' ? std::string("\r\n") : std::string(1, c);
  request.given.tune = file + given_tunes()[1].text;
  EXPECT_EQ(texts_of(request), expected);
}

TEST(Session, BarsAreWrittenAnewWithinARange) {
  for (const Given& given : given_tunes()) {
    for (const char* const chords : {"off", "on"}) {
      // The tunes have notes outside of it, also some that are tied into what is written anew.
      const Wishes wishes{.range = "C2-C3", .chords = chords};
      Request request = wish(wishes, 5, 60);
      request.given = {.tune = given.text, .rewrite = "3-4"};
      for (const std::string& text : texts_of(request)) {
        EXPECT_TRUE(abc::read_tune(text).is_correct()) << text;
      }
    }
  }
}

TEST(Session, TunesGoOnBehindTheirEnd) {
  for (const Given& given : given_tunes()) {
    for (const int more : {0, 1, 5}) {
      const int bars = given.numbers.back();
      Request request = wish({}, 3, 70);
      if (more > 0) request.wishes.bars = bars + more;
      request.given = {.tune = given.text, .goes_on = true};
      const std::vector<std::string> before = sounds_of_bars(given.text);
      const std::size_t problems = abc::read_tune(given.text).problems.size();
      for (const std::string& text : texts_of(request)) {
        EXPECT_EQ(abc::read_tune(text).problems.size(), problems) << text;
        EXPECT_EQ(bars_of(text), bars + (more == 0 ? 8 : more)) << text;
        const std::vector<std::string> after = sounds_of_bars(text);
        ASSERT_GT(after.size(), before.size()) << text;
        EXPECT_TRUE(std::equal(before.begin(), before.end(), after.begin())) << text;
        if (HasFailure()) return;
      }
    }
  }
}

TEST(Session, WhatIsGivenNeedNotBeKnownToTheModel) {
  const Wishes wishes{.rhythm = "漢", .title = "漢字", .bars = 2};
  for (const Piece& piece : compose(wish(wishes, 2, 1))) expect_as_asked(wishes, piece);
}

}  // namespace
}  // namespace lilt::compose
