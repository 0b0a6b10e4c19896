#include "train/text.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/random.h"
#include "base/text.h"
#include "corpus/held_out.h"
#include "corpus/learning_text.h"
#include "corpus/written_text.h"
#include "train/going_on.h"
#include "train/tune_streams.h"

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
                   "; add tunes, or use a smaller `batch` or `window`",
               {.source = options.files.front(), .byte = {}, .line = {}}};
}

std::string list_of(const std::set<char32_t>& characters) {
  std::string list;
  for (const char32_t c : characters) list += (list.empty() ? "" : ", ") + describe(c);
  return list;
}

Error unknown_characters(const Options& options, const std::set<char32_t>& unknown) {
  return {ErrorCode::kCorpus,
          "expected characters that the model to go on from knows, found " + list_of(unknown),
          {.source = options.files.front(), .byte = {}, .line = {}}};
}

// Of the text, which is read block by block.
std::uint64_t fingerprint(const corpus::TokenText& text) {
  std::uint64_t hash = kEmptyHash;
  std::vector<Token> block;
  for (std::size_t at = 0; at < text.size(); at += block.size()) {
    block.resize(std::min<std::size_t>(std::size_t{1} << 15, text.size() - at));
    text.read(at, block);
    hash = fingerprint(block, hash);
  }
  return hash;
}

// The characters of a text are those of the model that goes on, which must have them all.
Status take_vocabulary(const Predecessor& predecessor, const Options& options,
                       corpus::WrittenText& text) {
  std::set<char32_t> unknown;
  for (const char32_t c : text.vocabulary.characters()) {
    if (predecessor.vocabulary.token(c) == kUnknownToken) unknown.insert(c);
  }
  if (!unknown.empty()) return unknown_characters(options, unknown);
  corpus::use_vocabulary(predecessor.vocabulary, text);
  return success();
}

Result<Text> read_as_written(const Options& options, const std::optional<Predecessor>& predecessor,
                             std::size_t most_held) {
  Result<corpus::WrittenText> written = corpus::read_written_text(options.files, most_held);
  if (!written) return written.error();
  if (predecessor) {
    if (Status s = take_vocabulary(*predecessor, options, *written); !s) return s.error();
  }
  Text text;
  text.vocabulary = std::move(written->vocabulary);
  text.tokens = std::move(written->tokens);
  text.tune_starts = std::move(written->tune_starts);
  if (Status s = check_length(text.tokens.size(), options); !s) return s.error();

  if (options.valid_share > 0) {
    Result<corpus::SplitText> split = corpus::hold_out(
        text.tokens, text.tune_starts, text.vocabulary, options.valid_share, options.seed);
    if (!split) return split.error();
    text.tokens = std::move(split->kept);
    text.tune_starts = std::move(split->kept_starts);
    text.held_out = std::move(split->held_out);
    if (Status s = check_length(text.tokens.size(), options); !s) return s.error();
  }
  if (options.shuffle && text.tune_starts.empty()) {
    return Error{ErrorCode::kCorpus,
                 "expected tunes to shuffle, found no line that starts with X:",
                 {.source = options.files.front(), .byte = {}, .line = {}}};
  }
  text.fingerprint = fingerprint(text.tokens);
  return text;
}

// Moves a share of the first collection's tunes, chosen by the seed, out of it.
std::vector<corpus::LearningTune> hold_out_tunes(corpus::Repertoire& tunes,
                                                 const Options& options) {
  if (options.valid_share == 0 || tunes.size() < 2) return {};
  const std::size_t count = corpus::held_out_count(options.valid_share, tunes.size());
  tunes.shuffle(Random(options.seed, RandomStream::kSplit));
  std::vector<corpus::LearningTune> held_out;
  for (std::size_t i = 0; i < count; ++i) held_out.push_back(tunes.take_last());
  return held_out;
}

