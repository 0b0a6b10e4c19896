#include "abc/next_fields.h"

#include <span>
#include <string>
#include <string_view>

#include "abc/dialect.h"
#include "abc/playability.h"

namespace lilt::abc {
namespace {

constexpr CharacterSet kDigits("0123456789");

// Of titles and the like, spaces aside.
constexpr CharacterSet kInTexts = [] {
  CharacterSet set;
  for (char32_t c = 33; c < 127; ++c) set.add(c);
  set.add(0xE9);  // all that is not ASCII
  return set -= kNotInTexts;
}();

bool begins_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

constexpr char32_t character(char c) { return static_cast<unsigned char>(c); }

// A line of the header, or a field of the body, in progress.
class FieldText {
 public:
  FieldText(const CursorState& at, const Requirements& requirements, const CharacterSet& alphabet)
      : at_(at), requirements_(requirements), alphabet_(alphabet) {}

  CharacterSet in_header() {
    switch (at_.text.stage) {
      case Stage::kLineStart:
        header_line();
        break;
      case Stage::kLineLetter:
        set_.add(U':');
        break;
      case Stage::kLineColon:
        header_field(static_cast<char>(at_.text.letter), {}, true);
        break;
      case Stage::kField:
        header_field(static_cast<char>(at_.field.letter), at_.field.text(), false);
        break;
      default:
        break;
    }
    return set_;
  }

  CharacterSet in_body() {
    const bool begins = at_.text.stage == Stage::kLineColon;
    const char32_t field = begins ? at_.text.letter : at_.field.letter;
    const std::string_view text = begins ? std::string_view() : at_.field.text();
    const char32_t end = at_.text.stage == Stage::kInlineField ? U']' : U'\n';
    if (field == U'K') key(text, end);
    if (field == U'M') metre(text, end);
    if (field == U'L') unit(text, end);
    return set_;
  }

 private:
  // The letters of fields that may come next.
  void header_line() {
    const HeaderState& header = at_.header;
    if (!header.has_x) return set_.add(U'X');
    if (!header.has_t) return set_.add(U'T');
    if (header.has_l) return set_.add(U'K');
    if (header.has_m) return set_.add(U'L');
    const std::size_t last = kTextFields.find(static_cast<char>(at_.field.letter));
    if (last == std::string_view::npos) return;
    const bool wants_rhythm = !requirements_.rhythm.empty() && !header.has_r;
    for (std::size_t i = last; i < kTextFields.size(); ++i) {
      if (kTextFields[i] == 'R' && header.has_r) continue;
      set_.add(character(kTextFields[i]));
    }
    if (!wants_rhythm) set_.add(U'M');
  }

  void header_field(char field, std::string_view text, bool is_start) {
    switch (field) {
      case 'X':
        return number(text, is_start);
      case 'M':
        return metre(text, U'\n');
      case 'L':
        return unit(text, U'\n');
      case 'K':
        return key(text, U'\n');
      case 'R':
        if (!requirements_.rhythm.empty()) return required_text(requirements_.rhythm, text);
        free_text(is_start);
        return leave_out_hornpipes(text);
      default:
        return free_text(is_start);
    }
  }

  void number(std::string_view text, bool is_start) {
    if (text.size() < kMostDigitsOfX) {
      set_ |= kDigits;
      if (is_start) set_.remove(U'0');
    }
    if (!is_start) set_.add(U'\n');
  }

  void required_text(std::string_view required, std::string_view text) {
    if (!begins_with(required, text)) return;
    set_.add(text.size() == required.size() ? U'\n' : character(required[text.size()]));
  }

  // A title and the like: no space at its ends.
  void free_text(bool is_start) {
    set_ |= kInTexts;
    if (is_start) {
      set_ -= kNotAtTheBeginningOfTexts;
      return;
    }
    set_.add(U' ');
    if (at_.field.last != U' ') set_.add(U'\n');
  }

  // A rhythm of the model's own must go with the metre that was asked for.
  void leave_out_hornpipes(std::string_view text) {
    if (!requirements_.metre || is_of_hornpipes(*requirements_.metre)) return;
    for (const char c : {'e', 'E'}) {
      if (is_hornpipe(std::string(text) + c)) set_.remove(character(c));
    }
  }

  // The values of a list that begin with the text; `end` when it is one.
  template <class Value, class Allowed>
  void listed(std::span<const Listed<Value>> values, std::string_view text, char32_t end,
              Allowed allowed) {
    for (const Listed<Value>& listed : values) {
      const std::string_view name = listed.name;
      if (!begins_with(name, text) || (listed.characters & alphabet_) != listed.characters) {
        continue;
      }
      if (!allowed(listed.value)) continue;
      set_.add(name.size() == text.size() ? end : character(name[text.size()]));
    }
  }

  // In the body a change has to change something; in the header a value that was asked for may be
  // none of the dialect's list.
  bool in_body_already() const { return at_.text.part == Part::kBody; }

  void metre(std::string_view text, char32_t end) {
    listed(dialect_metres(), text, end, [&](const Metre& metre) {
      if (in_body_already() && metre == at_.bar.metre) return false;
      const bool must_end_repeat =
          requirements_.ends_here && at_.repeat.is_open && at_.bar.length != at_.section.bar_length;
      if (must_end_repeat && metre.bar() != at_.section.bar_length) return false;
      if (at_.header.is_hornpipe && !is_of_hornpipes(metre)) return false;
      return !requirements_.metre || metre == *requirements_.metre;
    });
    if (requirements_.metre && !in_body_already()) {
      required_text(requirements_.metre->to_string(), text);
    }
  }

  void unit(std::string_view text, char32_t end) {
    listed(dialect_units(), text, end, [&](Ticks unit) {
      if (in_body_already() && unit == at_.bar.unit) return false;
      return !requirements_.unit || unit == *requirements_.unit;
    });
  }

  void key(std::string_view text, char32_t end) {
    const auto& keys = dialect_keys();
    for (int step = 0; step < 7; ++step) {
      if (!text.empty() && text[0] != kLetters[step]) continue;
      listed<Key>(keys[step], text, end, [&](const Key& key) {
        if (requirements_.key && key != *requirements_.key) return false;
        return !in_body_already() || key != at_.bar.key;
      });
    }
    if (requirements_.key && !in_body_already()) {
      required_text(requirements_.key->to_string(), text);
    }
  }

  const CursorState& at_;
  const Requirements& requirements_;
  const CharacterSet& alphabet_;
  CharacterSet set_;
};

}  // namespace

CharacterSet next_in_header(const CursorState& at, const Requirements& requirements,
                            const CharacterSet& alphabet) {
  return FieldText(at, requirements, alphabet).in_header();
}

CharacterSet next_in_body_field(const CursorState& at, const Requirements& requirements,
                                const CharacterSet& alphabet) {
  return FieldText(at, requirements, alphabet).in_body();
}

}  // namespace lilt::abc
