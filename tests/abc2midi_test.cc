// Lilt's understanding of ABC beside that of abc2midi and abcm2ps, over the collections.
//
// What is compared, and why what differs does: docs/abc2midi.md. With LILT_THOROUGH in the
// environment nothing is sampled.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "abc/canonical.h"
#include "abc/next_characters.h"
#include "abc/performance.h"
#include "abc/transpose.h"
#include "abc/tune.h"
#include "base/text.h"
#include "midi_notes.h"
#include "score/midi.h"
#include "tunes.h"
#include "walk.h"

namespace lilt::abc {
namespace {

namespace fs = std::filesystem;
using support::tunes_of;

bool is_thorough() { return std::getenv("LILT_THOROUGH") != nullptr; }

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool has_program(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

// The files of a collection that Lilt's authors may have beside the repository.
std::vector<fs::path> collections(const std::string& folder) {
  std::vector<fs::path> files;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(fs::path(LILT_CORPORA) / folder, none)) {
    if (entry.path().extension() == ".abc") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

struct Heard {
  std::vector<support::MidiNote> notes;
  std::string messages;  // the lines that say Error or Warning
  [[nodiscard]] bool has(std::string_view word) const {
    return messages.find(word) != std::string::npos;
  }
};

class Programs {
 public:
  Programs() {
    static std::atomic<int> number = 0;
    folder_ = fs::temp_directory_path() /
              ("lilt-abc2midi-" + std::to_string(::getpid()) + "-" + std::to_string(number++));
    fs::create_directory(folder_);
  }
  ~Programs() {
    std::error_code none;
    fs::remove_all(folder_, none);
  }
  Programs(const Programs&) = delete;
  Programs& operator=(const Programs&) = delete;

  Heard abc2midi(const std::string& tune, const std::string& options = "") const {
    std::ofstream(folder_ / "a.abc", std::ios::binary) << tune;
    fs::remove(folder_ / "a.mid");
    run("abc2midi a.abc -o a.mid " + options);
    Heard heard;
    heard.notes =
        support::read_midi(read_file(folder_ / "a.mid")).value_or(std::vector<support::MidiNote>());
    std::istringstream lines(read_file(folder_ / "log"));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("Error") || line.starts_with("Warning")) heard.messages += line + "\n";
    }
    return heard;
  }

  // What abcm2ps says of the tunes, its remarks on how full a line is and on its own layout aside.
  std::string abcm2ps(const std::string& tunes) const {
    std::ofstream(folder_ / "a.abc", std::ios::binary) << tunes;
    run("abcm2ps a.abc -O a.ps");
    std::string complaints;
    std::istringstream lines(read_file(folder_ / "log"));
    for (std::string line; std::getline(lines, line);) {
      const bool complains =
          line.find("error") != std::string::npos || line.find("warning") != std::string::npos;
      const bool fullness = line.find("overfull") != std::string::npos ||
                            line.find("underfull") != std::string::npos ||
                            line.find("too much shrunk") != std::string::npos ||
                            line.find("Line split problem") != std::string::npos ||
                            line.find("abcm2ps problem") != std::string::npos;
      if (complains && !fullness) complaints += line + "\n";
    }
    return complaints;
  }

 private:
  void run(const std::string& command) const {
    const std::string line = "cd '" + folder_.string() + "' && " + command + " >log 2>&1";
    [[maybe_unused]] const int code = std::system(line.c_str());
  }

  fs::path folder_;
};

// Works on every tune, on two threads: `work(programs, tune, index)`.
template <class Work>
void for_each_tune(const std::vector<std::string>& tunes, Work work) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      const Programs programs;
      for (std::size_t t = next++; t < tunes.size(); t = next++) work(programs, tunes[t], t);
    });
  }
}

// abc2midi plays the notes of a chord one after the other.
std::string with_chords_together(const std::string& tune) {
  static const std::regex key("\nK:[^\n]*\n");
  return std::regex_replace(tune, key, "$&%%MIDI chordattack 0\n",
                            std::regex_constants::format_first_only);
}

// Nor does it play hornpipes as written, but with a swing.
std::string as_written(const std::string& tune) {
  static const std::regex rhythm("(^|\n)R:[^\n]*");
  return with_chords_together(
      std::regex_replace(tune, rhythm, "$1%", std::regex_constants::format_first_only));
}

// abc2midi writes out trills and rolls.
bool has_ornaments(const Tune& tune) {
  for (const Voice& voice : tune.voices) {
    for (const Element& element : voice.elements) {
      for (const std::string& mark : element.marks) {
        if (mark == "~" || mark == "T" || mark == "!trill!" || mark == "!roll!") return true;
      }
    }
  }
  return false;
}

