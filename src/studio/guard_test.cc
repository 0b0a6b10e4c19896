#include "studio/guard.h"

#include <gtest/gtest.h>

#include "studio/address.h"

namespace lilt::studio {
namespace {

const std::string kToken = "0123456789abcdef0123456789abcdef";

// The status of the guard's own answer; 0: it lets the request pass.
int status_of(const HttpRequest& request, const std::string& address = "127.0.0.1") {
  const auto answer = Guard(kToken, address, 5458).answer(request);
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

// The same of a request for that host, where the server listens at the address.
int status_for(const std::string& host, const std::string& address) {
  return status_of(request_of({{"host", host}}), address);
}

TEST(Guard, KnowsTheAddressItListensAt) {
  EXPECT_EQ(status_for("192.0.2.7:5458", "192.0.2.7"), 0);
  EXPECT_EQ(status_for("[fd00::2]:5458", "fd00::2"), 0);
  EXPECT_EQ(status_for("[::1]:5458", "::1"), 0);
  EXPECT_EQ(status_for("localhost:5458", "::1"), 0);
  for (const char* host : {"127.0.0.1:5458", "localhost:5458", "192.0.2.8:5458", "192.0.2.7",
                           "192.0.2.7:5459", "evil.example:5458", "fd00::2:5458"}) {
    EXPECT_EQ(status_for(host, "192.0.2.7"), 403) << host;
  }
}

TEST(Guard, KnowsAllAddressesOfThisMachineAndNoNames) {
  EXPECT_EQ(status_for("127.0.0.1:5458", "0.0.0.0"), 0);
  EXPECT_EQ(status_for("127.0.0.1:5458", "::"), 0);
  EXPECT_EQ(status_for("localhost:5458", "0.0.0.0"), 0);
  for (const std::string& own : reached_under("::")) {
    EXPECT_EQ(status_for(host_of(own) + ":5458", "::"), 0) << own;
  }
  for (const char* host :
       {"", ":5458", "0.0.0.0:5458", "[::]:5458", "192.0.2.199:5458", "127.0.0.1", "127.0.0.1:80",
        "evil.example:5458", "127.0.0.1.evil.example:5458"}) {
    EXPECT_EQ(status_for(host, "0.0.0.0"), 403) << host;
    EXPECT_EQ(status_for(host, "::"), 403) << host;
  }
  HttpRequest without = request_of({{"authorization", ""}});
  EXPECT_EQ(status_of(without, "0.0.0.0"), 403);
}

TEST(Guard, TellsWhatToOpen) {
  const std::string rest = ":5458/?token=" + kToken;
  EXPECT_EQ(Guard(kToken, "::1", 5458).address(), "http://[::1]" + rest);
  EXPECT_EQ(Guard(kToken, "0.0.0.0", 5458).address(), "http://127.0.0.1" + rest);
  EXPECT_TRUE(Guard(kToken, "127.0.0.1", 5458).addresses_for_others().empty());
  EXPECT_EQ(Guard(kToken, "192.0.2.7", 5458).addresses_for_others(),
            std::vector<std::string>{"http://192.0.2.7" + rest});
  for (const std::string& link : Guard(kToken, "::", 5458).addresses_for_others()) {
    EXPECT_EQ(link.find("://127."), std::string::npos);
    EXPECT_EQ(link.find("://[::1]"), std::string::npos);
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
