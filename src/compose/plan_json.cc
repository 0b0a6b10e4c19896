#include "compose/plan_json.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "base/names.h"
#include "compose/returns.h"
#include "compose/walk.h"
#include "compose/wrong.h"
#include "model/untrusted_json.h"

namespace lilt::compose {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int kMostSections = 64, kMostBarsOfASection = 1000;
constexpr int kHighestDegree = 11, kLongestRest = 2;

// --- To JSON

ordered_json sections_to_json(const std::vector<abc::OutlineSection>& sections) {
  ordered_json all = ordered_json::array();
  for (const abc::OutlineSection& section : sections) {
    if (section.is_later_ending && !all.empty()) {
      all.back()["endings"].push_back(section.bars);
      continue;
    }
    ordered_json& one = all.emplace_back(ordered_json{{"bars", section.bars}});
    if (section.repeated) one["repeated"] = true;
    if (section.first_ending >= 0)
      one["endings"] = ordered_json::array({section.bars - section.first_ending});
  }
  return all;
}

ordered_json bars_to_json(const std::vector<abc::OutlineBar>& bars) {
  ordered_json all = ordered_json::array();
  for (const abc::OutlineBar& bar : bars) {
    ordered_json& one = all.emplace_back(ordered_json::object());
    if (bar.kind == abc::Return::kNew) one["returns"] = "new";
    if (const std::optional<Resemblance> how = resemblance_of(bar.kind)) {
      one["returns"] = lilt::name_of(*how);
      one["to"] = bar.source;
      if (*how == Resemblance::kSequence) one["shift"] = bar.shift;
    }
    if (bar.rest_degree >= 0)
      one["rest"] = ordered_json::array({bar.rest_degree, std::max<int>(0, bar.rest_length)});
    if (bar.height > 0) one["height"] = bar.height;
  }
  return all;
}

std::vector<abc::OutlineSection> required_sections(const abc::Requirements& requirements) {
  std::vector<abc::OutlineSection> sections;
  for (const abc::SectionRequirement& section : requirements.form) {
    sections.push_back({.bars = section.bars, .repeated = section.repeated});
  }
  return sections;
}

// --- From JSON

Error wrong_plan(const std::string& place, const std::string& expected, const json& found) {
  return wrong("form", place + ": expected " + expected + ", found " +
                           quote(found.dump(-1, ' ', true, json::error_handler_t::replace)));
}

class PlanReader {
 public:
  Status read(const json& plan) {
    if (Status s = check_members("the plan", plan, {"key", "meter", "sections", "bars"}); !s) {
      return s;
    }
    if (Status s = read_text(plan, "key", form_.key); !s) return s;
    if (Status s = read_text(plan, "meter", form_.metre); !s) return s;
    if (Status s = read_sections(plan.value("sections", json())); !s) return s;
    return read_bars(plan.value("bars", json::array()));
  }

  [[nodiscard]] Form& form() { return form_; }

 private:
  static Status check_members(const std::string& place, const json& object,
                              std::initializer_list<std::string_view> known) {
    if (!object.is_object()) return wrong_plan(place, "an object", object);
    for (const auto& member : object.items()) {
      if (std::find(known.begin(), known.end(), member.key()) != known.end()) continue;
      std::string names;
      for (const std::string_view name : known)
        names.append(names.empty() ? "" : ", ").append(name);
      return wrong_plan(place, "no members but " + names, member.key());
    }
    return success();
  }

  static Status read_text(const json& plan, const char* name, std::string& text) {
    const json found = plan.value(name, json(""));
    if (!found.is_string()) return wrong_plan(name, "text", found);
    text = found.get<std::string>();
    return success();
  }

  static Status read_number(const std::string& place, const json& found, int least, int most,
                            int& number) {
    if (!found.is_number_integer() || found < least || found > most) {
      return wrong_plan(place, std::to_string(least) + " to " + std::to_string(most), found);
    }
    number = found.get<int>();
    return success();
  }

  Status read_sections(const json& sections) {
    if (!sections.is_array() || sections.empty() || sections.size() > kMostSections) {
      return wrong_plan("sections", "1 to 64 of them", sections);
    }
    std::size_t bars = 0;
    for (const json& section : sections) {
      const std::string place =
          "section " + std::to_string(1 + static_cast<std::size_t>(&section - &sections[0]));
      if (Status s = read_section(place, section); !s) return s;
    }
    for (const abc::OutlineSection& section : form_.outline.sections) {
      bars += static_cast<std::size_t>(section.bars);
    }
    if (bars > kMostBarsOfATune) return wrong_plan("sections", "fewer bars", bars);
    form_.outline.bars.resize(bars);
    return success();
  }

  Status read_section(const std::string& place, const json& section) {
    if (Status s = check_members(place, section, {"bars", "repeated", "endings"}); !s) return s;
    abc::OutlineSection read;
    if (Status s = read_number(place + ", bars", section.value("bars", json()), 1,
                               kMostBarsOfASection, read.bars);
        !s) {
      return s;
    }
    const json repeated = section.value("repeated", json(false));
    if (!repeated.is_boolean()) return wrong_plan(place + ", repeated", "true or false", repeated);
    read.repeated = repeated.get<bool>();
    const json endings = section.value("endings", json());
    if (endings.is_null()) {
      form_.outline.sections.push_back(read);
      return success();
    }
    return read_endings(place, endings, read);
  }

