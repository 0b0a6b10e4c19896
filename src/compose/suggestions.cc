#include "compose/suggestions.h"

#include "compose/range.h"

namespace lilt::compose {

std::string suggestions(std::string_view field) {
  if (field == "key") return "D, G, A, C, F, Bb, Em, Am, Bm, Dm, Gm, Ador, Edor, Dmix, Amix";
  if (field == "meter") return "4/4, 6/8, 2/4, 3/4, 9/8, 12/8, 2/2, 3/2, C|";
  if (field == "rhythm") {
    return "jig, reel, hornpipe, waltz, polka, slip jig, slide, march, strathspey, mazurka, "
           "schottische, barndance, air";
  }
  if (field == "form") return "AABB, AABBCC, ABCD, AA'BB'";
  if (field == "unit") return "1/8, 1/4, 1/16";
  if (field == "range") return instruments();
  if (field == "chords") return "any, on, off";
  return {};
}

}  // namespace lilt::compose
