// The text of a run and the windows it is learnt in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "corpus/repertoire.h"
#include "corpus/token_text.h"
#include "corpus/tunes.h"
#include "model/config.h"
#include "model/vocabulary.h"
#include "train/options.h"
#include "train/source.h"

namespace lilt::train {

// What a run learns and validates on. Of large texts the characters wait on the disk: TokenText,
// Repertoire. Memory beyond that: 8 bytes a tune, of a text as it is written 20 when shuffled each
// epoch, of canonical text 12; and the tunes held out.
struct Text {
  Vocabulary vocabulary;
  ModelConfig model;  // of the options, with what the text adds: vocabulary, features, dialects
  std::vector<corpus::Repertoire> collections;  // of canonical text; then tokens are empty
  std::string
      outlines;  // of tunes in C, what the model carries of their form: abc::outlines_text()
  corpus::TokenText tokens;
  std::vector<std::size_t> tune_starts;    // of the tunes in tokens
  corpus::TuneSet held_out;                // empty without validation
  std::uint64_t fingerprint = 0;           // of the tokens: a resumed run must find the same text
  std::uint64_t held_out_fingerprint = 0;  // and the same tunes to validate on
  std::vector<std::string> remarks;        // for people
};

// What a text is read for: a model that goes on from another has its vocabulary, features and
// dialects.
struct Predecessor {
  const ModelConfig& config;
  const Vocabulary& vocabulary;
};

// Reads, checks and divides the files, of which `most_held` bytes may be held in memory.
// Characters that a predecessor lacks are an error, but for those of titles and names in canonical
// text: they are left out with a remark. Throws EnvironmentError when a file cannot be read.
[[nodiscard]] Result<Text> read_text(const Options& options,
                                     const std::optional<Predecessor>& predecessor = {},
                                     std::size_t most_held = corpus::ByteStore::kMostHeld);

// The windows of the text. Both must outlive it.
[[nodiscard]] Result<std::unique_ptr<Source>> make_source(const Options& options, const Text& text);

// Stateful streams over one text: stream n starts at n · (length div N); a window is the next T
// characters of every stream, at offsets 0, T, … < (length div N) − T, and its targets are the
// characters one further on.
class Windows {
 public:
  Windows(std::size_t length, std::size_t batch, std::size_t window);

  [[nodiscard]] std::size_t count() const { return count_; }

  // Fills inputs and targets [T, N] for window `index` of the text that read(begin, tokens) reads,
  // which has the given length.
  using Read = std::function<void(std::size_t begin, std::span<Token> tokens)>;
  void fill(const Read& read, std::size_t index, std::span<Token> inputs,
            std::span<Token> targets) const;

 private:
  std::size_t stream_, batch_, window_, count_;
};

}  // namespace lilt::train