  Status read_endings(const std::string& place, const json& endings, abc::OutlineSection& section) {
    if (!section.repeated || section.bars < 2 || !endings.is_array() || endings.size() != 2) {
      return wrong_plan(place + ", endings",
                        "the bars of a first and a second one, of a repeated section", endings);
    }
    int first = 0;
    abc::OutlineSection second{.is_later_ending = true};
    const std::string within = place + ", endings";
    if (Status s = read_number(within, endings[0], 1, section.bars - 1, first); !s) return s;
    if (Status s = read_number(within, endings[1], 1, kMostBarsOfASection, second.bars); !s) {
      return s;
    }
    section.first_ending = section.bars - first;
    form_.outline.sections.push_back(section);
    form_.outline.sections.push_back(second);
    return success();
  }

  Status read_bars(const json& bars) {
    const std::size_t count = form_.outline.bars.size();
    if (!bars.is_array() || bars.size() > count) {
      return wrong_plan("bars", "at most the " + std::to_string(count) + " of the sections", bars);
    }
    for (std::size_t i = 0; i < bars.size(); ++i) {
      if (Status s = read_bar(static_cast<int>(i + 1), bars[i]); !s) return s;
    }
    return success();
  }

  Status read_bar(int number, const json& bar) {
    const std::string place = "bar " + std::to_string(number);
    if (Status s = check_members(place, bar, {"returns", "to", "shift", "rest", "height"}); !s)
      return s;
    abc::OutlineBar& read = form_.outline.bars[static_cast<std::size_t>(number - 1)];
    if (bar.contains("rest")) {
      if (Status s = read_rest(place, bar["rest"], read); !s) return s;
    }
    if (bar.contains("height")) {
      int height = 0;
      if (Status s = read_number(place + ", height", bar["height"], 1, abc::kHeights - 1, height);
          !s) {
        return s;
      }
      read.height = static_cast<std::uint8_t>(height);
    }
    const json returns = bar.value("returns", json());
    if (returns.is_null()) return success();
    if (returns == "new") read.kind = abc::Return::kNew;
    if (returns == "new") return success();
    const std::optional<Resemblance> how =
        returns.is_string() ? value_named<Resemblance>(returns.get<std::string>()) : std::nullopt;
    if (!how) return wrong_plan(place, "new, " + alternatives<Resemblance>(), returns);
    int to = 0, shift = 0;
    if (Status s = read_number(place + ", to", bar.value("to", json()), 1, number - 1, to); !s) {
      return s;
    }
    const std::optional<abc::Return> kind = return_to(form_.outline, number, to, *how);
    if (!kind) {
      return wrong_plan(place, "a bar 1, 2, 4 or 8 before it, or that of the section before", bar);
    }
    if (*how == Resemblance::kSequence) {
      if (Status s = read_number(place + ", shift", bar.value("shift", json()), -abc::kMostShift,
                                 abc::kMostShift, shift);
          !s) {
        return s;
      }
    }
    read.kind = *kind;
    read.source = static_cast<std::int16_t>(to);
    read.shift = static_cast<std::int8_t>(shift);
    return success();
  }

  static Status read_rest(const std::string& place, const json& rest, abc::OutlineBar& bar) {
    if (!rest.is_array() || rest.size() != 2) {
      return wrong_plan(place + ", rest", "semitones above the tonic and a length", rest);
    }
    int degree = 0, length = 0;
    if (Status s = read_number(place + ", rest", rest[0], 0, kHighestDegree, degree); !s) return s;
    if (Status s = read_number(place + ", rest", rest[1], 0, kLongestRest, length); !s) return s;
    bar.rest_degree = static_cast<std::int8_t>(degree);
    bar.rest_length = static_cast<std::int8_t>(length);
    return success();
  }

  static constexpr std::size_t kMostBarsOfATune = 10'000;

  Form form_;
};

}  // namespace

ordered_json plan_to_json(const Plan& plan) {
  ordered_json told;
  const abc::Requirements& requirements = plan.requirements;
  if (plan.sounding) {
    told["key"] = plan.sounding->key.to_string();
  } else if (requirements.key) {
    told["key"] = requirements.key->to_string();
  }
  const std::optional<abc::Metre> metre =
      plan.outline && plan.outline->metre ? plan.outline->metre : requirements.metre;
  if (metre) told["meter"] = metre->to_string();
  if (plan.outline && !plan.outline->is_empty()) {
    told["sections"] = sections_to_json(plan.outline->sections);
    told["bars"] = bars_to_json(plan.outline->bars);
  } else if (!requirements.form.empty()) {
    told["sections"] = sections_to_json(required_sections(requirements));
  }
  return told;
}

Result<Form> form_of_plan(const std::string& json, int bars) {
  const nlohmann::json plan = parse_untrusted_json(json);
  if (plan.is_discarded()) return wrong("form", "expected a plan as JSON, found other text");
  PlanReader reader;
  if (Status s = reader.read(plan); !s) return s.error();
  const std::size_t planned = reader.form().outline.bars.size();
  if (bars != 0 && planned != static_cast<std::size_t>(bars)) {
    return wrong("bars", "expected " + std::to_string(planned) + " as in the plan, found " +
                             std::to_string(bars));
  }
  return std::move(reader.form());
}

}  // namespace lilt::compose
