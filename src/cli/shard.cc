#include "cli/shard.h"

#include <algorithm>

#include "base/field.h"
#include "base/text.h"
#include "cli/field_options.h"

namespace lilt::cli {

Result<Shard> parse_shard(std::string_view text) {
  const auto number = [](std::string_view digits) {
    const auto typed = read_whole_number(digits);
    const bool is_one = typed && !typed->is_negative && !typed->is_too_large &&
                        typed->magnitude >= 1 && typed->magnitude <= kMostShards;
    return is_one ? static_cast<std::size_t>(typed->magnitude) : 0;
  };
  const std::size_t slash = std::min(text.find('/'), text.size());
  const Shard shard = {number(text.substr(0, slash)),
                       number(text.substr(std::min(slash + 1, text.size())))};
  if (shard.part >= 1 && shard.part <= shard.of) return shard;
  return Error{ErrorCode::kOption, "expected K/N, part K of N, such as 1/8, found " +
                                       (text.empty() ? "nothing" : std::string(text)) +
                                       "; K is 1 to N, N at most " + grouped(kMostShards)};
}

Stretch stretch_of(const Shard& shard, const Stretch& whole) {
  const auto before = [&](std::size_t parts) { return whole.count * parts / shard.of; };
  const std::uint64_t begin = before(shard.part - 1);
  return {whole.first + begin, before(shard.part) - begin};
}

CLI::Option* add_shard_option(CLI::App* command, std::optional<Shard>& shard,
                              const std::string& help) {
  const auto read = [&shard](const std::string& text) {
    const Result<Shard> found = parse_shard(text);
    if (!found) refuse("--shard", found.error());
    shard = *found;
  };
  return command->add_option_function<std::string>("--shard", read, help)->type_name("K/N");
}

}  // namespace lilt::cli
