#include "compose/splice.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <span>
#include <system_error>
#include <utility>

#include "abc/canonical.h"
#include "abc/tune.h"
#include "compose/copyist.h"
#include "compose/wrong.h"

namespace lilt::compose {
namespace {

using abc::LexemeKind;
using abc::Stretch;

constexpr std::size_t kKept = ~std::size_t{0};  // music that is not written anew

Error cannot_change(const BarSet& bars, const std::string& found) {
  return wrong("rewrite",
               name_of(bars) + ": expected bars that can change by themselves, found " + found);
}

// --- Which words are where

// In which of the places each word stands.
std::vector<std::size_t> places_of(const std::vector<Word>& words,
                                   const std::vector<abc::Extent>& places) {
  std::vector<std::size_t> all;
  std::size_t next = 0;
  for (const Word& word : words) {
    while (next < places.size() && places[next].end < word.lexeme.end) ++next;
    const bool is_within = next < places.size() && places[next].begin <= word.lexeme.begin;
    all.push_back(is_within ? next : kKept);
  }
  return all;
}

// Calls `take` with both ends of each slur, as numbers of words.
void match_slurs(const std::vector<Word>& words, const auto& take) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].lexeme.kind == LexemeKind::kSlurOpen) open.push_back(i);
    if (words[i].lexeme.kind != LexemeKind::kSlurClose || open.empty()) continue;
    take(open.back(), i);
    open.pop_back();
  }
}

// --- What is to be written

using Words = std::vector<Word>;

Word slur(LexemeKind kind, std::string_view text) {
  Word word;
  word.lexeme.kind = kind;
  word.text = text;
  return word;
}

// Of each word, whether it is a slur or a tie of which one end is in none of the places.
std::vector<bool> lone_bonds(const Words& words, const std::vector<std::size_t>& place_of) {
  std::vector<bool> is_lone(words.size(), false);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const LexemeKind kind = words[i].lexeme.kind;
    is_lone[i] = kind == LexemeKind::kSlurOpen || kind == LexemeKind::kSlurClose;
  }
  match_slurs(words, [&](std::size_t open, std::size_t close) {
    is_lone[open] = is_lone[close] = place_of[open] == kKept || place_of[close] == kKept;
  });
  std::size_t next = kKept, next_but_one = kKept;  // the places of the notes to come
  for (std::size_t i = words.size(); i-- > 0;) {
    if (words[i].lexeme.kind == LexemeKind::kTie) {
      is_lone[i] = (words[i].in_chord ? next_but_one : next) == kKept;
    }
    if (words[i].is_timed()) next_but_one = std::exchange(next, place_of[i]);
  }
  return is_lone;
}

// The words of each place, without the slurs and ties that lead out of them.
std::vector<Words> words_of_places(const Words& words, const std::vector<abc::Extent>& places) {
  const std::vector<std::size_t> place_of = places_of(words, places);
  const std::vector<bool> is_lone = lone_bonds(words, place_of);
  std::vector<Words> all(places.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (place_of[i] != kKept && !is_lone[i]) all[place_of[i]].push_back(words[i]);
  }
  return all;
}

// Slurs from what stays before end behind the first note, those to what stays behind begin before
// the last one.
void bind(Words& words, int slurs_close, int slurs_open) {
  const auto is_timed = [](const Word& word) { return word.is_timed(); };
  const auto last = std::find_if(words.rbegin(), words.rend(), is_timed);
  if (last == words.rend()) return;
  auto open = last.base() - 1;
  const auto belongs_to_note = [](const Word& word) {
    const LexemeKind kind = word.lexeme.kind;
    return word.in_chord || word.in_graces || kind == LexemeKind::kChordOpen ||
           kind == LexemeKind::kGraceOpen || kind == LexemeKind::kGraceClose;
  };
  while (open != words.begin() && belongs_to_note(*(open - 1))) --open;
  words.insert(open, static_cast<std::size_t>(slurs_open), slur(LexemeKind::kSlurOpen, "("));
  auto close = std::find_if(words.begin(), words.end(), is_timed) + 1;
  if (close != words.end() && close->lexeme.kind == LexemeKind::kTie) ++close;
  words.insert(close, static_cast<std::size_t>(slurs_close), slur(LexemeKind::kSlurClose, ")"));
}

// The word with which the music from a place of the bar on begins.
Words::const_iterator begin_of_music(const Words& words, abc::Ticks start) {
  auto found = std::find_if(words.begin(), words.end(), [&](const Word& word) {
    return word.is_timed() && word.start() >= start;
  });
  while (found != words.begin() && !(found - 1)->is_timed() && !(found - 1)->is_suffix()) --found;
  return found;
}

