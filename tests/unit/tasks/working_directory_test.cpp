#include <fstream>

#include "storage/layout.h"
#include "unit/tasks/task_rig.h"

namespace sluice::tasks {
namespace {

using test::TaskRig;

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

Result<Value> run(TaskRig& rig, const char* step, const std::string& yaml) {
    rig.step = step;
    return rig.run("core.flow.WorkingDirectory", "tasks: [{id: x, type: core.log.Log, message: m}]\n" + yaml);
}

}  // namespace

TEST_CASE("a working directory is filled before its tasks, and its files are kept after them") {
    TaskRig rig;
    rig.put_file("kestra:///company/team/_files/lib/a.py", "A");
    const std::string yaml = "inputFiles: {in.txt: hello}\nnamespaceFiles: {enabled: true}\noutputFiles: ['*.out']";
    test::ok(run(rig, "open", yaml));
    CHECK(text_of(rig.working_directory() / "in.txt") == "hello");
    CHECK(text_of(rig.working_directory() / "lib/a.py") == "A");
    std::ofstream(rig.working_directory() / "x.out") << "made";
    const Value out = test::ok(run(rig, "close", yaml));
    CHECK(rig.file(out["outputFiles"].text("x.out")) == "made");
    CHECK(out["outputFiles"].as_map().size() == 1);
}

TEST_CASE("no link in a working directory leads what is written there elsewhere") {
    TaskRig rig;
    const auto folder = rig.working_directory();
    const auto elsewhere = rig.scratch_directory();
    std::ofstream(elsewhere / "secret") << "kept";
    std::filesystem::create_symlink(elsewhere / "secret", folder / "in.txt");
    std::filesystem::create_symlink(elsewhere / "new", folder / "dangling");
    std::filesystem::create_directory_symlink(elsewhere, folder / "out");
    test::ok(run(rig, "open", "inputFiles: {in.txt: hello, dangling: hello}"));
    CHECK(text_of(elsewhere / "secret") == "kept");
    CHECK_FALSE(std::filesystem::exists(elsewhere / "new"));
    CHECK(text_of(folder / "in.txt") == "hello");
    CHECK(test::contains(test::failure(run(rig, "open", "inputFiles: {out/secret: hello}")).message, "leads out"));
    CHECK(text_of(elsewhere / "secret") == "kept");
}

TEST_CASE("a working directory's cache comes back the next time") {
    const std::string yaml = "cache: {patterns: ['deps/**']}";
    TaskRig rig;
    test::ok(run(rig, "open", yaml));
    std::filesystem::create_directories(rig.working_directory() / "deps/sub");
    std::ofstream(rig.working_directory() / "deps/sub/a.js") << "module";
    std::ofstream(rig.working_directory() / "other") << "x";
    test::ok(run(rig, "close", yaml));
    const auto address = storage::cache_file("company.team", "f", "t");
    CHECK(rig.files.exists(address));

    std::filesystem::remove_all(rig.working_directory());
    test::ok(run(rig, "open", yaml));
    CHECK(text_of(rig.working_directory() / "deps/sub/a.js") == "module");
    CHECK_FALSE(std::filesystem::exists(rig.working_directory() / "other"));

    // Nothing changed: it is not packed again.
    test::ok(rig.files.put(address, "untouched"));
    test::ok(run(rig, "close", yaml));
    CHECK(test::ok(rig.files.get(address, 100)) == "untouched");
}

TEST_CASE("a cache that is too old does not count") {
    const std::string yaml = "cache: {patterns: ['a'], ttl: PT1H}";
    TaskRig rig;
    test::ok(run(rig, "open", yaml));
    std::ofstream(rig.working_directory() / "a") << "1";
    test::ok(run(rig, "close", yaml));  // the files of the rig are all of 1970
    std::filesystem::remove_all(rig.working_directory());
    test::ok(run(rig, "open", yaml));
    CHECK_FALSE(std::filesystem::exists(rig.working_directory() / "a"));
}

}  // namespace sluice::tasks
