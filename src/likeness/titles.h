// Titles, as far as two of them are the same.
#pragma once

#include <string>
#include <string_view>

namespace lilt::likeness {

// A title in lower case (ASCII, Latin-1, Greek and Cyrillic letters), its words parted by one
// space, without punctuation and without "the", "a" and "an": "Rakes of Mallow, The" is "rakes of
// mallow". One that consists of nothing else is as it is but for case and spaces.
[[nodiscard]] std::string normalised_title(std::string_view title);

}  // namespace lilt::likeness
