// Tunes: read, checked, transposed, played and drawn.

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "abc/book.h"
#include "abc/book_check.h"
#include "abc/canonical.h"
#include "abc/transpose.h"
#include "errors.h"
#include "music.h"
#include "parts.h"
#include "score/publication.h"
#include "score/renderer.h"
#include "waiting.h"

namespace lilt::python {
namespace {

namespace nb = nanobind;

struct Diagnostic {
  std::uint64_t line, column;
  std::string severity, code, message;
};

// How a tune is to be shown and played.
struct Rendering {
  std::string instrument;
  std::optional<double> tempo;
  std::string paper, sound_font;
};

Music music_of(std::string text, std::string details = "") {
  abc::Tune tune = abc::read_tune(text).tune;
  return {std::move(tune), std::move(text), std::move(details)};
}

std::string_view view_of(const nb::bytes& bytes) { return {bytes.c_str(), bytes.size()}; }

nb::bytes bytes_of(const std::string& text) { return nb::bytes(text.data(), text.size()); }

// The tunes of a book, each as it stands without the others.
std::vector<Music> read(const nb::bytes& book) {
  const std::string_view text = view_of(book);
  const nb::gil_scoped_release release;
  std::vector<Music> tunes;
  std::optional<abc::BookReader> reader;
  reader.emplace([&](abc::BookTune& tune) {
    const std::string& header = reader->file_header();
    tunes.push_back(
        music_of(header.empty() ? std::move(tune.text) : abc::standing_alone(tune.text, header)));
  });
  reader->feed(text);
  reader->finish();
  return tunes;
}

std::vector<Diagnostic> check(const nb::bytes& book) {
  const std::string_view text = view_of(book);
  const nb::gil_scoped_release release;
  std::vector<Diagnostic> found;
  abc::BookChecker checker([&](const abc::Finding& finding) {
    const abc::Code code = finding.problem.code;
    found.push_back({finding.line, finding.column,
                     severity(code) == abc::Severity::kError ? "error" : "warning",
                     std::string(name(code)), describe(finding.problem)});
  });
  checker.feed(text);
  checker.finish();
  return found;
}

Music transposed(const Music& music, int semitones) {
  constexpr int kMost = 48;  // what nobody plays, and no MIDI number has
  if (semitones < -kMost || semitones > kMost) {
    throw BadInput({ErrorCode::kOption,
                    "expected -48 to 48, found " + std::to_string(semitones),
                    {.field = "semitones"}});
  }
  const nb::gil_scoped_release release;
  abc::Tune tune = music.tune;
  abc::transpose(tune, semitones);
  return music_of(canonical_text(tune));
}

score::RenderOptions options_of(const Rendering& rendering) {
  return value_of(score::render_options({.instrument = rendering.instrument,
                                         .tempo = rendering.tempo,
                                         .paper = rendering.paper,
                                         .sound_font = rendering.sound_font}));
}

nb::bytes render(const Music& music, const std::string& ending, const Rendering& rendering) {
  const std::optional<score::Kind> kind = score::find_kind(ending);
  if (!kind) {
    throw BadInput({ErrorCode::kOption,
                    "expected " + score::endings() + ", found " + ending,
                    {.field = "kind"}});
  }
  const score::RenderOptions options = options_of(rendering);
  return bytes_of(interruptibly([&](const std::stop_token& stop) {
    score::Renderer renderer(options, [&stop] { return !stop.stop_requested(); });
    return value_of(renderer.make(music.tune, *kind));
  }));
}

// A note as a row of NumPy's structured array: `NOTE` in _tune.py has the same columns.
struct NoteRow {
  double start, duration;  // seconds
  double onset, length;    // quarter notes
  std::uint8_t pitch, velocity;
  std::uint16_t voice;
  std::uint32_t begin, end;  // code points of the text
  std::array<char32_t, 6> role;
};
static_assert(sizeof(NoteRow) == 72 && std::is_trivially_copyable_v<NoteRow>);

constexpr std::array<std::u32string_view, 3> kRoles = {U"melody", U"bass", U"chords"};

// For each byte of a text, and its end, the number of code points before it.
std::vector<std::uint32_t> code_points(std::string_view text) {
  std::vector<std::uint32_t> before;
  before.reserve(text.size() + 1);
  std::uint32_t count = 0;
  for (const char c : text) {
    before.push_back(count);
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++count;
  }
  before.push_back(count);
  return before;
}

std::string note_rows(const Music& music, const score::RenderOptions& options) {
  const auto playing = score::playing_of(music.tune, options.instrument, options.beats_per_minute);
  const score::Playback playback = value_of(score::play(music.tune, playing));
  const std::vector<std::uint32_t> before = code_points(music.text);
  const auto place = [&](std::uint32_t byte) {
    return before[std::min<std::size_t>(byte, music.text.size())];
  };
  const auto quarters = [](abc::Ticks ticks) {
    return static_cast<double>(ticks) / (static_cast<double>(abc::kWholeNote) / 4);
  };
  std::string rows;
  for (const score::PlayedNote& note : playback.notes) {
    NoteRow row{.start = note.seconds,
                .duration = note.duration,
                .onset = quarters(note.start),
                .length = quarters(note.length),
                .pitch = note.pitch,
                .velocity = note.velocity,
                .voice = static_cast<std::uint16_t>(note.voice),
                .begin = place(note.place.begin),
                .end = place(note.place.end),
                .role = {}};
    std::ranges::copy(kRoles[static_cast<std::size_t>(note.role)], row.role.begin());
    rows.append(reinterpret_cast<const char*>(&row), sizeof row);
  }
  return rows;
}

nb::bytes notes(const Music& music, const Rendering& rendering) {
  const score::RenderOptions options = options_of(rendering);
  std::string rows;
  {
    const nb::gil_scoped_release release;
    rows = note_rows(music, options);
  }
  return bytes_of(rows);
}

}  // namespace

void add_tunes(nb::module_& m) {
  nb::class_<Diagnostic>(m, "Diagnostic")
      .def_ro("line", &Diagnostic::line)
      .def_ro("column", &Diagnostic::column)
      .def_ro("severity", &Diagnostic::severity)
      .def_ro("code", &Diagnostic::code)
      .def_ro("message", &Diagnostic::message);
  nb::class_<Rendering>(m, "Rendering")
      .def(nb::init<std::string, std::optional<double>, std::string, std::string>(),
           nb::arg("instrument"), nb::arg("tempo").none(), nb::arg("paper"), nb::arg("sound_font"));
  nb::class_<Music>(m, "Music")
      .def_ro("text", &Music::text)
      .def_ro("details", &Music::details)
      .def(
          "field",
          [](const Music& music, const std::string& letter) {
            return music.tune.field(letter.empty() ? U' ' : static_cast<unsigned char>(letter[0]));
          },
          nb::arg("letter"))
      .def("canonical", [](const Music& music) { return music_of(canonical_text(music.tune)); })
      .def("transposed", &transposed, nb::arg("semitones"))
      .def("render", &render, nb::arg("kind"), nb::arg("rendering"))
      .def("notes", &notes, nb::arg("rendering"));
  m.def("read", &read, nb::arg("book"));
  m.def("restored", &music_of, nb::arg("text"), nb::arg("details"));
  m.def("check", &check, nb::arg("book"));
}

}  // namespace lilt::python