// Calls use(code point, bytes) for each character of a text, in order.
template <class Use>
void for_each_code_point(const std::string& text, Use&& use) {
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Step step = decode_utf8(std::string_view(text).substr(at));
    const std::size_t bytes = std::max<std::size_t>(1, step.bytes);
    use(step.code_point, std::string_view(text).substr(at, bytes));
    at += bytes;
  }
}

// Reads the collections of a run and learns of every tune what the run must know.
class TuneReader {
 public:
  TuneReader(const Options& options, const std::optional<Predecessor>& predecessor,
             std::size_t most_held)
      : options_(options), predecessor_(predecessor), most_held_(most_held) {
    text_.model.text.canonical = true;
    text_.model.text.in_c = options.keys == corpus::Keys::kC;
  }

  Status read(const std::string& file) {
    const auto dialect = static_cast<std::uint8_t>(text_.collections.size() + 1);
    corpus::KnownOutlines outlines(dialect);
    Result<corpus::Repertoire> collection = corpus::read_repertoire(
        file, text_.model.text, most_held_, [&](corpus::LearningTune& tune) {
          text_.fingerprint = fingerprint(tune.text, text_.fingerprint ^ kEmptyHash);
          predecessor_ ? leave_out_unknown(tune) : find_others(tune);
          if (text_.model.text.in_c) outlines.add(tune);
        });
    if (!collection) return collection.error();
    text_.outlines += outlines.text();
    text_.model.text.dialects.push_back(collection->name());
    text_.collections.push_back(*std::move(collection));
    return success();
  }

  Result<Text> finish() {
    const Status ready = predecessor_ ? take_over() : find_vocabulary();
    if (!ready) return ready.error();
    return std::move(text_);
  }

 private:
  // The characters that tunes have beyond ASCII.
  void find_others(const corpus::LearningTune& tune) {
    for_each_code_point(tune.text, [&](char32_t c, std::string_view) {
      if (c >= 128) others_.insert(c);
    });
  }

  // Leaves characters out that the model does not know.
  void leave_out_unknown(corpus::LearningTune& tune) {
    std::string kept;
    for_each_code_point(tune.text, [&](char32_t c, std::string_view bytes) {
      if (predecessor_->vocabulary.token(c) == kUnknownToken) {
        others_.insert(c);
      } else {
        kept += bytes;
      }
    });
    tune.text = std::move(kept);
  }

  // Music is ASCII; other characters are those of titles and names.
  Status take_over() {
    text_.vocabulary = predecessor_->vocabulary;
    text_.model.features = predecessor_->config.features;
    text_.model.text.dialects =
        joined_dialects(std::move(text_.model.text.dialects), predecessor_->config.text.dialects);
    if (others_.empty()) return success();
    if (*others_.begin() < 128) return unknown_characters(options_, others_);
    text_.remarks.push_back("left out of titles, as the model does not know them: " +
                            list_of(others_));
    return success();
  }

  Status find_vocabulary() {
    text_.vocabulary = corpus::learning_vocabulary({others_.begin(), others_.end()});
    Result<std::vector<FeatureConfig>> features = corpus::feature_tables(options_.features);
    if (!features) return features.error();
    text_.model.features = *std::move(features);
    return success();
  }

  const Options& options_;
  const std::optional<Predecessor>& predecessor_;
  std::size_t most_held_;
  Text text_;
  std::set<char32_t> others_;  // beyond ASCII, or that a predecessor does not know
};

Result<Text> read_tunes(const Options& options, const std::optional<Predecessor>& predecessor,
                        std::size_t most_held) {
  TuneReader reader(options, predecessor, most_held);
  for (const std::string& file : options.files) {
    if (Status s = reader.read(file); !s) return s.error();
  }
  Result<Text> text = reader.finish();
  if (!text) return text;

  constexpr std::uint8_t kFirstDialect = 1;
  const std::vector<corpus::LearningTune> held_out = hold_out_tunes(text->collections[0], options);
  Result<corpus::TuneEncoder> encoder = corpus::TuneEncoder::of(text->model, text->vocabulary);
  if (!encoder) return encoder.error();
  for (const corpus::LearningTune& tune : held_out) {
    encoder->add(tune.text, {.dialect = kFirstDialect, .tonic = tune.told_tonic}, text->held_out);
  }
  return text;
}

