#include "server/trace_exporter.h"

#include "support/test.h"
#include "unit/net/loopback_server.h"

using namespace sluice;
using namespace sluice::server;
using namespace sluice::test;

TEST_CASE("spans and credentials go to the collector that was named, and to none that it names") {
    LoopbackServer elsewhere([](const Seen&) { return Reply{response("200 OK", "")}; });
    LoopbackServer collector([&](const Seen&) {
        return Reply{response("307 Temporary Redirect", "", "Location: " + elsewhere.url("/") + "\r\n")};
    });
    net::Client http;
    TraceExporter exporter(http, {.endpoint = collector.url("/v1/traces"), .authorization = "Bearer secret"});
    exporter.take(std::vector<executor::Span>(1));
    exporter.start();
    exporter.stop();
    CHECK(collector.seen().size() == 1);
    CHECK(elsewhere.seen().empty());
}
