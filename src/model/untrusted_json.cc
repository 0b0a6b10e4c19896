#include "model/untrusted_json.h"

namespace lilt {

nlohmann::json parse_untrusted_json(std::string_view text) {
  using Json = nlohmann::json;
  constexpr int kMaxDepth = 16;
  bool too_deep = false;
  const auto keep = [&](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > kMaxDepth;
    return !too_deep;
  };
  Json json = Json::parse(text.begin(), text.end(), keep, /*allow_exceptions=*/false);
  return too_deep ? Json(Json::value_t::discarded) : json;
}

}  // namespace lilt
