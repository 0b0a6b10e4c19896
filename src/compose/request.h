// What somebody asks for. All that decides which pieces come of it, with all defaults.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "abc/next_characters.h"
#include "base/field.h"
#include "base/result.h"
#include "compose/plan.h"
#include "compose/sampling.h"
#include "compose/tune_writer.h"
#include "compose/wishes.h"
#include "model/config.h"

namespace lilt::compose {

// A tune that there is, to go on from.
struct GivenWish {
  std::string tune;     // ABC; of several the first
  std::string rewrite;  // these bars are written anew: "5-8", or "5"
  bool goes_on = false;
  bool harmonise = false;   // it gets chord symbols
  std::optional<int> vary;  // per cent of its bars are written anew
};

struct Request {
  Wishes wishes;
  GivenWish given;
  std::string dialect;  // the collection to sound like; "": the model's first
  SamplingOptions sampling = {.temperature = 1};
  double repetition = 0;               // see WritingOptions
  std::optional<std::size_t> best_of;  // candidates for each piece; see candidates()
  double newer_than = 0;               // per cent of the real tunes
  bool report = false;                 // pieces tell their likeness
  std::uint64_t seed = 1;              // of piece number 1; the next has the next
  std::size_t first = 1;               // number of the first piece that is wanted
  std::size_t number = 1;              // of pieces

