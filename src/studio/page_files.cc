#include "studio/page_files.h"

#include <cstdlib>
#include <filesystem>
#include <span>

#include "base/file.h"
#include "studio/answer.h"

namespace lilt::studio {

// Made by cmake/page.cmake from the files of web/.
std::span<const PageFile> page_files();

const PageFile* find_page_file(std::string_view path) {
  if (path == "/") path = "/index.html";
  for (const PageFile& file : page_files()) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

std::optional<HttpResponse> page_answer(const HttpRequest& request) {
  const PageFile* file = find_page_file(request.path);
  if (file == nullptr) return std::nullopt;
  HttpResponse answer{.content_type = std::string(file->type)};
  if (const char* folder = std::getenv("LILT_WEB")) {
    answer.body = FileBytes(std::filesystem::path(folder) / file->path.substr(1)).text();
    return answer;
  }
  if (request.header("accept-encoding").value_or("gzip").find("gzip") == std::string_view::npos) {
    return error_answer(406, "expected a browser that takes gzip");
  }
  const std::string tag = '"' + std::string(file->tag) + '"';
  answer.headers = {{"ETag", tag}, {"Cache-Control", "no-cache"}, {"Vary", "Accept-Encoding"}};
  if (request.header("if-none-match").value_or("") == tag) {
    answer.status = 304;
    return answer;
  }
  answer.headers.emplace_back("Content-Encoding", "gzip");
  answer.body = file->gzip;
  return answer;
}

}  // namespace lilt::studio
