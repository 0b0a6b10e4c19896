#include "score/midi.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "midi_notes.h"
#include "tunes.h"

namespace lilt::score {
namespace {

using namespace std::string_literals;

abc::Tune tune_of(const std::string& music, const std::string& metre = "6/8") {
  return abc::read_tune("X:1\nT:One\nM:" + metre + "\nL:1/8\nK:D\n" + music + "\n").tune;
}

std::string midi_of(const abc::Tune& tune) {
  const auto midi = make_midi(tune, {.instrument = 40, .tempo = {3 * abc::kWholeNote / 8, 120}});
  EXPECT_TRUE(midi) << midi.error().message;
  return *midi;
}

bool has(const std::string& bytes, const std::string& part) {
  return bytes.find(part) != std::string::npos;
}

TEST(Midi, HasTitleTempoMetreKeyAndInstruments) {
  const std::string bytes = midi_of(tune_of("\"D\"A3 f3|[M:2/4][K:Am]c4|]"));
  EXPECT_EQ(bytes.substr(0, 14), "MThd\0\0\0\6\0\1\0\3\1\340"s);
  EXPECT_TRUE(has(bytes, "\xFF\3\3One"s));
  EXPECT_TRUE(has(bytes, "\xFF\x51\3\x05\x16\x15"s));  // 333,333 microseconds
  EXPECT_TRUE(has(bytes, "\xFF\x58\4\6\3\x24\x08"s));  // 6/8, a click each dotted quarter
  EXPECT_TRUE(has(bytes, "\xFF\x59\2\2\0"s));          // two sharps, major
  EXPECT_TRUE(has(bytes, "\x8B\x20\xFF\x59\2\0\1"s));  // after a bar: none, minor
  EXPECT_TRUE(has(bytes, "\0\xFF\x58\4\2\2\x18\x08"s));
  EXPECT_TRUE(has(bytes, "\xC0\x28"s));
  EXPECT_TRUE(has(bytes, "\xCE\x20\0\xCF\0"s));
  EXPECT_EQ(bytes.substr(bytes.size() - 4), "\0\xFF\x2F\0"s);
}

TEST(Midi, EndsANoteBeforeTheNextOneBegins) {
  const std::string bytes = midi_of(tune_of("A3A3|]"));
  EXPECT_TRUE(has(bytes, "\0\x90\x45\x69\x85\x50\x80\x45\0\0\x90\x45\x5F\x85\x50\x80\x45\0"s));
  EXPECT_FALSE(has(bytes, "\xCE"s));  // no accompaniment without chord symbols
}

// Every note of the list, to the tick, and no other.
TEST(Midi, HasTheNotesOfThePlayback) {
  int with_accompaniment = 0;
  for (const std::string& text : support::tunes_of(LILT_TEST_DATA "/tunes.abc")) {
    const abc::Tune tune = abc::read_tune(text).tune;
    const Playing playing = playing_of(tune, 73, std::nullopt);
    const auto playback = play(tune, playing);
    ASSERT_TRUE(playback) << text;
    const auto notes = support::read_midi(*make_midi(tune, playing));
    ASSERT_TRUE(notes) << text;
    ASSERT_EQ(notes->size(), playback->notes.size()) << text;
    std::map<std::tuple<long, int, long, int>, int> count;
    const auto tick = [](abc::Ticks t) {
      return std::lround(static_cast<double>(t) * 1920 / static_cast<double>(abc::kWholeNote));
    };
    for (const PlayedNote& note : playback->notes) {
      const long start = tick(note.start);
      ++count[{start, note.pitch, tick(note.start + note.length) - start, note.velocity}];
    }
    for (const support::MidiNote& note : *notes) {
      --count[{note.start, note.pitch, note.length, note.velocity}];
    }
    for (const auto& [note, times] : count) EXPECT_EQ(times, 0) << text;
    if (playback->notes.back().role != Role::kMelody) ++with_accompaniment;
  }
  EXPECT_GT(with_accompaniment, 20);
}

TEST(Midi, GivesEachVoiceItsTrackAndChannel) {
  std::string music;
  for (int i = 1; i <= 15; ++i) music += "V:" + std::to_string(i) + "\nA3|]\n";
  const auto notes = support::read_midi(midi_of(tune_of(music)));
  ASSERT_TRUE(notes);
  ASSERT_EQ(notes->size(), 15U);
  for (const support::MidiNote& note : *notes) {
    EXPECT_NE(note.channel, 9) << "drums";
    EXPECT_LT(note.channel, 14);
  }
  EXPECT_FALSE(make_midi(tune_of("z3|]"), {}));
}

}  // namespace
}  // namespace lilt::score
