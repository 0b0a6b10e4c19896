// Files of tunes as they are written, one after another, as one text to learn.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "corpus/byte_store.h"
#include "corpus/token_text.h"
#include "model/vocabulary.h"

namespace lilt::corpus {

struct WrittenText {
  TokenText tokens;       // nothing is put between the files
  Vocabulary vocabulary;  // the distinct characters
  // Of the tunes: each starts at a line that begins with "X:" and ends where the next one starts. A
  // file begins with a line of its own, though the file before may end without a newline.
  std::vector<std::size_t> tune_starts;
};

// Reads every file once, block by block; characters as CharacterReader has them. More distinct ones
// than a network can have are an error. Memory: 8 bytes a tune and what TokenText holds. Throws
// EnvironmentError when a file cannot be read.
[[nodiscard]] Result<WrittenText> read_written_text(const std::vector<std::string>& paths,
                                                    std::size_t most_held = ByteStore::kMostHeld);

// Lets the text be read in the tokens of another vocabulary, which has all its characters.
void use_vocabulary(const Vocabulary& vocabulary, WrittenText& text);

}  // namespace lilt::corpus
