#include "compose/variation.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "abc/stretches.h"
#include "compose/copyist.h"
#include "compose/in_c.h"
#include "compose/returns.h"
#include "compose/splice.h"
#include "compose/walk.h"
#include "compose/wrong.h"

namespace lilt::compose {
namespace {

using abc::Stretch;

// What stands at a place of a bar and stays there.
struct Symbol {
  abc::Extent place;
  abc::Ticks at = 0;
};

std::vector<Symbol> symbols_of(std::string_view tune) {
  std::vector<Symbol> symbols;
  for (const Word& word : words_of(tune)) {
    if (word.lexeme.kind != abc::LexemeKind::kChordSymbol) continue;
    symbols.push_back({{word.lexeme.begin, word.lexeme.end}, word.filled});
  }
  return symbols;
}

// Plans the segments of a tune, of which some bars are free.
class SegmentWriter {
 public:
  SegmentWriter(std::string_view text, const abc::Alphabet& alphabet, Plan& plan)
      : text_(text), alphabet_(alphabet), symbols_(symbols_of(text)), plan_(plan) {}

  // Up to the stretch all is given, the stretch is free between its chord symbols.
  Status write_free(const Stretch& stretch) {
    give_up_to(stretch.place.begin);
    const std::size_t first = plan_.segments.size();
    abc::Ticks at = stretch.begin;
    for (const Symbol& symbol : symbols_) {
      const bool is_within =
          symbol.place.begin >= stretch.place.begin && symbol.place.end <= stretch.place.end;
      if (!is_within) continue;
      if (symbol.at > at) {
        if (Status s = free_until(symbol.at, stretch); !s) return s;
      }
      at = symbol.at;
      const bool is_apart = symbol.at > stretch.begin && text_[symbol.place.begin - 1] == ' ';
      const std::size_t begin = symbol.place.begin - (is_apart ? 1 : 0);
      plan_.segments.push_back(Given{std::string(part(begin, symbol.place.end))});
      read_on(text_, symbol.place.end, cursor_);
    }
    if (Status s = free_until(stretch.end, stretch); !s) return s;
    written_[stretch.bar] = {first, plan_.segments.size() - 1};
    done_ = stretch.place.end;
    return success();
  }

  // Up to the stretch all is given, the stretch is as that bar, which has been.
  void write_again(const Stretch& stretch, int bar) {
    give_up_to(stretch.place.begin);
    plan_.segments.push_back(written_.at(bar));
    done_ = stretch.place.end;
  }

  void write_rest() { plan_.segments.push_back(Given{std::string(text_.substr(done_))}); }

 private:
  [[nodiscard]] std::string_view part(std::size_t begin, std::size_t end) const {
    return text_.substr(begin, end - begin);
  }

  void give_up_to(std::size_t end) {
    plan_.segments.push_back(Given{std::string(part(done_, end))});
    read_on(text_, end, cursor_);
  }

  Status free_until(abc::Ticks filled, const Stretch& stretch) {
    abc::Requirements requirements = plan_.requirements;
    requirements.music_until = filled;
    if (is_dead_end(cursor_, requirements, alphabet_)) {
      return wrong_tune("bar " + std::to_string(stretch.bar) +
                        ": expected music that Lilt could write (docs/dialect.md), found other");
    }
    plan_.segments.push_back(Free{.until = Free::Until::kFilled, .filled = filled});
    return success();
  }

