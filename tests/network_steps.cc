// network_steps MODEL: what a network says, for scripts that compare it with other programs. Each
// line of standard input is one step: a token and the values of the model's features. Each line of
// standard output has the logits, in single precision, of what follows.

#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "infer/engine.h"
#include "infer/weights.h"
#include "model/model_file.h"

int main(int argc, char** argv) {
  using namespace lilt;
  if (argc != 2) return 2;
  const FileBytes file(argv[1]);
  const auto model = view_model(file.bytes(), argv[1]);
  const auto weights = model ? infer::Weights::of(*model, infer::Precision::kSingle)
                             : Result<infer::Weights>(model.error());
  if (!weights) {
    std::fprintf(stderr, "%s\n", weights.error().to_string().c_str());
    return 1;
  }
  infer::Engine engine(*weights, 1);
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream numbers(line);
    Token token = 0;
    numbers >> token;
    std::vector<Token> features;
    for (Token value = 0; numbers >> value;) features.push_back(value);
    for (const float logit : engine.step(std::span(&token, 1), features)) {
      std::printf("%.9g ", static_cast<double>(logit));
    }
    std::printf("\n");
  }
  return 0;
}
