#include "compose/opening.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abc/key.h"
#include "abc/metre.h"
#include "base/text.h"
#include "compose/walk.h"
#include "compose/wrong.h"

namespace lilt::compose {
namespace {

using abc::Cursor;

// Fields of an opening: those that decide what is written, and those that are only kept.
constexpr std::string_view kHeard = "XTRMLK", kKept = "COAGDBFHNSZ";

Error wrong_start(std::string message) { return wrong("start", std::move(message)); }

// --- Its fields

bool is_field_line(std::string_view line) {
  return line.size() >= 2 && line[1] == ':' &&
         ((line[0] >= 'A' && line[0] <= 'Z') || (line[0] >= 'a' && line[0] <= 'z'));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

// Whether two ways of saying it mean the same key or metre.
bool is_same(char letter, const std::string& one, const std::string& other) {
  if (one == other) return true;
  if (letter == 'K') return abc::parse_key(one).key == abc::parse_key(other).key;
  return letter == 'M' && abc::parse_metre(one) && abc::parse_metre(one) == abc::parse_metre(other);
}

// What a field of the opening says must be what was asked for.
Status take_field(char letter, const std::string& text, Wishes& wishes) {
  struct Wish {
    char letter;
    std::string* value;
    const char* field;
  };
  const std::array<Wish, 5> all = {{{'T', &wishes.title, "title"},
                                    {'R', &wishes.rhythm, "rhythm"},
                                    {'M', &wishes.metre, "meter"},
                                    {'L', &wishes.unit, "unit"},
                                    {'K', &wishes.key, "key"}}};
  for (const Wish& wish : all) {
    if (wish.letter != letter) continue;
    if (text.empty()) {
      return wrong_start(std::string("expected something in the line ") + letter + ":, found none");
    }
    if (!wish.value->empty() && !is_same(letter, *wish.value, text)) {
      return wrong_start(std::string("expected the same as `") + wish.field + "` in its line " +
                         letter + ":, " + quote(*wish.value) + ", found " + quote(text));
    }
    if (wish.value->empty()) *wish.value = text;
  }
  return success();
}

// A line of the header that the model is not told.
Status keep_field(char letter, const std::string& text, abc::Header& kept) {
  const std::string field = std::string(1, letter) + ":";
  if (!is_field_text("X:1\nT:a\n" + field, text, {})) {
    return wrong_start("expected text without % \\ $ in the line " + field + ", found " +
                       quote(text));
  }
  kept.add(letter, text);
  return success();
}

// --- Its music

bool shows_repeats(std::string_view music) {
  return music.find("|:") != music.npos || music.find(":|") != music.npos ||
         music.find("::") != music.npos;
}

// An opening without repeats leaves it to the form whether its section is repeated.
std::string as_in_form(std::string_view music, const std::string& form) {
  const bool is_repeated = form.size() >= 2 && form[0] == form[1];
  const bool adds = is_repeated && !music.empty() && !shows_repeats(music);
  return std::string(adds ? "|:" : "").append(music);
}

// The header as far as the opening's music depends on it.
std::string header_of(const abc::Requirements& r) {
  abc::Header header{{{'X', "1"}, {'T', "a"}}};
  if (!r.rhythm.empty()) header.add('R', r.rhythm);
  header.add('M', r.metre->to_string());
  header.add('L', "1/" + std::to_string(abc::kWholeNote / *r.unit));
  header.add('K', r.key->to_string());
  return header.text();
}

// The field of the request without which the text could go on behind so many characters, or "".
std::string hindrance(const std::vector<char32_t>& text, const abc::Requirements& requirements,
                      std::size_t characters) {
  struct Relaxed {
    const char* field;
    abc::Requirements requirements;
  };
  std::vector<Relaxed> all;
  const auto without = [&](const char* field) -> abc::Requirements& {
    all.push_back({field, requirements});
    return all.back().requirements;
  };
  without("range").range = {};
  without("chords").chord_symbols = abc::ChordSymbols::kAny;
  without("form").form.clear();
  without("bars").bars = 0;
  without("key").key.reset();
  without("meter").metre.reset();
  without("unit").unit.reset();
  const Cursor start = after(header_of(requirements));
  for (const Relaxed& relaxed : all) {
    if (walk(start, text, relaxed.requirements, {}).characters > characters) return relaxed.field;
  }
  return "";
}

// Some of the characters that can come.
std::string examples(const abc::CharacterSet& set) {
  std::string all;
  for (char32_t c = U'!'; c < 127; ++c) {
    if (set.contains(c)) all.append(all.empty() ? "" : " ").append(1, static_cast<char>(c));
  }
  return all;
}

// "holds 9 eighths; 4/4 holds 8": in notes short enough to count both.
std::string overfull(abc::Ticks length, abc::Ticks bar, const std::string& metre) {
  constexpr std::array<std::pair<int, const char*>, 3> kNotes = {
      {{8, "eighths"}, {16, "sixteenths"}, {32, "thirty-seconds"}}};
  for (const auto& [share, name] : kNotes) {
    const abc::Ticks note = abc::kWholeNote / share;
    if (length % note != 0 || bar % note != 0) continue;
    return "holds " + std::to_string(length / note) + " " + name + "; " + metre + " holds " +
           std::to_string(bar / note);
  }
  return "holds more than " + metre + " does";
}

// The first bar that holds more than it can, in words; or "".
std::string overfull_bar(Cursor cursor, const std::vector<char32_t>& text) {
  abc::Ticks most = 0;
  std::string found;
  for (std::size_t i = 0; i <= text.size() + 1; ++i) {  // a space completes the last note
    const bool is_over = cursor.bar_length() > 0 && cursor.filled() > cursor.bar_length();
    if (!is_over && most > 0) break;
    if (is_over && cursor.filled() > most) {
      most = cursor.filled();
      found = "bar " + std::to_string(std::max(cursor.bars(), 1)) + " " +
              overfull(most, cursor.bar_length(), cursor.metre().to_string());
    }
    cursor.push(i < text.size() ? text[i] : U' ');
  }
  return found;
}

// Why a text cannot stand there: a mistake, another wish, or only not of the dialect.
std::string reason(const Walked& walked, const std::vector<char32_t>& text,
                   const abc::Requirements& requirements, const abc::Alphabet& alphabet) {
  if (std::string bar = overfull_bar(after(header_of(requirements)), text); !bar.empty())
    return bar;
  const char32_t c = text[walked.characters];
  const std::string found =
      "character " + std::to_string(walked.characters + 1) + ", " + lilt::describe(c) + ", ";
  if (const std::string field = hindrance(text, requirements, walked.characters); !field.empty()) {
    return found + "contradicts `" + field + "`";
  }
  abc::Events events;
  Cursor cursor = walked.cursor;
  cursor.push(c, &events);
  for (const abc::Problem& problem : events.problems()) {
    return found + "is wrong: " + abc::describe(problem);
  }
  const std::string expected = examples(next_characters(walked.cursor, requirements, alphabet));
  return found + "cannot come here in the ABC that Lilt writes (docs/dialect.md)" +
         (expected.empty() ? "" : "; expected one of " + expected);
}

// Chord symbols that were asked for need a bar behind an opening without any.
Status check_room_for_chord_symbols(const std::string& start,
                                    const abc::Requirements& requirements) {
  if (requirements.chord_symbols != abc::ChordSymbols::kSome ||
      start.find('"') != std::string::npos)
    return success();
  int bars = requirements.form.empty() ? requirements.bars : 0;
  for (const abc::SectionRequirement& section : requirements.form) bars += section.bars;
  if (bars == 0 || requirements.bars_before_chord_symbol < bars) return success();
  return wrong_start("expected chord symbols, as `chords` wants them, or a bar to come; found " +
                     std::to_string(requirements.bars_before_chord_symbol) + " bars of " +
                     std::to_string(bars) + " without any");
}

// What comes again is not the opening's to say.
Status check_before_copies(const Cursor& cursor,
                           const std::vector<std::optional<std::size_t>>& same_as) {
  for (std::size_t i = 0; i < same_as.size(); ++i) {
    if (!same_as[i] || static_cast<std::size_t>(cursor.section()) < i) continue;
    return wrong_start("expected an opening that ends before section " + std::to_string(i + 1) +
                       ", which the `form` makes the same as an earlier one");
  }
  return success();
}

}  // namespace

Result<Opening> read_opening(const Wishes& wishes) {
  Opening opening{wishes, {}};
  std::string start = wishes.start;
  std::erase(start, '\r');  // of line ends
  std::string_view rest = start;
  while (is_field_line(rest)) {
    const char letter = rest[0];
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string text(trimmed(rest.substr(2, end - 2)));
    const bool is_kept = kKept.find(letter) != std::string_view::npos;
    if (!is_kept && kHeard.find(letter) == std::string_view::npos) {
      return wrong_start(
          std::string("expected fields among X T C O A G D B F H N S Z R M L K, found ") + letter +
          ":");
    }
    Status s =
        is_kept ? keep_field(letter, text, opening.kept) : take_field(letter, text, opening.wishes);
    if (!s) return s.error();
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  opening.wishes.start = as_in_form(trimmed(rest), wishes.form);
  return opening;
}

std::string overfull_bar(const std::string& start, const abc::Requirements& requirements) {
  const Result<std::vector<char32_t>> text = to_code_points(start);
  return text ? overfull_bar(after(header_of(requirements)), *text) : "";
}

int bars_before_chord_symbol(const std::string& start, const abc::Requirements& requirements) {
  if (!requirements.key || !requirements.metre) return 0;
  return after(header_of(requirements) + start).settled().bars();
}

Status check_start(const std::string& start, const WishedTune& tune,
                   const abc::Alphabet& alphabet) {
  if (start.empty()) return success();
  const abc::Requirements& requirements = tune.requirements;
  if (!requirements.key || !requirements.metre) {
    return wrong_start(
        "expected the key and the metre of the music, as `key` and `meter` or in lines K: and M: "
        "of its own, found none");
  }
  const Result<std::vector<char32_t>> text = to_code_points(start);
  if (!text) return wrong_start(text.error().message);
  const Walked walked = walk(after(header_of(requirements)), *text, requirements, alphabet);
  if (!walked.is_whole) return wrong_start(reason(walked, *text, requirements, alphabet));
  if (Status s = check_room_for_chord_symbols(start, requirements); !s) return s;
  Cursor end = walked.cursor;
  if (start.ends_with("::")) end.push(U'A');  // a section has begun
  return check_before_copies(end, tune.same_as);
}

}  // namespace lilt::compose
