// A text as tokens, however long it is.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "corpus/byte_store.h"
#include "model/vocabulary.h"

namespace lilt::corpus {

// Memory: that of a ByteStore, with 2 bytes a token. Throws EnvironmentError as that does.
class TokenText {
 public:
  explicit TokenText(std::size_t most_held = ByteStore::kMostHeld) : store_(most_held) {}

  void append(std::span<const Token> tokens) { store_.append(std::as_bytes(tokens)); }
  [[nodiscard]] std::size_t most_held() const { return store_.most_held(); }
  [[nodiscard]] std::size_t size() const { return store_.size() / sizeof(Token); }

  // Fills `to` with the tokens from `begin` on, which must be there.
  void read(std::size_t begin, std::span<Token> to) const;

  // From now on what was read as token t is read as names[t].
  void rename(std::span<const Token> names);

 private:
  ByteStore store_;
  std::vector<Token> names_;  // of what is stored; empty: its own
};

}  // namespace lilt::corpus
