// Repeats, endings, short sections, parts and changes in any order: a correct tune, cleaned, is
// correct, cleaned again the same, and sounds the same.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "abc/performance.h"
#include "abc/tune.h"
#include "base/random.h"
#include "corpus/clean.h"
#include "corpus/tune_stream.h"

namespace lilt::corpus {
namespace {

class Choices {
 public:
  explicit Choices(std::uint64_t index) : random_(1, RandomStream::kSample, index) {}

  std::size_t below(std::size_t n) { return random_.below(n); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  std::string of(std::initializer_list<const char*> texts) {
    return texts.begin()[below(texts.size())];
  }

 private:
  Random random_;
};

// A tune whose bars are mostly right, and whose form is anything.
class TuneMaker {
 public:
  explicit TuneMaker(std::uint64_t index) : choices_(index) {}

  std::string make() {
    text_ = "X:1\nT:t\n";
    if (choices_.one_in(8)) text_ += choices_.of({"P:A\n", "P:AB\n", "P:BA\n", "P:A2B\n", "P:B\n"});
    bar_ = 2 + choices_.below(3);
    text_ += choices_.one_in(12) ? "M:none\n" : "M:" + std::to_string(bar_) + "/8\n";
    text_ += "L:1/8\nK:C\n";
    at_ = home_ = choices_.one_in(2) ? 0 : choices_.below(bar_);
    for (std::size_t n = 1 + choices_.below(4); n > 0; --n) {
      if (choices_.one_in(6)) home_ = at_;
      if (choices_.one_in(3)) text_ += choices_.of({"|:", "|:", "||:", "::", "|"});
      choices_.one_in(2) ? section() : section_with_endings();
      change();
      if (choices_.one_in(10)) text_ += choices_.of({"|", "||", ":|", "|:", "|1", "[2", "::"});
      if (choices_.one_in(4)) text_ += "\n";
    }
    return text_ + "\n";
  }

 private:
  void section() {
    play(choices_.below(3), home_);
    text_ += choices_.of({":|", "::", "||", "|]", ":||:", "|:", "|", ":|\n|:", ":|\n", ":::|"});
    at_ %= bar_;
    if (!choices_.one_in(4)) home_ = at_;
  }

  void section_with_endings() {
    play(choices_.below(2), choices_.one_in(2) ? 0 : choices_.below(bar_));
    at_ %= bar_;
    const std::size_t start = at_;
    text_ += choices_.of({"|1", "[1", "||1", "||[1", "|1,3", " |1 ", "|\n[1", "||\n[1"});
    change();
    play(choices_.below(2), home_);
    text_ += choices_.of({":|2", ":|[2", ":|\n|2", ":|\n[2", ":||[2", ":|2,4", "||2", "::"});
    change();
    at_ = start;
    play(choices_.below(2), choices_.one_in(3) ? choices_.below(bar_) : home_);
    text_ += choices_.of({"||", "|]", ":|", "|", "::", "||\n", "|:", ":|3", ":|\n|:", "::\n"});
    if (choices_.one_in(3)) at_ = 0;
  }

  // Goes on to `end` in a bar, over some bar lines.
  void play(std::size_t bars, std::size_t end) {
    if (end <= at_) ++bars;
    for (; bars > 0; --bars) {
      notes(bar_ - at_);
      at_ = 0;
      if (bars > 1 || end > 0) text_ += choices_.one_in(12) ? choices_.of({"||", ":", "|]"}) : "|";
    }
    if (choices_.one_in(15) && end > at_ + 1) {
      notes(1);
      ++at_;
      text_ += choices_.of({"||", ":", " ", "\n", "|:", "[1"});
    }
    notes(end - at_);
    at_ = end;
  }

  void notes(std::size_t units) {
    while (units > 0) {
      const std::size_t length = choices_.one_in(2) ? units : 1 + choices_.below(units);
      units -= length;
      if (choices_.one_in(12))
        text_ += choices_.of({"\"G\"", "{c}", "(", "!trill!", "!", ")", "\\\n"});
      text_ += choices_.of({"C", "D", "E", "f", "^g", "[CE]", "z"}) + std::to_string(length);
      if (choices_.one_in(12)) text_ += choices_.of({"-", " ", "\n", ">"});
    }
  }

