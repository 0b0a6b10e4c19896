#include "abc/tune.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "abc/check.h"
#include "abc/cursor.h"
#include "abc/voices.h"
#include "base/text.h"

namespace lilt::abc {
namespace {

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

// A field's text: up to a comment, "\%" being no comment.
std::string_view without_comment(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && (i == 0 || text[i - 1] != '\\')) return trim(text.substr(0, i));
  }
  return trim(text);
}

// Puts the lexemes of the Cursor together.
class TuneReader {
  static constexpr std::size_t kNothing = ~std::size_t{0};

 public:
  explicit TuneReader(std::string_view text) : text_(text) {}

  Reading read() && {
    for (std::size_t at = 0; at < text_.size() && cursor_.part() != Part::kEnded;) {
      const Utf8Step step = decode_utf8(text_.substr(at));
      cursor_.push(step.code_point, take_events());
      at += std::max<std::size_t>(step.bytes, 1);
    }
    cursor_.finish(take_events());
    take_events();
    // The voices that are not read at the end have ended too.
    voices_.finish([this](const Problem& problem) { reading_.problems.push_back(problem); });
    put_in_order(reading_.problems);
    return std::move(reading_);
  }

 private:
  // What the last character brought is taken before the next one is read.
  Events* take_events() {
    for (const Problem& problem : events_.problems()) reading_.problems.push_back(problem);
    for (const Lexeme& lexeme : events_.lexemes()) take(lexeme);
    events_.clear();
    return &events_;
  }

  std::string_view source(const Lexeme& lexeme) const {
    return text_.substr(lexeme.begin, lexeme.end - lexeme.begin);
  }

  Voice& voice() { return reading_.tune.voices[voice_]; }
  std::vector<Element>& elements() { return voice().elements; }

  Element& add(ElementKind kind, const Lexeme& lexeme) {
    Element element;
    element.kind = kind;
    element.place = {lexeme.begin, lexeme.end};
    if (element.takes_time() || kind == ElementKind::kBar) take_prefix(element);
    if (element.takes_time()) last_timed_[voice_] = elements().size();
    if (kind == ElementKind::kBar) last_timed_[voice_] = kNothing;
    elements().push_back(std::move(element));
    return elements().back();
  }

  // What waits for a note waits on over the end of a line, a field or an ending.
  void take_prefix(Element& element) {
    const ElementKind kind = element.kind;
    const Extent place = {prefix_begin_.value_or(element.place.begin), element.place.end};
    element = std::exchange(next_, {});
    element.kind = kind;
    element.place = place;
    prefix_begin_.reset();
  }

  // The last note or rest since the last bar line, if there is one.
  Element* last_timed() {
    const std::size_t last = last_timed_[voice_];
    return last == kNothing ? nullptr : &elements()[last];
  }

  void take(const Lexeme& lexeme) {
    if (header_) {
      take_header(lexeme);
      return;
    }
    switch (lexeme.kind) {
      case LexemeKind::kNote:
        return take_note(lexeme);
      case LexemeKind::kChordOpen:
        begin_prefix(lexeme);
        chord_.emplace();
        return;
      case LexemeKind::kChordClose:
        return take_chord(lexeme);
      case LexemeKind::kRest:
        if (in_grace_ || chord_) return;
        take_rest(lexeme);
        return;
      case LexemeKind::kBarsRest: {
        Element& rest = add(ElementKind::kBarsRest, lexeme);
        rest.count = lexeme.number;
        rest.written = rest.time = lexeme.length;
        rest.invisible = lexeme.letter == 'X';
        return;
      }
      case LexemeKind::kGraceOpen:
        begin_prefix(lexeme);
        in_grace_ = true;
        return;
      case LexemeKind::kGraceClose:
        in_grace_ = false;
        return;
      case LexemeKind::kSlurOpen:
        begin_prefix(lexeme);
        ++next_.slurs_open;
        return;
      case LexemeKind::kSlurClose:
        if (Element* last = last_timed()) ++last->slurs_close;
        return;
      case LexemeKind::kTie:
        return take_tie();
      case LexemeKind::kBroken:
        return take_broken(lexeme);
      case LexemeKind::kTuplet:
        begin_prefix(lexeme);
        if (lexeme.number == 0) return;
        next_.tuplet = {lexeme.number, lexeme.q, lexeme.r};
        tuplet_left_ = lexeme.r;
        return;
      case LexemeKind::kChordSymbol:
        begin_prefix(lexeme);
        next_.chord_symbols.emplace_back(trim(unquoted(lexeme)));
        return;
      case LexemeKind::kAnnotation:
      case LexemeKind::kDecoration:
        if (in_grace_) return;
        begin_prefix(lexeme);
        next_.marks.emplace_back(source(lexeme));
        return;
      case LexemeKind::kSpace:
        if (Element* last = last_timed(); last != nullptr && last == &elements().back()) {
          last->space_after = true;
        }
        return;
      case LexemeKind::kBar:
        drop_prefix();
        if (lexeme.bar.is_soft()) drop_empty_ending();
        add(ElementKind::kBar, lexeme).bar = lexeme.bar;
        return;
      case LexemeKind::kEnding:
        if (lexeme.number != 0) add(ElementKind::kEnding, lexeme).ending = lexeme.number;
        return;
      case LexemeKind::kOverlay:
        add(ElementKind::kOverlay, lexeme);
        return;
      case LexemeKind::kLineEnd:
        if (continued_) {
          continued_ = false;
          if (Element* last = last_timed()) last->space_after = true;
        } else {
          add(ElementKind::kLineEnd, lexeme);
        }
        return;
      case LexemeKind::kContinuation:
        continued_ = true;
        return;
      case LexemeKind::kField:
      case LexemeKind::kInlineField:
        return take_field(lexeme);
      case LexemeKind::kComment:
        if (source(lexeme).substr(0, 2) == "%%") {
          Element& comment = add(ElementKind::kComment, lexeme);
          comment.text = source(lexeme);
        }
        return;
      case LexemeKind::kSpacer:
      case LexemeKind::kJunk:
      case LexemeKind::kNone:
        return;
    }
  }

