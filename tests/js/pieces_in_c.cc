// pieces_in_c MODEL: composes by the C interface what the lines of its input ask for, requests in
// JSON; a line of output for each, an array of pieces. How long that took is told at the end, on
// standard error.
#include <lilt/lilt.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

int take(void* user, const char* piece, std::size_t size) {
  auto& pieces = *static_cast<std::string*>(user);
  pieces.append(pieces.empty() ? "" : ",").append(piece, size);
  return 0;
}

bool succeeded(lilt_result* result) {
  const bool is_ok = lilt_result_code(result) == LILT_OK;
  if (!is_ok) std::cerr << lilt_result_field(result) << ' ' << lilt_result_text(result) << '\n';
  lilt_result_free(result);
  return is_ok;
}

}  // namespace

int main(int argc, char** argv) {
  std::ifstream file(argc == 2 ? argv[1] : "", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  lilt_model* model = nullptr;
  if (!succeeded(lilt_model_open(bytes.data(), bytes.size(), &model))) return 1;
  const auto begun = std::chrono::steady_clock::now();
  for (std::string request; std::getline(std::cin, request);) {
    std::string pieces;
    if (!succeeded(lilt_compose(model, request.data(), request.size(), take, &pieces, nullptr))) {
      return 1;
    }
    std::cout << '[' << pieces << "]\n";
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
  std::cerr << taken.count() << '\n';
  lilt_model_free(model);
  return 0;
}
