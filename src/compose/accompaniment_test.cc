#include "compose/accompaniment.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lilt::compose {
namespace {

const std::string kHeader = "X:1\nT:a \"G\"\nM:6/8\nL:1/8\nK:D\n";

TEST(Accompaniment, TakesOutChordSymbolsAndNothingElse) {
  EXPECT_EQ(without_chord_symbols(kHeader + "\"D\"d2\"^up\"e \"A7/C#\" f3|{g}\"Bm\"~a6|]\n"),
            kHeader + "d2\"^up\"e  f3|{g}~a6|]\n");
  EXPECT_EQ(without_chord_symbols(kHeader + "\"Fine\"d6|\"Gm7-5\"e6|]\n"),
            kHeader + "\"Fine\"d6|e6|]\n");
}

// The text with * where a bar begins and + where else a chord symbol can stand.
std::string shown(const std::string& music, const std::string& metre) {
  const std::string header = "X:1\nT:a\nM:" + metre + "\nL:1/8\nK:D\n";
  std::string text = header + music;
  const std::vector<ChordPlace> places = chord_places(text);
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    text.insert(place->at, place->begins_bar ? "*" : "+");
  }
  return text.substr(header.size());
}

TEST(Accompaniment, ChordsChangeWithBarsAndTheirHalves) {
  EXPECT_EQ(shown("A|d3 e3|d2e f3|d4 e2|A2:|", "6/8"), "A|*d3 +e3|*d2e +f3|*d4 e2|*A2:|");
  EXPECT_EQ(shown("d2e2f2g2|(3def (ga) .b4|]", "C"), "*d2e2+f2g2|*(3def (ga) +.b4|]");
  EXPECT_EQ(shown("d2e2f2|d4 e2|d6|]", "3/4"), "*d2+e2+f2|*d4 +e2|*d6|]");
  EXPECT_EQ(shown("d2ef3g3|]", "9/8"), "*d2e+f3+g3|]");
  EXPECT_EQ(shown("d2e2f2g|]", "7/8"), "*d2e2f2g|]");
}

TEST(Accompaniment, ASymbolStandsBeforeAllThatBelongsToItsNote) {
  EXPECT_EQ(shown("~{ga}(3def g4|[df]3 z3|a6-|a6|]", "6/8"),
            "*~{ga}(3def g4|*[df]3 +z3|*a6-|*a6|]");
  EXPECT_EQ(shown("d3 e3|\nK:A\ng6|[M:3/4][ce]2z2 e2|]", "6/8"),
            "*d3 +e3|\nK:A\n*g6|[M:3/4]*[ce]2+z2 +e2|]");
}

TEST(Accompaniment, PutsSymbolsInTheirPlaces) {
  const std::string text = kHeader + "A|{g}d2 e f3 |\n\"^x\"g6 |] % end\n";
  EXPECT_EQ(with_chord_symbols_of(kHeader + "A|\"D\"{g}d2e \"G\"f3|\"A\"g6|]\n", text),
            kHeader + "A|\"D\"{g}d2 e \"G\"f3 |\n\"A\"\"^x\"g6 |] % end\n");
}

}  // namespace
}  // namespace lilt::compose
