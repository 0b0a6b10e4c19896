#include "compose/suggestions.h"

#include <gtest/gtest.h>

#include <sstream>

#include "compose/request.h"

namespace lilt::compose {
namespace {

// Each is a request that can be, of some field of it.
TEST(Suggestions, CanBeAskedFor) {
  std::size_t fields = 0;
  const Request usual;
  visit_fields(usual, [&](const Field& field, const auto&) {
    std::istringstream list(suggestions(field.name));
    fields += list.str().empty() ? 0 : 1;
    for (std::string value; std::getline(list >> std::ws, value, ',');) {
      const std::string json = "{\"" + std::string(field.name) + "\": \"" + value + "\"}";
      const Result<Request> request = request_from_json(json);
      ASSERT_TRUE(request) << json;
      EXPECT_TRUE(validate(*request)) << json;
    }
  });
  EXPECT_EQ(fields, 7U);
  EXPECT_EQ(suggestions("title"), "");
}

}  // namespace
}  // namespace lilt::compose
