// The C interface: parses, calls, and turns errors and exceptions into results.

#include <lilt/lilt.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <deque>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abc/book.h"
#include "abc/book_check.h"
#include "abc/canonical.h"
#include "abc/transpose.h"
#include "abc/tune.h"
#include "base/field.h"
#include "compose/session.h"
#include "model/field_json.h"
#include "model/untrusted_json.h"
#include "score/instrument.h"
#include "score/midi.h"
#include "score/musicxml.h"
#include "score/playback.h"

struct lilt_result {
  lilt_code code = LILT_OK;
  std::string text;
  std::string field;
};

struct lilt_model {
  lilt::compose::Model model;
};

struct lilt_cancel {
  std::atomic<bool> is_wished{false};
};

namespace {

using lilt::Error;
using lilt::ErrorCode;
using lilt::Result;
using lilt::Status;
using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

// --- Results

lilt_result* made(lilt_code code, std::string text, std::string field = {}) {
  return new (std::nothrow) lilt_result{code, std::move(text), std::move(field)};
}

lilt_result* made(const Error& error) {
  const bool is_request = error.code == ErrorCode::kOption;
  Error shown = error;
  if (is_request) shown.place.field.clear();  // it has a place of its own
  return made(is_request ? LILT_WRONG_REQUEST : LILT_WRONG_INPUT, shown.to_string(),
              error.place.field);
}

lilt_result* made(Result<std::string> text) {
  return text ? made(LILT_OK, *std::move(text)) : made(text.error());
}

// Calls make(), and lets nothing be thrown into C.
#ifdef __EMSCRIPTEN__
template <class Make>
lilt_result* guarded(Make&& make) {
  return make();
}
#else
lilt_result* failed(const char* what) noexcept {
  try {
    return made(LILT_FAILED, what);
  } catch (...) {
    return nullptr;
  }
}

template <class Make>
lilt_result* guarded(Make&& make) {
  try {
    return make();
  } catch (const std::bad_alloc&) {
    return nullptr;
  } catch (const std::exception& e) {
    return failed(e.what());
  } catch (...) {
    return failed("something was thrown that is no error");
  }
}
#endif

Error wrong(std::string message) { return {ErrorCode::kFormat, std::move(message)}; }

// --- What is given

// A text that a caller gave, which has to be there and to be UTF-8.
Result<std::string_view> text_of(const char* text, size_t size, const char* what) {
  if (text == nullptr) return wrong(std::string("expected ") + what + ", found NULL");
  const std::string_view view(text, size);
  const std::size_t valid = lilt::abc::valid_utf8_size(view);
  if (valid == size) return view;
  return Error{ErrorCode::kEncoding,
               std::string("expected ") + what + " in UTF-8, found other bytes",
               {.byte = valid}};
}

struct SoundOptions {
  std::string instrument = "flute";
  std::optional<double> tempo;
};

template <lilt::FieldsOf<SoundOptions> Options, class Visit>
void visit_fields(Options& o, Visit&& visit) {
  visit(lilt::Field{.name = "instrument", .help = "Who plays the melody"}, o.instrument);
  visit(lilt::Field{.name = "tempo",
                    .help = "Beats a minute",
                    .least = lilt::score::kSlowest,
                    .most = lilt::score::kFastest},
        o.tempo);
}

Result<SoundOptions> options_of(const char* options, size_t size) {
  if (options == nullptr) return SoundOptions();
  const nlohmann::json json = lilt::parse_untrusted_json({options, size});
  if (json.is_discarded()) {
    return Error{ErrorCode::kOption, "expected options as JSON, found other text"};
  }
  return lilt::fields_from_json<SoundOptions>(json);
}

Result<int> instrument_of(const SoundOptions& options) {
  if (const std::optional<int> found = lilt::score::find_instrument(options.instrument)) {
    return *found;
  }
  return Error{ErrorCode::kOption,
               "expected " + lilt::score::usual_instruments() +
                   ", any other name of General MIDI or a number from 1 to 128, found " +
                   options.instrument,
               {.field = "instrument"}};
}

// --- Tunes

// A tune of the text, and how far its places are from those of the text.
struct GivenTune {
  lilt::abc::Tune tune;
  std::ptrdiff_t shift = 0;
};

std::vector<GivenTune> read_tunes(std::string_view text) {
  std::vector<GivenTune> tunes;
  std::optional<lilt::abc::BookReader> book;
  book.emplace([&](lilt::abc::BookTune& tune) {
    const std::string& header = book->file_header();
    tunes.push_back(
        {lilt::abc::read_tune(header + tune.text).tune,
         static_cast<std::ptrdiff_t>(tune.offset) - static_cast<std::ptrdiff_t>(header.size())});
  });
  book->feed(text);
  book->finish();
  return tunes;
}

Result<std::vector<GivenTune>> tunes_of(const char* abc, size_t size) {
  const Result<std::string_view> text = text_of(abc, size, "a text in ABC notation");
  if (!text) return text.error();
  std::vector<GivenTune> tunes = read_tunes(*text);
  if (!tunes.empty()) return tunes;
  return wrong("expected a tune, which begins with a line such as X:1; found none");
}

std::string canonical(const std::vector<GivenTune>& tunes) {
  std::string text;
  for (const GivenTune& given : tunes) text += lilt::abc::canonical_text(given.tune);
  return text;
}

struct Performance {
  GivenTune given;
  lilt::score::Playing playing;
};

// The first tune, and how it is to be played.
Result<Performance> performance_of(const char* abc, size_t size, const char* options,
                                   size_t options_size) {
  Result<std::vector<GivenTune>> tunes = tunes_of(abc, size);
  if (!tunes) return tunes.error();
  const Result<SoundOptions> sound = options_of(options, options_size);
  if (!sound) return sound.error();
  const Result<int> instrument = instrument_of(*sound);
  if (!instrument) return instrument.error();
  GivenTune& first = tunes->front();
  const lilt::score::Playing playing =
      lilt::score::playing_of(first.tune, *instrument, sound->tempo);
  return Performance{std::move(first), playing};
}

// --- Composing

bool is_wished(const lilt_cancel* cancel) {
  return cancel != nullptr && cancel->is_wished.load(std::memory_order_relaxed);
}

// A request under way, and its pieces that nobody has taken yet.
class Composing : public lilt::compose::Sink {
 public:
  Composing(const lilt::compose::Model& model, std::size_t streams) : session_(model, streams) {}

