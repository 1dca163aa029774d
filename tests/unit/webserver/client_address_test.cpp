#include "webserver/client_address.h"

#include "support/test.h"

using namespace sluice;
using namespace sluice::test;
using webserver::Network;
using webserver::TrustedProxies;

namespace {
http::Request asked_by(std::string remote, std::string forwarded) {
    http::Request request;
    request.remote = std::move(remote);
    if (!forwarded.empty()) request.headers.add("X-Forwarded-For", std::move(forwarded));
    return request;
}
}  // namespace

TEST_CASE("networks are addresses with a length") {
    CHECK(ok(Network::parse("10.1.0.0/16")).has("10.1.200.3"));
    CHECK_FALSE(ok(Network::parse("10.1.0.0/16")).has("10.2.0.1"));
    CHECK(ok(Network::parse("10.1.0.0/16")).has("::ffff:10.1.0.1"));
    CHECK(ok(Network::parse("fd00::/8")).has("fd12::1"));
    CHECK_FALSE(ok(Network::parse("fd00::/8")).has("10.1.0.1"));
    CHECK(ok(Network::parse("127.0.0.1")).has("127.0.0.1"));
    CHECK_FALSE(ok(Network::parse("127.0.0.1")).has("127.0.0.2"));
    for (const char* text : {"", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "fd00::/129", "proxy.local"}) {
        CAPTURE(text);
        CHECK_FALSE(Network::parse(text).has_value());
    }
}

TEST_CASE("only a trusted proxy says for whom it asks") {
    const TrustedProxies proxies({ok(Network::parse("10.0.0.0/8"))});
    CHECK(proxies.client_of(asked_by("10.0.0.1", "203.0.113.7")) == "203.0.113.7");
    CHECK(proxies.client_of(asked_by("203.0.113.7", "198.51.100.1")) == "203.0.113.7");
    CHECK(proxies.client_of(asked_by("10.0.0.1", "198.51.100.1, 203.0.113.7, 10.0.0.2")) == "203.0.113.7");
    CHECK(proxies.client_of(asked_by("10.0.0.1", "")) == "10.0.0.1");
    CHECK(proxies.client_of(asked_by("10.0.0.1", "<script>")) == "10.0.0.1");
    http::Request several = asked_by("10.0.0.1", "198.51.100.1");  // what the client said itself
    several.headers.add("x-forwarded-for", "203.0.113.7,\t10.0.0.2");
    CHECK(proxies.client_of(several) == "203.0.113.7");
    CHECK(proxies.client_of(asked_by("10.0.0.1", "198.51.100.1, , 10.0.0.2")) == "10.0.0.2");
    CHECK(TrustedProxies().client_of(asked_by("10.0.0.1", "203.0.113.7")) == "10.0.0.1");
}
