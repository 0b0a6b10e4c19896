#include "studio/book_export.h"

#include <utility>

#include "abc/tune.h"
#include "base/environment_error.h"
#include "base/text.h"
#include "base/zip.h"
#include "score/file_name.h"
#include "score/source.h"
#include "studio/tune_card.h"

namespace lilt::studio {
namespace {

class Exporter {
 public:
  Exporter(const BookExport& wanted, const ExportListener& listener, std::size_t all)
      : wanted_(wanted),
        listener_(listener),
        renderer_(wanted.rendering, listener.go_on),
        zip_([this](std::string_view bytes) { write(bytes); }),
        all_(all) {}

  void take(const KeptTune& kept) {
    if (listener_.go_on && !listener_.go_on()) {
      throw EnvironmentError("interrupted", "the export is not whole");
    }
    if (listener_.progress) listener_.progress(done_, all_);
    ++done_;
    if (wanted_.format == BookFormat::kAbc) {
      write((done_ > 1 ? "\n" : "") + with_number(kept.content.abc, done_));
      return;
    }
    abc::Tune tune = abc::read_tune(kept.content.abc).tune;
    if (const Status status = score::check_source(tune); !status) {
      leave_out(kept, status.error());
    } else if (wanted_.format == BookFormat::kPdf) {
      pages_.push_back(std::move(tune));
    } else {
      add_files(kept, tune);
    }
  }

  Status finish() {
    if (wanted_.format == BookFormat::kZip) zip_.finish();
    if (wanted_.format != BookFormat::kPdf) return success();
    if (pages_.empty()) return Error{ErrorCode::kFormat, "expected a tune with notes, found none"};
    const Result<std::string> pdf = renderer_.make_book(pages_, score::Kind::kPdf);
    if (!pdf) return pdf.error();
    write(*pdf);
    return success();
  }

 private:
  void write(std::string_view bytes) {
    if (listener_.write) listener_.write(bytes);
  }

  void leave_out(const KeptTune& kept, const Error& error) {
    if (!listener_.left_out) return;
    const std::string title = kept.title.empty() ? "" : " (" + escaped(kept.title) + ")";
    listener_.left_out("tune " + std::to_string(kept.id) + title + ": " + error.message +
                       "; left out");
  }

  void add_files(const KeptTune& kept, const abc::Tune& tune) {
    const std::string name = names_.next(score::title_of(tune));
    for (const score::Kind kind : wanted_.kinds) {
      const Result<std::string> made = kind == score::Kind::kAbc
                                           ? Result<std::string>(kept.content.abc)
                                           : renderer_.make(tune, kind);
      if (!made) {
        leave_out(kept, made.error());
        continue;
      }
      zip_.add(name + "." + std::string(score::ending(kind)), *made, kept.changed);
    }
  }

  const BookExport& wanted_;
  const ExportListener& listener_;
  score::Renderer renderer_;
  ZipWriter zip_;
  score::FileNames names_;
  std::vector<abc::Tune> pages_;
  std::size_t done_ = 0, all_;
};

}  // namespace

Result<std::size_t> export_book(Book& book, const BookQuery& query, const BookExport& wanted,
                                const ExportListener& listener) {
  std::vector<score::Kind> kinds = wanted.kinds;
  if (wanted.format != BookFormat::kZip) kinds.clear();
  if (wanted.format == BookFormat::kPdf) kinds = {score::Kind::kPdf};
  score::require_for(kinds, wanted.rendering);
  BookQuery count = query;
  count.limit = 1;
  const Result<BookPage> page = book.search(count);
  if (!page) return page.error();
  if (page->total == 0) return Error{ErrorCode::kFormat, "expected a tune, found none"};
  Exporter exporter(wanted, listener, page->total);
  if (Status s = book.for_each(query, [&](const KeptTune& kept) { exporter.take(kept); }); !s) {
    return s.error();
  }
  if (Status status = exporter.finish(); !status) return status.error();
  return page->total;
}

}  // namespace lilt::studio
