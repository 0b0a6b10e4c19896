#include "corpus/collections.h"

#include <algorithm>
#include <array>

namespace lilt::corpus {
namespace {

// The URL names a commit, which in Git is itself a digest of all that it holds. The sizes are those
// of that commit. Where the checksum is missing, the bytes could not be had to compute it from.
constexpr std::array kNottinghamFiles = {
    CollectionFile{"ashover.abc", 19647, ""},
    CollectionFile{"hpps.abc", 25222, ""},
    CollectionFile{"jigs.abc", 129665, ""},
    CollectionFile{"morris.abc", 12002, ""},
    CollectionFile{"playford.abc", 5101,
                   "070877bc37176e0dedbcd038268d6669399201cd7b58d88b4ab36127528f9c76"},
    CollectionFile{"reelsa-c.abc", 37613, ""},
    CollectionFile{"reelsd-g.abc", 42433, ""},
    CollectionFile{"reelsh-l.abc", 43044, ""},
    CollectionFile{"reelsm-q.abc", 38405, ""},
    CollectionFile{"reelsr-t.abc", 46838, ""},
    CollectionFile{"reelsu-z.abc", 17203, ""},
    CollectionFile{"slip.abc", 3838,
                   "da686b3a0de20aab38e64f8c8ec57edace980bab6450a6c388d79a2866e5b16a"},
    CollectionFile{"waltzes.abc", 21490, ""},
    CollectionFile{"xmas.abc", 3519,
                   "05ebc4b856c8c5186bb828641e8f88f723c109d47ba7e3f1e5048b536e091249"},
};

constexpr std::array kCollections = {
    Collection{
        .name = "nottingham",
        .title = "Nottingham Music Database, cleaned (jukedeck/nottingham-dataset)",
        .version = "0992bb6cd864f6d4b90d6663e08c0ef53ffaa08f",
        .url = "https://raw.githubusercontent.com/jukedeck/nottingham-dataset/"
               "0992bb6cd864f6d4b90d6663e08c0ef53ffaa08f/ABC_cleaned/",
        .folder = "ABC_cleaned",
        .page = "https://github.com/jukedeck/nottingham-dataset",
        .terms = "GPL-3.0; the collection is Eric Foxley's",
        .notice =
            "English and American folk tunes with chord symbols, collected by Eric Foxley as the\n"
            "Nottingham Music Database; cleaned and published by Jukedeck under the GNU General\n"
            "Public License, version 3. Whoever passes copies or changed versions on does so "
            "under\n"
            "the same licence: https://www.gnu.org/licenses/gpl-3.0.html\n",
        .tunes = 1034,
        .files = kNottinghamFiles,
    },
};

}  // namespace

std::uint64_t Collection::bytes() const {
  std::uint64_t total = 0;
  for (const CollectionFile& file : files) total += file.bytes;
  return total;
}

std::span<const Collection> collections() { return kCollections; }

const Collection* find_collection(std::string_view name) {
  const auto* found = std::find_if(kCollections.begin(), kCollections.end(),
                                   [&](const Collection& c) { return c.name == name; });
  return found == kCollections.end() ? nullptr : found;
}

}  // namespace lilt::corpus
