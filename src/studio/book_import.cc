#include "studio/book_import.h"

#include <algorithm>
#include <utility>

#include "abc/book_check.h"
#include "abc/check.h"
#include "abc/diagnostic.h"

namespace lilt::studio {
namespace {

constexpr std::size_t kAtOnce = 500;  // tunes in one transaction: others get their turn between

// What is wrong with a tune, or nothing.
RefusedTune find_mistakes(const abc::BookTune& tune, const std::string& file_header) {
  std::vector<abc::Problem> problems = abc::check_tune(tune.text, file_header);
  if (tune.is_cut) {
    const auto end = static_cast<std::uint32_t>(tune.text.size());
    problems.push_back({abc::Code::kTuneTooLong, end, end});
  }
  RefusedTune refused{tune.line, std::string(abc::header_field(tune.text, 'T')), 0, {}};
  abc::PlaceFinder places(tune.text);
  for (const abc::Problem& problem : problems) {
    if (severity(problem.code) != abc::Severity::kError) continue;
    if (++refused.errors > kMostMistakes) continue;
    const abc::TextPlace place = places.find(problem.begin);
    refused.mistakes.push_back({tune.line + place.line - 1, place.column,
                                std::string(name(problem.code)), describe(problem)});
  }
  return refused;
}

}  // namespace

BookImport::BookImport(Book& book, std::vector<std::string> tags, Listener listener)
    : book_(book),
      tags_(std::move(tags)),
      listener_(std::move(listener)),
      reader_([this](abc::BookTune& tune) { take(tune); }, kLongestKept - (1 << 16)) {}

void BookImport::take(const abc::BookTune& tune) {
  const RefusedTune refused = find_mistakes(tune, reader_.file_header());
  if (refused.errors == 0) {
    waiting_.push_back({abc::standing_alone(tune.text, reader_.file_header()), 0, tags_, "", ""});
    return;
  }
  ++figures_.refused;
  if (listener_.refused) listener_.refused(refused);
}

Status BookImport::feed(std::string_view bytes) {
  // In small blocks, so that not all of a large one waits.
  constexpr std::size_t kBlock = std::size_t{1} << 16;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(kBlock, bytes.size()))) {
    reader_.feed(bytes.substr(0, kBlock));
    if (Status status = add_waiting(kAtOnce); !status) return status;
  }
  return success();
}

Status BookImport::add_waiting(std::size_t least) {
  if (waiting_.size() < least) return success();
  const Result<std::vector<std::int64_t>> ids = book_.add_new(waiting_);
  if (!ids) return ids.error();
  waiting_.clear();
  for (const std::int64_t id : *ids) {
    ++(id == 0 ? figures_.known : figures_.added);
    if (id != 0 && listener_.added) listener_.added(id);
  }
  return success();
}

Result<ImportFigures> BookImport::finish() {
  reader_.finish();
  if (Status status = add_waiting(1); !status) return status.error();
  if (reader_.tunes() > 0) return figures_;
  return Error{ErrorCode::kFormat, "expected tunes in ABC notation, found none"};
}

}  // namespace lilt::studio
