#include "train/text.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "base/random.h"
#include "base/text.h"
#include "corpus/characters.h"
#include "corpus/learning_text.h"
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

}  // namespace

namespace {

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

// The vocabulary of the text, or of the model that goes on, which must have all its characters.
Result<Vocabulary> vocabulary_for(const std::vector<corpus::SourceFile>& files,
                                  const Options& options,
                                  const std::optional<Predecessor>& predecessor) {
  Result<Vocabulary> found = corpus::collect_vocabulary(files);
  if (!found || !predecessor) return found;
  std::set<char32_t> unknown;
  for (const char32_t c : found->characters()) {
    if (predecessor->vocabulary.token(c) == kUnknownToken) unknown.insert(c);
  }
  if (!unknown.empty()) return unknown_characters(options, unknown);
  return predecessor->vocabulary;
}

Result<Text> read_written_text(const Options& options,
                               const std::optional<Predecessor>& predecessor) {
  Text text;
  {
    const std::vector<corpus::SourceFile> files = corpus::open_files(options.files);
    Result<Vocabulary> vocabulary = vocabulary_for(files, options, predecessor);
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
  }
  if (options.shuffle && text.tune_starts.empty()) {
    return Error{ErrorCode::kCorpus,
                 "expected tunes to shuffle, found no line that starts with X:",
                 {.source = options.files.front(), .byte = {}, .line = {}}};
  }
  text.fingerprint = fingerprint(text.tokens);
  return text;
}

// The characters that the tunes have beyond ASCII.
std::vector<char32_t> other_characters(const std::vector<corpus::Repertoire>& collections) {
  std::set<char32_t> others;
  for (const corpus::Repertoire& collection : collections) {
    for (const corpus::LearningTune& tune : collection.tunes) {
      for (std::size_t at = 0; at < tune.text.size();) {
        const Utf8Step step = decode_utf8(std::string_view(tune.text).substr(at));
        if (step.code_point >= 128) others.insert(step.code_point);
        at += std::max<std::size_t>(1, step.bytes);
      }
    }
  }
  return {others.begin(), others.end()};
}

// Moves a share of the first collection's tunes, chosen by the seed, out of it.
std::vector<corpus::LearningTune> hold_out_tunes(corpus::Repertoire& collection,
                                                 const Options& options) {
  std::vector<corpus::LearningTune>& tunes = collection.tunes;
  if (options.valid_share == 0 || tunes.size() < 2) return {};
  const double wanted = std::round(options.valid_share * static_cast<double>(tunes.size()));
  const std::size_t count =
      std::clamp<std::size_t>(static_cast<std::size_t>(wanted), 1, tunes.size() - 1);
  Random(options.seed, RandomStream::kSplit).shuffle(std::span(tunes));
  std::vector<corpus::LearningTune> held_out;
  for (std::size_t i = 0; i < count; ++i) {
    held_out.push_back(std::move(tunes.back()));
    tunes.pop_back();
  }
  return held_out;
}

std::string outlines_of(const std::vector<corpus::Repertoire>& collections) {
  std::string outlines;
  for (std::size_t c = 0; c < collections.size(); ++c) {
    const auto dialect = static_cast<std::uint8_t>(c + 1);
    outlines += abc::outlines_text(corpus::known_outlines(collections[c], dialect));
  }
  return outlines;
}

// Leaves characters out that a model does not know, and names them.
std::set<char32_t> leave_out_unknown(const Vocabulary& vocabulary, corpus::Repertoire& collection) {
  std::set<char32_t> unknown;
  for (corpus::LearningTune& tune : collection.tunes) {
    std::string kept;
    for (std::size_t at = 0; at < tune.text.size();) {
      const Utf8Step step = decode_utf8(std::string_view(tune.text).substr(at));
      const std::size_t bytes = std::max<std::size_t>(1, step.bytes);
      if (vocabulary.token(step.code_point) == kUnknownToken) {
        unknown.insert(step.code_point);
      } else {
        kept.append(tune.text, at, bytes);
      }
      at += bytes;
    }
    tune.text = std::move(kept);
  }
  return unknown;
}

// Music is ASCII; other characters are those of titles and names.
Status keep_known(const Predecessor& predecessor, const Options& options, Text& text) {
  std::set<char32_t> unknown;
  for (corpus::Repertoire& collection : text.collections) {
    unknown.merge(leave_out_unknown(predecessor.vocabulary, collection));
  }
  if (unknown.empty()) return success();
  if (*unknown.begin() < 128) return unknown_characters(options, unknown);
  text.remarks.push_back("left out of titles, as the model does not know them: " +
                         list_of(unknown));
  return success();
}

Status take_over(const Predecessor& predecessor, const Options& options, Text& text) {
  text.vocabulary = predecessor.vocabulary;
  text.model.features = predecessor.config.features;
  text.model.text.dialects =
      joined_dialects(std::move(text.model.text.dialects), predecessor.config.text.dialects);
  return keep_known(predecessor, options, text);
}

Status find_vocabulary(const Options& options, Text& text) {
  text.vocabulary = corpus::learning_vocabulary(other_characters(text.collections));
  Result<std::vector<FeatureConfig>> features = corpus::feature_tables(options.features);
  if (!features) return features.error();
  text.model.features = *std::move(features);
  return success();
}

Result<Text> read_tunes(const Options& options, const std::optional<Predecessor>& predecessor) {
  Text text;
  text.model.text.canonical = true;
  text.model.text.in_c = options.keys == corpus::Keys::kC;
  for (const std::string& file : options.files) {
    Result<corpus::Repertoire> collection = corpus::read_repertoire(file, text.model.text);
    if (!collection) return collection.error();
    text.model.text.dialects.push_back(collection->name);
    for (const corpus::LearningTune& tune : collection->tunes) {
      text.fingerprint = fingerprint(tune.text, text.fingerprint ^ kEmptyHash);
    }
    text.collections.push_back(*std::move(collection));
  }
  Status ready =
      predecessor ? take_over(*predecessor, options, text) : find_vocabulary(options, text);
  if (!ready) return ready.error();

  constexpr std::uint8_t kFirstDialect = 1;
  if (text.model.text.in_c) text.outlines = outlines_of(text.collections);
  const std::vector<corpus::LearningTune> held_out = hold_out_tunes(text.collections[0], options);
  Result<corpus::TuneEncoder> encoder = corpus::TuneEncoder::of(text.model, text.vocabulary);
  if (!encoder) return encoder.error();
  for (const corpus::LearningTune& tune : held_out) {
    encoder->add(tune.text, {.dialect = kFirstDialect, .tonic = tune.told_tonic}, text.held_out);
  }
  return text;
}

class ContiguousText : public Source {
 public:
  ContiguousText(const Options& options, const Text& text)
      : options_(options),
        text_(text),
        windows_(text.tokens.size(), options.batch, options.window),
        shuffled_(options.shuffle ? text.tokens.size() : 0) {}

  std::size_t windows() const override { return windows_.count(); }
  std::size_t characters() const override { return text_.tokens.size(); }

  void fill(const WindowPlace& place, Window& window) override {
    window.inputs.resize(options_.batch * options_.window);
    window.targets.resize(window.inputs.size());
    if (options_.shuffle && shuffled_epoch_ != place.epoch) {
      corpus::shuffle_tunes(text_.tokens, text_.tune_starts, options_.seed, place.epoch, shuffled_);
      shuffled_epoch_ = place.epoch;
    }
    windows_.fill(options_.shuffle ? shuffled_ : text_.tokens, place.window, window.inputs,
                  window.targets);
  }

 private:
  const Options& options_;
  const Text& text_;
  Windows windows_;
  std::vector<Token> shuffled_;
  std::uint64_t shuffled_epoch_ = static_cast<std::uint64_t>(-1);
};

}  // namespace

Result<Text> read_text(const Options& options, const std::optional<Predecessor>& predecessor) {
  Result<Text> text = options.model.text.canonical ? read_tunes(options, predecessor)
                                                   : read_written_text(options, predecessor);
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
