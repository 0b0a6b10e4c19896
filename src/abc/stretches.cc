#include "abc/stretches.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "abc/cursor.h"
#include "base/text.h"

namespace lilt::abc {
namespace {

// Reads the text and takes its stretches down.
class StretchFinder {
 public:
  std::vector<Stretch> find(std::string_view text) && {
    for (std::size_t at = 0; at < text.size() && cursor_.part() != Part::kEnded;) {
      const Utf8Step step = decode_utf8(text.substr(at));
      cursor_.push(step.code_point, &events_);
      take_events();
      at += std::max<std::size_t>(step.bytes, 1);
    }
    cursor_.finish(&events_);
    take_events();
    leave_first_bar();
    return std::move(found_);
  }

 private:
  void take_events() {
    for (const Lexeme& lexeme : events_.lexemes()) take(lexeme);
    events_.clear();
  }

  void take(const Lexeme& lexeme) {
    using enum LexemeKind;
    switch (lexeme.kind) {
      case kNote:
      case kRest:
        return in_chord_ || in_grace_ ? begin_prefix(lexeme) : take_timed(lexeme);
      case kBarsRest:
        return take_timed(lexeme);
      case kChordOpen:
      case kChordClose:
        in_chord_ = lexeme.kind == kChordOpen;
        return in_chord_ || in_grace_ ? begin_prefix(lexeme) : take_timed(lexeme);
      case kGraceOpen:
      case kGraceClose:
        in_grace_ = lexeme.kind == kGraceOpen;
        return begin_prefix(lexeme);
      case kTuplet:
      case kSlurOpen:
      case kChordSymbol:
      case kAnnotation:
      case kDecoration:
        return begin_prefix(lexeme);
      case kTie:
      case kSlurClose:
      case kBroken:
        return take_suffix(lexeme);
      case kOverlay:
        return begin_overlay();
      case kBar:
        close();
        if (overlay_ && !is_first_) more_bars_ += cursor_.bars() - *overlay_;
        overlay_.reset();
        in_pickup_ = cursor_.filled() > 0 && (in_pickup_ || lexeme.bar.is_soft());
        if (!cursor_.in_first_bar()) leave_first_bar();
        return;
      case kEnding:
        in_pickup_ = false;
        return close();
      case kField:
      case kInlineField:
      case kLineEnd:
      case kComment:
        return close();
      case kSpace:
      case kContinuation:
      case kSpacer:
      case kJunk:
      case kNone:
        return;
    }
  }

  void begin_prefix(const Lexeme& lexeme) {
    if (!prefix_) prefix_ = lexeme.begin;
  }

  void begin_overlay() {
    if (!overlay_) overlay_ = cursor_.bars();
    if (is_open_) found_.back().has_overlay = true;
  }

  void take_timed(const Lexeme& lexeme) {
    if (overlay_) return take_overlaid(lexeme);
    const std::uint32_t begin = std::exchange(prefix_, {}).value_or(lexeme.begin);
    if (!is_open_) {
      found_.push_back({.place = {begin, begin}, .begin = cursor_.filled() - lexeme.length});
      is_open_ = true;
    }
    Stretch& stretch = found_.back();
    stretch.place.end = lexeme.end;
    stretch.end = cursor_.filled();
    stretch.in_tie = cursor_.in_tie();
    if (lexeme.kind == LexemeKind::kBarsRest) {
      stretch.begin = 0;
      stretch.bars = lexeme.number;
    }
    if (is_first_) return;  // whether it is a pickup is known at its bar line
    stretch.bar = in_pickup_ ? 0 : bars();
  }

  // The other voice belongs to the stretch under way, and takes no time of its own.
  void take_overlaid(const Lexeme& lexeme) {
    prefix_.reset();
    if (is_open_) found_.back().place.end = lexeme.end;
  }

  [[nodiscard]] int bars() const { return cursor_.bars() - more_bars_; }

  void take_suffix(const Lexeme& lexeme) {
    if (!is_open_ || prefix_) return;
    found_.back().place.end = lexeme.end;
    if (overlay_) return;
    found_.back().end = cursor_.filled();
    found_.back().in_tie = cursor_.in_tie();
  }

  void close() {
    is_open_ = false;
    prefix_.reset();
  }

  void leave_first_bar() {
    if (!std::exchange(is_first_, false)) return;
    for (Stretch& stretch : found_) stretch.bar = bars();
  }

  Cursor cursor_;
  Events events_;
  std::vector<Stretch> found_;
  std::optional<std::uint32_t> prefix_;  // where what belongs to the next note begins
  bool is_open_ = false, is_first_ = true, in_pickup_ = false;
  bool in_chord_ = false, in_grace_ = false;
  std::optional<std::int32_t> overlay_;  // bars when it began
  std::int32_t more_bars_ = 0;           // that the cursor counts for the music of overlays
};

}  // namespace

std::vector<Stretch> find_stretches(std::string_view text) { return StretchFinder().find(text); }

}  // namespace lilt::abc