  std::string_view text_;
  const abc::Alphabet& alphabet_;
  std::vector<Symbol> symbols_;
  Plan& plan_;
  abc::Cursor cursor_;
  std::size_t done_ = 0;
  std::map<int, Again> written_;  // the segments of each bar
};

// The bars that have music in one place, by number.
std::map<int, Stretch> whole_bars(const std::vector<Stretch>& stretches) {
  std::map<int, int> places;
  for (const Stretch& stretch : stretches) ++places[stretch.bar];
  std::map<int, Stretch> whole;
  bool is_tied = false;  // from the stretch before
  for (const Stretch& stretch : stretches) {
    const bool is_alone = stretch.bar > 0 && places[stretch.bar] == 1 && stretch.begin == 0;
    if (is_alone && !is_tied) whole[stretch.bar] = stretch;
    is_tied = stretch.in_tie;
  }
  return whole;
}

// Changes of key, metre and unit before that byte of the tune.
std::size_t changes_before(std::string_view tune, std::size_t end) {
  std::size_t changes = 0;
  for (const Word& word : words_of(tune.substr(0, end))) {
    const abc::LexemeKind kind = word.lexeme.kind;
    changes += kind == abc::LexemeKind::kField || kind == abc::LexemeKind::kInlineField ? 1 : 0;
  }
  return changes;
}

std::vector<int> edges_of(const std::string& tune) {
  std::vector<int> edges;
  int bar = 1;
  for (const abc::OutlineSection& section : abc::outline_of(tune).sections) {
    edges.push_back(bar);
    bar += section.bars;
    edges.push_back(bar - 1);
  }
  return edges;
}

std::vector<int> bars_of(const std::vector<std::vector<int>>& groups) {
  std::vector<int> bars;
  for (const std::vector<int>& group : groups) bars.insert(bars.end(), group.begin(), group.end());
  return bars;
}

}  // namespace

Variation::Variation(GivenPlan given, const abc::Alphabet& alphabet, const TextConfig& form)
    : alphabet_(&alphabet), form_(form), given_(std::move(given)) {
  original_ = given_.tune.header + given_.tune.music;
  sounding_ = form.in_c ? as_it_sounds(original_, Sounding{given_.tune.key}) : original_;
  given_.requirements.chord_symbols = abc::ChordSymbols::kNone;  // but those that are given
  edges_ = edges_of(original_);
  find_groups();
}

Result<Variation> Variation::of(const std::string& tune, int percent, const Wishes& wishes,
                                const abc::Alphabet& alphabet, const TextConfig& form) {
  Result<GivenPlan> given = plan_for(tune, wishes, alphabet, form);
  if (!given) return given.error();
  if (wishes.bars) return wrong("bars", "expected it or `vary`, found both");
  if (wishes.chords != "any") {
    return wrong("chords", "expected nothing with `vary`, which keeps the chord symbols, found " +
                               quote(wishes.chords));
  }
  Variation variation(*std::move(given), alphabet, form);
  if (variation.bars_ == 0) return wrong_tune("expected a tune with a full bar, found none");
  if (variation.groups_.empty()) {
    return wrong_tune("expected a tune with bars that can change by themselves, found none");
  }
  variation.wanted_ = std::max(1, (percent * variation.bars_ + 50) / 100);
  return variation;
}

void Variation::find_groups() {
  const std::vector<Stretch> stretches = abc::find_stretches(original_);
  for (const Stretch& stretch : stretches) bars_ = std::max(bars_, stretch.bar);
  std::map<std::pair<std::size_t, std::string>, std::size_t> numbers;  // by text, of groups
  std::vector<Group> groups;
  for (const auto& [bar, stretch] : whole_bars(stretches)) {
    const abc::Extent& place = stretch.place;
    const std::string music = original_.substr(place.begin, place.end - place.begin);
    const auto [found, is_new] =
        numbers.try_emplace({changes_before(original_, place.begin), music}, groups.size());
    if (is_new) groups.emplace_back();
    groups[found->second].push_back(bar);
  }
  for (Group& group : groups) {
    if (can_change(group)) groups_.push_back(std::move(group));
  }
}

bool Variation::can_change(const Group& group) const {
  return static_cast<bool>(plan_groups({group}));
}

bool Variation::is_at_edge(const Group& group) const {
  return std::any_of(group.begin(), group.end(), [&](int bar) {
    return std::find(edges_.begin(), edges_.end(), bar) != edges_.end();
  });
}

// Groups in the order of chance, those at the edges behind the others, until there are enough bars.
std::vector<Variation::Group> Variation::chosen(Random random) const {
  std::vector<Group> groups = groups_;
  random.shuffle(std::span(groups));
  std::stable_partition(groups.begin(), groups.end(),
                        [&](const Group& group) { return !is_at_edge(group); });
  std::vector<Group> chosen;
  int bars = 0;
  for (const Group& group : groups) {
    const int with = bars + static_cast<int>(group.size());
    const int gain = std::abs(bars - wanted_) - std::abs(with - wanted_);
    if (gain < 0 || (gain == 0 && is_at_edge(group))) continue;
    chosen.push_back(group);
    bars = with;
  }
  if (!chosen.empty()) return chosen;
  const auto is_smaller = [](const Group& a, const Group& b) { return a.size() < b.size(); };
  return {*std::min_element(groups.begin(), groups.end(), is_smaller)};
}

Plan Variation::plan(Random random) const {
  std::vector<Group> groups = chosen(random);
  Result<Plan> plan = plan_groups(groups);
  // Each group can change by itself.
  while (!plan && groups.size() > 1) {
    groups.pop_back();
    plan = plan_groups(groups);
  }
  return *std::move(plan);
}

Result<Plan> Variation::plan_groups(const std::vector<Group>& groups) const {
  const BarSet bars(bars_of(groups));
  Result<Splice> splice = plan_splice(given_.tune.source, sounding_, bars);
  if (!splice) return splice.error();
  splice->keeps_symbols = true;
  for (const Splice::Place& place : splice->places) {
    if (place.source.size() == 1) continue;
    return wrong_tune("expected bars on one line each, found one on two");
  }
  std::map<int, int> first_same;
  for (const Group& group : groups) {
    for (const int bar : group) first_same[bar] = group.front();
  }
  Plan plan{.kind = Rewriting{*splice, original_, true}, .requirements = given_.requirements};
  const GivenTune cut = unbound(given_.tune, bars, form_);
  const std::string text = cut.header + cut.music;
  SegmentWriter writer(text, *alphabet_, plan);
  for (const Stretch& stretch : abc::find_stretches(text)) {
    if (!bars.contains(stretch.bar)) continue;
    if (first_same[stretch.bar] != stretch.bar) {
      writer.write_again(stretch, first_same[stretch.bar]);
    } else if (Status s = writer.write_free(stretch); !s) {
      return s.error();
    }
  }
  writer.write_rest();
  tell_of_bars(bars, plan);
  return plan;
}

void Variation::tell_of_bars(const BarSet& bars, Plan& plan) const {
  if (form_.in_c) {
    tell_of(given_.tune, plan);
    for (const int bar : bars.bars()) {
      if (static_cast<std::size_t>(bar) > plan.outline->bars.size()) continue;
      abc::OutlineBar& at = plan.outline->bars[static_cast<std::size_t>(bar - 1)];
      const bool is_again =
          resemblance_of(at.kind) == Resemblance::kExact && bars.contains(at.source);
      // It is open what it returns to, and it rests where it did.
      if (!is_again) at.kind = abc::Return::kUnknown;
      if (!is_again) at.source = at.shift = 0;
    }
  }
  if (has_lyrics(std::get<Rewriting>(plan.kind).splice)) {
    plan.remarks.push_back("the lyrics under " + name_of(bars) +
                           " stay as they are; there may be more notes now, or fewer");
  }
}

}  // namespace lilt::compose
