#include "studio/router.h"

#include <gtest/gtest.h>

namespace lilt::studio {
namespace {

HttpResponse nothing(const HttpRequest&) { return {}; }

TEST(Router, FindsByMethodAndPath) {
  Router router;
  router.add("GET", "/api/book", nothing);
  router.add("GET", "/api/book/{}", nothing);
  router.add("PUT", "/api/book/{}", nothing, 7);
  router.add("GET", "/api/sounds/{}/{}", nothing);

  EXPECT_EQ(router.find("GET", "/api/book").route, &router.routes()[0]);
  const Router::Match put = router.find("PUT", "/api/book/12");
  ASSERT_EQ(put.route, &router.routes()[2]);
  EXPECT_EQ(put.route->most_bytes, 7U);
  EXPECT_EQ(put.parameters, std::vector<std::string>{"12"});
  EXPECT_EQ(router.find("GET", "/api/sounds/a/b.wav").parameters,
            (std::vector<std::string>{"a", "b.wav"}));
}

TEST(Router, TellsWhatAPathAllows) {
  Router router;
  router.add("GET", "/api/book/{}", nothing);
  router.add("PUT", "/api/book/{}", nothing);
  EXPECT_EQ(router.find("POST", "/api/book/12").allowed, "GET, PUT");
  for (const char* path : {"/api/book", "/api/book/", "/api/book/1/2", "/api", "", "/",
                           "api/book/1", "/api/book/1/", "//api/book/1"}) {
    const Router::Match match = router.find("GET", path);
    EXPECT_EQ(match.route, nullptr) << path;
    EXPECT_EQ(match.allowed, "") << path;
  }
}

}  // namespace
}  // namespace lilt::studio
