#include "score/publication.h"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "score/instrument.h"

namespace lilt::score {
namespace {

namespace fs = std::filesystem;

Error wrong(const char* field, std::string message) {
  return {ErrorCode::kOption, std::move(message), {.field = field}};
}

Result<std::vector<Kind>> find_kinds(const std::vector<std::string>& formats) {
  std::vector<Kind> kinds;
  for (const std::string& format : formats) {
    const std::optional<Kind> kind = find_kind(format);
    if (!kind) return wrong("format", "expected " + endings() + ", found " + format);
    if (std::find(kinds.begin(), kinds.end(), *kind) == kinds.end()) kinds.push_back(*kind);
  }
  return kinds;
}

// "flac" of "set.flac", or "".
std::string ending_of(const fs::path& path) {
  const std::string ending = path.extension().string();
  return ending.empty() ? ending : ending.substr(1);
}

Result<Destination> to_standard_output(Destination to, const Publication& asked) {
  to.is_standard_output = true;
  if (to.kinds.empty() && !asked.usual_kinds.empty()) to.kinds = {Kind::kAbc};
  if (to.kinds.size() == 1) return to;
  return wrong("format", std::string("expected one kind for standard output, found ") +
                             (to.kinds.empty() ? "none" : "several"));
}

Result<Destination> to_folder(Destination to, const Publication& asked) {
  to.is_folder = true;
  std::error_code none;
  if (fs::exists(to.path, none) && !fs::is_directory(to.path, none)) {
    return wrong("output", "expected a folder, or a file that ends with " + endings() + ", found " +
                               asked.output);
  }
  if (!to.kinds.empty() || !asked.usual_kinds.empty()) return to;
  return wrong("format", "expected what to write into a folder, such as svg,mid; found nothing");
}

Result<Destination> to_file(Destination to, const Publication& asked) {
  std::error_code none;
  if (!asked.usual_kinds.empty() && !to.kinds.empty()) {
    return wrong("format", "expected a folder as output, found " + asked.output);
  }
  if (to.kinds.empty()) {
    const std::optional<Kind> kind = find_kind(ending_of(to.path));
    if (!kind) {
      return wrong("output", "expected a folder (DIR/), or a file that ends with " + endings() +
                                 ", found " + asked.output);
    }
    to.kinds = {*kind};
  }
  if (fs::exists(to.path, none) && !fs::is_regular_file(to.path, none)) {
    return wrong("output", "expected a file or a folder, found " + asked.output);
  }
  return to;
}

std::string text_of(double number) {
  std::ostringstream text;
  text << number;
  return text.str();
}

}  // namespace

Result<Destination> find_destination(const Publication& asked) {
  const Result<std::vector<Kind>> kinds = find_kinds(asked.formats);
  if (!kinds) return kinds.error();
  Destination to{.kinds = *kinds, .path = asked.output};
  if (asked.output == "-") return to_standard_output(std::move(to), asked);
  std::error_code none;
  const bool means_folder =
      asked.usual_kinds.empty() ? kinds->size() > 1 : ending_of(to.path).empty();
  if (means_folder || asked.output.ends_with('/') || fs::is_directory(to.path, none)) {
    return to_folder(std::move(to), asked);
  }
  return to_file(std::move(to), asked);
}

Result<RenderOptions> render_options(const Publication& asked) {
  const std::optional<int> instrument = find_instrument(asked.instrument);
  if (!instrument) {
    return wrong("instrument", "expected " + usual_instruments() +
                                   ", any other name of General MIDI or a number from 1 to 128, "
                                   "found " +
                                   asked.instrument);
  }
  if (asked.tempo && !(*asked.tempo >= kSlowest && *asked.tempo <= kFastest)) {
    return wrong("tempo", "expected " + text_of(kSlowest) + " to " + text_of(kFastest) +
                              " beats a minute, found " + text_of(*asked.tempo));
  }
  if (asked.paper != "a4" && asked.paper != "letter") {
    return wrong("paper", "expected a4 or letter, found " + asked.paper);
  }
  return RenderOptions{.instrument = *instrument,
                       .beats_per_minute = asked.tempo,
                       .paper = asked.paper == "letter" ? Paper::kLetter : Paper::kA4,
                       .sound_font = asked.sound_font};
}

fs::path numbered_path(const fs::path& output, std::size_t tune, std::size_t tunes) {
  if (tunes == 1) return output;
  std::string number = std::to_string(tune + 1);
  const std::size_t digits = std::to_string(tunes).size();
  number.insert(0, digits - std::min(digits, number.size()), '0');
  return output.parent_path() /
         (output.stem().string() + "-" + number + output.extension().string());
}

}  // namespace lilt::score
