#include "compose/tune_writer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdlib>
#include <limits>
#include <string_view>

namespace lilt::compose {
namespace {

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
// Once it is decided that music comes behind a bar line, how it begins is drawn a little more
// cautiously than what follows.
constexpr float kCautionInBeginning = 1.25F;
constexpr float kCautionInTitles = 1.25F;  // fewer half-words
// At 1 chords are foreign to the key as often as in real tunes, but with less of a reason.
constexpr float kCautionInChords = 1.45F;
// False relations to the chord are so many nats less probable. Without that two modal tunes in
// three had one, with it as many as real tunes.
constexpr float kDoubtOfFalseRelations = 3.0F;
// Where nothing is planned to return, the note that the section before has at this place is so many
// nats less probable: else sections are more like each other than in real tunes.
constexpr float kDoubtOfSectionBefore = 0.5F;
// Within bars leaps of a fifth and more are so many nats more probable, by semitones: of those that
// are drawn, the critic keeps too few.
constexpr int kFifth = 7, kOctave = 12;
constexpr std::array<float, kOctave - kFifth + 1> kFavourOfLeaps = {0.1F, 0.2F, 0.4F,
                                                                    0.2F, 0,    0.5F};
constexpr std::u32string_view kLetters = U"ABCDEFGabcdefg";
constexpr abc::CharacterSet kForm("|:[]12\n ");  // behind a bar line; anything else is music
constexpr abc::CharacterSet kAtEndOfBar("|:]\n )-/',");  // where no note can come any more

}  // namespace

TuneWriter::TuneWriter(const Vocabulary& vocabulary, const abc::Alphabet& alphabet)
    : vocabulary_(&vocabulary),
      director_(alphabet),
      sampler_(vocabulary.size()),
      random_(0, RandomStream::kSample),
      logits_(vocabulary.size()) {}

void TuneWriter::begin(const Plan& plan, const WritingOptions& options, const Random& random) {
  director_.begin(plan, options.dialect, options.title_words);
  sampler_.use(options.sampling);
  repetition_ = options.repetition;
  random_ = random;
  last_ = vocabulary_->token(U'\n');
  is_free_ = false;
  bits_ = 0;
  notes_ = 0;
}

void TuneWriter::write(std::span<const float> logits) {
  assert(!is_done());
  const std::optional<char32_t> given = director_.given();
  const char32_t c = given ? *given : draw(logits);
  is_free_ = is_free_ || (!given && director_.in_music());
  const Token token = vocabulary_->token(c);
  last_ = token == kUnknownToken ? vocabulary_->token(kStandIn) : token;
  if (is_free_) count(logits, token);
  director_.write(c);
}

// What the logits are multiplied with here.
float TuneWriter::caution(const abc::CharacterSet& choices) const {
  if (!director_.in_music()) return director_.has_title() ? 1 : kCautionInTitles;
  if (director_.in_quotes() && director_.is_in_c()) return kCautionInChords;
  if ((choices & kAtEndOfBar) == choices) return kCautionInForm;
  const std::span<const std::uint8_t> streaks = director_.surroundings().streaks();
  const bool repeats =
      std::any_of(streaks.begin(), streaks.end(), [](std::uint8_t n) { return n >= kShortStreak; });
  return repeats ? kCautionInRepeating : 1;
}

bool TuneWriter::is_behind_bar() const {
  if (!director_.in_music() || director_.in_quotes()) return false;
  const char last = director_.text().back();
  return last == '|' || last == ':' || last == '\n';
}

char32_t TuneWriter::draw(std::span<const float> logits) {
  const abc::CharacterSet choices = director_.choices();
  const float caution = this->caution(choices);
  bool any = false;
  for (std::size_t v = 0; v < logits_.size(); ++v) {
    const bool is_choice = choices.contains(vocabulary_->character(static_cast<Token>(v)));
    logits_[v] = is_choice ? logits[v] * caution : kForbidden;
    any |= is_choice;
  }
  if (caution < kCautionInForm && is_behind_bar()) decide_form(logits, caution);
  assert(any);
  static_cast<void>(any);
  if (repetition_ > 0 && director_.in_music()) discourage_repetition();
  if (director_.in_music() && !director_.in_quotes() && director_.is_in_c()) {
    doubt_false_relations();
    doubt_section_before();
    favour_leaps();
  }
  return vocabulary_->character(sampler_.draw(logits_, random_.uniform()));
}

// Behind a bar line: whether form or music comes is drawn with the caution of form, the most
// probable music standing for all of it.
void TuneWriter::decide_form(std::span<const float> logits, float caution) {
  const auto is_form = [&](std::size_t v) {
    return kForm.contains(vocabulary_->character(static_cast<Token>(v)));
  };
  float best = kForbidden;
  for (std::size_t v = 0; v < logits_.size(); ++v) {
    if (logits_[v] != kForbidden && !is_form(v)) best = std::max(best, logits[v]);
  }
  const float beginning = caution * kCautionInBeginning;
  for (std::size_t v = 0; v < logits_.size(); ++v) {
    if (logits_[v] == kForbidden) continue;
    logits_[v] = is_form(v) ? logits[v] * kCautionInForm
                            : logits[v] * beginning + best * (kCautionInForm - beginning);
  }
}

void TuneWriter::doubt_false_relations() {
  const std::uint32_t steps = director_.surroundings().false_relations();
  if (steps == 0) return;
  for (const char32_t c : kLetters) {
    if ((steps >> abc::step_of(c) & 1) == 0) continue;
    const Token token = vocabulary_->token(c);
    if (token != kUnknownToken) logits_[token] -= kDoubtOfFalseRelations;
  }
}

void TuneWriter::doubt_section_before() {
  using enum abc::FeatureIndex;
  const std::span<const std::uint8_t> values = surroundings();
  if (values[static_cast<std::size_t>(kPlanned)] != 0) return;
  const char32_t told = values[static_cast<std::size_t>(kSection)];
  if (kLetters.find(told) == kLetters.npos) return;
  const Token token = vocabulary_->token(told);
  if (token != kUnknownToken) logits_[token] -= kDoubtOfSectionBefore;
}

// Of letters as they stand, before any octave mark.
void TuneWriter::favour_leaps() {
  const abc::Surroundings& surroundings = director_.surroundings();
  const std::optional<std::int32_t> last = surroundings.last_note();
  if (!last || !surroundings.is_within_bar()) return;
  for (const char32_t c : kLetters) {
    const abc::Pitch pitch{.step = static_cast<std::int8_t>(abc::step_of(c)),
                           .octave = static_cast<std::int8_t>(c >= U'a' ? 1 : 0)};
    const int leap = std::abs(pitch.midi() - *last);
    if (leap < kFifth || leap > kOctave) continue;
    const Token token = vocabulary_->token(c);
    if (token != kUnknownToken) logits_[token] += kFavourOfLeaps[leap - kFifth];
  }
}

void TuneWriter::discourage_repetition() {
  using enum abc::FeatureIndex;
  const std::span<const std::uint8_t> values = surroundings();
  if (values[static_cast<std::size_t>(kBar1Streak)] < kLongStreak) return;
  const Token told = vocabulary_->token(values[static_cast<std::size_t>(kBar1)]);
  if (told != kUnknownToken) logits_[told] -= static_cast<float>(repetition_);
}

// −log2 of what the network gives the character, without any constraint.
void TuneWriter::count(std::span<const float> logits, Token token) {
  if (token == kUnknownToken) return;
  bits_ += cost_in_bits(logits, token);
  const char32_t c = vocabulary_->character(token);
  const bool is_note = (c >= U'a' && c <= U'g') || (c >= U'A' && c <= U'G') || c == U'z';
  if (is_note && !director_.in_quotes() && director_.cursor().field() == '\0') ++notes_;
}

}  // namespace lilt::compose