bool same_notes(const std::vector<Sound>& ours, const std::vector<support::MidiNote>& theirs) {
  if (ours.size() != theirs.size()) return false;
  struct Note {
    long place;
    int pitch;
    double start, length;
  };
  constexpr double kTicksOfWhole = 1920, kNear = 2.5;  // abc2midi rounds, and starts one tick late
  std::vector<Note> a, b;
  for (const Sound& sound : ours) {
    const double start = static_cast<double>(sound.start) * kTicksOfWhole / kWholeNote;
    a.push_back({std::lround(start / 4), sound.pitch, start,
                 static_cast<double>(sound.length) * kTicksOfWhole / kWholeNote});
  }
  for (const support::MidiNote& note : theirs) {
    const auto start = static_cast<double>(note.start);
    b.push_back({std::lround(start / 4), note.pitch, start, static_cast<double>(note.length)});
  }
  const auto by_place = [](const Note& x, const Note& y) {
    return std::pair(x.place, x.pitch) < std::pair(y.place, y.pitch);
  };
  std::sort(a.begin(), a.end(), by_place);
  std::sort(b.begin(), b.end(), by_place);
  return std::equal(a.begin(), a.end(), b.begin(), [&](const Note& x, const Note& y) {
    return x.pitch == y.pitch && std::abs(x.start - y.start) < kNear &&
           std::abs(x.length - y.length) < kNear;
  });
}

bool same_notes(const std::vector<support::MidiNote>& a, const std::vector<support::MidiNote>& b,
                int shift) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const auto& x, const auto& y) {
    return x.pitch + shift == y.pitch && std::abs(x.start - y.start) <= 2 &&
           std::abs(x.length - y.length) <= 2;
  });
}

class Abc2midi : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_program("abc2midi") || !has_program("abcm2ps")) {
      GTEST_SKIP() << "abc2midi or abcm2ps is not installed";
    }
  }

  static std::vector<std::string> all_tunes(std::size_t step) {
    std::vector<std::string> tunes;
    for (const char* folder : {"nottingham", "traditions"}) {
      for (const fs::path& file : collections(folder)) {
        const std::vector<std::string> more = tunes_of(file);
        const bool sampled = std::string_view(folder) == "traditions" && !is_thorough();
        for (std::size_t i = 0; i < more.size(); i += sampled ? step : 1) tunes.push_back(more[i]);
      }
    }
    return tunes;
  }
};

#define NEEDS(tunes) \
  if ((tunes).empty()) GTEST_SKIP() << "no collections in " LILT_CORPORA

TEST_F(Abc2midi, PlaysTheSameNotesAndFindsTheSameBarsWrong) {
  const std::vector<std::string> tunes = all_tunes(3);
  NEEDS(tunes);
  std::atomic<int> compared = 0, equal = 0, ornamented = 0, verdicts = 0;
  std::mutex mutex;
  std::string differing;
  for_each_tune(tunes, [&](const Programs& programs, const std::string& tune, std::size_t) {
    const Heard heard = programs.abc2midi(as_written(tune), "-NGUI");
    const Reading reading = read_tune(tune);
    const bool wrong =
        std::any_of(reading.problems.begin(), reading.problems.end(), [](const Problem& problem) {
          return problem.code == Code::kBarTooLong || problem.code == Code::kBarTooShort ||
                 problem.code == Code::kRepeatMidBar;
        });
    if (wrong == heard.has("time units while")) ++verdicts;
    if (heard.has("Error") || heard.notes.empty()) return;
    const bool same = same_notes(perform(reading.tune), heard.notes);
    if (!same && has_ornaments(reading.tune)) {
      ++ornamented;
      return;
    }
    ++compared;
    if (same) ++equal;
    if (!same) {
      const std::scoped_lock lock(mutex);
      differing += "  " + reading.tune.field(U'X') + " " + reading.tune.field(U'T') + "\n";
    }
  });
  std::printf(
      "%zu tunes: of %d that abc2midi reads without error %d have the same notes (%.2f %%); "
      "%d more have trills or rolls; same verdict on bar lengths: %.2f %%\n%s",
      tunes.size(), compared.load(), equal.load(), 100.0 * equal / compared, ornamented.load(),
      100.0 * verdicts / static_cast<double>(tunes.size()), differing.c_str());
  EXPECT_GE(equal, 0.995 * compared);
  EXPECT_GE(verdicts, 0.99 * static_cast<double>(tunes.size()));
}

