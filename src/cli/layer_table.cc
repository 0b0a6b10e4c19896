#include "cli/layer_table.h"

#include <fmt/format.h>

#include "base/text.h"
#include "cli/console.h"

namespace lilt::cli {

std::string layer_table_text(const ModelConfig& config, std::size_t batch, std::size_t steps) {
  const std::string rule(60, '-');
  std::string text =
      fmt::format("{:<26}{:<20}{:>14}\n{}\n", "Layer", "Output shape", "Parameters", rule);
  std::size_t total = 0;
  for (const LayerRow& row : layer_table(config, batch, steps)) {
    text +=
        fmt::format("{:<26}{:<20}{:>14}\n", row.layer, row.output_shape, grouped(row.parameters));
    total += row.parameters;
  }
  return text + fmt::format(
                    "{}\nTotal parameters: {}\nTrainable parameters: {}\n"
                    "Non-trainable parameters: 0",
                    rule, grouped(total), grouped(total));
}

}  // namespace lilt::cli
