#include "base/trace.h"

#include "base/id.h"
#include "support/test.h"

using namespace sluice;

TEST_CASE("an execution's trace is the UUID that its id is; spans have ids of their own") {
    // A UUIDv7 of 2026-01-05T10:00:00Z with all random bits zero.
    const std::string id = time_ordered_id(test::at("10:00:00"), 0, 0);
    const std::string trace = trace_id_of(id);
    CHECK(trace.size() == 32);
    CHECK(std::stoull(trace.substr(0, 12), nullptr, 16) == 1767607200000);
    CHECK(trace.substr(12) == "70008000000000000000");
    CHECK(span_id_of("a").size() == 16);
    CHECK(span_id_of("a") != span_id_of("b"));
    CHECK(traceparent_of(id, "run") == "00-" + trace + "-" + span_id_of("run") + "-01");
}

TEST_CASE("what is no id has a name all the same") {
    CHECK(trace_id_of("").size() == 32);
    CHECK(trace_id_of("no id at all, and far too long to be one").size() == 32);
    CHECK(span_id_of("").size() == 16);
}