// Notes of the melody: what is not on the channels of Lilt's or abc2midi's bass and chords.
std::vector<support::MidiNote> melody_of(std::vector<support::MidiNote> notes, bool is_lilts) {
  std::erase_if(notes, [&](const support::MidiNote& note) {
    return is_lilts ? note.channel > 13 : note.channel == 1 || note.channel == 2;
  });
  return notes;
}

// What abc2midi is late by, and rounds by.
bool same_melody(const std::vector<support::MidiNote>& ours,
                 const std::vector<support::MidiNote>& theirs) {
  std::vector<Sound> sounds;
  for (const support::MidiNote& note : ours) {
    sounds.push_back({note.pitch, note.start * kWholeNote / 1920, note.length * kWholeNote / 1920});
  }
  return same_notes(sounds, theirs);
}

// Shares of the time of their chords during which both have the same pitch classes, at eighths.
struct Harmony {
  int compared = 0, equal = 0;
};
void compare_harmony(const std::vector<support::MidiNote>& ours,
                     const std::vector<support::MidiNote>& theirs, Harmony& harmony) {
  constexpr long kEighth = 240;
  std::map<long, std::set<int>> a, b;
  for (const support::MidiNote& note : ours) {
    if (note.channel > 13) a[(note.start + 20) / kEighth].insert(note.pitch % 12);
  }
  for (const support::MidiNote& note : theirs) {
    if (note.channel == 1 || note.channel == 2) {
      b[(note.start + 20) / kEighth].insert(note.pitch % 12);
    }
  }
  for (const auto& [place, pitches] : b) {
    ++harmony.compared;
    if (const auto found = a.find(place); found != a.end() && found->second == pitches) {
      ++harmony.equal;
    }
  }
}

TEST_F(Abc2midi, HasTheMelodyOfLiltsMidiFilesAndLikeChords) {
  const std::vector<std::string> tunes = all_tunes(20);
  NEEDS(tunes);
  std::atomic<int> compared = 0, equal = 0;
  std::mutex mutex;
  std::string differing;
  Harmony harmony;
  for_each_tune(tunes, [&](const Programs& programs, const std::string& tune, std::size_t i) {
    if (!is_thorough() && i % 4 != 0) return;
    const Tune read = read_tune(tune).tune;
    const Heard heard = programs.abc2midi(with_chords_together(tune));
    const auto midi = score::make_midi(read, score::playing_of(read, 73, std::nullopt));
    if (heard.has("Error") || heard.notes.empty() || !midi) return;
    const auto ours = *support::read_midi(*midi);
    const bool same = same_melody(melody_of(ours, true), melody_of(heard.notes, false));
    ++compared;
    const std::scoped_lock lock(mutex);
    if (same) {
      ++equal;
      compare_harmony(ours, heard.notes, harmony);
    } else {
      differing += "  " + read.field(U'X') + " " + read.field(U'T') + " " + read.field(U'R') + "\n";
    }
  });
  std::printf(
      "%d tunes that abc2midi reads without error; the same melody: %d (%.2f %%); of %d strokes of "
      "their accompaniments %.2f %% have the same notes at the same time\n%s",
      compared.load(), equal.load(), 100.0 * equal / compared, harmony.compared,
      100.0 * harmony.equal / harmony.compared, differing.c_str());
  EXPECT_GE(equal, 0.985 * compared);
  EXPECT_GE(harmony.equal, 0.9 * harmony.compared);
}

TEST_F(Abc2midi, HearsNoDifferenceInCanonicalTextAndTransposesExactly) {
  const std::vector<std::string> tunes = all_tunes(10);
  NEEDS(tunes);
  std::atomic<int> compared = 0;
  std::mutex mutex;
  std::string differing;
  for_each_tune(tunes, [&](const Programs& programs, const std::string& tune, std::size_t index) {
    const Reading reading = read_tune(tune);
    // Several voices in one are not written in canonical text.
    const bool plain =
        std::none_of(reading.problems.begin(), reading.problems.end(), [](const Problem& problem) {
          return severity(problem.code) == Severity::kError || problem.code == Code::kSeveralVoices;
        });
    if (!plain || has_ornaments(reading.tune)) return;
    const CanonicalOptions as_it_is{.keep_marks = true};
    const std::string canonical = canonical_text(reading.tune, as_it_is);
    const Heard before = programs.abc2midi(as_written(canonical), "-NGUI -NGRA");
    const Heard original = programs.abc2midi(as_written(tune), "-NGUI -NGRA");
    if (original.has("Error")) return;
    ++compared;
    const int shift = static_cast<int>(index % 12) - 5;
    Tune moved = reading.tune;
    transpose(moved, shift);
    const Heard after =
        programs.abc2midi(as_written(canonical_text(moved, as_it_is)), "-NGUI -NGRA");
    if (same_notes(original.notes, before.notes, 0) &&
        same_notes(original.notes, after.notes, shift)) {
      return;
    }
    const std::scoped_lock lock(mutex);
    differing += "  " + reading.tune.field(U'X') + " " + reading.tune.field(U'T') + "\n";
  });
  const auto count = std::count(differing.begin(), differing.end(), '\n');
  std::printf("%d tunes, %ld differ\n%s", compared.load(), static_cast<long>(count),
              differing.c_str());
  EXPECT_LE(count, 0.002 * compared);
}

