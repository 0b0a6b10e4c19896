// Routes of the tune book: docs/studio-api.md.
#include <algorithm>
#include <atomic>
#include <charconv>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/nearest.h"
#include "likeness/novelty.h"
#include "score/publication.h"
#include "studio/answer.h"
#include "studio/book_export.h"
#include "studio/book_import.h"
#include "studio/book_json.h"
#include "studio/studio.h"
#include "studio/tune_card.h"

namespace lilt::studio {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostNear = 20;
constexpr std::size_t kMostRefusals = 100;                   // that an import tells
constexpr std::size_t kTuneBody = std::size_t{4} << 20;      // bytes
constexpr std::size_t kImportBody = std::size_t{128} << 20;  // bytes
constexpr std::size_t kImportBlock = std::size_t{64} << 10;  // between which others have their turn

// --- What routes have in common

HttpResponse with_book(Studio& studio, const std::function<HttpResponse(Book&)>& answer) {
  if (!studio.book) return error_answer(500, "there is no tune book");
  HttpResponse response;
  const Status opened = studio.book->with([&](Book& book) { response = answer(book); });
  return opened ? response : error_answer(500, opened.error().to_string());
}

HttpResponse no_tune() { return error_answer(404, "the book has no such tune; it may be gone"); }

std::optional<std::int64_t> read_id(std::string_view text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id < 1) return {};
  return id;
}

// Adds a route about one tune, whose id is the first {} of its path.
using TuneHandler = std::function<HttpResponse(const HttpRequest&, std::int64_t id)>;
void add_tune_route(Router& router, const std::string& method, const std::string& path,
                    TuneHandler handler) {
  router.add(
      method, path,
      [handler = std::move(handler)](const HttpRequest& request) {
        const std::optional<std::int64_t> id = read_id(request.parameters[0]);
        return id ? handler(request, *id) : no_tune();
      },
      kTuneBody);
}

HttpResponse saving_answer(const Saving& saving) {
  switch (saving.outcome) {
    case Saved::kGone:
      return no_tune();
    case Saved::kDone:
      return json_answer(saving.tune ? to_json(*saving.tune) : Json{{"done", true}});
    case Saved::kOutdated:
      break;
  }
  return json_answer(
      {{"error",
        {{"message", "somebody else has changed this tune meanwhile"}, {"field", "revision"}}},
       {"tune", to_json(*saving.tune)}},
      409);
}

// Reads what was asked in the address as the fields of a struct.
template <class Struct>
Result<Struct> read_query(const HttpRequest& request, Struct asked = {}) {
  const std::vector<std::string> names = field_names<Struct>();
  for (const auto& [name, value] : request.query) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    return Error{ErrorCode::kOption, "unknown member" + did_you_mean(name, names), {.field = name}};
  }
  Status status = success();
  visit_fields(asked, [&]<class T>(const Field& field, T& value) {
    const std::optional<std::string_view> text = request.query_value(std::string(field.name));
    if (!status || !text) return;
    Result<T> read = read_value<T>(field, *text, value);
    if (!read) {
      status = read.error();
    } else {
      value = *std::move(read);
    }
  });
  if (!status) return status.error();
  return asked;
}

// --- What is known of tunes beside those that the first model learnt

class Known {
 public:
  explicit Known(Studio& studio) {
    if (studio.models.names().empty()) return;
    const Result<std::shared_ptr<Composer>> composer = studio.models.composer("");
    if (!composer || !(*composer)->model().knows_tunes()) return;
    composer_ = *composer;
    const Result<const likeness::Novelty*> novelty = composer_->model().novelty();
    if (novelty) novelty_ = *novelty;
  }

  [[nodiscard]] const likeness::Novelty* novelty() const { return novelty_; }

 private:
  std::shared_ptr<Composer> composer_;  // keeps it
  const likeness::Novelty* novelty_ = nullptr;
};

// --- GET /api/book, /api/book/tags

HttpResponse list_answer(Studio& studio, const HttpRequest& request) {
  const Result<BookQuery> query = read_query<BookQuery>(request);
  if (!query) return error_answer(query.error());
  Result<BookPage> page = BookPage{};
  HttpResponse answer = with_book(studio, [&](Book& book) {
    page = book.search(*query);
    return HttpResponse{};
  });
  if (answer.status != 200) return answer;
  if (!page) return error_answer(page.error());
  return json_answer(to_json(*page, Known(studio).novelty()));
}

HttpResponse tags_answer(Studio& studio) {
  return with_book(studio, [](Book& book) {
    Json tags = Json::array();
    for (const TagCount& count : book.tags()) {
      tags.push_back({{"tag", count.tag}, {"tunes", count.tunes}});
    }
    return json_answer({{"tags", tags}});
  });
}