// The music in as many parts as there are stretches in the person's text.
std::vector<std::span<const Word>> parted(const Words& words, const std::vector<Stretch>& source) {
  std::vector<std::span<const Word>> parts;
  auto begin = words.begin();
  for (std::size_t i = 1; i <= source.size(); ++i) {
    const auto next =
        i < source.size() ? std::max(begin, begin_of_music(words, source[i].begin)) : words.end();
    auto end = next;
    while (end != begin && (end - 1)->lexeme.kind == LexemeKind::kSpace) --end;
    parts.push_back(std::span(words).subspan(static_cast<std::size_t>(begin - words.begin()),
                                             static_cast<std::size_t>(end - begin)));
    begin = next;
  }
  return parts;
}

// --- Whether it can be done

// All that sounds, without the slurs and ties that may be cut, and with one chord symbol a place.
std::string sounds_of(std::string_view text) {
  abc::Tune tune = abc::read_tune(text).tune;
  std::erase_if(tune.header, [](const abc::Field& field) { return field.letter == U'P'; });
  for (abc::Voice& voice : tune.voices) {
    for (abc::Element& element : voice.elements) {
      element.slurs_open = element.slurs_close = 0;
      for (abc::Head& head : element.heads) head.tied = false;
    }
  }
  return abc::canonical_text(tune, {.music_only = true, .regular = true, .number = 1});
}

Status check_stretch(const Stretch& stretch, const BarSet& bars) {
  const BarSpan rest{stretch.bar - stretch.bars + 1, stretch.bar};
  const bool is_asked = std::any_of(bars.bars().begin(), bars.bars().end(),
                                    [&](int bar) { return rest.contains(bar); });
  if (stretch.bars > 1 && is_asked) {
    return cannot_change(bars, name_of(rest) + " as one rest");
  }
  if (stretch.has_overlay && bars.contains(stretch.bar)) {
    return cannot_change(bars, "another voice (&) in bar " + std::to_string(stretch.bar));
  }
  return success();
}

// The stretches of the person's text that are one stretch of what the model reads, taken from
// `next` on; none if there are no such.
std::vector<Stretch> take_same(const Stretch& read, std::span<const Stretch>& next) {
  std::vector<Stretch> same;
  while (!next.empty() && next[0].bar == read.bar && (same.empty() || same.back().end < read.end)) {
    same.push_back(next[0]);
    next = next.subspan(1);
  }
  const bool is_same =
      !same.empty() && same.front().begin == read.begin && same.back().end == read.end;
  return is_same ? same : std::vector<Stretch>();
}

std::vector<abc::Extent> extents_in_source(const Splice& splice) {
  std::vector<abc::Extent> extents;
  for (const Splice::Place& place : splice.places) {
    extents.push_back({place.source.front().place.begin, place.source.back().place.end});
  }
  return extents;
}

std::string why_bound(const Splice& splice) {
  for (const Splice::Place& place : splice.places) {
    const Stretch& last = place.source.back();
    if (!last.in_tie || splice.bars.contains(last.bar + 1)) continue;
    return "a tie out of bar " + std::to_string(last.bar) +
           " that an accidental goes over: write the next bar anew, too, or put the accidental "
           "behind the bar line";
  }
  return "one that is bound to what is around it";
}

void count_slurs(Splice& splice) {
  const Words words = words_of(splice.source);
  const std::vector<std::size_t> place_of = places_of(words, extents_in_source(splice));
  match_slurs(words, [&](std::size_t open, std::size_t close) {
    const std::size_t from = place_of[open], to = place_of[close];
    if (from == kKept && to != kKept) ++splice.places[to].slurs_close;
    if (from != kKept && to == kKept) ++splice.places[from].slurs_open;
  });
}

}  // namespace

BarSet::BarSet(const BarSpan& span) {
  for (int bar = span.first; bar <= span.last; ++bar) bars_.push_back(bar);
}

BarSet::BarSet(std::vector<int> bars) : bars_(std::move(bars)) {
  std::sort(bars_.begin(), bars_.end());
}

bool BarSet::contains(int bar) const { return std::binary_search(bars_.begin(), bars_.end(), bar); }

