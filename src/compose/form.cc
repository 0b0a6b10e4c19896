#include "compose/form.h"

#include "compose/form_notation.h"
#include "compose/plan_json.h"
#include "compose/walk.h"
#include "compose/wrong.h"

namespace lilt::compose {
namespace {

constexpr std::size_t kMostLetters = 32;
constexpr int kUsualBars = 8;  // of a section

Status check_letters(const std::string& text) {
  char next = 'A';
  for (const char c : text) {
    if (c < 'A' || c > next || c > 'Z') {
      return wrong("form", "expected capital letters in their order, such as AABB or ABAC, found " +
                               quote(text));
    }
    if (c == next) ++next;
  }
  if (!text.empty() && text.size() <= kMostLetters) return success();
  return wrong("form", "expected 1 to 32 letters, found " + std::to_string(text.size()));
}

Result<Form> parse_letters(const std::string& text, int bars) {
  if (Status s = check_letters(text); !s) return s.error();
  Form form;
  std::vector<std::optional<std::size_t>> first(26);  // section of each letter
  for (std::size_t i = 0; i < text.size();) {
    const bool repeated = i + 1 < text.size() && text[i + 1] == text[i];
    std::optional<std::size_t>& section = first[text[i] - 'A'];
    form.same_as.push_back(section);
    if (!section) section = form.sections.size();
    form.sections.push_back({kUsualBars, repeated});
    i += repeated ? 2 : 1;
  }
  const auto count = static_cast<int>(form.sections.size());
  if (bars % count != 0) {
    return wrong("bars", "expected a number that the " + std::to_string(count) +
                             " sections of the `form` " + text + " can share equally, as " +
                             std::to_string(count * kUsualBars) +
                             " (a repeated section counts once), found " + std::to_string(bars));
  }
  if (bars > 0) {
    for (abc::SectionRequirement& section : form.sections) section.bars = bars / count;
  }
  return form;
}

}  // namespace

Result<Form> parse_form(const std::string& text, int bars) {
  if (text.starts_with('{')) return form_of_plan(text, bars);
  const bool is_letters = text.find_first_of("0123456789' :") == std::string::npos;
  return is_letters ? parse_letters(text, bars) : parse_notation(text, bars);
}

}  // namespace lilt::compose
