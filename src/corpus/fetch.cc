#include "corpus/fetch.h"

#include <optional>
#include <vector>

#include "base/environment_error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "corpus/download.h"

namespace lilt::corpus {
namespace {

namespace fs = std::filesystem;

// What an unchecked file may have: enough for any collection, too little to fill a disk.
constexpr std::uint64_t kMostUnchecked = std::uint64_t{64} << 20;

// What is wrong with the content of a file, or nothing.
std::optional<std::string> find_fault(const CollectionFile& file, std::string_view content) {
  if (content.size() != file.bytes) {
    return "expected " + std::to_string(file.bytes) + " bytes, found " +
           (content.size() > file.bytes ? "more" : std::to_string(content.size()));
  }
  if (file.sha256.empty()) return std::nullopt;
  const std::string found = sha256(content);
  if (found == file.sha256) return std::nullopt;
  return "expected the SHA-256 checksum " + std::string(file.sha256) + ", found " + found;
}

Error wrong_file(const std::string& source, const std::string& fault) {
  return {ErrorCode::kCorpus,
          fault +
              "; it is another version or was damaged on its way. Try again, or take it all the "
              "same with `no_check`",
          {.source = source, .byte = {}, .line = {}}};
}

// So that an empty line stands behind every file.
std::string_view padding(std::string_view content) {
  if (content.ends_with("\n\n")) return "";
  return content.ends_with('\n') ? "\n" : "\n\n";
}

std::uint64_t count_tunes(std::string_view text) {
  std::uint64_t count = text.starts_with("X:") ? 1 : 0;
  for (std::size_t at = text.find("\nX:"); at != std::string_view::npos;
       at = text.find("\nX:", at + 1)) {
    ++count;
  }
  return count;
}

// Whether the file is the whole collection already.
bool is_there(const Collection& collection, const fs::path& output) {
  if (!fs::is_regular_file(output)) return false;
  const FileBytes bytes(output);
  std::string_view text = bytes.text();
  for (const CollectionFile& file : collection.files) {
    if (text.size() < file.bytes) return false;
    const std::string_view content = text.substr(0, file.bytes);
    if (find_fault(file, content)) return false;
    text.remove_prefix(content.size());
    const std::string_view behind = padding(content);
    if (!text.starts_with(behind)) return false;
    text.remove_prefix(behind.size());
  }
  return text.empty();
}

class Fetcher {
 public:
  Fetcher(const Collection& collection, const FetchOptions& options, const FetchProgress& progress)
      : collection_(collection), options_(options), progress_(progress) {
    folder_ = options.output.string() + ".files";
    local_ = !options.from.empty() && options.from.find("://") == std::string::npos;
  }

  Result<Fetched> run() {
    Fetched fetched;
    if (options_.check && is_there(collection_, options_.output)) {
      fetched.complete = fetched.was_there = true;
      fetched.tunes = collection_.tunes;
      return fetched;
    }
    std::vector<fs::path> paths;
    for (const CollectionFile& file : collection_.files) {
      const Result<std::optional<fs::path>> path = local_ ? find_local(file) : fetch(file, fetched);
      if (!path) return path.error();
      if (!*path) return fetched;
      paths.push_back(**path);
    }
    return join(paths, fetched);
  }

 private:
  std::optional<std::string> fault_of(const CollectionFile& file, const fs::path& path) const {
    return options_.check ? find_fault(file, FileBytes(path).text()) : std::nullopt;
  }

  // In the folder, or in a copy of the whole repository.
  Result<std::optional<fs::path>> find_local(const CollectionFile& file) {
    const fs::path from = options_.from;
    fs::path path = from / file.name;
    const fs::path deeper = from / collection_.folder / file.name;
    if (!fs::exists(path) && fs::exists(deeper)) path = deeper;
    if (const auto fault = fault_of(file, path)) return wrong_file(path.string(), *fault);
    there_ += fs::file_size(path);
    progress_(file.name, there_);
    return std::optional(path);
  }

  Result<std::optional<fs::path>> fetch(const CollectionFile& file, Fetched& fetched) {
    fs::create_directories(folder_);
    const fs::path path = folder_ / file.name;
    const fs::path part = path.string() + ".part";
    if (fs::exists(path) && !fault_of(file, path)) {
      there_ += fs::file_size(path);
      fetched.reused += fs::file_size(path);
      return std::optional(path);
    }
    std::string url = options_.from.empty() ? std::string(collection_.url) : options_.from;
    if (!url.ends_with('/')) url += '/';
    url += file.name;

    const std::uint64_t most = options_.check ? file.bytes + 1 : kMostUnchecked;
    std::uint64_t begun = fs::exists(part) ? fs::file_size(part) : 0;
    fetched.reused += begun;
    for (;;) {
      // Complete already, when what ended the run before came between this and the renaming.
      if (!options_.check || begun != file.bytes || fault_of(file, part)) {
        const auto tell = [&](std::uint64_t bytes) { return progress_(file.name, there_ + bytes); };
        if (!download(url, part, most, tell)) return std::optional<fs::path>();
      }
      const auto fault = fault_of(file, part);
      if (!fault) break;
      fs::remove(part);
      // What an earlier run had begun may have been of another version.
      if (begun == 0) return wrong_file(url, *fault);
      fetched.reused -= begun;
      begun = 0;
    }
    fs::rename(part, path);
    there_ += fs::file_size(path);
    return std::optional(path);
  }

  Result<Fetched> join(const std::vector<fs::path>& paths, Fetched fetched) {
    FileWriter writer(options_.output);
    for (const fs::path& path : paths) {
      const FileBytes bytes(path);
      writer.write(bytes.text());
      writer.write(padding(bytes.text()));
      fetched.tunes += count_tunes(bytes.text());
    }
    if (options_.check && fetched.tunes != collection_.tunes) {
      return Error{ErrorCode::kCorpus, "expected " + std::to_string(collection_.tunes) +
                                           " tunes, found " + std::to_string(fetched.tunes) +
                                           "; to take them all the same use `no_check`"};
    }
    writer.commit();
    std::error_code ignored;
    if (!local_) fs::remove_all(folder_, ignored);
    fetched.complete = true;
    return fetched;
  }

  const Collection& collection_;
  const FetchOptions& options_;
  const FetchProgress& progress_;
  fs::path folder_;
  bool local_ = false;
  std::uint64_t there_ = 0;  // bytes of the files that are done
};

}  // namespace

Result<Fetched> fetch_collection(const Collection& collection, const FetchOptions& options,
                                 const FetchProgress& progress) {
  try {
    return Fetcher(collection, options, progress).run();
  } catch (const fs::filesystem_error& e) {
    throw EnvironmentError(e.path1().string(), e.code().message());
  }
}

fs::path write_terms(const Collection& collection, const fs::path& output) {
  fs::path terms = output;
  terms.replace_extension(".terms.txt");
  std::string text;
  const auto line = [&](std::string_view what, std::string_view of) {
    text.append(what).append(of).append("\n");
  };
  line("", collection.title);
  line("", "");
  line("", collection.notice);
  line("From: ", collection.page);
  line("Version: ", collection.version);
  line("Terms: ", collection.terms);
  write_file_atomically(terms, text);
  return terms;
}

}  // namespace lilt::corpus
