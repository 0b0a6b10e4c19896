// The files of the page, compiled into the program.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "studio/http.h"

namespace lilt::studio {

struct PageFile {
  std::string_view path;  // "/index.html"
  std::string_view type;  // "text/html; charset=utf-8"
  std::string_view gzip;  // its bytes, compressed
  std::string_view tag;   // changes with them
};

// What a browser asks for under that path, "/" among them; nothing where there is none.
[[nodiscard]] const PageFile* find_page_file(std::string_view path);

// The answer to GET: 304 where the browser has it, 406 where it does not take gzip. Nothing where
// there is no such file. While a page is being written, LILT_WEB names the folder that the files
// are read from instead.
[[nodiscard]] std::optional<HttpResponse> page_answer(const HttpRequest& request);

}  // namespace lilt::studio