  void begin_prefix(const Lexeme& lexeme) {
    if (!prefix_begin_) prefix_begin_ = lexeme.begin;
  }

  // What waited for a note that did not come before the bar line: a mark belongs to the bar line,
  // the rest to nothing.
  void drop_prefix() {
    Element kept;
    kept.slurs_open = next_.slurs_open;
    kept.tuplet = next_.tuplet;
    kept.chord_symbols = std::move(next_.chord_symbols);
    std::vector<std::string> marks = std::move(next_.marks);
    next_ = {};
    next_.marks = std::move(marks);
    carried_ = std::move(kept);
  }

  // An ending without music is none.
  void drop_empty_ending() {
    for (std::size_t i = elements().size(); i-- > 0;) {
      const Element& element = elements()[i];
      if (element.takes_time()) return;
      if (element.kind == ElementKind::kBar && element.bar.is_soft()) return;
      if (element.kind == ElementKind::kEnding) {
        elements().erase(elements().begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
  }

  std::string_view unquoted(const Lexeme& lexeme) const {
    std::string_view text = source(lexeme);
    text.remove_prefix(1);
    if (!text.empty() && text.back() == '"') text.remove_suffix(1);
    return text;
  }

  static Head head_of(const Lexeme& lexeme) {
    return {.pitch = lexeme.pitch, .accidental = lexeme.accidental, .length = lexeme.length};
  }

  void take_note(const Lexeme& lexeme) {
    if (in_grace_) {
      next_.graces.push_back(head_of(lexeme));
    } else if (chord_) {
      chord_->push_back(head_of(lexeme));
    } else {
      add_timed(ElementKind::kNote, lexeme).heads = {head_of(lexeme)};
    }
  }

  void take_chord(const Lexeme& lexeme) {
    std::vector<Head> heads = std::exchange(chord_, std::nullopt).value_or(std::vector<Head>());
    if (in_grace_) {
      next_.graces.insert(next_.graces.end(), heads.begin(), heads.end());
      return;
    }
    if (heads.empty()) return;
    add_timed(ElementKind::kNote, lexeme).heads = std::move(heads);
  }

  void take_rest(const Lexeme& lexeme) {
    add_timed(ElementKind::kRest, lexeme).invisible = lexeme.letter == 'x';
  }

  Element& add_timed(ElementKind kind, const Lexeme& lexeme) {
    // A chord symbol or a slur before a bar line belongs to the note behind it.
    if (carried_.tuplet.p != 0) next_.tuplet = carried_.tuplet;
    next_.slurs_open += carried_.slurs_open;
    next_.chord_symbols.insert(next_.chord_symbols.begin(), carried_.chord_symbols.begin(),
                               carried_.chord_symbols.end());
    carried_ = {};
    Element& element = add(kind, lexeme);
    element.time = lexeme.length;
    element.in_tuplet = tuplet_left_ > 0;
    if (element.in_tuplet) --tuplet_left_;
    element.written = lexeme.written;
    return element;
  }

  void take_tie() {
    if (in_grace_) return;
    if (chord_) {
      if (!chord_->empty()) chord_->back().tied = true;
    } else if (Element* last = last_timed(); last != nullptr) {
      for (Head& head : last->heads) head.tied = true;
    }
  }

  // The Cursor has moved time from one note to the other; the second one comes with it.
  void take_broken(const Lexeme& lexeme) {
    Element* last = last_timed();
    if (last == nullptr) return;
    const int count = std::min(std::abs(lexeme.number), 3);
    const Ticks moved = last->time - (last->time >> count);
    last->time += lexeme.number > 0 ? moved : -moved;
    last->broken = lexeme.number;
    last->space_after = false;
  }

  void take_header(const Lexeme& lexeme) {
    if (lexeme.kind == LexemeKind::kField) {
      add_field(reading_.tune.header, lexeme);
      if (lexeme.letter == 'K') begin_body();
    }
  }

  void add_field(std::vector<Field>& fields, const Lexeme& lexeme) {
    std::string_view text = source(lexeme);
    text.remove_prefix(2);
    if (lexeme.letter == '+' && !fields.empty()) {  // goes on with the field before
      fields.back().text.append(" ").append(without_comment(text));
      return;
    }
    fields.push_back(
        {lexeme.letter, std::string(without_comment(text)), {lexeme.begin, lexeme.end}});
  }

  void begin_body() {
    header_ = false;
    Tune& tune = reading_.tune;
    tune.metre = cursor_.metre();
    tune.unit = cursor_.unit();
    tune.key = cursor_.key();
    tune.shift = cursor_.shift();
    voices_.begin(cursor_);
    tune.voices.emplace_back();
  }

  void take_field(const Lexeme& lexeme) {
    std::string_view text = source(lexeme);
    if (lexeme.kind == LexemeKind::kInlineField) {
      text.remove_prefix(3);
      if (!text.empty() && text.back() == ']') text.remove_suffix(1);
    } else {
      text.remove_prefix(2);
    }
    text = without_comment(text);
    if (lexeme.letter == 'V') return change_voice(lexeme);
    Element& field = add(ElementKind::kField, lexeme);
    field.field = lexeme.letter;
    field.text = text;
    field.is_inline = lexeme.kind == LexemeKind::kInlineField;
  }

  void change_voice(const Lexeme& lexeme) {
    Tune& tune = reading_.tune;
    const bool was_one = voices_.size() == 1;
    voice_ = voices_.change(source(lexeme), cursor_);
    if (voices_.size() > tune.voices.size()) {
      tune.voices.emplace_back();
      last_timed_.push_back(kNothing);
    }
    voice().name = voices_.name(voice_);
    if (was_one && voices_.size() > 1) {
      reading_.problems.push_back({Code::kSeveralVoices, lexeme.begin, lexeme.end});
    }
  }

  std::string_view text_;
  Cursor cursor_;
  Events events_;
  Reading reading_;
  bool header_ = true;
  VoiceCursors voices_;
  std::size_t voice_ = 0;
  // Of each voice: the last note or rest since the last bar line.
  std::vector<std::size_t> last_timed_{kNothing};

  Element next_;     // what stands before the note to come
  Element carried_;  // what stood before a bar line
  std::optional<std::uint32_t> prefix_begin_;
  std::optional<std::vector<Head>> chord_;
  bool in_grace_ = false;
  bool continued_ = false;
  int tuplet_left_ = 0;
};

}  // namespace

bool Reading::is_correct() const {
  return std::none_of(problems.begin(), problems.end(), [](const Problem& problem) {
    return severity(problem.code) == Severity::kError;
  });
}

std::string Tune::field(char32_t letter) const {
  const auto found = std::find_if(header.begin(), header.end(),
                                  [&](const Field& field) { return field.letter == letter; });
  return found == header.end() ? std::string() : found->text;
}

std::vector<Bar> Voice::bars() const {
  std::vector<Bar> bars;
  Bar bar;
  int section = 0;
  std::int32_t ending = 0;
  const auto close = [&](std::size_t end) {
    bar.end = end;
    if (bar.time > 0) bars.push_back(bar);
    bar = {.begin = end, .end = end, .section = section, .ending = ending, .time = 0};
  };
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const Element& element = elements[i];
    if (element.takes_time()) bar.time += element.time;
    if (element.kind == ElementKind::kEnding) bar.ending = ending = element.ending;
    if (element.kind != ElementKind::kBar) continue;
    const bool had_music = bar.time > 0 || !bars.empty();
    if (element.bar.is_soft() && had_music && (bar.time > 0 || bars.back().section == section)) {
      close(i);
      bar.section = ++section;
      bar.ending = ending = 0;
    } else {
      close(i);
    }
  }
  close(elements.size());
  return bars;
}

Reading read_tune(std::string_view text) { return TuneReader(text).read(); }

}  // namespace lilt::abc
