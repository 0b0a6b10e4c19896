#include "abc/transpose.h"

#include <algorithm>
#include <cstdlib>

#include "abc/chord_symbol.h"

namespace lilt::abc {
namespace {

// Fifths from C, of notes and of major keys: F −1, C 0, G 1 … F sharp 6.
// The lowest in C major, of chord symbols: D flat, or B flat of those that lead to a note above.
constexpr int kLowestChord = -5;
constexpr int kLowestLeadingChord = -2;

// The lowest of notes, by what follows: A flat before G, B flat and no E flat before a semitone up.
int lowest_note(Motion motion) {
  switch (motion) {
    case Motion::kSemitoneUp:
      return -1;
    case Motion::kSemitoneDown:
      return -4;
    case Motion::kOther:
      break;
  }
  return -3;
}

int floor_div(int a, int b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }
int modulo(int a, int b) { return a - b * floor_div(a, b); }

int step_of_fifths(int fifths) { return modulo(4 * fifths, 7); }
int alter_of_fifths(int fifths) { return floor_div(fifths + 1, 7); }

// The place of a pitch class (0 C … 11 B) in fifths, spelt in a signature of that many sharps.
int fifths_of(int pitch_class, int signature, int lowest) {
  // 7 semitones are a fifth, and 7 · 7 = 49 = 1 modulo 12.
  const int from_tonic = modulo(7 * pitch_class - signature, 12);
  int fifths = signature + modulo(from_tonic - lowest, 12) + lowest;
  if (alter_of_fifths(fifths) > 1) fifths -= 12;
  if (alter_of_fifths(fifths) < -1) fifths += 12;
  return fifths;
}

int fifths_of_tonic(const Key& key) {
  constexpr std::array<int, 7> kFifthsOfStep = {0, 2, 4, -1, 1, 3, 5};
  return kFifthsOfStep[key.step] + 7 * key.alter;
}

// The key that many semitones higher, with at most six sharps or flats.
Key shifted(const Key& key, int semitones) {
  const Key base = key.has_tonic ? key : Key{};
  const int mode_fifths = base.fifths() - fifths_of_tonic(base);
  int signature = modulo(base.fifths() + 7 * semitones + 5, 12) - 5;  // −5 … 6
  const int tonic = signature - mode_fifths;
  return make_key(step_of_fifths(tonic), alter_of_fifths(tonic), base.mode).value_or(base);
}

std::string letter_name(int pitch_class, int signature, int lowest) {
  const int fifths = fifths_of(pitch_class, signature, lowest);
  std::string name(1, kLetters[step_of_fifths(fifths)]);
  const int alter = alter_of_fifths(fifths);
  if (alter != 0) name += alter > 0 ? '#' : 'b';
  return name;
}

// The sounding pitches of a voice, note by note, grace notes by themselves.
struct Sounding {
  std::vector<Head*> heads;
  const Key* key;
};

bool has_pitch(const Sounding& sounding, int midi) {
  return std::any_of(sounding.heads.begin(), sounding.heads.end(),
                     [&](const Head* head) { return head->pitch.midi() == midi; });
}

constexpr std::size_t kMostRepetitions = 64;  // keeps the work linear

// Where the melody goes from this pitch of notes[i], repetitions of it left out.
Motion motion_from(const std::vector<Sounding>& notes, std::size_t i, int midi) {
  std::size_t next = i + 1;
  while (next < notes.size() && has_pitch(notes[next], midi)) {
    if (++next > i + kMostRepetitions) return Motion::kOther;
  }
  if (next == notes.size()) return Motion::kOther;
  if (has_pitch(notes[next], midi + 1)) return Motion::kSemitoneUp;
  if (has_pitch(notes[next], midi - 1)) return Motion::kSemitoneDown;
  return Motion::kOther;
}

void move_notes(std::vector<Sounding>& notes, int semitones) {
  // The motion is looked at before anything is moved.
  std::vector<std::vector<Motion>> motions(notes.size());
  for (std::size_t i = notes.size(); i-- > 0;) {
    for (const Head* head : notes[i].heads) {
      motions[i].push_back(motion_from(notes, i, head->pitch.midi()));
    }
  }
  for (std::size_t i = 0; i < notes.size(); ++i) {
    for (std::size_t h = 0; h < notes[i].heads.size(); ++h) {
      Head& head = *notes[i].heads[h];
      head.pitch = spell(head.pitch.midi() + semitones, *notes[i].key, motions[i][h]);
      head.accidental = kNoAccidental;  // the writer puts those that are needed
    }
  }
}

// Everything, with the key in force at each place.
void move_voice(Voice& voice, const Key& start, int semitones) {
  std::vector<Key> keys{start};
  keys.reserve(voice.elements.size() + 1);  // notes point to them
  std::vector<Sounding> notes;
  for (Element& element : voice.elements) {
    if (element.kind == ElementKind::kField && element.field == U'K') {
      if (const KeyField field = parse_key(element.text); field.key) {
        keys.push_back(shifted(*field.key, semitones));
        element.text = keys.back().to_string();
      }
    }
    for (Head& grace : element.graces) notes.push_back({{&grace}, &keys.back()});
    if (!element.heads.empty()) {
      notes.push_back({{}, &keys.back()});
      for (Head& head : element.heads) notes.back().heads.push_back(&head);
    }
    for (std::string& chord : element.chord_symbols) {
      chord = transpose_chord_symbol(chord, semitones, keys.back());
    }
  }
  move_notes(notes, semitones);
}

void move_tune(Tune& tune, const Key& start, int semitones) {
  for (Voice& voice : tune.voices) move_voice(voice, start, semitones);
  tune.key = start;
}

}  // namespace

Key usual_key(const Key& key) { return shifted(key, 0); }

Pitch spell(int midi, const Key& key, Motion motion) {
  const int signature = key.has_tonic ? key.fifths() : 0;
  const int fifths = fifths_of(modulo(midi, 12), signature, lowest_note(motion));
  Pitch pitch;
  pitch.step = static_cast<std::int8_t>(step_of_fifths(fifths));
  pitch.alter = static_cast<std::int8_t>(alter_of_fifths(fifths));
  pitch.octave = 0;
  pitch.octave = static_cast<std::int8_t>(floor_div(midi - pitch.midi(), 12));
  return pitch;
}

std::string transpose_chord_symbol(const std::string& text, int semitones, const Key& key) {
  std::string spaceless = text;
  spaceless.erase(std::remove(spaceless.begin(), spaceless.end(), ' '), spaceless.end());
  const auto chord = parse_chord_symbol(spaceless);
  if (!chord) return text;
  const int signature = key.has_tonic ? key.fifths() : 0;
  const bool leads = chord->quality.substr(0, 3) == "dim" || chord->quality == "m7b5";
  const auto name = [&](int step, int alter) {
    return letter_name(modulo(kSemitones[step] + alter + semitones, 12), signature,
                       leads ? kLowestLeadingChord : kLowestChord);
  };
  std::string result = name(chord->root_step, chord->root_alter).append(chord->quality);
  if (chord->bass_step >= 0) result += "/" + name(chord->bass_step, chord->bass_alter);
  return result;
}

void respell(Tune& tune) { transpose(tune, 0); }

void transpose(Tune& tune, int semitones) {
  move_tune(tune, shifted(tune.key, semitones), semitones);
}

int semitones_to(const Key& from, const Key& to) {
  const auto pitch = [](const Key& key) { return kSemitones[key.step] + key.alter; };
  return modulo(pitch(to) - pitch(from) + 5, 12) - 5;
}

void transpose_to(Tune& tune, const Key& key) { transpose(tune, semitones_to(tune.key, key)); }

void transpose_into(Tune& tune, const Key& key, int semitones) { move_tune(tune, key, semitones); }

}  // namespace lilt::abc
