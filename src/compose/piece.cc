#include "compose/piece.h"

#include <nlohmann/json.hpp>

#include "compose/plan_json.h"

namespace lilt::compose {

std::string to_json(const Piece& piece) {
  nlohmann::ordered_json json = {{"number", piece.number},
                                 {"seed", piece.seed},
                                 {"title", piece.tune.field(U'T')},
                                 {"abc", piece.text},
                                 {"bits_per_note", piece.bits_per_note},
                                 {"drawn", piece.drawn}};
  if (piece.plan != nullptr && !piece.plan->remarks.empty()) json["remarks"] = piece.plan->remarks;
  if (piece.plan != nullptr) {
    if (nlohmann::ordered_json plan = plan_to_json(*piece.plan); !plan.is_null()) {
      json["plan"] = std::move(plan);
    }
  }
  if (piece.likeness) {
    const Likeness& known = *piece.likeness;
    json["longest_run"] = known.novelty.longest_run;
    json["share_known"] = known.novelty.share_known;
    json["nearest"] = known.novelty.nearest ? nlohmann::ordered_json(known.nearest) : nullptr;
    json["similarity"] = known.novelty.similarity;
    json["novelty_percentile"] = known.newer_than;
    json["typicality"] = known.typicality;
  }
  return json.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace lilt::compose
