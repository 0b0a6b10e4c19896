#include "compose/request.h"

#include <charconv>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "compose/harmoniser.h"
#include "compose/walk.h"
#include "compose/wrong.h"
#include "model/field_json.h"
#include "model/untrusted_json.h"

namespace lilt::compose {
namespace {

constexpr const char* kUsualRange = "G3-D6";
constexpr std::size_t kUsualBestOf = 8;

// "5-8" or "5".
std::optional<BarSpan> parse_bars(const std::string& text) {
  BarSpan bars;
  const char* const end = text.data() + text.size();
  auto parsed = std::from_chars(text.data(), end, bars.first);
  if (parsed.ec != std::errc()) return std::nullopt;
  bars.last = bars.first;
  if (parsed.ptr == end) return bars;
  if (*parsed.ptr != '-') return std::nullopt;
  parsed = std::from_chars(parsed.ptr + 1, end, bars.last);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return bars;
}

Status check_size(const char* field, const std::string& text) {
  if (text.size() <= kLongestGiven) return success();
  return wrong(field, "expected at most " + std::to_string(kLongestGiven) + " bytes, found " +
                          std::to_string(text.size()));
}

// Each of the things that can be done with a given tune, and whether it is asked for.
std::vector<std::pair<std::string, bool>> tasks(const GivenWish& given) {
  return {{"rewrite", !given.rewrite.empty()},
          {"continue", given.goes_on},
          {"harmonise", given.harmonise},
          {"vary", given.vary.has_value()}};
}

Status check_given(const GivenWish& given) {
  if (Status s = check_size("tune", given.tune); !s) return s;
  std::string found;
  for (const auto& [task, is_asked] : tasks(given)) {
    if (!is_asked) continue;
    if (!found.empty()) return wrong(task, "expected it or `" + found + "`, found both");
    found = task;
  }
  if (!given.tune.empty() && found.empty()) {
    return wrong("tune",
                 "expected `rewrite`, `vary`, `continue` or `harmonise` with it, found none");
  }
  if (given.tune.empty() && !found.empty()) {
    return wrong("tune", "expected a tune to go on from, found none");
  }
  return success();
}

// A tune is harmonised by search, which finds few answers, each of them once.
Status check_harmonising(const Request& request) {
  if (!request.given.harmonise) return success();
  if (const std::size_t last = request.first + (request.number - 1); last > kMostHarmonies) {
    return wrong("number", "expected at most " + std::to_string(kMostHarmonies) +
                               " with `harmonise`, found " + std::to_string(last));
  }
  if (request.best_of) return wrong("best_of", "expected it or `harmonise`, found both");
  if (request.newer_than > 0) return wrong("novel", "expected it or `harmonise`, found both");
  return success();
}

}  // namespace

Result<Request> request_from_json(std::string_view json) {
  nlohmann::json parsed = parse_untrusted_json(json);
  if (parsed.is_discarded())
    return Error{ErrorCode::kOption, "expected a request as JSON, found other text"};
  if (parsed.is_object() && parsed.contains("form") && parsed["form"].is_object()) {
    parsed["form"] = parsed["form"].dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  }
  return fields_from_json<Request>(parsed);
}

std::string to_json(const Request& request) {
  return fields_to_json<nlohmann::ordered_json>(request).dump(
      -1, ' ', true, nlohmann::json::error_handler_t::replace);
}

Status validate(const Request& request) {
  if (Status s = check_fields(request); !s) return s;
  const std::uint64_t last = std::uint64_t{request.first} + request.number - 1;
  if (request.seed > std::numeric_limits<std::uint64_t>::max() - (last - 1)) {
    return wrong("seed", "expected one to which the `number` of tunes can be added, found " +
                             std::to_string(request.seed));
  }
  if (Status s = check_size("start", request.wishes.start); !s) return s;
  if (Status s = check_size("form", request.wishes.form); !s) return s;
  if (Status s = check_given(request.given); !s) return s;
  return check_harmonising(request);
}

Result<NewTuneWishes> new_tune_of(const Request& request, const abc::Alphabet& alphabet) {
  Wishes wishes = request.wishes;
  // What is given may lie anywhere.
  if (wishes.range.empty() && wishes.start.empty()) wishes.range = kUsualRange;
  if (!wishes.form.empty()) {
    const Result<Form> form = parse_form(wishes.form, wishes.bars.value_or(0));
    if (!form) return form.error();
    if (wishes.key.empty()) wishes.key = form->key;
    if (wishes.metre.empty()) wishes.metre = form->metre;
  }
  return check_wishes(wishes, alphabet);
}

Result<Plan> plan_for_given(const Request& request, const abc::Alphabet& alphabet,
                            const TextConfig& form) {
  const GivenWish& given = request.given;
  if (given.harmonise) return plan_harmonising(given.tune, request.wishes, alphabet, form);
  if (given.goes_on) return plan_continuation(given.tune, request.wishes, alphabet, form);
  const std::optional<BarSpan> bars = parse_bars(given.rewrite);
  if (!bars) return wrong("rewrite", "expected bars such as 5-8, found " + quote(given.rewrite));
  return plan_rewriting(given.tune, *bars, request.wishes, alphabet, form);
}

std::size_t candidates(const Request& request, bool has_critic) {
  const GivenWish& given = request.given;
  const bool is_written_anew = !given.rewrite.empty() || given.vary;
  const bool is_criticised = given.tune.empty() && has_critic;
  return request.best_of.value_or(is_written_anew || is_criticised ? kUsualBestOf : 1);
}

Result<WritingOptions> writing_of(const Request& request, const ModelConfig& config) {
  const Result<std::uint8_t> dialect = find_dialect(config.text, request.dialect);
  if (!dialect) return dialect.error();
  return WritingOptions{request.sampling, request.repetition, *dialect};
}

}  // namespace lilt::compose
