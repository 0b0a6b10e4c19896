// Files of tunes as a stream of characters.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "model/vocabulary.h"

namespace lilt::corpus {

// A file and what to call it in messages.
struct SourceFile {
  std::string name;
  FileBytes content;
};

// Opens files. Throws EnvironmentError when one cannot be read.
[[nodiscard]] std::vector<SourceFile> open_files(const std::vector<std::string>& paths);

// Calls use(code point) for each character of UTF-8 text in order. A byte-order mark at the start
// is dropped; CR LF and CR count as LF. Text that is not UTF-8 is an error with the byte offset.
template <class Use>
Status for_each_character(std::string_view text, const std::string& name, Use&& use);

// The distinct characters of all files.
[[nodiscard]] Result<Vocabulary> collect_vocabulary(const std::vector<SourceFile>& files);

// Files one after another, as tokens.
struct EncodedText {
  std::vector<Token> tokens;             // kUnknownToken for what the vocabulary lacks
  std::vector<std::size_t> file_starts;  // of each file in tokens
};

// Nothing is put between the files. Memory: 2 bytes a character.
[[nodiscard]] Result<EncodedText> encode(const std::vector<SourceFile>& files,
                                         const Vocabulary& vocabulary);

}  // namespace lilt::corpus

#include "corpus/characters-inl.h"