TEST(Collections, EveryCorrectTuneCanBeWritten) {
  int written = 0;
  for (const fs::path& file : collections("nottingham")) {
    for (const std::string& tune : tunes_of(file)) {
      const Reading reading = read_tune(tune);
      if (!reading.is_correct()) continue;
      const std::string text = canonical_text(reading.tune) + "\n";
      Cursor cursor;
      for (std::size_t at = 0; at < text.size();) {
        const Utf8Step step = decode_utf8(std::string_view(text).substr(at));
        ASSERT_TRUE(next_characters(cursor, {}, Alphabet()).contains(step.code_point))
            << file << "\n"
            << text.substr(0, at) << "<- here";
        cursor.push(step.code_point);
        at += step.bytes;
      }
      EXPECT_EQ(cursor.part(), Part::kEnded);
      ++written;
    }
  }
  if (written == 0) GTEST_SKIP() << "no collections in " LILT_CORPORA;
  std::printf("%d tunes\n", written);
}

TEST(Collections, CanonicalTextIsStableAndTransposesBack) {
  int tunes = 0;
  for (const char* folder : {"nottingham", "traditions"}) {
    for (const fs::path& file : collections(folder)) {
      const std::vector<std::string> texts = tunes_of(file);
      for (std::size_t i = 0; i < texts.size(); i += is_thorough() ? 1 : 4) {
        const Reading reading = read_tune(texts[i]);
        if (!reading.is_correct()) continue;
        const std::string canonical = canonical_text(reading.tune);
        const Tune again = read_tune(canonical).tune;
        ASSERT_EQ(canonical_text(again), canonical) << file;
        for (int shift = -6; shift <= 6; ++shift) {
          Tune moved = again;
          transpose(moved, shift);
          const std::string there = canonical_text(moved);
          const std::string music = there.substr(there.find("\nK:"));
          ASSERT_EQ(music.find("^^"), std::string::npos) << there;
          ASSERT_EQ(music.find("__"), std::string::npos) << there;
          Tune back = read_tune(there).tune;
          transpose(back, -shift);
          ASSERT_EQ(canonical_text(back), canonical) << file << " by " << shift << "\n" << there;
        }
        ++tunes;
      }
    }
  }
  if (tunes == 0) GTEST_SKIP() << "no collections in " LILT_CORPORA;
  std::printf("%d tunes\n", tunes);
}

TEST_F(Abc2midi, AndAbcm2psHaveNothingAgainstRandomTunes) {
  // All but 3/2, for which abc2midi has no accompaniment.
  constexpr std::array kMetres = {"4/4", "6/8", "3/4", "2/4", "9/8", "12/8", "C",  "C|",
                                  "2/2", "6/4", "5/4", "7/4", "3/8", "5/8",  "7/8"};
  constexpr std::array kKeys = {"D", "G", "Am", "Edor", "Amix", "F", "Bb", "Em", "Cphr", "F#m"};
  std::vector<std::string> tunes;
  for (int i = 0; i < 2000; ++i) {
    Random random(5, RandomStream::kSample, static_cast<std::uint64_t>(i));
    Requirements wanted;
    wanted.metre = parse_metre(kMetres[random.below(kMetres.size())]);
    wanted.key = *parse_key(kKeys[random.below(kKeys.size())]).key;
    wanted.bars = static_cast<int>(random.below(20));
    wanted.complete_bars = true;
    tunes.push_back(support::random_tune(wanted, Alphabet(), random, i + 1));
    ASSERT_FALSE(tunes.back().empty());
  }
  std::mutex mutex;
  for_each_tune(tunes, [&](const Programs& programs, const std::string& tune, std::size_t) {
    const Heard heard = programs.abc2midi(tune);
    const std::scoped_lock lock(mutex);
    EXPECT_EQ(heard.messages, "") << tune;
  });
  std::string book;
  for (const std::string& tune : tunes) book += tune;
  EXPECT_EQ(Programs().abcm2ps(book), "");
}

}  // namespace
}  // namespace lilt::abc
