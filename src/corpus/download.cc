#include "corpus/download.h"

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <dlfcn.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>

#include "base/environment_error.h"

namespace lilt::corpus {
namespace {

constexpr long kConnectSeconds = 20;
constexpr long kStalledSeconds = 30;

// libcurl, opened when it is needed: linking it would double the time that every command takes to
// start.
struct Curl {
  decltype(&curl_easy_init) init = nullptr;
  decltype(&curl_easy_setopt) set = nullptr;
  decltype(&curl_easy_perform) perform = nullptr;
  decltype(&curl_easy_getinfo) get_info = nullptr;
  decltype(&curl_easy_cleanup) cleanup = nullptr;
  decltype(&curl_easy_strerror) describe = nullptr;
};

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

const Curl& curl() {
  static const Curl kOpened = [] {
    for (const char* name : {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so"}) {
      void* library = dlopen(name, RTLD_NOW);
      Curl c;
      if (library != nullptr && find(library, "curl_easy_init", c.init) &&
          find(library, "curl_easy_setopt", c.set) &&
          find(library, "curl_easy_perform", c.perform) &&
          find(library, "curl_easy_getinfo", c.get_info) &&
          find(library, "curl_easy_cleanup", c.cleanup) &&
          find(library, "curl_easy_strerror", c.describe)) {
        return c;
      }
    }
    throw EnvironmentError("libcurl.so.4",
                           "libcurl, with which files are fetched, is not installed; the package "
                           "is libcurl4");
  }();
  return kOpened;
}

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

struct Transfer {
  std::FILE* file = nullptr;
  std::uint64_t there = 0;
  std::uint64_t most = 0;
  const std::function<bool(std::uint64_t)>* progress = nullptr;
  int write_error = 0;
  bool stopped = false;
};

std::size_t on_data(const char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.there + size > transfer.most) {
    // One byte too many is enough to see that it is another file.
    size = static_cast<std::size_t>(transfer.most - transfer.there);
    std::fwrite(data, 1, size, transfer.file);
    transfer.there += size;
    return 0;
  }
  if (std::fwrite(data, 1, size, transfer.file) != size) {
    transfer.write_error = errno;
    return 0;
  }
  transfer.there += size;
  return size;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.stopped = !(*transfer.progress)(transfer.there);
  return transfer.stopped ? 1 : 0;
}

std::string advice(CURLcode code, long status) {
  if (code == CURLE_HTTP_RETURNED_ERROR && status >= 400 && status < 500) {
    return "the file is not there; is `from` right?";
  }
  return "check the network and try again, which goes on from here; or get the files by other "
         "means and name their folder or a mirror with `from`";
}

// One try. True: there is nothing more to come. False: it has to start anew.
bool try_download(const std::string& url, std::FILE* file, Transfer& transfer) {
  const Curl& c = curl();
  const std::unique_ptr<CURL, decltype(c.cleanup)> handle(c.init(), c.cleanup);
  if (handle == nullptr) throw EnvironmentError("libcurl", "cannot be started");
  CURL* h = handle.get();
  std::array<char, CURL_ERROR_SIZE> message{};
  transfer.file = file;
  c.set(h, CURLOPT_URL, url.c_str());
  c.set(h, CURLOPT_ERRORBUFFER, message.data());
  c.set(h, CURLOPT_NOSIGNAL, 1L);
  c.set(h, CURLOPT_FAILONERROR, 1L);
  c.set(h, CURLOPT_FOLLOWLOCATION, 1L);
  c.set(h, CURLOPT_MAXREDIRS, 5L);
  c.set(h, CURLOPT_PROTOCOLS_STR, "http,https,file");
  c.set(h, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  c.set(h, CURLOPT_USERAGENT, "lilt");
  c.set(h, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  c.set(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
  c.set(h, CURLOPT_LOW_SPEED_TIME, kStalledSeconds);
  c.set(h, CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(transfer.there));
  c.set(h, CURLOPT_WRITEFUNCTION, on_data);
  c.set(h, CURLOPT_WRITEDATA, &transfer);
  c.set(h, CURLOPT_XFERINFOFUNCTION, on_progress);
  c.set(h, CURLOPT_XFERINFODATA, &transfer);
  c.set(h, CURLOPT_NOPROGRESS, 0L);

  const bool resumed = transfer.there > 0;
  const CURLcode code = c.perform(h);
  long status = 0;
  c.get_info(h, CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_OK || transfer.stopped || transfer.there == transfer.most) return true;
  if (transfer.write_error != 0) {
    throw EnvironmentError(
        url, std::string("cannot be written to the disk: ") + std::strerror(transfer.write_error));
  }
  // The server does not know ranges, or has another file, shorter than what is here.
  if (resumed &&
      (code == CURLE_RANGE_ERROR || code == CURLE_BAD_DOWNLOAD_RESUME || status == 416)) {
    return false;
  }
  const std::string what = message[0] != '\0' ? message.data() : c.describe(code);
  throw EnvironmentError(url, "cannot be fetched (" + what + "); " + advice(code, status));
}

}  // namespace

bool download(const std::string& url, const std::filesystem::path& part, std::uint64_t most,
              const std::function<bool(std::uint64_t)>& progress) {
  const auto open = [&](const char* mode) {
    std::unique_ptr<std::FILE, FileCloser> file(std::fopen(part.c_str(), mode));
    if (file == nullptr) {
      throw EnvironmentError(part.string(),
                             std::string("cannot be created: ") + std::strerror(errno));
    }
    // What has come is there for the next try, however this one ends.
    std::setvbuf(file.get(), nullptr, _IONBF, 0);
    return file;
  };
  Transfer transfer;
  transfer.most = most;
  transfer.progress = &progress;
  std::error_code error;
  const std::uintmax_t had = std::filesystem::file_size(part, error);
  if (!error && had <= most) transfer.there = had;
  if (transfer.there == most && most > 0) return true;
  auto file = open(transfer.there > 0 ? "ab" : "wb");
  if (!try_download(url, file.get(), transfer)) {
    file = open("wb");
    transfer.there = 0;
    if (!try_download(url, file.get(), transfer)) {
      throw EnvironmentError(url, "cannot be fetched: the server refuses to send it");
    }
  }
  if (std::fflush(file.get()) != 0) {
    throw EnvironmentError(part.string(),
                           std::string("cannot be written: ") + std::strerror(errno));
  }
  return !transfer.stopped;
}

}  // namespace lilt::corpus