  void change() {
    if (choices_.one_in(30)) text_ += choices_.of({"[M:3/8]", "[K:D]", "[P:A]", "[P:B]", "\n"});
    if (!choices_.one_in(15)) return;
    if (text_.back() != '\n') text_ += '\n';
    text_ += choices_.of({"P:A\n", "P:B\n", "M:3/8\n", "K:G\n", "K:C\n"});
  }

  Choices choices_;
  std::string text_;
  std::size_t bar_ = 4;   // units
  std::size_t at_ = 0;    // where in the bar
  std::size_t home_ = 0;  // where in its bar the section began
};

// A real tune with a few changes to its form.
std::string mutated(std::string tune, Choices& choices) {
  const std::size_t body = tune.find('\n', tune.find("\nK:") + 1) + 1;
  if (choices.one_in(10)) tune.insert(tune.find("\nM:") + 1, "P:AB\n");
  for (std::size_t n = 1 + choices.below(4); n > 0; --n) {
    // A bar line, or anywhere.
    std::size_t at = body + choices.below(tune.size() - body);
    if (!choices.one_in(4)) at = std::min(tune.find('|', at), tune.size() - 1);
    const std::size_t length = std::min(choices.below(30), tune.size() - 1 - at);
    if (choices.one_in(4)) {
      tune.erase(at, length);
    } else if (choices.one_in(4)) {
      tune.insert(at, tune.substr(at, length));
    } else {
      tune.replace(at, choices.below(2),
                   choices.of({"|",  ":|",   "|:",      "::",    "||",  "|1",      ":|2",
                               "[1", "[2",   "|[1",     ":||:",  ":|3", "\nP:A\n", "\nP:B\n",
                               "\n", "\\\n", "[M:3/4]", "[K:G]", "!",   "{c}"}));
    }
  }
  return tune;
}

std::vector<abc::Sound> sounds(abc::Tune tune) {
  for (abc::Voice& voice : tune.voices) {
    for (abc::Element& element : voice.elements) element.marks.clear();
  }
  return perform(tune, {.graces = false});
}

// Whether what a part order or a second voice leaves out is no matter.
bool sounds_as_written(const abc::Tune& tune) {
  return tune.voices.size() == 1 && tune.field(U'P').empty() &&
         std::none_of(tune.voices[0].elements.begin(), tune.voices[0].elements.end(),
                      [](const abc::Element& e) { return e.kind == abc::ElementKind::kOverlay; });
}

// Whether the tune is correct; if so, it must be so cleaned.
bool stays(const std::string& text) {
  const abc::Reading reading = abc::read_tune(text);
  if (!reading.is_correct()) return false;
  const std::string clean = clean_text({.text = text}, reading, {});
  const abc::Reading cleaned = abc::read_tune(clean);
  EXPECT_TRUE(cleaned.is_correct()) << text << "\n" << clean;
  EXPECT_EQ(clean_text({.text = clean}, cleaned, {}), clean) << text;
  if (sounds_as_written(reading.tune)) {
    EXPECT_EQ(sounds(reading.tune), sounds(cleaned.tune)) << text << "\n" << clean;
  }
  return true;
}

TEST(CleanForms, StayCorrectAndTheSame) {
  std::size_t correct = 0;
  for (std::uint64_t i = 0; i < 20'000 && !HasFailure(); ++i) correct += stays(TuneMaker(i).make());
  EXPECT_GT(correct, 2000U);
}

TEST(CleanForms, OfRealTunesStayCorrectAndTheSame) {
  const std::filesystem::path path = LILT_CORPORA "/nottingham/train.abc";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  TuneStream stream({path.string()});
  std::size_t correct = 0;
  TuneText tune;
  for (std::uint64_t i = 0; *stream.next(tune) && !HasFailure(); ++i) {
    Choices choices(i);
    for (int n = 0; n < 10; ++n) correct += stays(mutated(tune.text, choices));
  }
  EXPECT_GT(correct, 500U);
}

}  // namespace
}  // namespace lilt::corpus
