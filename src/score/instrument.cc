#include "score/instrument.h"

#include <array>
#include <charconv>
#include <utility>

namespace lilt::score {
namespace {

// General MIDI level 1, in the order of its programs.
constexpr std::array<std::string_view, 128> kNames = {
    "Acoustic Grand Piano",
    "Bright Acoustic Piano",
    "Electric Grand Piano",
    "Honky-tonk Piano",
    "Electric Piano 1",
    "Electric Piano 2",
    "Harpsichord",
    "Clavi",
    "Celesta",
    "Glockenspiel",
    "Music Box",
    "Vibraphone",
    "Marimba",
    "Xylophone",
    "Tubular Bells",
    "Dulcimer",
    "Drawbar Organ",
    "Percussive Organ",
    "Rock Organ",
    "Church Organ",
    "Reed Organ",
    "Accordion",
    "Harmonica",
    "Tango Accordion",
    "Acoustic Guitar (nylon)",
    "Acoustic Guitar (steel)",
    "Electric Guitar (jazz)",
    "Electric Guitar (clean)",
    "Electric Guitar (muted)",
    "Overdriven Guitar",
    "Distortion Guitar",
    "Guitar Harmonics",
    "Acoustic Bass",
    "Electric Bass (finger)",
    "Electric Bass (pick)",
    "Fretless Bass",
    "Slap Bass 1",
    "Slap Bass 2",
    "Synth Bass 1",
    "Synth Bass 2",
    "Violin",
    "Viola",
    "Cello",
    "Contrabass",
    "Tremolo Strings",
    "Pizzicato Strings",
    "Orchestral Harp",
    "Timpani",
    "String Ensemble 1",
    "String Ensemble 2",
    "Synth Strings 1",
    "Synth Strings 2",
    "Choir Aahs",
    "Voice Oohs",
    "Synth Voice",
    "Orchestra Hit",
    "Trumpet",
    "Trombone",
    "Tuba",
    "Muted Trumpet",
    "French Horn",
    "Brass Section",
    "Synth Brass 1",
    "Synth Brass 2",
    "Soprano Sax",
    "Alto Sax",
    "Tenor Sax",
    "Baritone Sax",
    "Oboe",
    "English Horn",
    "Bassoon",
    "Clarinet",
    "Piccolo",
    "Flute",
    "Recorder",
    "Pan Flute",
    "Blown Bottle",
    "Shakuhachi",
    "Whistle",
    "Ocarina",
    "Lead 1 (square)",
    "Lead 2 (sawtooth)",
    "Lead 3 (calliope)",
    "Lead 4 (chiff)",
    "Lead 5 (charang)",
    "Lead 6 (voice)",
    "Lead 7 (fifths)",
    "Lead 8 (bass + lead)",
    "Pad 1 (new age)",
    "Pad 2 (warm)",
    "Pad 3 (polysynth)",
    "Pad 4 (choir)",
    "Pad 5 (bowed)",
    "Pad 6 (metallic)",
    "Pad 7 (halo)",
    "Pad 8 (sweep)",
    "FX 1 (rain)",
    "FX 2 (soundtrack)",
    "FX 3 (crystal)",
    "FX 4 (atmosphere)",
    "FX 5 (brightness)",
    "FX 6 (goblins)",
    "FX 7 (echoes)",
    "FX 8 (sci-fi)",
    "Sitar",
    "Banjo",
    "Shamisen",
    "Koto",
    "Kalimba",
    "Bag Pipe",
    "Fiddle",
    "Shanai",
    "Tinkle Bell",
    "Agogo",
    "Steel Drums",
    "Woodblock",
    "Taiko Drum",
    "Melodic Tom",
    "Synth Drum",
    "Reverse Cymbal",
    "Guitar Fret Noise",
    "Breath Noise",
    "Seashore",
    "Bird Tweet",
    "Telephone Ring",
    "Helicopter",
    "Applause",
    "Gunshot",
};

// What sounds best for each: General MIDI's own fiddle and whistle do in no SoundFont of Debian's.
constexpr std::array<std::pair<std::string_view, int>, 23> kUsual = {{
    {"accordion", 21}, {"bagpipes", 109},  {"banjo", 105},    {"bass", 32},       {"cello", 42},
    {"clarinet", 71},  {"concertina", 23}, {"dulcimer", 15},  {"fiddle", 40},     {"flute", kFlute},
    {"guitar", 25},    {"harmonica", 22},  {"harp", 46},      {"harpsichord", 6}, {"mandolin", 25},
    {"organ", 19},     {"piano", 0},       {"piccolo", 72},   {"pipes", 109},     {"recorder", 74},
    {"violin", 40},    {"whistle", 72},    {"xylophone", 13},
}};

// Names are compared by their letters and digits alone, in any case.
std::string essence(std::string_view text) {
  std::string essence;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') {
      essence += static_cast<char>(c + 32);
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      essence += c;
    }
  }
  return essence;
}

}  // namespace

std::optional<int> find_instrument(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) {
    return number >= 1 && number <= 128 ? std::optional<int>(number - 1) : std::nullopt;
  }
  const std::string wanted = essence(text);
  for (const auto& [name, program] : kUsual) {
    if (essence(name) == wanted) return program;
  }
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (essence(kNames[i]) == wanted) return static_cast<int>(i);
  }
  return std::nullopt;
}

std::string_view instrument_name(int program) { return kNames[static_cast<std::size_t>(program)]; }

std::string usual_instruments() {
  std::string list;
  for (const auto& [name, program] : kUsual) list.append(list.empty() ? "" : ", ").append(name);
  return list;
}

}  // namespace lilt::score
