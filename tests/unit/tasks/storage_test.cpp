#include "unit/tasks/task_rig.h"

namespace sluice::tasks {
namespace {

using test::TaskRig;

constexpr const char* kFile = "kestra:///company/team/in.csv";

std::string joined(const TaskRig& rig, const Value& uris) {
    std::string out;
    for (const Value& uri : uris.as_list()) out += "[" + rig.file(uri.as_string()) + "]";
    return out;
}

}  // namespace

TEST_CASE("files are joined, with the separator behind each") {
    TaskRig rig;
    rig.put_file("kestra:///a", "1");
    rig.put_file("kestra:///b", "2");
    Value out = test::ok(rig.run("core.storage.Concat", "files: ['kestra:///a', 'kestra:///b']\nseparator: ';'"));
    CHECK(rig.file(out.text("uri")) == "1;2;");
    CHECK(out.text("uri").ends_with(".tmp"));
    rig.names = Value{{"files", Value(List{Value("kestra:///b"), Value("kestra:///a")})}};
    out = test::ok(rig.run("core.storage.Concat", "files: \"{{ files }}\"\nextension: .txt"));
    CHECK(rig.file(out.text("uri")) == "21");
    CHECK(out.text("uri").ends_with(".txt"));
    test::failure(rig.run("core.storage.Concat", "files: ['kestra:///none']"));
}

TEST_CASE("a file is divided by rows, by size, or in turn") {
    TaskRig rig;
    rig.put_file(kFile, "a\nb\nc\nd\ne");
    const auto split = [&](const std::string& how) {
        return joined(rig, test::ok(rig.run("core.storage.Split", "from: " + std::string(kFile) + "\n" + how))["uris"]);
    };
    CHECK(split("rows: 2") == "[a\nb\n][c\nd\n][e\n]");
    CHECK(split("bytes: 4") == "[a\nb\n][c\nd\n][e\n]");
    CHECK(split("bytes: 1KB") == "[a\nb\nc\nd\ne\n]");
    CHECK(split("partitions: 2") == "[a\nc\ne\n][b\nd\n]");
    CHECK(split("partitions: 9") == "[a\n][b\n][c\n][d\n][e\n]");
    CHECK(split("rows: 9\nseparator: c") == "[a\nb\nc\nd\nec]");
    const Value uris = test::ok(rig.run("core.storage.Split", "from: " + std::string(kFile) + "\nrows: 9"))["uris"];
    CHECK(uris.as_list().front().as_string().ends_with(".csv"));
    CHECK(test::failure(rig.run("core.storage.Split", "from: " + std::string(kFile))).message ==
          "Invalid configuration with no size, count, nor rows");
    test::failure(rig.run("core.storage.Split", "from: " + std::string(kFile) + "\nbytes: many"));
}

TEST_CASE("an empty file has no parts") {
    TaskRig rig;
    rig.put_file(kFile, "");
    const Value out = test::ok(rig.run("core.storage.Split", "from: " + std::string(kFile) + "\nrows: 2"));
    CHECK(out["uris"].as_list().empty());
}

TEST_CASE("items longer than what is read at once stay whole") {
    TaskRig rig;
    const std::string one(300'000, 'x');
    rig.put_file(kFile, one + "||" + one + "|" + one);
    const Value out =
        test::ok(rig.run("core.storage.Split", "from: " + std::string(kFile) + "\nrows: 1\nseparator: '||'"));
    REQUIRE(out["uris"].as_list().size() == 2);
    CHECK(rig.file(out["uris"].as_list()[1].as_string()) == one + "|" + one + "||");
}

TEST_CASE("the lines of a file are turned around") {
    TaskRig rig;
    for (const char* text : {"a\nb\nc\n", "a\nb\nc"}) {
        rig.put_file(kFile, text);
        const Value out = test::ok(rig.run("core.storage.Reverse", "from: " + std::string(kFile)));
        CHECK(rig.file(out.text("uri")) == "c\nb\na\n");
    }
    std::string long_file;
    std::string turned;
    for (int i = 0; i < 60000; ++i) {
        const std::string line = fmt::format("line {} of many lines\n", i);
        long_file += line;
        turned.insert(0, i % 20000 == 0 ? line : "");
    }
    rig.put_file(kFile, long_file);
    const Value out = test::ok(rig.run("core.storage.Reverse", "from: " + std::string(kFile)));
    const Value again = test::ok(rig.run("core.storage.Reverse", "from: " + out.text("uri")));
    CHECK(test::ok(rig.files.get(test::ok(storage::Uri::parse(again.text("uri"))), 1 << 24)) == long_file);
}

TEST_CASE("rows are kept by a condition on their fields") {
    TaskRig rig;
    rig.put_file(kFile, "{\"n\": 1}\n{n: 5, name: \"x\"}\n{\"n\": 9}\n");
    const std::string from = "from: " + std::string(kFile) + "\n";
    Value out = test::ok(rig.run("core.storage.FilterItems", from + "filterCondition: \" {{ n > 3 }} \""));
    CHECK(rig.file(out.text("uri")) == "{n: 5, name: \"x\"}\n{\"n\": 9}\n");
    CHECK(out["processedItemsTotal"] == Value(3));
    CHECK(out["droppedItemsTotal"] == Value(1));
    out = test::ok(rig.run("core.storage.FilterItems", from + "filterCondition: \"{{ n > 3 }}\"\nfilterType: EXCLUDE"));
    CHECK(rig.file(out.text("uri")) == "{\"n\": 1}\n");
    test::failure(rig.run("core.storage.FilterItems", from + "filterCondition: \"{{ name == 'x' }}\""));
    out = test::ok(rig.run("core.storage.FilterItems",
                           from + "filterCondition: \"{{ name == 'x' }}\"\nerrorOrNullBehavior: EXCLUDE"));
    CHECK(rig.file(out.text("uri")) == "{n: 5, name: \"x\"}\n");
}

TEST_CASE("of rows with the same key the last one stays, where it stands") {
    TaskRig rig;
    rig.put_file(kFile, "{\"k\": \"a\", \"v\": 1}\n{\"k\": \"b\", \"v\": 2}\n{\"k\": \"a\", \"v\": 3}\n");
    const Value out =
        test::ok(rig.run("core.storage.DeduplicateItems", "from: " + std::string(kFile) + "\nexpr: \"{{ k }}\""));
    CHECK(rig.file(out.text("uri")) == "{\"k\": \"b\", \"v\": 2}\n{\"k\": \"a\", \"v\": 3}\n");
    CHECK(out["numKeys"] == Value(2));
    CHECK(out["processedItemsTotal"] == Value(3));
    CHECK(out["droppedItemsTotal"] == Value(1));
}

TEST_CASE("files are written, measured and deleted") {
    TaskRig rig;
    const std::string uri = test::ok(rig.run("core.storage.Write", "content: hello\nextension: .txt")).text("uri");
    CHECK(rig.file(uri) == "hello");
    CHECK(uri.ends_with(".txt"));
    CHECK(test::ok(rig.run("core.storage.Size", "uri: " + uri))["size"] == Value(5));
    CHECK(test::ok(rig.run("core.storage.Delete", "uri: " + uri))["deleted"] == Value(true));
    CHECK(test::ok(rig.run("core.storage.Delete", "uri: " + uri))["deleted"] == Value(false));
    test::failure(rig.run("core.storage.Delete", "errorOnMissing: true\nuri: " + uri));
}

TEST_CASE("all files of the execution are deleted, and no others") {
    TaskRig rig;
    test::ok(rig.run("core.storage.Write", "content: hello"));
    rig.put_file("kestra:///company/team/f/executions/e2/x", "other");
    const Value out = test::ok(rig.run("core.storage.PurgeCurrentExecutionFiles", ""));
    CHECK(out["uris"].as_list().size() == 1);
    CHECK(rig.file("kestra:///company/team/f/executions/e2/x") == "other");
}

TEST_CASE("local files go into the working directory, and out of it") {
    TaskRig rig;
    const Value out = test::ok(rig.run("core.storage.LocalFiles", "inputs: {a.txt: A, b/c.txt: C}\noutputs: ['b/**']"));
    CHECK(rig.file(out["uris"].text("b/c.txt")) == "C");
    CHECK_FALSE(out["uris"].get("a.txt"));
}

TEST_CASE("files of a namespace are downloaded, uploaded and deleted") {
    TaskRig rig;
    rig.put_file("kestra:///company/team/_files/lib/a.py", "A");
    rig.put_file("kestra:///company/team/_files/b.txt", "B");
    Value out = test::ok(rig.run("core.namespace.DownloadFiles", "namespace: company.team\nfiles: a.py"));
    CHECK(rig.file(out["files"].text("/lib/a.py")) == "A");
    CHECK(out["files"].as_map().size() == 1);

    const std::string a = out["files"].text("/lib/a.py");
    out = test::ok(rig.run("core.namespace.UploadFiles",
                           "namespace: other.ns\ndestination: /into\nfilesMap: {copy.py: '" + a + "'}"));
    CHECK(rig.file("kestra:///other/ns/_files/into/copy.py") == "A");
    std::filesystem::create_directories(rig.working_directory() / "d");
    test::ok(rig.run("core.storage.LocalFiles", "inputs: {d/x.csv: X}"));
    test::ok(rig.run("core.namespace.UploadFiles", "namespace: other.ns\nfiles: ['**.csv']"));
    CHECK(rig.file("kestra:///other/ns/_files/d/x.csv") == "X");
    test::failure(rig.run("core.namespace.UploadFiles", "namespace: other.ns\nfiles: ['**.csv']\nconflict: ERROR"));
    out = test::ok(rig.run("core.namespace.UploadFiles", "namespace: other.ns\nfiles: ['**.csv']\nconflict: SKIP"));
    CHECK(out["files"].as_map().empty());
    CHECK(test::failure(rig.run("core.namespace.UploadFiles", "namespace: other.ns")).message ==
          "files or filesMap is required");

    test::ok(rig.run("core.namespace.DeleteFiles", "namespace: company.team\nfiles: [a.py]\ndeleteParentFolder: true"));
    CHECK_FALSE(rig.files.exists(test::ok(storage::Uri::parse("kestra:///company/team/_files/lib"))));
    CHECK(rig.metric_value("deleted") == 1);
    CHECK(rig.file("kestra:///company/team/_files/b.txt") == "B");
}

}  // namespace sluice::tasks
