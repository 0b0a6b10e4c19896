#include "abc/dialect.h"

#include <optional>

namespace lilt::abc {
namespace {

constexpr std::array<std::string_view, 16> kMetres = {"C",   "C|",  "2/4", "3/4", "4/4", "5/4",
                                                      "6/4", "7/4", "2/2", "3/2", "3/8", "5/8",
                                                      "6/8", "7/8", "9/8", "12/8"};
constexpr std::array<std::string_view, 4> kUnits = {"1/4", "1/8", "1/16", "1/2"};

constexpr std::array kModes = {Mode::kMajor,    Mode::kMinor,  Mode::kMixolydian, Mode::kDorian,
                               Mode::kPhrygian, Mode::kLydian, Mode::kLocrian};
static_assert(kModes.size() == kModeCount, "every mode");
constexpr int kMostFlats = 5, kMostSharps = 6;

std::vector<Listed<Metre>> list_metres() {
  std::vector<Listed<Metre>> metres;
  metres.reserve(kMetres.size());
  for (const std::string_view name : kMetres) {
    metres.push_back({std::string(name), *parse_metre(name), CharacterSet(name)});
  }
  return metres;
}

std::vector<Listed<Ticks>> list_units() {
  std::vector<Listed<Ticks>> units;
  units.reserve(kUnits.size());
  for (const std::string_view name : kUnits) {
    units.push_back({std::string(name), *parse_unit(name), CharacterSet(name)});
  }
  return units;
}

std::array<std::vector<Listed<Key>>, 7> list_keys() {
  std::array<std::vector<Listed<Key>>, 7> keys;
  for (int step = 0; step < 7; ++step) {
    for (int alter = -1; alter <= 1; ++alter) {
      for (const Mode mode : kModes) {
        const auto key = make_key(step, alter, mode);
        if (!key || key->fifths() < -kMostFlats || key->fifths() > kMostSharps) continue;
        const std::string name = key->to_string();
        keys[step].push_back({name, *key, CharacterSet(name)});
      }
    }
  }
  return keys;
}

}  // namespace

std::span<const Listed<Metre>> dialect_metres() {
  static const std::vector<Listed<Metre>> kListed = list_metres();
  return kListed;
}

std::span<const Listed<Ticks>> dialect_units() {
  static const std::vector<Listed<Ticks>> kListed = list_units();
  return kListed;
}

const std::array<std::vector<Listed<Key>>, 7>& dialect_keys() {
  static const std::array<std::vector<Listed<Key>>, 7> kListed = list_keys();
  return kListed;
}

}  // namespace lilt::abc
