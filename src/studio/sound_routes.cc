// GET /api/sounds/INSTRUMENT/PITCH.wav: a note.
#include <charconv>
#include <optional>

#include "score/instrument.h"
#include "studio/answer.h"
#include "studio/studio.h"

namespace lilt::studio {
namespace {

// "62.wav": 0 … 127.
std::optional<int> pitch_of(std::string_view name) {
  if (!name.ends_with(".wav")) return std::nullopt;
  name.remove_suffix(4);
  int pitch = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pitch);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  if (pitch < 0 || pitch > 127) return std::nullopt;
  return pitch;
}

HttpResponse sound_answer(Studio& studio, const HttpRequest& request) {
  const std::optional<int> instrument = score::find_instrument(request.parameters[0]);
  const std::optional<int> pitch = pitch_of(request.parameters[1]);
  if (!instrument) {
    return error_answer(404, "expected an instrument: " + score::usual_instruments());
  }
  if (!pitch) return error_answer(404, "expected a pitch such as 62.wav, from 0 to 127");
  HttpResponse answer{.content_type = "audio/wav"};
  answer.headers.emplace_back("Cache-Control", "private, max-age=86400");
  answer.body = studio.sounds.note(*instrument, *pitch, request.stop);
  return answer;
}

}  // namespace

void add_sound_routes(Router& router, Studio& studio) {
  router.add("GET", "/api/sounds/{}/{}",
             [&studio](const HttpRequest& request) { return sound_answer(studio, request); });
}

}  // namespace lilt::studio