// --- POST /api/book, PUT /api/book/ID

// What a page tells of a tune; what it does not tell stays as it is.
struct TuneChange {
  std::optional<std::string> abc, title, notes;
  std::optional<int> stars;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::int64_t> from, revision;
  std::optional<std::string> request;  // JSON
};

template <FieldsOf<TuneChange> C, class Visit>
void visit_fields(C& c, Visit&& visit) {
  visit(Field{.name = "abc", .help = "The tune"}, c.abc);
  visit(Field{.name = "title", .help = "Its title, in place of that in the ABC"}, c.title);
  visit(Field{.name = "notes", .help = "What a person writes about it"}, c.notes);
  visit(Field{.name = "stars", .help = "0 to 5"}, c.stars);
  visit(Field{.name = "tags", .help = "Its tags"}, c.tags);
  visit(Field{.name = "from", .help = "The tune that it is a variation of"}, c.from);
  visit(Field{.name = "revision", .help = "Which one is changed"}, c.revision);
}

// Null is what is not told.
Result<TuneChange> read_change(const HttpRequest& request) {
  Result<nlohmann::json> json = read_object(request);
  if (!json) return json.error();
  TuneChange change;
  if (const auto asked = json->find("request"); asked != json->end()) {
    if (!asked->is_null() && !asked->is_object()) {
      return Error{ErrorCode::kOption, "expected a JSON object", {.field = "request"}};
    }
    if (!asked->is_null()) change.request = asked->dump();
    json->erase(asked);
  }
  return fields_from_json<TuneChange>(*json, std::move(change));
}

Result<TuneContent> apply(const TuneChange& change, TuneContent content) {
  if (change.abc) content.abc = *change.abc;
  if (change.notes) content.notes = *change.notes;
  if (change.stars) content.stars = *change.stars;
  if (change.tags) content.tags = *change.tags;
  if (change.request) content.request = *change.request;
  if (!change.title) return content;
  Result<std::string> titled = with_title(content.abc, *change.title);
  if (!titled) return titled.error();
  content.abc = *std::move(titled);
  return content;
}

HttpResponse add_answer(Studio& studio, const HttpRequest& request) {
  const Result<TuneChange> change = read_change(request);
  if (!change) return error_answer(change.error());
  const Result<TuneContent> content = apply(*change, {});
  if (!content) return error_answer(content.error());
  return with_book(studio, [&](Book& book) {
    const Result<KeptTune> tune = book.add(*content, change->from);
    return tune ? json_answer(to_json(*tune), 201) : error_answer(tune.error());
  });
}

HttpResponse change_answer(Studio& studio, const HttpRequest& request, std::int64_t id) {
  const Result<TuneChange> change = read_change(request);
  if (!change) return error_answer(change.error());
  if (!change->revision) {
    return error_answer(400, "expected the revision that is changed, found none", "revision");
  }
  return with_book(studio, [&](Book& book) {
    const std::optional<KeptTune> old = book.find(id);
    if (!old) return no_tune();
    const Result<TuneContent> content = apply(*change, old->content);
    if (!content) return error_answer(content.error());
    const Result<Saving> saving = book.update(id, *change->revision, *content);
    return saving ? saving_answer(*saving) : error_answer(saving.error());
  });
}

// --- GET and DELETE /api/book/ID, and what hangs on it

HttpResponse find_answer(Studio& studio, std::int64_t id) {
  std::optional<KeptTune> tune;
  HttpResponse answer = with_book(studio, [&](Book& book) {
    tune = book.find(id);
    return tune ? HttpResponse{} : no_tune();
  });
  return answer.status == 200 ? json_answer(to_json(*tune, Known(studio).novelty())) : answer;
}

struct RevisionQuery {
  std::optional<std::int64_t> revision;
};

template <FieldsOf<RevisionQuery> Q, class Visit>
void visit_fields(Q& q, Visit&& visit) {
  visit(Field{.name = "revision", .help = "Which one was seen"}, q.revision);
}

// Whatever its revision, where none is told: it can be had back.
HttpResponse remove_answer(Studio& studio, const HttpRequest& request, std::int64_t id) {
  const Result<RevisionQuery> query = read_query<RevisionQuery>(request);
  if (!query) return error_answer(query.error());
  return with_book(studio, [&](Book& book) {
    const std::optional<KeptTune> old = book.find(id);
    if (!old) return no_tune();
    return saving_answer(book.remove(id, query->revision.value_or(old->revision)));
  });
}

HttpResponse near_answer(Studio& studio, std::int64_t id) {
  return with_book(studio, [&](Book& book) {
    Json tunes = Json::array();
    for (const NearTune& near : book.near(id, kMostNear)) {
      Json json = to_json(near.tune);
      json["similarity"] = near.similarity;
      tunes.push_back(std::move(json));
    }
    return json_answer({{"tunes", tunes}});
  });
}

