// Streams of whole tunes: each stream reads one tune after another, every one from a fresh state,
// in a key drawn for the occasion.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "corpus/learning_text.h"
#include "corpus/repertoire.h"
#include "train/options.h"
#include "train/source.h"

namespace lilt::train {

class TuneStreams : public Source {
 public:
  // Everything must outlive the streams.
  TuneStreams(const Options& options, const std::vector<corpus::Repertoire>& collections,
              const Vocabulary& vocabulary, corpus::TuneEncoder encoder);

  [[nodiscard]] std::size_t windows() const override { return windows_; }
  [[nodiscard]] std::size_t characters() const override { return characters_; }
  void fill(const WindowPlace& place, Window& window) override;
  [[nodiscard]] std::vector<std::uint64_t> state() const override;
  [[nodiscard]] bool restore(std::span<const std::uint64_t> state) override;

 private:
  // Which tune a stream reads, and how far it has come.
  struct Stream {
    std::uint64_t collection = 0;
    std::uint64_t index = 0;  // of the collection's endless sequence
    std::uint64_t offset = 0;
    corpus::TuneSet tune;
  };
  // A collection's tunes in an order of their own for each pass.
  struct Sequence {
    std::uint64_t next = 0;
    std::uint64_t pass = static_cast<std::uint64_t>(-1);  // that `order` is for
    std::vector<std::uint32_t> order;
  };

  void next_tune(Stream& stream, double done);
  void load(Stream& stream);
  [[nodiscard]] corpus::Told told_of(const corpus::LearningTune& tune, std::size_t collection,
                                     std::uint64_t index) const;
  [[nodiscard]] std::size_t choose_collection(double done);
  [[nodiscard]] double weight(std::size_t collection, double done) const;

  const Options& options_;
  const std::vector<corpus::Repertoire>& collections_;
  corpus::TuneEncoder encoder_;
  corpus::KeyChooser keys_;
  Token newline_;
  std::size_t characters_ = 0, windows_ = 0;
  std::uint64_t drawn_ = 0;  // tunes so far
  std::vector<Sequence> sequences_;
  std::vector<Stream> streams_;
};

}  // namespace lilt::train
