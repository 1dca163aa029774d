#include "support/test.h"
#include "unit/tasks/task_rig.h"

using namespace sluice;
using namespace sluice::test;

namespace {

Result<Value> run(TaskRig& rig, const std::string& part, const std::string& yaml) {
    return rig.run("core.flow.ForEachItem", "namespace: n\nflowId: other\n" + yaml, part);
}

/// The texts of the batches, each with | for its line ends.
std::string batches_of(TaskRig& rig, const std::string& batch) {
    rig.put_file("kestra:///n/rows.csv", "a\nb\nc\nd\ne\n");
    const Value outputs = ok(run(rig, "t_split", "items: kestra:///n/rows.csv\n" + batch));
    std::string out;
    std::string list = rig.file(outputs.text("splits"));
    while (!list.empty()) {
        const std::size_t end = list.find('\n');
        CHECK(list.substr(0, end).ends_with(".csv"));
        std::string text = rig.file(list.substr(0, end));
        std::replace(text.begin(), text.end(), '\n', '|');
        out += "[" + text + "]";
        list.erase(0, end + 1);
    }
    return out;
}

}  // namespace

TEST_CASE("a ForEachItem divides its file by rows, partitions or bytes") {
    TaskRig rig;
    CHECK(batches_of(rig, "") == "[a|][b|][c|][d|][e|]");
    CHECK(batches_of(rig, "batch: {rows: 2}") == "[a|b|][c|d|][e|]");
    CHECK(batches_of(rig, "batch: {rows: '{{ 1 + 1 }}'}") == "[a|b|][c|d|][e|]");
    CHECK(batches_of(rig, "batch: {partitions: 2}") == "[a|c|e|][b|d|]");
    CHECK(batches_of(rig, "batch: {bytes: 1B, rows: 3}") == "[a|][b|][c|][d|][e|]");
}

TEST_CASE("what a ForEachItem can't divide is said") {
    TaskRig rig;
    CHECK(contains(failure(run(rig, "t_split", "items: /tmp/x")).message,
                   "Unable to split the items from /tmp/x, this is not an internal storage URI!"));
    rig.put_file("kestra:///n/f", "a\n");
    CHECK(contains(failure(run(rig, "t_split", "items: kestra:///n/f\nbatch: {rows: 0}")).message,
                   "Invalid configuration with no size, count, nor rows"));
}

TEST_CASE("outputs of the executions are joined in the order of their batches") {
    TaskRig rig;
    rig.records.pieces = {{Value{{"x", 1}}, Value()}, {Value{{"x", 2}}}};
    const Value outputs = ok(run(rig, "t_merge", "items: x"));
    CHECK(rig.file(outputs.text("subflowOutputs")) == "{\"x\":1}\n{\"x\":2}\n");

    TaskRig none;
    none.records.pieces = {{Value(), Value()}};
    CHECK(ok(run(none, "t_merge", "items: x")).is_null());
}