  bool take(const lilt::compose::Piece& piece) override {
    waiting_.push_back({to_json(piece), piece.drawn});
    return true;
  }

  Status submit(const lilt::compose::Request& request) {
    const Result<lilt::compose::Ticket> ticket = session_.submit(request, *this);
    return ticket ? lilt::success() : Status(ticket.error());
  }

  [[nodiscard]] bool is_over() const { return is_done_ && waiting_.empty(); }

  // The next piece, or "". A step is made only where none waits.
  std::string step() {
    if (waiting_.empty() && !is_done_) is_done_ = !session_.step();
    if (waiting_.empty()) return "";
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    ++taken_;
    drawn_ += next.drawn;
    return std::move(next.piece);
  }

  [[nodiscard]] std::string summary(bool is_cancelled) const {
    return dumped({{"pieces", taken_}, {"drawn", drawn_}, {"cancelled", is_cancelled}});
  }

 private:
  struct Waiting {
    std::string piece;  // JSON
    std::uint64_t drawn = 0;
  };

  lilt::compose::Session session_;
  std::deque<Waiting> waiting_;
  std::size_t taken_ = 0;
  std::uint64_t drawn_ = 0;
  bool is_done_ = false;
};

Result<std::unique_ptr<Composing>> begin(const lilt_model* model, const char* request,
                                         size_t size) {
  if (model == nullptr) return wrong("expected a model, found NULL");
  const Result<std::string_view> text = text_of(request, size, "a request");
  if (!text) return text.error();
  const Result<lilt::compose::Request> asked = lilt::compose::request_from_json(*text);
  if (!asked) return asked.error();

  const std::size_t tunes =
      asked->number * lilt::compose::candidates(*asked, model->model.has_critic());
  auto composing =
      std::make_unique<Composing>(model->model, std::min(tunes, lilt::compose::kUsualStreams));
  if (Status s = composing->submit(*asked); !s) return s.error();
  return composing;
}

Result<std::string> compose(const lilt_model* model, const char* request, size_t size,
                            lilt_take_piece take, void* user, const lilt_cancel* cancel) {
  if (take == nullptr) return wrong("expected a function that takes pieces, found NULL");
  const Result<std::unique_ptr<Composing>> begun = begin(model, request, size);
  if (!begun) return begun.error();
  Composing& composing = **begun;
  bool goes_on = true;
  while (goes_on && !composing.is_over() && !is_wished(cancel)) {
    const std::string piece = composing.step();
    goes_on = piece.empty() || take(user, piece.c_str(), piece.size()) == 0;
  }
  return composing.summary(!goes_on || !composing.is_over());
}

}  // namespace