HttpResponse history_answer(Studio& studio, std::int64_t id) {
  return with_book(studio, [&](Book& book) {
    Json versions = Json::array();
    for (const TuneVersion& version : book.history(id)) versions.push_back(to_json(version));
    return json_answer({{"versions", versions}});
  });
}

struct RestoreRequest {
  std::int64_t revision = 0, to = 0;
};

template <FieldsOf<RestoreRequest> R, class Visit>
void visit_fields(R& r, Visit&& visit) {
  visit(Field{.name = "revision", .help = "Which one is changed; of a tune that is out any"},
        r.revision);
  visit(Field{.name = "to", .help = "Which one it is to be again; 0: the last before this"}, r.to);
}

HttpResponse restore_answer(Studio& studio, const HttpRequest& request, std::int64_t id) {
  const Result<RestoreRequest> asked = read_fields_of<RestoreRequest>(request);
  if (!asked) return error_answer(asked.error());
  return with_book(studio, [&](Book& book) {
    std::int64_t to = asked->to;
    if (to == 0) {
      const std::vector<TuneVersion> versions = book.history(id);
      if (versions.empty()) return no_tune();
      to = versions.front().revision;
    }
    return saving_answer(book.restore(id, asked->revision, to));
  });
}

// --- POST /api/book/import

struct ImportRequest {
  std::string text;
  std::vector<std::string> tags;
};

template <FieldsOf<ImportRequest> R, class Visit>
void visit_fields(R& r, Visit&& visit) {
  visit(Field{.name = "text", .help = "A file of tunes"}, r.text);
  visit(Field{.name = "tags", .help = "For each of them"}, r.tags);
}

HttpResponse import_answer(Studio& studio, const HttpRequest& request) {
  const Result<ImportRequest> asked = read_fields_of<ImportRequest>(request);
  if (!asked) return error_answer(asked.error());
  Json ids = Json::array(), refused = Json::array();
  const BookImport::Listener listener{[&](const RefusedTune& tune) {
                                        if (refused.size() < kMostRefusals) {
                                          refused.push_back(to_json(tune));
                                        }
                                      },
                                      [&](std::int64_t id) { ids.push_back(id); }};
  std::optional<BookImport> importing;
  Result<ImportFigures> figures = ImportFigures{};
  HttpResponse answer;
  const std::string_view text = asked->text;
  for (std::size_t at = 0; at <= text.size() && answer.status == 200; at += kImportBlock) {
    const bool is_last = at + kImportBlock > text.size();
    answer = with_book(studio, [&](Book& book) {
      if (!importing) importing.emplace(book, asked->tags, listener);
      if (Status fed = importing->feed(text.substr(at, kImportBlock)); !fed) {
        return error_answer(fed.error());
      }
      if (is_last) figures = importing->finish();
      return figures ? HttpResponse{} : error_answer(figures.error());
    });
  }
  if (answer.status != 200) return answer;
  return json_answer({{"added", figures->added},
                      {"known", figures->known},
                      {"refused", figures->refused},
                      {"ids", ids},
                      {"refusals", refused}});
}

// --- GET /api/book/export.…

struct ExportQuery {
  BookQuery query{.sort = BookOrder::kTitle};
  std::string instrument = score::kUsualInstrument, paper = "a4";
  std::optional<double> tempo;
};

template <FieldsOf<ExportQuery> Q, class Visit>
void visit_fields(Q& q, Visit&& visit) {
  visit_fields(q.query, visit);
  visit(Field{.name = "instrument", .help = "That plays the melodies"}, q.instrument);
  visit(Field{.name = "tempo", .help = "Beats a minute"}, q.tempo);
  visit(Field{.name = "paper", .help = "a4 or letter"}, q.paper);
}

// An export, with a connection of its own: it takes as long as it takes, and others go on
// meanwhile.
struct Export {
  BookQuery query;
  BookExport wanted;
  std::filesystem::path book;

  Result<std::size_t> run(const ExportListener& listener) const {
    Result<Book> own = Book::open(book, Access::kRead);
    if (!own) return own.error();
    return export_book(*own, query, wanted, listener);
  }
};

// Only one at a time of those that may take minutes.
class Turn {
 public:
  explicit Turn(std::atomic<bool>& taken) : taken_(&taken), is_mine_(!taken.exchange(true)) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (is_mine_) *taken_ = false;
  }

  [[nodiscard]] bool is_mine() const { return is_mine_; }

 private:
  std::atomic<bool>* taken_;
  bool is_mine_;
};

