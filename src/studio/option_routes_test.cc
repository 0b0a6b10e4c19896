#include <gtest/gtest.h>

#include "compose/request.h"
#include "studio/studio_test.h"

namespace lilt::studio {
namespace {

TEST(OptionRoutes, TellEveryFieldOfARequest) {
  RoutesForTests routes;
  const nlohmann::json options = json_in(routes.ask("GET", "/api/options"));
  std::vector<std::string> names;
  for (const auto& field : options["fields"]) names.push_back(field["name"]);
  EXPECT_EQ(names, field_names<compose::Request>());
  EXPECT_EQ(options["fields"][3]["name"], "bars");
  EXPECT_EQ(options["fields"][3]["kind"], "integer");
  EXPECT_EQ(options["fields"][3]["least"], 1);
  EXPECT_TRUE(options["fields"][3]["default"].is_null());
  EXPECT_EQ(options["rhythms"][0], nlohmann::json({{"name", "jig"}, {"meter", "6/8"}}));
  EXPECT_EQ(options["ranges"][0]["name"], "fiddle");
  EXPECT_EQ(options["ranges"][0]["low"], 55);
}

}  // namespace
}  // namespace lilt::studio