struct lilt_session {
  std::unique_ptr<Composing> composing;
};

const char* lilt_version(void) { return LILT_VERSION; }

lilt_code lilt_result_code(const lilt_result* result) {
  return result == nullptr ? LILT_NO_MEMORY : result->code;
}

const char* lilt_result_text(const lilt_result* result) {
  return result == nullptr ? "there is no memory left" : result->text.c_str();
}

size_t lilt_result_size(const lilt_result* result) {
  return result == nullptr ? std::strlen(lilt_result_text(nullptr)) : result->text.size();
}

const char* lilt_result_field(const lilt_result* result) {
  return result == nullptr ? "" : result->field.c_str();
}

void lilt_result_free(lilt_result* result) { delete result; }

lilt_result* lilt_model_open(const void* bytes, size_t size, lilt_model** model) {
  if (model != nullptr) *model = nullptr;
  return guarded([&] {
    if (bytes == nullptr || model == nullptr) {
      return made(wrong("expected the bytes of a model and a place for it, found NULL"));
    }
    Result<lilt::compose::Model> opened = lilt::compose::Model::open(
        lilt::Bytes::copy_of({static_cast<const std::byte*>(bytes), size}));
    if (!opened) return made(opened.error());
    auto made_model = std::make_unique<lilt_model>(lilt_model{*std::move(opened)});
    lilt_result* const result = made(LILT_OK, "");
    if (result != nullptr) *model = made_model.release();
    return result;
  });
}

lilt_result* lilt_model_describe(const lilt_model* model) {
  return guarded([&] {
    if (model == nullptr) return made(wrong("expected a model, found NULL"));
    const lilt::compose::Model& of = model->model;
    const nlohmann::json provenance = lilt::parse_untrusted_json(of.provenance());
    return made(LILT_OK,
                dumped({{"parameters", lilt::parameter_layout(of.config()).count},
                        {"dialects", of.config().text.dialects},
                        {"knows_tunes", of.knows_tunes()},
                        {"provenance", provenance.is_discarded() ? Json() : Json(provenance)}}));
  });
}

void lilt_model_free(lilt_model* model) { delete model; }

lilt_cancel* lilt_cancel_new(void) { return new (std::nothrow) lilt_cancel; }

void lilt_cancel_now(lilt_cancel* cancel) {
  if (cancel != nullptr) cancel->is_wished.store(true, std::memory_order_relaxed);
}

void lilt_cancel_free(lilt_cancel* cancel) { delete cancel; }

lilt_result* lilt_compose(const lilt_model* model, const char* request, size_t size,
                          lilt_take_piece take, void* user, const lilt_cancel* cancel) {
  return guarded([&] { return made(compose(model, request, size, take, user, cancel)); });
}

