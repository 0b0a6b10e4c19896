#include "train/ranks.h"

#include <algorithm>
#include <optional>
#include <string>

namespace lilt::train {
namespace {

// What came of a step.
struct Outcome {
  Status status = success();
  std::optional<EnvironmentError> failure;

  [[nodiscard]] std::string text() const {
    if (failure) return failure->what();
    return status ? "" : status.error().to_string();
  }
};

Outcome outcome_of(const std::function<Status()>& step) {
  try {
    return {.status = step(), .failure = {}};
  } catch (const EnvironmentError& e) {
    return {.status = success(), .failure = e};
  }
}

// What a rank tells the others of it.
struct Word {
  std::uint64_t fails = 0, is_failure = 0, code = 0, length = 0;
};

Word word_of(const Outcome& mine) {
  Word word{.is_failure = mine.failure ? 1U : 0U, .length = mine.text().size()};
  word.fails = mine.failure || !mine.status ? 1 : 0;
  if (!mine.status) word.code = static_cast<std::uint64_t>(mine.status.error().code);
  return word;
}

// The text of one rank, of that length, for everyone.
std::string said_by(Ranks& ranks, std::size_t rank, std::string text, std::size_t length) {
  text.resize(length);
  std::vector<std::size_t> cuts(ranks.size() + 1, 0);
  std::fill(cuts.begin() + static_cast<std::ptrdiff_t>(rank) + 1, cuts.end(), length);
  share(ranks, std::span(text), cuts);
  return text;
}

}  // namespace

std::vector<std::size_t> even_cuts(std::size_t count, std::size_t ranks) {
  std::vector<std::size_t> cuts;
  for (std::size_t r = 0; r <= ranks; ++r) cuts.push_back(count * r / ranks);
  return cuts;
}

void share_bytes(Ranks& ranks, std::span<std::byte> whole, const std::vector<std::size_t>& cuts) {
  const auto slice = [&](std::size_t r) { return whole.subspan(cuts[r], cuts[r + 1] - cuts[r]); };
  std::vector<Ranks::Outgoing> out;
  std::vector<Ranks::Incoming> in;
  for (std::size_t i = 1; i < ranks.size(); ++i) {
    // Each begins with its neighbour, or all would send to rank 0 first.
    const std::size_t to = (ranks.rank() + i) % ranks.size();
    const std::size_t from = (ranks.rank() + ranks.size() - i) % ranks.size();
    out.push_back({to, slice(ranks.rank())});
    in.push_back({from, slice(from)});
  }
  ranks.exchange(out, in);
}

Status together(Ranks& ranks, const std::function<Status()>& step) {
  if (ranks.size() == 1) return step();
  const Outcome mine = outcome_of(step);
  const std::vector<Word> words = said_by_all(ranks, word_of(mine));
  const auto found = std::ranges::find_if(words, [](const Word& w) { return w.fails != 0; });
  if (found == words.end()) return success();
  const auto rank = static_cast<std::size_t>(found - words.begin());
  const std::string who = "rank " + std::to_string(rank);
  const std::string text = said_by(ranks, rank, mine.text(), found->length);
  if (found->is_failure != 0) throw FailureOfAll(who, text);
  if (rank == ranks.rank()) return mine.status;
  return Error{static_cast<ErrorCode>(found->code), who + ": " + text};
}

}  // namespace lilt::train
