#include "exchange/character_order.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "model/untrusted_json.h"

namespace lilt::exchange {
namespace {

Error bad_characters(std::string message) { return {ErrorCode::kVocabulary, std::move(message)}; }

Status check_count(std::size_t expected, std::size_t found) {
  if (expected == found) return success();
  return bad_characters("expected the " + std::to_string(expected) +
                        " characters of the network, found " + std::to_string(found));
}

Result<std::vector<char32_t>> characters_of_json(const nlohmann::json& json, std::size_t count) {
  if (Status s = check_count(count, json.size()); !s) return s.error();
  constexpr char32_t kNone = 0xFFFFFFFF;
  std::vector<char32_t> characters(count, kNone);
  for (const auto& [key, number] : json.items()) {
    const Result<std::vector<char32_t>> character = to_code_points(key);
    if (!character || character->size() != 1) {
      return bad_characters("expected one character for each number, found \"" + key + "\"");
    }
    const bool fits = number.is_number_unsigned() && number.get<std::uint64_t>() < count;
    char32_t* const place = fits ? &characters[number.get<std::size_t>()] : nullptr;
    if (place == nullptr || *place != kNone) {
      constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
      return bad_characters("expected each of the numbers 0 to " + std::to_string(count - 1) +
                            " once, found " + number.dump(-1, ' ', false, kReplace) + " for " +
                            describe(character->front()));
    }
    *place = character->front();
  }
  return characters;
}

void make_distinct(std::vector<char32_t>& characters) {
  std::sort(characters.begin(), characters.end());
  characters.erase(std::unique(characters.begin(), characters.end()), characters.end());
}

Result<std::vector<char32_t>> characters_of_text(std::string_view text, std::size_t count) {
  Result<std::vector<char32_t>> characters = to_code_points(text);
  if (!characters) return characters;
  make_distinct(*characters);
  if (characters->size() != count) {
    const auto cr = std::find(characters->begin(), characters->end(), U'\r');
    if (cr != characters->end()) *cr = U'\n';
    make_distinct(*characters);
  }
  if (Status s = check_count(count, characters->size()); !s) return s.error();
  return characters;
}

}  // namespace

Result<std::vector<char32_t>> read_character_order(std::string_view file, std::size_t count) {
  const std::size_t first = file.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && file[first] == '{') {
    const nlohmann::json json = parse_untrusted_json(file);
    if (json.is_object()) return characters_of_json(json, count);
  }
  return characters_of_text(file, count);
}

}  // namespace lilt::exchange