lilt_result* lilt_session_begin(const lilt_model* model, const char* request, size_t size,
                                lilt_session** session) {
  if (session != nullptr) *session = nullptr;
  return guarded([&] {
    if (session == nullptr) return made(wrong("expected a place for a session, found NULL"));
    Result<std::unique_ptr<Composing>> begun = begin(model, request, size);
    if (!begun) return made(begun.error());
    auto made_session = std::make_unique<lilt_session>(lilt_session{*std::move(begun)});
    lilt_result* const result = made(LILT_OK, "");
    if (result != nullptr) *session = made_session.release();
    return result;
  });
}

lilt_result* lilt_session_step(lilt_session* session, int* goes_on) {
  if (goes_on != nullptr) *goes_on = 0;
  return guarded([&] {
    if (session == nullptr || goes_on == nullptr) {
      return made(wrong("expected a session and a place for whether it goes on, found NULL"));
    }
    lilt_result* const result = made(LILT_OK, session->composing->step());
    *goes_on = session->composing->is_over() ? 0 : 1;
    return result;
  });
}

void lilt_session_free(lilt_session* session) { delete session; }

lilt_result* lilt_check(const char* abc, size_t size) {
  return guarded([&] {
    const Result<std::string_view> text = text_of(abc, size, "a text in ABC notation");
    if (!text) return made(text.error());
    Json findings = Json::array();
    lilt::abc::BookChecker checker([&](const lilt::abc::Finding& finding) {
      const bool is_error = severity(finding.problem.code) == lilt::abc::Severity::kError;
      findings.push_back({{"line", finding.line},
                          {"column", finding.column},
                          {"severity", is_error ? "error" : "warning"},
                          {"code", name(finding.problem.code)},
                          {"message", describe(finding.problem)}});
    });
    checker.feed(*text);
    checker.finish();
    return made(LILT_OK, dumped(findings));
  });
}

lilt_result* lilt_canonical(const char* abc, size_t size) {
  return guarded([&] {
    const Result<std::vector<GivenTune>> tunes = tunes_of(abc, size);
    return tunes ? made(LILT_OK, canonical(*tunes)) : made(tunes.error());
  });
}

lilt_result* lilt_transpose(const char* abc, size_t size, int semitones) {
  constexpr int kMost = 48;  // what nobody plays, and no MIDI number has
  return guarded([&] {
    if (semitones < -kMost || semitones > kMost) {
      return made(Error{ErrorCode::kOption,
                        "expected -48 to 48 semitones, found " + std::to_string(semitones),
                        {.field = "semitones"}});
    }
    Result<std::vector<GivenTune>> tunes = tunes_of(abc, size);
    if (!tunes) return made(tunes.error());
    for (GivenTune& given : *tunes) lilt::abc::transpose(given.tune, semitones);
    return made(LILT_OK, canonical(*tunes));
  });
}

lilt_result* lilt_musicxml(const char* abc, size_t size, const char* options, size_t options_size) {
  return guarded([&] {
    const Result<Performance> of = performance_of(abc, size, options, options_size);
    if (!of) return made(of.error());
    return made(lilt::score::make_musicxml(
        of->given.tune, {.instrument = of->playing.instrument, .tempo = of->playing.tempo}));
  });
}

lilt_result* lilt_midi(const char* abc, size_t size, const char* options, size_t options_size) {
  return guarded([&] {
    const Result<Performance> of = performance_of(abc, size, options, options_size);
    return of ? made(lilt::score::make_midi(of->given.tune, of->playing)) : made(of.error());
  });
}

lilt_result* lilt_notes(const char* abc, size_t size, const char* options, size_t options_size) {
  return guarded([&] {
    const Result<Performance> of = performance_of(abc, size, options, options_size);
    if (!of) return made(of.error());
    Result<lilt::score::Playback> playback = lilt::score::play(of->given.tune, of->playing);
    if (!playback) return made(playback.error());
    for (lilt::score::PlayedNote& note : playback->notes) {
      note.place.begin += static_cast<std::uint32_t>(of->given.shift);
      note.place.end += static_cast<std::uint32_t>(of->given.shift);
    }
    return made(LILT_OK, to_json(*playback));
  });
}
