#include "score/midi.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "abc/performance.h"
#include "midi_notes.h"
#include "tunes.h"

namespace lilt::score {
namespace {

class Midi : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v abc2midi >/dev/null 2>&1") != 0) {
      GTEST_SKIP() << "abc2midi is not installed";
    }
  }
};

constexpr double kTicksOfWhole = 1920, kNear = 2.5;  // abc2midi rounds, and starts one tick late

bool is_among(const abc::Sound& sound, const std::vector<support::MidiNote>& notes) {
  const double start = static_cast<double>(sound.start) * kTicksOfWhole / abc::kWholeNote;
  const double length = static_cast<double>(sound.length) * kTicksOfWhole / abc::kWholeNote;
  return std::any_of(notes.begin(), notes.end(), [&](const support::MidiNote& note) {
    return note.pitch == sound.pitch && std::abs(static_cast<double>(note.start) - start) < kNear &&
           std::abs(static_cast<double>(note.length) - length) < kNear;
  });
}

TEST_F(Midi, HasTheNotesOfTheTuneAndAnAccompaniment) {
  const Workshop workshop;
  int with_chords = 0;
  for (const std::string& text : support::tunes_of(LILT_TEST_DATA "/tunes.abc")) {
    abc::Tune tune = abc::read_tune(text).tune;
    if (tune.field(U'R').find("ornpipe") != std::string::npos) continue;  // played with a swing
    const std::vector<abc::Sound> sounds = abc::perform(tune);
    const auto full = make_midi(workshop, tune, {.instrument = 40, .tempo = {}});
    for (abc::Voice& voice : tune.voices) {
      for (abc::Element& element : voice.elements) element.chord_symbols.clear();
    }
    const auto bare = make_midi(workshop, tune, {.instrument = 40, .tempo = {}});
    ASSERT_TRUE(full.ok() && bare.ok()) << text;
    const auto full_notes = support::read_midi(*full), bare_notes = support::read_midi(*bare);
    ASSERT_TRUE(full_notes && bare_notes) << text;
    EXPECT_EQ(bare_notes->size(), sounds.size()) << text;
    for (const abc::Sound& sound : sounds) {
      EXPECT_TRUE(is_among(sound, *bare_notes)) << text;
      EXPECT_TRUE(is_among(sound, *full_notes)) << text;
    }
    if (full_notes->size() > bare_notes->size()) ++with_chords;
  }
  EXPECT_GT(with_chords, 20);
}

}  // namespace
}  // namespace lilt::score