class ContiguousText : public Source {
 public:
  ContiguousText(const Options& options, const Text& text)
      : options_(options),
        text_(text),
        windows_(text.tokens.size(), options.batch, options.window),
        shuffled_(text.tokens, text.tune_starts) {}

  std::size_t windows() const override { return windows_.count(); }
  std::size_t characters() const override { return text_.tokens.size(); }

  void fill(const WindowPlace& place, Window& window) override {
    window.inputs.resize(options_.batch * options_.window);
    window.targets.resize(window.inputs.size());
    if (options_.shuffle && shuffled_epoch_ != place.epoch) {
      shuffled_.shuffle(options_.seed, place.epoch);
      shuffled_epoch_ = place.epoch;
    }
    const auto read = [this](std::size_t begin, std::span<Token> tokens) {
      options_.shuffle ? shuffled_.read(begin, tokens) : text_.tokens.read(begin, tokens);
    };
    windows_.fill(read, place.window, window.inputs, window.targets);
  }

 private:
  const Options& options_;
  const Text& text_;
  Windows windows_;
  corpus::ShuffledText shuffled_;
  std::uint64_t shuffled_epoch_ = static_cast<std::uint64_t>(-1);
};

}  // namespace

Result<Text> read_text(const Options& options, const std::optional<Predecessor>& predecessor,
                       std::size_t most_held) {
  Result<Text> text = options.model.text.canonical
                          ? read_tunes(options, predecessor, most_held)
                          : read_as_written(options, predecessor, most_held);
  if (!text) return text;
  std::vector<FeatureConfig> features = std::move(text->model.features);
  std::vector<std::string> dialects = std::move(text->model.text.dialects);
  const bool in_c = text->model.text.in_c;
  text->model = options.model;
  text->model.text.in_c = in_c;
  text->model.vocabulary = text->vocabulary.size();
  text->model.features = std::move(features);
  text->model.text.dialects = std::move(dialects);
  if (Status s = validate(text->model); !s) return s.error();
  if (!options.valid_file.empty()) {
    const std::uint8_t dialect = options.model.text.canonical ? 1 : 0;
    Result<corpus::TuneSet> tunes =
        corpus::read_tunes_for(text->model, text->vocabulary, {options.valid_file}, dialect);
    if (!tunes) return tunes.error();
    text->held_out = *std::move(tunes);
  }
  text->held_out_fingerprint = fingerprint(text->held_out);
  return text;
}

Result<std::unique_ptr<Source>> make_source(const Options& options, const Text& text) {
  if (!options.model.text.canonical) {
    return std::unique_ptr<Source>(std::make_unique<ContiguousText>(options, text));
  }
  Result<corpus::TuneEncoder> encoder = corpus::TuneEncoder::of(text.model, text.vocabulary);
  if (!encoder) return encoder.error();
  return std::unique_ptr<Source>(std::make_unique<TuneStreams>(
      options, text.collections, text.vocabulary, *std::move(encoder)));
}

Windows::Windows(std::size_t length, std::size_t batch, std::size_t window)
    : stream_(length / batch),
      batch_(batch),
      window_(window),
      count_(stream_ > window ? (stream_ - 1) / window : 0) {}

void Windows::fill(const Read& read, std::size_t index, std::span<Token> inputs,
                   std::span<Token> targets) const {
  std::vector<Token> row(window_ + 1);
  for (std::size_t n = 0; n < batch_; ++n) {
    read(n * stream_ + index * window_, row);
    for (std::size_t t = 0; t < window_; ++t) {
      inputs[t * batch_ + n] = row[t];
      targets[t * batch_ + n] = row[t + 1];
    }
  }
}

}  // namespace lilt::train
