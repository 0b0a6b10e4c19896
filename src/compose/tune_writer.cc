#include "compose/tune_writer.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "base/text.h"

namespace lilt::compose {
namespace {

constexpr std::size_t kUsualLength = 4096;  // bytes of a long tune
constexpr std::size_t kLongestTitle = 48, kLongestRhythm = 24;
// A tune of no asked length is brought to its end when it, or one section, has so many bars or
// bytes.
constexpr int kManyBars = 64, kManyBarsOfSection = 32;
constexpr std::size_t kManyBytes = 6000;
constexpr float kForbidden = -std::numeric_limits<float>::infinity();
// What the network is told of a character that it does not know, in a given title: every alphabet
// has it.
constexpr char32_t kStandIn = U'a';
// Classes of streaks in abc::Surroundings.
constexpr std::uint8_t kLongStreak = 6, kShortStreak = 2;
// By how much more cautiously than melody is drawn what goes on repeating, and form: which bar
// line, and what comes behind it. Measured (docs/decisions/drawing-with-caution.md): with one
// temperature for all, the notes are as in real tunes at 1 and the repetition at 0.8 only, since a
// slip ends what was to be repeated.
constexpr float kCautionInRepeating = 1.25F, kCautionInForm = 2.0F;
constexpr float kCautionInTitles = 1.25F;                // fewer half-words
constexpr abc::CharacterSet kAtEndOfBar("|:]\n )-/',");  // where no note can come any more

}  // namespace

TuneWriter::TuneWriter(const Plan& plan, const WritingOptions& options,
                       const Vocabulary& vocabulary, const abc::Alphabet& alphabet)
    : plan_(plan),
      options_(options),
      vocabulary_(vocabulary),
      alphabet_(alphabet),
      sampler_(options.sampling, vocabulary.size()),
      random_(0, RandomStream::kSample),
      logits_(vocabulary.size()),
      sections_(plan.form.sections.size() + 1) {
  text_.reserve(kUsualLength);
  given_.reserve(kUsualLength);
}

void TuneWriter::begin(const Random& random) {
  random_ = random;
  reading_.reset(options_.dialect);
  requirements_ = plan_.requirements;
  text_.clear();
  given_.clear();
  last_ = vocabulary_.token(U'\n');
  is_done_ = is_copied_ = in_quotes_ = is_free_ = false;
  given_at_ = passage_ = line_ = title_end_ = section_ = 0;
  std::fill(sections_.begin(), sections_.end(), Section{});  // of the tune before
  bits_ = 0;
  notes_ = 0;
  if (!plan_.header.empty()) {
    give(plan_.header);
  } else {
    give("X:1\nT:");
    if (!plan_.title.empty()) give(plan_.title), give("\n");
  }
}

std::string_view TuneWriter::title() const {
  const std::size_t begin = std::string_view("X:1\nT:").size();
  return std::string_view(text_).substr(begin, title_end_ - begin);
}

void TuneWriter::write(std::span<const float> logits) {
  assert(!is_done_);
  keep_section();
  if (given_at_ == given_.size()) give_body();
  if (given_at_ == given_.size()) give_copy();
  if (given_at_ < given_.size()) {
    const Utf8Step step = decode_utf8(std::string_view(given_).substr(given_at_));
    given_at_ += step.bytes;
    if (is_superfluous(step.code_point)) return write(logits);
    push(step.code_point, logits);
  } else {
    const Token token = draw(logits);
    if (given_at_ < given_.size()) return write(logits);  // the music of a passage has ended
    is_free_ = in_body();
    push(vocabulary_.character(token), logits);
  }
  if (text_.back() == '\n') {
    if (title_end_ == 0 && !in_body() && text_.compare(line_, 2, "T:") == 0) {
      title_end_ = text_.size() - 1;
    }
    line_ = text_.size();
    give_rhythm();
  }
  is_done_ = cursor().part() == abc::Part::kEnded;
}

void TuneWriter::push(char32_t c, std::span<const float> logits) {
  const Token token = vocabulary_.token(c);
  last_ = token == kUnknownToken ? vocabulary_.token(kStandIn) : token;
  if (is_free_) count(logits, token);
  if (c == U'"' && in_body()) in_quotes_ = !in_quotes_;
  if (c == U'\n') in_quotes_ = false;
  reading_.push(c);
  append_utf8(text_, c);
}

// A slur that began or ended in music which was written anew is dropped from what stays.
bool TuneWriter::is_superfluous(char32_t c) const {
  return plan_.is_rewriting && c == U')' && in_body() && !in_quotes_ && !cursor().in_slur();
}

// The rhythm that was asked for, behind the title: longer and of more characters than the cursor
// remembers of a field.
void TuneWriter::give_rhythm() {
  const bool is_next = title_end_ != 0 && line_ == title_end_ + 1 && plan_.header.empty();
  if (is_next && !plan_.requirements.rhythm.empty()) {
    give("R:"), give(plan_.requirements.rhythm), give("\n");
  }
}

// Once the header is written, what is given of the body.
void TuneWriter::give_body() {
  while (in_body() && passage_ < plan_.body.size() && given_at_ == given_.size()) {
    const Passage& passage = plan_.body[passage_];
    requirements_.music_until = passage.music_until;
    if (passage.music_until) return;
    ++passage_;
    give(passage.given);
  }
}

// --- Sections that come again

// Notes where sections begin and end.
void TuneWriter::keep_section() {
  if (plan_.form.sections.empty() || !in_body()) return;
  if (sections_[0].begin == 0) sections_[0].begin = text_.size();
  const auto section = static_cast<std::size_t>(cursor().section());
  if (section == section_) return;
  // Known only after what follows the bar line.
  const std::size_t end = text_.find_last_of("|:") + 1;
  sections_[section_].end = end;
  section_ = section;
  if (section_ < sections_.size()) sections_[section_].begin = end;
  is_copied_ = false;
}

// Gives the section that the one which begins is a copy of. Says whether there is one.
bool TuneWriter::give_copy() {
  const Form& form = plan_.form;
  if (is_copied_ || section_ >= form.sections.size() || !form.same_as[section_]) return false;
  if (form.sections[section_].repeated && !text_.ends_with("|:")) return false;
  if (text_.back() == '|') {
    give("\n");
    return true;
  }
  is_copied_ = true;
  const Section& of = sections_[*form.same_as[section_]];
  std::string_view music = std::string_view(text_).substr(of.begin, of.end - of.begin);
  while (!music.empty() && std::string_view("|:\n").find(music.front()) != std::string_view::npos) {
    music.remove_prefix(1);
  }
  while (!music.empty() && std::string_view("|:\n").find(music.back()) != std::string_view::npos) {
    music.remove_suffix(1);
  }
  give(music);
  return true;
}

// Sections that come again begin on lines of their own, behind a bar line that is only theirs.
abc::CharacterSet TuneWriter::parted_sections(abc::CharacterSet set) const {
  if (!plan_.form.has_copies() || !in_body()) return set;
  const bool after_colon = text_.back() == ':';
  const bool section_ends = text_.ends_with(":|") || text_.ends_with("||");
  if (after_colon && set.contains(U'|')) set = abc::CharacterSet("|");  // :| and not ::
  if (section_ends && set.contains(U'\n')) set = abc::CharacterSet("\n");
  if (is_copied_ && given_at_ == given_.size()) {
    const abc::CharacterSet end = set & abc::CharacterSet("|:]\n");
    if (!end.empty()) set = end;
  }
  return set;
}

// --- Drawing

// Titles and rhythms of a sensible length, and no other fields of text.
abc::CharacterSet TuneWriter::short_header(abc::CharacterSet set) const {
  if (line_ == text_.size()) return set & abc::CharacterSet("RMLK");
  const std::size_t written = text_.size() - line_ - 2;
  const std::size_t longest = text_[line_] == 'T' ? kLongestTitle : kLongestRhythm;
  const bool ends = written >= longest && set.contains(U'\n');
  return ends ? abc::CharacterSet("\n") : set;
}

abc::CharacterSet TuneWriter::allowed() {
  const bool is_long = cursor().bars() >= kManyBars || cursor().bar() >= kManyBarsOfSection ||
                       text_.size() >= kManyBytes;
  if (requirements_.bars == 0 && is_long) requirements_.ends_here = true;
  // Where parts are copied, they must sound the same.
  if (in_body() && plan_.form.has_copies() && !requirements_.key) {
    requirements_.key = cursor().key();
    requirements_.unit = cursor().unit();
    requirements_.metre = cursor().metre();
  }
  if (in_body() && cursor().metre() == kWithoutAccompaniment) {
    requirements_.chord_symbols = abc::ChordSymbols::kNone;
  }
  abc::CharacterSet set = next_characters(cursor(), requirements_, alphabet_);
  if (set.empty()) set = allowed_by_what_stays();
  if (is_metre_without_accompaniment()) set.remove(U'2');
  return in_body() ? parted_sections(set) : short_header(set);
}

// A note of a given tune that is tied to one to be written may be out of the range.
abc::CharacterSet TuneWriter::allowed_by_what_stays() const {
  abc::Requirements requirements = requirements_;
  requirements.range = {};
  return next_characters(cursor(), requirements, alphabet_);
}

// Whether 2 would make it 3/2, which has to be asked for if there may be chord symbols: within a
// tune they were there before.
bool TuneWriter::is_metre_without_accompaniment() const {
  if (requirements_.metre == kWithoutAccompaniment || !text_.ends_with("M:3/")) return false;
  return in_body() ? requirements_.chord_symbols != abc::ChordSymbols::kNone
                   : requirements_.chord_symbols == abc::ChordSymbols::kSome;
}

// What the logits are multiplied with here.
float TuneWriter::caution(const abc::CharacterSet& set) const {
  if (!in_body()) return title_end_ == 0 ? kCautionInTitles : 1;
  const char last = text_.back();
  const bool is_behind_bar = last == '|' || last == ':' || last == '\n';
  if (is_behind_bar || (set & kAtEndOfBar) == set) return kCautionInForm;
  constexpr auto kStreaks = static_cast<std::size_t>(abc::FeatureIndex::kBar1Streak);
  const std::span<const std::uint8_t> streaks = reading_.values().subspan(kStreaks);
  const bool repeats =
      std::any_of(streaks.begin(), streaks.end(), [](std::uint8_t n) { return n >= kShortStreak; });
  return repeats ? kCautionInRepeating : 1;
}

Token TuneWriter::draw(std::span<const float> logits) {
  const abc::CharacterSet set = allowed();
  const float caution = this->caution(set);
  bool any = false;
  for (std::size_t v = 0; v < logits_.size(); ++v) {
    const bool is_allowed = set.contains(vocabulary_.character(static_cast<Token>(v)));
    logits_[v] = is_allowed ? logits[v] * caution : kForbidden;
    any |= is_allowed;
  }
  assert(any);
  static_cast<void>(any);
  if (options_.repetition > 0 && in_body()) discourage_repetition();
  const Token token = sampler_.draw(logits_, random_.uniform());
  if (requirements_.music_until && vocabulary_.character(token) == U'|') {
    // Not written: what is given goes on.
    requirements_.music_until.reset();
    ++passage_;
    give_body();
  }
  return token;
}

void TuneWriter::discourage_repetition() {
  using enum abc::FeatureIndex;
  const std::span<const std::uint8_t> values = reading_.values();
  if (values[static_cast<std::size_t>(kBar1Streak)] < kLongStreak) return;
  const Token told = vocabulary_.token(values[static_cast<std::size_t>(kBar1)]);
  if (told != kUnknownToken) logits_[told] -= static_cast<float>(options_.repetition);
}

// −log2 of what the network gives the character, without any constraint.
void TuneWriter::count(std::span<const float> logits, Token token) {
  if (token == kUnknownToken) return;
  bits_ += cost_in_bits(logits, token);
  const char32_t c = vocabulary_.character(token);
  const bool is_note = (c >= U'a' && c <= U'g') || (c >= U'A' && c <= U'G') || c == U'z';
  if (is_note && !in_quotes_ && cursor().field() == '\0') ++notes_;
}

}  // namespace lilt::compose
