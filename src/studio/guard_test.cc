#include "studio/guard.h"

#include <gtest/gtest.h>

namespace lilt::studio {
namespace {

const std::string kToken = "0123456789abcdef0123456789abcdef";

// The status of the guard's own answer; 0: it lets the request pass.
int status_of(HttpRequest request) {
  const auto answer = Guard(kToken, "127.0.0.1", 5458).answer(request);
  return answer ? answer->status : 0;
}

HttpRequest request_of(std::map<std::string, std::string> headers, std::string method = "GET") {
  HttpRequest request{.method = std::move(method), .path = "/api/options"};
  request.headers = {{"host", "127.0.0.1:5458"}, {"authorization", "Bearer " + kToken}};
  for (const auto& [name, value] : headers) request.headers[name] = value;
  return request;
}

TEST(Guard, KnowsItsOwnHost) {
  EXPECT_EQ(status_of(request_of({})), 0);
  EXPECT_EQ(status_of(request_of({{"host", "localhost:5458"}})), 0);
  for (const char* host : {"", "127.0.0.1", "127.0.0.1:80", "evil.example", "evil.example:5458",
                           "127.0.0.1:5458.evil.example", "[::1]:5458", "LOCALHOST:5458 "}) {
    EXPECT_EQ(status_of(request_of({{"host", host}})), 403) << host;
  }
}

TEST(Guard, RefusesOtherSites) {
  EXPECT_EQ(status_of(request_of({{"origin", "http://127.0.0.1:5458"}})), 0);
  for (const char* origin : {"", "null", "https://127.0.0.1:5458", "http://127.0.0.1:5459",
                             "http://evil.example", "http://127.0.0.1:5458.evil.example"}) {
    EXPECT_EQ(status_of(request_of({{"origin", origin}})), 403) << origin;
  }
  for (const char* site : {"cross-site", "same-site", "anything"}) {
    EXPECT_EQ(status_of(request_of({{"sec-fetch-site", site}})), 403) << site;
  }
  EXPECT_EQ(status_of(request_of({{"sec-fetch-site", "none"}})), 0);
  EXPECT_EQ(status_of(request_of({{"sec-fetch-site", "same-origin"}})), 0);
}

TEST(Guard, WantsTheToken) {
  for (const std::string& wrong : {std::string(), std::string("Bearer "), "Bearer " + kToken + "0",
                                   "Bearer 1" + kToken.substr(1), "Basic " + kToken, kToken}) {
    EXPECT_EQ(status_of(request_of({{"authorization", wrong}})), 403) << wrong;
    EXPECT_EQ(status_of(request_of({{"authorization", wrong}, {"cookie", "lilt-5458=" + kToken}})),
              0);
  }
  for (const std::string& cookie :
       {"lilt-5459=" + kToken, "xlilt-5458=" + kToken, "lilt-5458=" + kToken + "x",
        std::string("lilt-5458"), std::string("lilt-5458=")}) {
    EXPECT_EQ(status_of(request_of({{"authorization", ""}, {"cookie", cookie}})), 403) << cookie;
  }
  EXPECT_EQ(
      status_of(request_of({{"authorization", ""}, {"cookie", "a=b; lilt-5458=" + kToken + ";c"}})),
      0);
}

TEST(Guard, GivesACookieForTheAddress) {
  const Guard guard(kToken, "127.0.0.1", 5458);
  EXPECT_EQ(guard.address(), "http://127.0.0.1:5458/?token=" + kToken);
  HttpRequest request{.method = "GET", .path = "/", .query = {{"token", kToken}}};
  request.headers = {{"host", "127.0.0.1:5458"}};
  const auto answer = guard.answer(request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 303);
  EXPECT_EQ(answer->headers[1].second,
            "lilt-5458=" + kToken + "; Path=/; HttpOnly; SameSite=Strict");
  request.path = "/api/options";  // for the page alone
  EXPECT_EQ(guard.answer(request)->status, 403);
}

TEST(Guard, TakesJsonAlone) {
  EXPECT_EQ(status_of(request_of({{"content-type", "application/json"}}, "POST")), 0);
  EXPECT_EQ(status_of(request_of({{"content-type", "application/json; charset=utf-8"}}, "PUT")), 0);
  for (const char* type : {"", "text/plain", "application/jsonx", "multipart/form-data"}) {
    EXPECT_EQ(status_of(request_of({{"content-type", type}}, "POST")), 415) << type;
  }
}

TEST(Guard, MakesNewTokens) {
  EXPECT_EQ(new_token().size(), 32U);
  EXPECT_NE(new_token(), new_token());
}

}  // namespace
}  // namespace lilt::studio
