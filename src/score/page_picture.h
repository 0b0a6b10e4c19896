// What abcm2ps draws, as a page may have it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lilt::score {

struct Box {
  double x = 0, y = 0, width = 0, height = 0;  // pixels of the picture
};

// An element of the music, of which abcm2ps tells (option -A) where it stands in its source.
struct Reference {
  char kind = 'N';       // N note or chord, R rest, B bar line, c clef, K key, M metre, …
  std::size_t line = 0;  // of the source, from 1
  std::size_t byte = 0;  // of the line, from 0
  Box box;
};

struct PagePicture {
  std::string svg;
  double width = 0, height = 0;
  std::vector<Reference> references;
};

// Takes the SVG file that `abcm2ps -A -g` has made of one tune. What the picture has is elements
// and attributes that draw; no style sheets, no styles, no links but to its own parts, no colour
// but the page's own (currentColor). Names of parts begin with `prefix`, so that several pictures
// can be on one page. Nothing where the text is no such file.
[[nodiscard]] std::optional<PagePicture> read_page_picture(std::string_view file,
                                                           std::string_view prefix);

}  // namespace lilt::score
