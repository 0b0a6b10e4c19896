#include "studio/sounds.h"

#include <gtest/gtest.h>

#include "score/instrument.h"
#include "studio/studio_test.h"
#include "temporary_folder.h"

namespace lilt::studio {
namespace {

TEST(Sounds, AreMadeOnceByOctave) {
  const support::TemporaryFolder folder;
  const std::string note = Sounds(folder.path()).note(score::kFlute, 74, {});
  EXPECT_EQ(note.substr(0, 4), "RIFF");
  EXPECT_GT(note.size(), 200'000U);  // more than two seconds
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    if (entry.path().extension() != ".wav") continue;
    ++files;
    std::filesystem::resize_file(entry.path(), 4);
  }
  EXPECT_EQ(files, 12U);
  EXPECT_EQ(Sounds(folder.path()).note(score::kFlute, 75, {}), "RIFF");
}

TEST(Sounds, AreAskedForByInstrumentAndPitch) {
  RoutesForTests routes;
  for (const char* none :
       {"/api/sounds/vuvuzela/60.wav", "/api/sounds/flute/128.wav", "/api/sounds/flute/-1.wav",
        "/api/sounds/flute/60", "/api/sounds/flute/.wav", "/api/sounds/flute/6%2F0.wav",
        "/api/sounds/flute/..%2f..%2fx.wav"}) {
    EXPECT_EQ(routes.ask("GET", none).status, 404) << none;
  }
}

}  // namespace
}  // namespace lilt::studio
