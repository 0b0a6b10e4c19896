#include "train/text.h"

#include <string>

#include "corpus/characters.h"

namespace lilt::train {
namespace {

constexpr std::uint64_t kEmptyHash = 0xCBF29CE484222325;

// FNV-1a (Fowler, Noll, Vo) over the values, going on from `hash`.
template <class Values>
std::uint64_t fingerprint(const Values& values, std::uint64_t hash = kEmptyHash) {
  for (const auto value : values) hash = (hash ^ static_cast<std::uint64_t>(value)) * 0x100000001B3;
  return hash;
}

// Over all that validation depends on.
std::uint64_t fingerprint(const corpus::TuneSet& tunes) {
  return fingerprint(tunes.starts, fingerprint(tunes.kinds, fingerprint(tunes.tokens)));
}

Status check_length(std::size_t characters, const Options& options) {
  if (Windows(characters, options.batch, options.window).count() > 0) return success();
  const std::size_t needed = options.batch * (options.window + 1);
  return Error{ErrorCode::kCorpus,
               "expected at least " + std::to_string(needed) + " characters for " +
                   std::to_string(options.batch) + " streams of windows of " +
                   std::to_string(options.window) + ", found " + std::to_string(characters) +
                   "; add tunes, or use a smaller --batch or --window",
               {.source = options.files.front(), .byte = {}, .line = {}}};
}

}  // namespace

Result<Text> read_text(const Options& options) {
  Text text;
  {
    const std::vector<corpus::SourceFile> files = corpus::open_files(options.files);
    Result<Vocabulary> vocabulary = corpus::collect_vocabulary(files);
    if (!vocabulary) return vocabulary.error();
    text.vocabulary = *std::move(vocabulary);
    if (text.vocabulary.size() > kMaxWidth) {
      return Error{ErrorCode::kCorpus, "expected at most " + std::to_string(kMaxWidth) +
                                           " distinct characters, found " +
                                           std::to_string(text.vocabulary.size())};
    }
    Result<corpus::EncodedText> encoded = corpus::encode(files, text.vocabulary);
    if (!encoded) return encoded.error();
    text.tokens = std::move(encoded->tokens);
    text.tune_starts = corpus::find_tunes(text.tokens, text.vocabulary, encoded->file_starts);
  }
  if (Status s = check_length(text.tokens.size(), options); !s) return s.error();

  if (options.valid_share > 0) {
    Result<corpus::SplitText> split = corpus::hold_out(
        text.tokens, text.tune_starts, text.vocabulary, options.valid_share, options.seed);
    if (!split) return split.error();
    text.tokens = std::move(split->kept);
    text.tune_starts = std::move(split->kept_starts);
    text.held_out = std::move(split->held_out);
    if (Status s = check_length(text.tokens.size(), options); !s) return s.error();
  } else if (!options.valid_file.empty()) {
    Result<corpus::TuneSet> tunes =
        corpus::read_tunes(corpus::open_files({options.valid_file}), text.vocabulary);
    if (!tunes) return tunes.error();
    text.held_out = *std::move(tunes);
  }
  if (options.shuffle && text.tune_starts.empty()) {
    return Error{ErrorCode::kCorpus,
                 "expected tunes to shuffle, found no line that starts with X:",
                 {.source = options.files.front(), .byte = {}, .line = {}}};
  }
  text.fingerprint = fingerprint(text.tokens);
  text.held_out_fingerprint = fingerprint(text.held_out);
  return text;
}

Windows::Windows(std::size_t length, std::size_t batch, std::size_t window)
    : stream_(length / batch),
      batch_(batch),
      window_(window),
      count_(stream_ > window ? (stream_ - 1) / window : 0) {}

void Windows::fill(std::span<const Token> text, std::size_t index, std::span<Token> inputs,
                   std::span<Token> targets) const {
  for (std::size_t n = 0; n < batch_; ++n) {
    const Token* from = text.data() + n * stream_ + index * window_;
    for (std::size_t t = 0; t < window_; ++t) {
      inputs[t * batch_ + n] = from[t];
      targets[t * batch_ + n] = from[t + 1];
    }
  }
}

}  // namespace lilt::train