HttpResponse archive_answer(Studio& studio, const Export& wanted, const HttpRequest& request) {
  score::require_for(wanted.wanted.kinds, wanted.wanted.rendering);
  const auto turn = std::make_shared<Turn>(studio.exporting);
  if (!turn->is_mine()) return error_answer(503, "another export is being made; try again later");
  HttpResponse answer = file_answer("", "application/zip", "tunes.zip");
  answer.stream = [wanted, turn, stop = request.stop](const std::shared_ptr<BodyStream>& stream) {
    bool is_read = true;
    const ExportListener listener{.write =
                                      [&](std::string_view bytes) {
                                        is_read =
                                            is_read && stream->write_slowly(std::string(bytes));
                                      },
                                  .go_on = [&] { return is_read && !stop.stop_requested(); }};
    if (wanted.run(listener) && is_read) stream->finish();
  };
  return answer;
}

HttpResponse export_answer(Studio& studio, const HttpRequest& request, BookFormat format,
                           std::vector<score::Kind> kinds) {
  const Result<ExportQuery> asked = read_query<ExportQuery>(request);
  if (!asked) return error_answer(asked.error());
  const Result<score::RenderOptions> rendering = score::render_options(
      {.instrument = asked->instrument, .tempo = asked->tempo, .paper = asked->paper});
  if (!rendering) return error_answer(rendering.error());
  // Opens the book, and refuses what cannot be before the answer begins.
  HttpResponse found = with_book(studio, [&](Book& book) {
    const Result<BookPage> page = book.search(asked->query);
    if (!page) return error_answer(page.error());
    return page->total > 0 ? HttpResponse{} : error_answer(400, "expected a tune, found none");
  });
  if (found.status != 200) return found;
  const Export wanted{asked->query, {format, std::move(kinds), *rendering}, studio.book->path()};
  if (format == BookFormat::kZip) return archive_answer(studio, wanted, request);
  std::string bytes;
  const ExportListener listener{.write = [&](std::string_view piece) { bytes += piece; },
                                .go_on = [&] { return !request.stop.stop_requested(); }};
  const Result<std::size_t> tunes = wanted.run(listener);
  if (!tunes) return error_answer(tunes.error());
  if (format == BookFormat::kPdf)
    return file_answer(std::move(bytes), "application/pdf", "tunes.pdf");
  return file_answer(std::move(bytes), "text/vnd.abc; charset=utf-8", "tunes.abc");
}

void add_export_routes(Router& router, Studio& studio) {
  const auto add = [&](const std::string& ending, BookFormat format,
                       const std::vector<score::Kind>& kinds) {
    router.add("GET", "/api/book/export." + ending,
               [&studio, format, kinds](const HttpRequest& request) {
                 return export_answer(studio, request, format, kinds);
               });
  };
  add("abc", BookFormat::kAbc, {});
  add("pdf", BookFormat::kPdf, {});
  for (std::size_t i = 0; i < score::kKinds; ++i) {
    const auto kind = static_cast<score::Kind>(i);
    add(std::string(score::ending(kind)) + ".zip", BookFormat::kZip, {kind});
  }
}

}  // namespace

void add_book_routes(Router& router, Studio& studio) {
  router.add("GET", "/api/book",
             [&studio](const HttpRequest& request) { return list_answer(studio, request); });
  router.add(
      "POST", "/api/book",
      [&studio](const HttpRequest& request) { return add_answer(studio, request); }, kTuneBody);
  router.add("GET", "/api/book/tags",
             [&studio](const HttpRequest&) { return tags_answer(studio); });
  router.add(
      "POST", "/api/book/import",
      [&studio](const HttpRequest& request) { return import_answer(studio, request); },
      kImportBody);
  add_export_routes(router, studio);
  using Request = HttpRequest;
  add_tune_route(router, "GET", "/api/book/{}",
                 [&studio](const Request&, std::int64_t id) { return find_answer(studio, id); });
  add_tune_route(router, "PUT", "/api/book/{}", [&studio](const Request& request, std::int64_t id) {
    return change_answer(studio, request, id);
  });
  add_tune_route(router, "DELETE", "/api/book/{}",
                 [&studio](const Request& request, std::int64_t id) {
                   return remove_answer(studio, request, id);
                 });
  add_tune_route(router, "GET", "/api/book/{}/near",
                 [&studio](const Request&, std::int64_t id) { return near_answer(studio, id); });
  add_tune_route(router, "GET", "/api/book/{}/history",
                 [&studio](const Request&, std::int64_t id) { return history_answer(studio, id); });
  add_tune_route(router, "POST", "/api/book/{}/restore",
                 [&studio](const Request& request, std::int64_t id) {
                   return restore_answer(studio, request, id);
                 });
}

}  // namespace lilt::studio
