// Each tune once, and which tunes belong together, in whatever keys and under whatever titles.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "abc/tune.h"
#include "base/result.h"
#include "corpus/fingerprint.h"
#include "corpus/reading.h"

namespace lilt::corpus {

// Reads the files twice (stages "Looking" and "Comparing") and tells their families. `also` is
// called for each tune the second time. ErrorCode::kOption where a file cannot be read twice.
// Throws EnvironmentError.
[[nodiscard]] Result<Families> find_families(
    const std::vector<std::string>& paths, const Watch& watch,
    const std::function<void(const TuneText&, const abc::Reading&)>& also = {});

// What to say when a later reading finds other tunes.
[[nodiscard]] Error files_changed();

// Where a tune begins.
struct TunePlace {
  std::size_t file = 0;    // which of the files
  std::uint64_t line = 0;  // counted from 1
};

// A tune and the one that stands for it, or for its family.
struct Relation {
  TunePlace tune, other;
  std::string title;     // of the tune, as it is in the file; "" for none
  bool is_same = false;  // the same melody, not only the same family
};

struct DedupeOptions {
  bool by_family = false;                            // one tune of each family
  TuneSink keep;                                     // takes the tunes that stay; may be empty
  std::function<void(const Relation&)> relate = {};  // told of the others; may be empty
};

struct DedupeFigures {
  std::size_t tunes = 0, different = 0, families = 0, kept = 0;
};

// Keeps, of the tunes that are the same, the most complete: a correct one, then the one with more
// chord symbols, then with more fields; the first of equals. Reads the files three times; errors as
// find_families() has them.
[[nodiscard]] Result<DedupeFigures> dedupe(const std::vector<std::string>& paths,
                                           const DedupeOptions& options, const Watch& watch);

}  // namespace lilt::corpus
