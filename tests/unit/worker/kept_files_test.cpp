#include "worker/kept_files.h"

#include "storage/memory_storage.h"
#include "support/test.h"

using namespace sluice;

TEST_CASE("outputs that were kept are worth what their files are") {
    storage::MemoryStorage files;
    const storage::Uri there = test::ok(storage::Uri::of_path("/company/flow/executions/e1/tasks/a/r/there.txt"));
    test::ok(files.put(there, "text"));
    const Value present{{"rows", 3}, {"nested", Value(List{Value(there.text()), Value("kestra:// is a scheme")})}};
    CHECK_FALSE(worker::missing_file(present, files));
    CHECK_FALSE(worker::missing_file(Value(), files));
    Value gone = present;
    gone.mutable_map().set("uri", "kestra:///company/flow/executions/e1/tasks/a/r/gone.txt");
    const auto missing = worker::missing_file(gone, files);
    REQUIRE(missing);
    CHECK(missing->name() == "gone.txt");
}