std::string name_of(const BarSet& bars) {
  const std::vector<int>& all = bars.bars();
  std::string text;
  for (std::size_t i = 0, next = 0; i < all.size(); i = next) {
    for (next = i + 1; next < all.size() && all[next] == all[next - 1] + 1;) ++next;
    text += (i == 0 ? "" : ", ") + std::to_string(all[i]);
    if (next > i + 1) text += "-" + std::to_string(all[next - 1]);
  }
  return (all.size() == 1 ? "bar " : "bars ") + text;
}

Result<Splice> plan_splice(const std::string& source, const std::string& read, const BarSet& bars) {
  Splice splice{.source = source, .bars = bars, .places = {}};
  const std::vector<Stretch> stretches = abc::find_stretches(source);
  std::span<const Stretch> next = stretches;
  for (const Stretch& stretch : abc::find_stretches(read)) {
    if (Status s = check_stretch(stretch, bars); !s) return s.error();
    std::vector<Stretch> same = take_same(stretch, next);
    if (same.empty()) return cannot_change(bars, "other bar lines than Lilt writes");
    for (const Stretch& part : same) {
      if (Status s = check_stretch(part, bars); !s) return s.error();
    }
    if (bars.contains(stretch.bar)) {
      splice.places.push_back({.source = std::move(same)});
    }
  }
  count_slurs(splice);
  const std::string same = spliced(splice, read);
  if (!abc::read_tune(same).is_correct() || sounds_of(same) != sounds_of(source)) {
    return cannot_change(bars, why_bound(splice));
  }
  return splice;
}

namespace {

// The music with the person's chord symbols in place of those at the same places of the bar.
Words with_symbols_of(const Words& source, const Words& music) {
  const auto is_symbol = [](const Word& word) {
    return word.lexeme.kind == LexemeKind::kChordSymbol;
  };
  const auto has_at = [&](const Words& words, abc::Ticks filled) {
    return std::any_of(words.begin(), words.end(),
                       [&](const Word& word) { return is_symbol(word) && word.filled == filled; });
  };
  Words all;
  for (const Word& word : music) {
    if (!is_symbol(word) || !has_at(source, word.filled)) {
      all.push_back(word);
      continue;
    }
    if (has_at(all, word.filled)) continue;
    std::copy_if(source.begin(), source.end(), std::back_inserter(all), [&](const Word& theirs) {
      return is_symbol(theirs) && theirs.filled == word.filled;
    });
  }
  return all;
}

void keep_symbols(const Splice& splice, std::vector<Words>& music) {
  const Words words = words_of(splice.source);
  const std::vector<std::size_t> place_of = places_of(words, extents_in_source(splice));
  std::vector<Words> source(music.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (place_of[i] != kKept) source[place_of[i]].push_back(words[i]);
  }
  for (std::size_t i = 0; i < music.size(); ++i) music[i] = with_symbols_of(source[i], music[i]);
}

}  // namespace

std::string spliced(const Splice& splice, std::string_view tune) {
  std::vector<abc::Extent> written;
  for (const Stretch& stretch : abc::find_stretches(tune)) {
    if (splice.bars.contains(stretch.bar)) written.push_back(stretch.place);
  }
  std::vector<Words> music = words_of_places(words_of(tune), written);
  music.resize(splice.places.size());
  if (splice.keeps_symbols) keep_symbols(splice, music);
  const std::string_view source = splice.source;
  Copyist copyist;
  std::size_t done = 0;
  for (std::size_t i = 0; i < music.size(); ++i) {
    const Splice::Place& place = splice.places[i];
    bind(music[i], place.slurs_close, place.slurs_open);
    const std::vector<std::span<const Word>> parts = parted(music[i], place.source);
    for (std::size_t k = 0; k < parts.size(); ++k) {
      const abc::Extent& extent = place.source[k].place;
      copyist.keep(source.substr(done, extent.begin - done));
      copyist.copy(parts[k]);
      done = extent.end;
    }
  }
  copyist.keep(source.substr(done));
  return copyist.text();
}

bool has_lyrics(const Splice& splice) {
  const Words words = words_of(splice.source);
  const std::vector<std::size_t> place_of = places_of(words, extents_in_source(splice));
  bool is_line_ours = false, was_line_ours = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const abc::Lexeme& lexeme = words[i].lexeme;
    const bool is_lyrics = lexeme.kind == LexemeKind::kField && lexeme.letter == U'w';
    if (is_lyrics && was_line_ours) return true;
    is_line_ours |= place_of[i] != kKept;
    if (lexeme.kind == LexemeKind::kLineEnd) was_line_ours = std::exchange(is_line_ours, false);
  }
  return false;
}

// --- Music behind the end