  // Of the piece with that number.
  [[nodiscard]] std::uint64_t seed_of(std::size_t piece) const { return seed + (piece - 1); }
};

// Bytes of a tune or an opening. No tune comes near.
inline constexpr std::size_t kLongestGiven = 100'000;
inline constexpr std::size_t kMostPieces = 1'000'000'000, kMostCandidates = 1000;

// The fields of a request, in their groups.
template <class W, class Visit>
void visit_wishes(W& w, Visit&& visit) {
  constexpr std::string_view kWish = "What it is to be";
  visit(Field{.name = "key", .help = "D, Am, Gdor, \"E minor\" …", .group = kWish, .value = "KEY"},
        w.key);
  visit(Field{.name = "meter", .help = "6/8, 4/4, C| …", .group = kWish, .value = "METRE"},
        w.metre);
  visit(Field{.name = "rhythm",
              .help = "jig, reel, waltz …: the text of R:",
              .group = kWish,
              .value = "NAME"},
        w.rhythm);
  visit(Field{.name = "bars",
              .help = "Bars as written: repeats once, each ending by itself",
              .group = kWish,
              .value = "N",
              .least = 1,
              .most = kMostBarsAsked},
        w.bars);
  visit(Field{.name = "form",
              .help = "AABB: sections of 8 bars unless the bars say; A16B8: of so many; AA'BB': "
                      "with first and second endings; \"A4A'4: B4C4:\": of phrases, repeated; or "
                      "the plan of a tune from JSON",
              .group = kWish,
              .value = "FORM"},
        w.form);
  visit(Field{.name = "unit",
              .help = "Unit note length (default: 1/8)",
              .group = kWish,
              .value = "LENGTH"},
        w.unit);
  visit(Field{.name = "title",
              .help = "Its title (default: the model's)",
              .group = kWish,
              .value = "TEXT"},
        w.title);
  visit(Field{.name = "range",
              .help = "D4-B5 (C4 is middle C), whistle, flute, pipes … (default: G3-D6)",
              .group = kWish,
              .value = "RANGE"},
        w.range);
  visit(Field{.name = "chords",
              .help = "on, off, any, or those to write over: \"G C D7 G|Em C D7 G\"",
              .group = kWish,
              .value = "CHORDS"},
        w.chords);
  visit(Field{.name = "start", .help = "How it begins: ABC", .group = kWish, .value = "ABC"},
        w.start);
}
template <class G, class Visit>
void visit_given(G& g, Visit&& visit) {
  constexpr std::string_view kGiven = "From a tune that there is";
  visit(Field{.name = "tune", .help = "A tune in ABC notation", .group = kGiven, .value = "ABC"},
        g.tune);
  visit(Field{.name = "rewrite",
              .help = "Write these bars anew, keep all others: 5-8",
              .group = kGiven,
              .value = "BARS"},
        g.rewrite);
  visit(Field{.name = "continue",
              .help = "Go on where it ends, by 8 bars or up to so many bars of the whole",
              .group = kGiven},
        g.goes_on);
  visit(Field{.name = "harmonise",
              .help = "Put chord symbols under it, in place of those that it has; without chance",
              .group = kGiven},
        g.harmonise);
  visit(Field{.name = "vary",
              .help = "Write so many per cent of its bars anew, under the same chord symbols",
              .group = kGiven,
              .value = "PERCENT",
              .least = 1,
              .most = 100},
        g.vary);
}
template <class R, class Visit>
void visit_drawing(R& r, Visit&& visit) {
  constexpr std::string_view kDrawing = "How it is drawn";
  visit(Field{.name = "seed", .help = "Draw the same tunes again", .group = kDrawing}, r.seed);
  visit_sampling(r.sampling, kDrawing, visit);
  visit(Field{.name = "repetition",
              .help = "Nats by which repeating the bar before becomes less probable",
              .group = kDrawing,
              .least = 0,
              .most = 100},
        r.repetition);
  visit(Field{.name = "best_of",
              .help = "Keep the best of K, by the model's critic, or bits per note and style "
                      "(default: 8 with a critic and of bars written anew, else 1)",
              .group = kDrawing,
              .value = "K",
              .least = 1,
              .most = kMostCandidates},
        r.best_of);
  visit(Field{.name = "novel",
              .help = "Draw until it is newer than P % of real tunes are to the others",
              .group = kDrawing,
              .value = "P",
              .least = 0,
              .below = 100},
        r.newer_than);
  visit(Field{.name = "dialect",
              .help = "The collection to sound like (default: its first)",
              .group = kDrawing,
              .value = "NAME"},
        r.dialect);
}
template <FieldsOf<Request> R, class Visit>
void visit_fields(R& r, Visit&& visit) {
  constexpr std::string_view kWhich = "Which";
  visit_wishes(r.wishes, visit);
  visit_given(r.given, visit);
  visit_drawing(r, visit);
  visit(
      Field{.name = "report", .help = "Tell how new and how typical each tune is", .group = kWhich},
      r.report);
  visit(Field{.name = "first",
              .help = "Leave out the tunes before this number; all others stay as they are",
              .group = kWhich,
              .value = "N",
              .least = 1,
              .most = kMostPieces},
        r.first);
  visit(Field{.name = "number",
              .help = "How many tunes",
              .group = kWhich,
              .value = "N",
              .least = 1,
              .most = kMostPieces},
        r.number);
}

// JSON both ways. Members are the fields above by their names; those left out have their defaults.
// Errors name the member.
[[nodiscard]] Result<Request> request_from_json(std::string_view json);
[[nodiscard]] std::string to_json(const Request& request);

// Refuses what makes no sense by itself, naming the field.
[[nodiscard]] Status validate(const Request& request);

// The wishes for a new tune, checked.
[[nodiscard]] Result<NewTuneWishes> new_tune_of(const Request& request,
                                                const abc::Alphabet& alphabet);
// What a request that is about a given tune comes to.
[[nodiscard]] Result<Plan> plan_for_given(const Request& request, const abc::Alphabet& alphabet,
                                          const TextConfig& form);

// Candidates for each piece, unless it says: 8 of bars that are written anew, and 6 of new tunes
// where the model has a critic, which fit into a tenth of a second.
[[nodiscard]] std::size_t candidates(const Request& request, bool has_critic = false);

// How the tunes are written.
[[nodiscard]] Result<WritingOptions> writing_of(const Request& request, const ModelConfig& config);

}  // namespace lilt::compose
