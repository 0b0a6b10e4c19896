#include "corpus/characters.h"

namespace lilt::corpus {

std::vector<SourceFile> open_files(const std::vector<std::string>& paths) {
  std::vector<SourceFile> files;
  files.reserve(paths.size());
  for (const std::string& path : paths) files.push_back({path, FileBytes(path)});
  return files;
}

Result<Vocabulary> collect_vocabulary(const std::vector<SourceFile>& files) {
  constexpr std::size_t kCodePoints = 0x110000;
  std::vector<bool> seen(kCodePoints);
  for (const SourceFile& file : files) {
    const Status status =
        for_each_character(file.content.text(), file.name, [&](char32_t c) { seen[c] = true; });
    if (!status) return status.error();
  }
  std::vector<char32_t> characters;
  for (std::size_t c = 0; c < kCodePoints; ++c) {
    if (seen[c]) characters.push_back(static_cast<char32_t>(c));
  }
  return Vocabulary(std::move(characters));
}

Result<EncodedText> encode(const std::vector<SourceFile>& files, const Vocabulary& vocabulary) {
  std::size_t bytes = 0;
  for (const SourceFile& file : files) bytes += file.content.bytes().size();
  EncodedText text;
  text.tokens.reserve(bytes);  // a character takes at least a byte, so this never grows
  for (const SourceFile& file : files) {
    text.file_starts.push_back(text.tokens.size());
    const Status status = for_each_character(file.content.text(), file.name, [&](char32_t c) {
      text.tokens.push_back(vocabulary.token(c));
    });
    if (!status) return status.error();
  }
  return text;
}

}  // namespace lilt::corpus