namespace {

// The first word behind so many notes, chords and rests and what belongs to them.
std::size_t word_behind(const Words& words, std::size_t timed) {
  std::size_t i = 0;
  for (std::size_t passed = 0; i < words.size() && passed < timed; ++i) {
    if (words[i].is_timed()) ++passed;
  }
  while (i < words.size() && words[i].is_suffix()) ++i;
  return i;
}

// How the person's final bar line, and the new music behind it, are written.
struct Joint {
  bool stays = false;    // the bar line: it ends a repeat
  std::string bar;       // else what is in its place
  std::string lead;      // before the new music
  std::size_t next = 0;  // the first word of that
};

Joint joint_of(const Words& words, std::size_t next) {
  Joint joint{.next = next};
  if (next == words.size() || words[next].lexeme.kind != LexemeKind::kBar) return joint;
  const abc::BarLine& bar = words[next].lexeme.bar;
  joint.stays = bar.ends_repeat;
  joint.bar = bar.is_double && !bar.starts_repeat ? "||" : "|";
  if (bar.starts_repeat) joint.lead = "|:";
  ++joint.next;
  if (joint.next < words.size() && words[joint.next].lexeme.kind == LexemeKind::kLineEnd) {
    ++joint.next;
  }
  return joint;
}

// The words from `next` on. A mark of broken rhythm before them belongs to the person's last note,
// which is written as it was: the first new one then says its length itself.
Words without_broken_rhythm(const Words& words, std::size_t next) {
  Words fresh(words.begin() + static_cast<std::ptrdiff_t>(next), words.end());
  if (next == 0 || words[next - 1].lexeme.kind != LexemeKind::kBroken) return fresh;
  const auto first =
      std::find_if(fresh.begin(), fresh.end(), [](const Word& word) { return word.is_timed(); });
  if (first != fresh.end()) first->lexeme.written = first->lexeme.length;
  return fresh;
}

// Writes the person's text with its final bar line as in the joint.
void keep_opened(const std::string& source, const Joint& joint, Copyist& copyist) {
  const Words words = words_of(source);
  const std::size_t end = word_behind(words, count_timed(source));
  std::vector<abc::Extent> bars;
  for (std::size_t i = end; i < words.size(); ++i) {
    if (words[i].lexeme.kind != LexemeKind::kBar) continue;
    bars.push_back({words[i].lexeme.begin, words[i].lexeme.end});
  }
  if (bars.empty()) {
    const std::uint32_t behind = end == 0 ? 0 : words[end - 1].lexeme.end;
    bars.push_back({behind, behind});
  }
  const std::string_view text = source;
  std::size_t done = 0;
  for (const abc::Extent& bar : bars) {
    copyist.keep(text.substr(done, bar.begin - done));
    if (joint.stays) copyist.keep(text.substr(bar.begin, bar.end - bar.begin));
    if (!joint.stays && done == 0) copyist.keep(joint.bar);
    done = bar.end;
  }
  std::string_view rest = text.substr(done);
  const bool is_line_over = rest.find_first_not_of(" \t\n") == std::string_view::npos;
  if (is_line_over && joint.bar.empty()) return copyist.keep(" ");
  copyist.keep(rest);
  if (!rest.ends_with('\n')) copyist.keep("\n");
}

}  // namespace

std::size_t count_timed(std::string_view tune) {
  const Words words = words_of(tune);
  return static_cast<std::size_t>(
      std::count_if(words.begin(), words.end(), [](const Word& word) { return word.is_timed(); }));
}

std::string continued(const std::string& source, std::string_view tune, std::size_t given) {
  const Words words = words_of(tune);
  const Joint joint = joint_of(words, word_behind(words, given));
  Copyist copyist;
  keep_opened(source, joint, copyist);
  copyist.keep(joint.lead);
  copyist.copy(without_broken_rhythm(words, joint.next));
  return copyist.text();
}

std::string counted_on(std::string text, std::size_t by) {
  std::size_t at = text.starts_with("X:") ? 0 : text.find("\nX:");
  if (by == 0 || at == std::string::npos) return text;
  at = text.find(':', at) + 1;
  while (at < text.size() && text[at] == ' ') ++at;
  std::uint64_t number = 0;
  const char* const begin = text.data() + at;
  const auto parsed = std::from_chars(begin, text.data() + text.size(), number);
  if (parsed.ec != std::errc()) return text;
  text.replace(at, static_cast<std::size_t>(parsed.ptr - begin), std::to_string(number + by));
  return text;
}

}  // namespace lilt::compose
