// How options are shown to people.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace lilt::cli {

// Defaults in words, where CLI11 would write FILE=out.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
};

}  // namespace lilt::cli
