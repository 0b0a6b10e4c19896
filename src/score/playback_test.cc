#include "score/playback.h"

#include <gtest/gtest.h>

#include <string>

namespace lilt::score {
namespace {

constexpr Tempo kTwoEighthsASecond{abc::kWholeNote / 8, 120};

abc::Tune tune_of(const std::string& fields, const std::string& music) {
  return abc::read_tune("X:1\nT:A \"B\"\nL:1/8\n" + fields + "K:C\n" + music + "\n").tune;
}

Playback playback_of(const std::string& fields, const std::string& music) {
  const auto playback = play(tune_of(fields, music), {.tempo = kTwoEighthsASecond});
  EXPECT_TRUE(playback) << playback.error().message;
  return *playback;
}

// The melody as "72@0/12": pitches, starts and lengths in ninety-sixths of a whole note.
std::string melody(const std::string& fields, const std::string& music) {
  std::string text;
  for (const PlayedNote& note : playback_of(fields, music).notes) {
    if (note.role != Role::kMelody) continue;
    text += std::to_string(note.pitch) + "@" + std::to_string(note.start * 96 / abc::kWholeNote) +
            "/" + std::to_string(note.length * 96 / abc::kWholeNote) + " ";
  }
  return text;
}

std::string velocities(const std::string& fields, const std::string& music) {
  std::string text;
  for (const PlayedNote& note : playback_of(fields, music).notes) {
    text += std::to_string(note.velocity) + " ";
  }
  return text;
}

TEST(Playback, TellsTimesAndPlacesOfEachNote) {
  const std::string text = "X:1\nL:1/8\nM:2/4\nK:C\n|:\"C\"c2[eg]2:|\n";
  const auto playback = play(abc::read_tune(text).tune, {.tempo = kTwoEighthsASecond});
  ASSERT_TRUE(playback);
  EXPECT_EQ(playback->seconds, 4);
  EXPECT_EQ(playback->length, abc::kWholeNote);
  std::string told;
  for (const PlayedNote& note : playback->notes) {
    told += std::to_string(note.pitch) + "@" + std::to_string(note.seconds).substr(0, 3) + "/" +
            std::to_string(note.duration).substr(0, 3) +
            text.substr(note.place.begin, note.place.end - note.place.begin) + " ";
  }
  const std::string first = "72@0.0/1.0\"C\"c2 36@0.0/0.5\"C\"c2 76@1.0/1.0[eg]2 79@1.0/1.0[eg]2 ";
  EXPECT_EQ(told.substr(0, first.size()), first);
}

TEST(Playback, JoinsTiesAndPlaysTupletsGracesAndRepeats) {
  EXPECT_EQ(melody("M:2/4\n", "(3cde f2-|f2{g}a2|]"),
            "72@0/8 74@8/8 76@16/8 77@24/48 79@72/3 81@75/21 ");
  EXPECT_EQ(melody("M:2/4\n", "|:c4|1d4:|2e4|]"), "72@0/48 74@48/48 72@96/48 76@144/48 ");
}

TEST(Playback, HoldsFermatasInAllVoices) {
  EXPECT_EQ(melody("M:2/4\n", "Hc2d2|"), "72@0/48 74@48/24 ");
  EXPECT_EQ(melody("M:2/4\n", "c2!fermata!z2|d4|"), "72@0/24 74@72/48 ");
  EXPECT_EQ(melody("M:2/4\n", "V:1\nHc2d2|\nV:2\nHC2D2|\n"), "72@0/48 60@0/48 74@48/24 62@48/24 ");
}

TEST(Playback, SwingsHornpipes) {
  EXPECT_EQ(melody("R:hornpipe\nM:4/4\n", "cdef g2a>b|"),
            "72@0/16 74@16/8 76@24/16 77@40/8 79@48/24 81@72/16 83@88/8 ");
  EXPECT_EQ(melody("R:hornpipe\nM:4/4\n", "c|d<e (3fga d2c2|"),
            "72@0/12 74@12/8 76@20/16 77@36/8 79@44/8 81@52/8 74@60/24 72@84/24 ");
  EXPECT_EQ(melody("R:hornpipe\nM:2/4\n", "c/d/ef2|"), "72@0/8 74@8/4 76@12/12 77@24/24 ");
  EXPECT_EQ(melody("R:hornpipe\nM:2/4\n", "{g}c/d/ c/{g}d/|"),
            "79@0/3 72@3/5 74@8/4 72@12/6 79@18/3 74@21/3 ");
  EXPECT_EQ(melody("R:reel\nM:4/4\n", "cdef|"), "72@0/12 74@12/12 76@24/12 77@36/12 ");
}

TEST(Playback, IsLouderOnBeatsAndFollowsDynamics) {
  EXPECT_EQ(velocities("M:4/4\n", "cdef gabc|"), "105 80 80 80 95 80 80 80 ");
  EXPECT_EQ(velocities("M:6/8\n", "e|cde fga|"), "80 105 80 80 95 80 80 ");
  EXPECT_EQ(velocities("M:2/4\n", "c2d2|!p!c2d2|!ff!c4|"), "105 80 60 35 120 ");
}

TEST(Playback, HasMetresAndKeysWhereTheyChange) {
  const Playback playback = playback_of("M:2/4\n", "|:c4:|[M:3/4]c6|[K:G]c6|]");
  ASSERT_EQ(playback.metres.size(), 2U);
  EXPECT_EQ(playback.metres[1].start, abc::kWholeNote);
  EXPECT_EQ(playback.metres[1].value, (abc::Metre{3, 4}));
  ASSERT_EQ(playback.keys.size(), 2U);
  EXPECT_EQ(playback.keys[1].start, 7 * abc::kWholeNote / 4);
}

TEST(Playback, RefusesWhatIsNoMusicOrTooMuch) {
  const auto message = [](const std::string& music) {
    return play(tune_of("M:4/4\n", music), {.tempo = kTwoEighthsASecond}).error().message;
  };
  EXPECT_EQ(message("z8|]"), "expected notes, found none");
  std::string long_music;
  for (int i = 0; i < 460; ++i) long_music += "~c8|";
  EXPECT_EQ(message(long_music),
            "expected a tune that sounds for at most half an hour, found 31 minutes");
}

TEST(Playback, IsWrittenAsJson) {
  const Playback playback = playback_of("M:2/4\n", "\"C5\"c4|");
  EXPECT_EQ(
      to_json(playback),
      "{\"title\":\"A B\",\"instrument\":0,\"tempo\":{\"beat\":\"1/8\",\"per_minute\":120.000000},"
      "\"seconds\":2.000000,\"length\":\"1/2\",\"voices\":1,\"notes\":[\n"
      "{\"role\":\"melody\",\"voice\":0,\"pitch\":72,\"velocity\":105,\"start\":\"0/1\","
      "\"length\":\"1/2\",\"seconds\":0.000000,\"duration\":2.000000,\"bytes\":[28,34]},\n"
      "{\"role\":\"bass\",\"voice\":0,\"pitch\":36,\"velocity\":70,\"start\":\"0/1\","
      "\"length\":\"1/8\",\"seconds\":0.000000,\"duration\":0.500000,\"bytes\":[28,34]},\n"
      "{\"role\":\"chords\",\"voice\":0,\"pitch\":48,\"velocity\":55,\"start\":\"1/4\","
      "\"length\":\"1/8\",\"seconds\":1.000000,\"duration\":0.500000,\"bytes\":[28,34]},\n"
      "{\"role\":\"chords\",\"voice\":0,\"pitch\":55,\"velocity\":55,\"start\":\"1/4\","
      "\"length\":\"1/8\",\"seconds\":1.000000,\"duration\":0.500000,\"bytes\":[28,34]}\n]}\n");
}

}  // namespace
}  // namespace lilt::score
