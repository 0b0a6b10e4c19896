#include "compose/director.h"

#include <algorithm>
#include <cassert>

#include "abc/playability.h"
#include "base/text.h"
#include "compose/form_guide.h"

namespace lilt::compose {
namespace {

constexpr std::size_t kUsualLength = 4096;  // bytes of a long tune
constexpr std::size_t kLongestTitle = 48, kLongestRhythm = 24;
// A tune of no asked length is brought to its end when it, or one section, has so many bars or
// bytes.
constexpr int kManyBars = 64, kManyBarsOfSection = 32;
constexpr std::size_t kManyBytes = 6000;
// So many bytes a bar are enough for any music. A network that writes more, having been made to,
// gets no more fields and chord symbols, of which there could be any number.
constexpr std::size_t kManyBytesOfBar = 160;
constexpr std::string_view kLeads = "KML\"";
// Also of what stands before them.
constexpr std::string_view kBeginningsOfNotes = "ABCDEFGabcdefgzx^_=({[";

}  // namespace

Director::Director(const abc::Alphabet& alphabet) : alphabet_(&alphabet) {
  text_.reserve(kUsualLength);
  given_.reserve(kUsualLength);
}

void Director::begin(const Plan& plan, std::uint8_t dialect,
                     const likeness::TitleWords* title_words) {
  plan_ = &plan;
  title_words_ = title_words;
  has_copies_ = plan.has_copies();
  reading_.reset(dialect, plan.outline ? &*plan.outline : nullptr);
  requirements_ = plan.requirements;
  text_.clear();
  line_ = title_begin_ = title_end_ = 0;
  sections_.assign(plan.requirements.form.size() + 1, Extent{});
  copied_section_.reset();
  returns_.begin();
  in_quotes_ = may_pass_ = false;
  segment_begins_.assign(plan.segments.size(), 0);
  if (plan.progression) accompanist_.begin(*plan.progression);
  enter(0);
  move_on();
}

std::string_view Director::title() const {
  return std::string_view(text_).substr(title_begin_, title_end_ - title_begin_);
}

int Director::bars_left() const {
  if (!plan_->keeps_to_outline || !in_music()) return 0;
  const auto all = static_cast<int>(plan_->outline->bars.size());
  return std::max(0, all - std::max(1, cursor().bars()) + 1);
}

// --- From segment to segment

void Director::enter(std::size_t segment) {
  segment_ = segment;
  segment_begins_[segment] = text_.size();
  give("");
  const Segment& next = plan_->segments[segment];
  if (const Given* const given = std::get_if<Given>(&next)) give(given->text);
  if (const Copy* const of = std::get_if<Copy>(&next)) copy(of->section);
  if (const Again* const of = std::get_if<Again>(&next)) write_again(*of);
  const Free* const free = free_segment();
  requirements_.music_until.reset();
  if (free != nullptr && free->until == Free::Until::kFilled) {
    requirements_.music_until = free->filled;
  }
}

void Director::give(std::string_view text) {
  given_.assign(text);
  given_at_ = 0;
}

const Free* Director::free_segment() const { return std::get_if<Free>(&plan_->segments[segment_]); }

// Enters the next segments as far as those before are over.
void Director::move_on() {
  skip_superfluous();
  while (given_at_ == given_.size() && !is_done()) {
    const Free* const free = free_segment();
    if (free != nullptr && !is_over(*free)) return;
    enter(segment_ + 1);
    skip_superfluous();
  }
}

bool Director::is_over(const Free& free) const {
  switch (free.until) {
    case Free::Until::kLineEnd:
      return title_end_ != 0;
    case Free::Until::kHeaderEnd:
      return in_music();
    case Free::Until::kSection:
      return begins_section(free);
    case Free::Until::kFilled:  // see write()
    case Free::Until::kTuneEnd:
      break;
  }
  return false;
}

bool Director::begins_section(const Free& free) const {
  if (!in_music() || static_cast<std::size_t>(cursor().section()) != free.section) return false;
  return !free.in_repeat || text_.ends_with("|:");
}

// Gives the music of an earlier section, behind a bar line on a line of its own.
void Director::copy(std::size_t section) {
  const Extent& of = sections_[section];
  if (text_.back() == '|') given_ = "\n";
  given_.append(text_, of.begin, of.end - of.begin);
  copied_section_ = cursor().section();
}

void Director::write_again(const Again& of) {
  const std::size_t begin = segment_begins_[of.first];
  give(std::string_view(text_).substr(begin, segment_begins_[of.last + 1] - begin));
}

// A slur that began or ended in music which was written anew is dropped from what stays.
void Director::skip_superfluous() {
  if (!std::holds_alternative<Rewriting>(plan_->kind) || !in_music()) return;
  while (given_at_ < given_.size() && given_[given_at_] == ')' && !in_quotes_ &&
         !cursor().in_slur()) {
    ++given_at_;
  }
}

std::optional<char32_t> Director::given() const {
  if (given_at_ == given_.size()) return std::nullopt;
  return decode_utf8(std::string_view(given_).substr(given_at_)).code_point;
}

// What is given behind the free music under way: a bar line, an ending, a field or a line's end.
char32_t Director::following() const {
  return decode_utf8(std::get<Given>(plan_->segments[segment_ + 1]).text).code_point;
}

// --- What has been written

void Director::write(char32_t c) {
  const bool passes = may_pass_ && c == following();
  may_pass_ = false;
  if (passes) enter(segment_ + 1);
  if (given_at_ < given_.size()) {
    given_at_ += decode_utf8(std::string_view(given_).substr(given_at_)).bytes;
  }
  if (plan_->copies_returns && in_music() && !in_quotes_) returns_.follow(cursor(), text_, c);
  if (c == U'"' && in_music()) in_quotes_ = !in_quotes_;
  if (c == U'\n') in_quotes_ = false;
  reading_.push(c);
  append_utf8(text_, c);
  if (has_copies_) keep_section(c);
  if (c == U'\n') note_line_end();
  move_on();
  if (plan_->progression) accompany();
}

// Where the network has begun a chord symbol, gives the one that is due.
void Director::accompany() {
  if (!in_music() || is_done()) return;
  if (!in_quotes_) return accompanist_.read(cursor());
  if (text_.back() != '"' || given_at_ < given_.size()) return;
  give(std::string(accompanist_.due()) + '"');
  accompanist_.take();
}

void Director::note_line_end() {
  if (title_end_ == 0 && !in_music() && text_.compare(line_, 2, "T:") == 0) {
    title_begin_ = line_ + 2;
    title_end_ = text_.size() - 1;
  }
  line_ = text_.size();
}

// Notes where the music of sections begins and ends. The cursor counts a section from the first
// character behind the bar line that opens it.
void Director::keep_section(char32_t c) {
  if (!in_music() || is_done()) return;
  const auto section = static_cast<std::size_t>(cursor().section());
  if (copied_section_ && *copied_section_ != cursor().section()) copied_section_.reset();
  const bool closes = c == U']' && text_.size() >= 2 && text_[text_.size() - 2] == '|';
  if (c == U'|' || c == U':' || c == U'\n' || closes || section >= sections_.size()) return;
  Extent& extent = sections_[section];
  if (extent.end == 0) extent.begin = text_.size() - 1;
  extent.end = text_.size();
}

// --- What may come

// Titles and rhythms of a sensible length, and no other fields of text.
abc::CharacterSet Director::short_header(abc::CharacterSet set) const {
  if (line_ == text_.size()) return set & abc::CharacterSet("RMLK");
  const std::size_t written = text_.size() - line_ - 2;
  const std::size_t longest = text_[line_] == 'T' ? kLongestTitle : kLongestRhythm;
  const bool ends = written >= longest && set.contains(U'\n');
  return ends ? abc::CharacterSet("\n") : set;
}

// A title of whole words, where those are known.
abc::CharacterSet Director::of_title_words(abc::CharacterSet set) const {
  const bool in_title = title_end_ == 0 && text_.compare(line_, 2, "T:") == 0;
  if (title_words_ == nullptr || title_words_->is_empty() || !in_title) return set;
  const abc::CharacterSet of_words =
      set & title_words_->next(std::string_view(text_).substr(line_ + 2));
  return of_words.empty() ? set : of_words;
}

// Without what the free music may not begin with, where anything else may come.
abc::CharacterSet Director::as_beginning(const abc::CharacterSet& set) const {
  const Free* const free = free_segment();
  if (free == nullptr || text_.size() > segment_begins_[segment_]) return set;
  abc::CharacterSet others = set;
  others -= free->not_first;
  return others.empty() ? set : others;
}

// Sections that come again begin on lines of their own, behind a bar line that is only theirs.
abc::CharacterSet Director::parted_sections(abc::CharacterSet set) const {
  if (!has_copies_ || !in_music()) return set;
  const bool after_colon = text_.back() == ':';
  const bool section_ends = text_.ends_with(":|") || text_.ends_with("||");
  if (after_colon && set.contains(U'|')) set = abc::CharacterSet("|");  // :| and not ::
  if (section_ends && set.contains(U'\n')) set = abc::CharacterSet("\n");
  if (copied_section_) {
    const abc::CharacterSet end = set & abc::CharacterSet("|:]\n");
    if (!end.empty()) set = end;
  }
  return set;
}

void Director::require_what_holds_now() {
  const bool is_long = cursor().bars() >= kManyBars || cursor().bar() >= kManyBarsOfSection ||
                       text_.size() >= kManyBytes;
  if (requirements_.bars == 0 && is_long) requirements_.ends_here = true;
  if (!in_music()) return;
  // Where sections are copied, they must sound the same.
  if (has_copies_ && !requirements_.key) {
    requirements_.key = cursor().key();
    requirements_.unit = cursor().unit();
    requirements_.metre = cursor().metre();
  }
  if (plan_->keeps_to_outline) require_outlined_bars();
  if (!abc::has_accompaniment(cursor().metre())) {
    requirements_.chord_symbols = abc::ChordSymbols::kNone;
  }
}

// Within a section it must be possible to end it where it was planned to end: where the section
// began in its bar.
void Director::require_outlined_bars() {
  requirements_.bars = plan_->requirements.bars;
  const bool is_closing = text_.back() == ':' || text_.ends_with(":|");
  const int bars = is_closing ? 0 : bars_to_section_end(*plan_->outline, cursor());
  if (bars > 0 && cursor().in_repeat()) requirements_.bars = bars;
}

// What may come by the rules of notation and by what is required.
abc::CharacterSet Director::possible() const {
  abc::CharacterSet set = next_characters(cursor(), requirements_, *alphabet_);
  if (!set.empty()) return set;
  // A note of a given tune that is tied to one to be written may be out of the range.
  abc::Requirements requirements = requirements_;
  requirements.range = {};
  return next_characters(cursor(), requirements, *alphabet_);
}

abc::CharacterSet Director::choices() {
  require_what_holds_now();
  abc::CharacterSet set = possible();
  if (would_be_without_accompaniment()) set.remove(U'2');
  if (!in_music()) return of_title_words(short_header(set));
  set = as_beginning(set);
  if (requirements_.music_until && set.contains(U'|')) {
    // The free music may end here: what is given goes on then.
    may_pass_ = true;
    set.remove(U'|');
    set.add(following());
  }
  if (plan_->sounding && !in_quotes_ && cursor().settled().state().next.chord_symbols > 0) {
    set.remove(U'"');
  }
  if (plan_->keeps_to_outline && !in_quotes_) {
    set = as_outlined(set, *plan_->outline, cursor(), text_);
  }
  const bool is_over_chords = plan_->progression.has_value();
  if (is_over_chords) set = over_progression(set);
  if (plan_->copies_returns) set = returns_.as_before(set, *plan_->outline, cursor(), text_);
  const bool is_enough = !is_over_chords && text_.size() > enough();
  return parted_sections(is_enough ? without_leads(set) : set);
}

// Before the next note comes the chord symbol that is due, and no other; music is divided where the
// chord changes, as far as that can be.
abc::CharacterSet Director::over_progression(const abc::CharacterSet& set) {
  const auto if_any = [](const abc::CharacterSet& wanted, const abc::CharacterSet& otherwise) {
    return wanted.empty() ? otherwise : wanted;
  };
  abc::CharacterSet allowed = set;
  if (accompanist_.must_fill_bar()) {
    for (const char c : {'|', ':'}) allowed.remove(static_cast<unsigned char>(c));
    allowed = if_any(allowed, set);
  }
  abc::Requirements requirements = requirements_;
  requirements.music_until = accompanist_.change();
  if (requirements.music_until) {
    abc::CharacterSet divided = next_characters(cursor(), requirements, *alphabet_);
    if (accompanist_.is_at_change()) divided.add(U'"');
    for (const char c : {'|', ':'}) divided.remove(static_cast<unsigned char>(c));
    // 3 would only do as 3/2 or shorter.
    for (int n = 2; n <= 9; ++n) {
      if (n * cursor().unit() > accompanist_.room())
        divided.remove(static_cast<char32_t>(U'0' + n));
    }
    allowed = if_any(allowed & divided, allowed);
  }
  if (accompanist_.due().empty()) {
    allowed.remove(U'"');
  } else if (allowed.contains(U'"') && !accompanist_.may_be_pickup()) {
    for (const char c : kBeginningsOfNotes) allowed.remove(static_cast<unsigned char>(c));
  }
  return if_any(allowed, set);
}

// Bytes that are enough for any music of so many bars.
std::size_t Director::enough() const {
  return kManyBytes + kManyBytesOfBar * static_cast<std::size_t>(cursor().bars());
}

// Without the beginnings of fields and chord symbols, where anything else may come.
abc::CharacterSet Director::without_leads(const abc::CharacterSet& set) const {
  if (in_quotes_) return set;
  abc::CharacterSet others = set;
  for (const char c : kLeads) others.remove(static_cast<unsigned char>(c));
  return others.empty() ? set : others;
}

// Whether 2 would make the metre 3/2, which has to be asked for if there may be chord symbols:
// within a tune they were there before.
bool Director::would_be_without_accompaniment() const {
  if (requirements_.metre == abc::kWithoutAccompaniment || !text_.ends_with("M:3/")) return false;
  return in_music() ? requirements_.chord_symbols != abc::ChordSymbols::kNone
                    : requirements_.chord_symbols == abc::ChordSymbols::kSome;
}

}  // namespace lilt::compose
