#include "abc/decoration.h"

#include <algorithm>
#include <array>

namespace lilt::abc {
namespace {

// In order.
constexpr auto kNames = std::to_array<std::string_view>({"+",
                                                         "-(",
                                                         "-)",
                                                         "/",
                                                         "//",
                                                         "///",
                                                         "0",
                                                         "1",
                                                         "15ma(",
                                                         "15ma)",
                                                         "15mb(",
                                                         "15mb)",
                                                         "2",
                                                         "3",
                                                         "4",
                                                         "5",
                                                         "8va(",
                                                         "8va)",
                                                         "8vb(",
                                                         "8vb)",
                                                         "<(",
                                                         "<)",
                                                         ">",
                                                         ">(",
                                                         ">)",
                                                         "D.C.",
                                                         "D.C.alcoda",
                                                         "D.C.alfine",
                                                         "D.S.",
                                                         "D.S.alcoda",
                                                         "D.S.alfine",
                                                         "^",
                                                         "accent",
                                                         "arpeggio",
                                                         "beambr1",
                                                         "beambr2",
                                                         "beamon",
                                                         "breath",
                                                         "coda",
                                                         "courtesy",
                                                         "cresc",
                                                         "crescendo(",
                                                         "crescendo)",
                                                         "dacapo",
                                                         "dacoda",
                                                         "dim",
                                                         "diminuendo(",
                                                         "diminuendo)",
                                                         "dot",
                                                         "downbow",
                                                         "editorial",
                                                         "emphasis",
                                                         "f",
                                                         "fermata",
                                                         "ff",
                                                         "fff",
                                                         "ffff",
                                                         "fine",
                                                         "gmark",
                                                         "invertedfermata",
                                                         "invertedturn",
                                                         "invertedturnx",
                                                         "invisible",
                                                         "irishroll",
                                                         "longphrase",
                                                         "lowermordent",
                                                         "lphrase",
                                                         "marcato",
                                                         "mediumphrase",
                                                         "mf",
                                                         "mordent",
                                                         "mp",
                                                         "mphrase",
                                                         "open",
                                                         "p",
                                                         "ped",
                                                         "ped-up",
                                                         "plus",
                                                         "pp",
                                                         "ppp",
                                                         "pppp",
                                                         "pralltriller",
                                                         "rbend",
                                                         "rbstop",
                                                         "roll",
                                                         "segno",
                                                         "sfp",
                                                         "sfz",
                                                         "shortphrase",
                                                         "slide",
                                                         "snap",
                                                         "sphrase",
                                                         "staccato",
                                                         "stemless",
                                                         "tenuto",
                                                         "thumb",
                                                         "trem1",
                                                         "trem2",
                                                         "trem3",
                                                         "trem4",
                                                         "trill",
                                                         "trill(",
                                                         "trill)",
                                                         "turn",
                                                         "turnx",
                                                         "upbow",
                                                         "uppermordent",
                                                         "wedge",
                                                         "xstem",
                                                         "~(",
                                                         "~)"});

static_assert(std::is_sorted(kNames.begin(), kNames.end()), "what follows a name begins with it");
static_assert(kNames.size() < 256, "progress counts names in a byte");
static_assert(std::all_of(kNames.begin(), kNames.end(), [](std::string_view name) {
  return name.size() <= kLongestDecorationName;
}));

}  // namespace

bool DecorationProgress::push(char32_t c) {
  const std::string_view read = text();
  for (std::size_t i = name_; i < kNames.size() && kNames[i].substr(0, size_) == read; ++i) {
    if (kNames[i].size() == size_ || static_cast<unsigned char>(kNames[i][size_]) != c) continue;
    name_ = static_cast<std::uint8_t>(i);
    ++size_;
    return true;
  }
  return false;
}

bool DecorationProgress::is_complete() const { return kNames[name_].size() == size_; }

std::string_view DecorationProgress::text() const { return kNames[name_].substr(0, size_); }

}  // namespace lilt::abc
