#include "studio/tune_card.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "abc/book.h"
#include "base/sha256.h"
#include "likeness/contour.h"
#include "likeness/melody.h"
#include "studio/book.h"

namespace lilt::studio {
namespace {

constexpr std::u32string_view kWordFields = U"TCOARSBDNHZG";

Error refused(const std::string& message) {
  return {ErrorCode::kOption, message, {.field = "abc"}};
}

std::string_view without_number(std::string_view abc) {
  if (!abc.starts_with("X:")) return abc;
  return abc.substr(std::min(abc.find('\n'), abc.size() - 1) + 1);
}

// 64 bits of a SHA-256.
std::int64_t digest_of(std::string_view text) {
  const std::string hexadecimal = sha256(text);
  std::uint64_t digest = 0;
  std::from_chars(hexadecimal.data(), hexadecimal.data() + 16, digest, 16);
  return static_cast<std::int64_t>(digest);
}

std::string key_of(const abc::Tune& tune) {
  return tune.key.has_tonic ? tune.key.to_string() : tune.field(U'K');
}

std::string words_of(const abc::Tune& tune) {
  std::string words;
  for (const abc::Field& field : tune.header) {
    if (kWordFields.find(field.letter) == std::u32string_view::npos) continue;
    words += field.text + "\n";
  }
  return words + key_of(tune) + "\n";
}

}  // namespace

TuneCard card_of(const abc::Tune& tune, std::string abc) {
  TuneCard card;
  card.title = tune.field(U'T');
  card.key = key_of(tune);
  card.metre = tune.metre.to_string();
  card.rhythm = tune.field(U'R');
  card.words = words_of(tune);
  card.steps = likeness::contour_of(likeness::melody_of(tune)).steps;
  card.digest = digest_of(without_number(abc));
  card.abc = std::move(abc);
  return card;
}

Result<TuneCard> read_card(std::string_view abc) {
  std::size_t tunes = 0;
  abc::BookTune first;
  abc::BookReader reader(
      [&](abc::BookTune& tune) {
        if (tunes++ == 0) first = std::move(tune);
      },
      kLongestKept);
  reader.feed(abc);
  reader.finish();
  if (tunes == 0)
    return refused("expected a tune, which has a line that begins with K:, found none");
  if (tunes > 1) {
    return refused("expected one tune, found " + std::to_string(tunes) +
                   "; an empty line ends a tune, and each X: begins one");
  }
  if (first.is_cut) {
    return refused("expected a tune of at most " + std::to_string(kLongestKept) + " bytes");
  }
  if (first.not_utf8) return refused("expected UTF-8");
  std::string text = abc::standing_alone(first.text, reader.file_header());
  const abc::Tune tune = abc::read_tune(text).tune;
  return card_of(tune, std::move(text));
}

Result<std::string> with_title(std::string_view abc, std::string_view title) {
  const bool is_line = title.find_first_of("\r\n") == std::string_view::npos &&
                       title.find('\0') == std::string_view::npos;
  if (!is_line || title.size() > kLongestTitle || abc::valid_utf8_size(title) != title.size()) {
    return Error{ErrorCode::kOption,
                 "expected a line of at most " + std::to_string(kLongestTitle) + " bytes in UTF-8",
                 {.field = "title"}};
  }
  const std::string line = "T:" + std::string(title) + "\n";
  std::size_t behind_number = 0;
  for (std::size_t at = 0; at < abc.size();) {
    const std::size_t end = std::min(abc.find('\n', at), abc.size() - 1) + 1;
    const std::string_view old = abc.substr(at, end - at);
    if (old.starts_with("T:")) {
      return std::string(abc.substr(0, at)) + line + std::string(abc.substr(end));
    }
    if (old.starts_with("X:")) behind_number = end;
    if (old.starts_with("K:")) break;
    at = end;
  }
  return std::string(abc.substr(0, behind_number)) + line + std::string(abc.substr(behind_number));
}

std::string with_number(std::string_view abc, std::size_t number) {
  return "X:" + std::to_string(number) + "\n" + std::string(without_number(abc));
}

}  // namespace lilt::studio
