#include <fstream>

#include "tasks/files/arrivals.h"
#include "tasks/fs/file_family.h"
#include "tasks/fs/local_files.h"
#include "unit/object_store/fake_s3.h"
#include "unit/tasks/task_rig.h"

using namespace sluice;
using namespace sluice::test;
using tasks::Arrivals;

namespace {

/// Two folders of this machine, one of which is open to flows.
class LocalPlace {
  public:
    LocalPlace() {
        std::string pattern = std::filesystem::temp_directory_path() / "sluice-local-XXXXXX";
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        root_ = pattern;
        std::filesystem::create_directories(root_ / "open/in");
        std::filesystem::create_directories(root_ / "closed");
    }
    ~LocalPlace() { std::filesystem::remove_all(root_); }
    LocalPlace(const LocalPlace&) = delete;
    LocalPlace& operator=(const LocalPlace&) = delete;

    tasks::Settings settings() const { return {.local_paths = {root_ / "open"}}; }
    std::string path(const std::string& relative) const { return (root_ / relative).string(); }
    void put(const std::string& relative, const std::string& text) const { std::ofstream(root_ / relative) << text; }
    std::string text(const std::string& relative) const {
        std::ifstream in(root_ / relative);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    bool has(const std::string& relative) const { return std::filesystem::exists(root_ / relative); }

  private:
    std::filesystem::path root_{};
};

std::vector<std::string> names_of(const Value& outputs, const char* list = "files", const char* name = "name") {
    std::vector<std::string> out;
    if (outputs.is_null()) return out;
    for (const Value& one : outputs[list].as_list()) out.push_back(one.text(name));
    return out;
}

using Names = std::vector<std::string>;

void run_rest(TaskRig& rig) {
    for (const auto& action : std::exchange(rig.rest, {})) ok(action());
}

}  // namespace

TEST_CASE("local files are closed to flows unless the configuration opens a folder") {
    const LocalPlace place;
    TaskRig nothing_open;
    CHECK(contains(failure(nothing_open.run("fs.local.List", "from: " + place.path("open"))).message,
                   "tasks.local-files.allowed-paths"));

    TaskRig rig(place.settings());
    place.put("closed/secret", "x");
    std::filesystem::create_symlink(place.path("closed"), place.path("open/way"));
    std::filesystem::create_symlink(place.path("closed/secret"), place.path("open/link"));
    for (const char* path : {"closed/secret", "open/../closed/secret", "open/way/secret", "open/link"}) {
        CAPTURE(path);
        CHECK(failure(rig.run("fs.local.Download", "from: " + place.path(path))).code == ErrorCode::Forbidden);
    }
    rig.put_file("kestra:///company/team/a.txt", "x");
    CHECK(failure(rig.run("fs.local.Upload", "from: kestra:///company/team/a.txt\nto: " + place.path("open/way/new")))
              .code == ErrorCode::Forbidden);
    CHECK(failure(rig.run("fs.local.Delete", "from: " + place.path("open") + "\nrecursive: true")).code ==
          ErrorCode::Forbidden);
    CHECK(failure(rig.run("fs.local.Download", "from: open/in")).code == ErrorCode::Invalid);
    CHECK(place.text("closed/secret") == "x");
}

TEST_CASE("local files are uploaded, listed, copied, moved, downloaded and deleted") {
    const LocalPlace place;
    TaskRig rig(place.settings());
    rig.put_file("kestra:///company/team/a.csv", "1,2\n");
    const Value up =
        ok(rig.run("fs.local.Upload", "from: kestra:///company/team/a.csv\nto: " + place.path("open/new/dir") + "/"));
    CHECK(up.text("to") == place.path("open/new/dir/a.csv"));
    CHECK(place.text("open/new/dir/a.csv") == "1,2\n");
    const std::string again = "from: kestra:///company/team/a.csv\nto: " + place.path("open/new/dir/a.csv") + "\n";
    CHECK(failure(rig.run("fs.local.Upload", again + "overwrite: false")).code == ErrorCode::Conflict);
    ok(rig.run("fs.local.Upload", again));

    ok(rig.run("fs.local.Copy", "from: " + place.path("open/new/dir/a.csv") + "\nto: " + place.path("open/in/b.csv")));
    place.put("open/in/c.txt", "c");
    const Value listed =
        ok(rig.run("fs.local.List", "from: " + place.path("open") + "\nrecursive: true\nregExp: .*\\.csv"));
    CHECK(names_of(listed) == Names{"b.csv", "a.csv"});
    CHECK(listed["count"] == Value(2));
    CHECK(listed["files"].as_list()[0]["size"] == Value(4));

    ok(rig.run("fs.local.Move", "from: " + place.path("open/in/b.csv") + "\nto: " + place.path("open/in/sub/d.csv")));
    CHECK(place.text("open/in/sub/d.csv") == "1,2\n");
    CHECK_FALSE(place.has("open/in/b.csv"));
    CHECK(failure(rig.run("fs.local.Move", "from: " + place.path("open/none") + "\nto: " + place.path("open/in/c.txt")))
              .code == ErrorCode::NotFound);
    CHECK(place.has("open/in/c.txt"));

    const Value down = ok(rig.run("fs.local.Download", "from: " + place.path("open/in/sub/d.csv")));
    CHECK(rig.file(down.text("uri")) == "1,2\n");
    CHECK(down.text("checksum").size() == 64);

    CHECK(failure(rig.run("fs.local.Delete", "from: " + place.path("open/in/sub"))).code == ErrorCode::Conflict);
    CHECK(ok(rig.run("fs.local.Delete", "from: " + place.path("open/in/sub") + "\nrecursive: true"))["deleted"] ==
          Value(true));
    CHECK(ok(rig.run("fs.local.Delete", "uri: " + place.path("open/in/sub")))["deleted"] == Value(false));
    CHECK(failure(rig.run("fs.local.Delete", "uri: " + place.path("open/in/sub") + "\nerrorOnMissing: true")).code ==
          ErrorCode::NotFound);
}

TEST_CASE("a trigger takes each file once, and moves it only when the execution is stored") {
    const LocalPlace place;
    TaskRig rig(place.settings());
    place.put("open/in/1.csv", "one");
    place.put("open/in/note.txt", "x");
    const std::string watch = "from: " + place.path("open/in") +
                              "\nregExp: .*\\.csv\naction: MOVE\nmoveDirectory: " + place.path("open/done") + "\n";
    const Value first = ok(rig.poll("fs.local.Trigger", watch));
    CHECK(names_of(first) == Names{"1.csv"});
    CHECK(rig.file(first["files"].as_list()[0].text("path")) == "one");
    CHECK(place.has("open/in/1.csv"));  // not stored yet

    // The worker dies after the execution was stored: the next look starts nothing, and moves.
    rig.rest.clear();
    place.put("open/in/2.csv", "two");
    CHECK(names_of(ok(rig.poll("fs.local.Trigger", watch))) == Names{"2.csv"});
    run_rest(rig);
    CHECK(place.text("open/done/1.csv") == "one");
    CHECK(place.text("open/done/2.csv") == "two");
    CHECK(ok(rig.poll("fs.local.Trigger", watch)).is_null());
    CHECK(rig.memory == Value(Map()));  // what is gone is forgotten
    CHECK(place.has("open/in/note.txt"));
}

TEST_CASE("with the action NONE a file is taken again when it changed, in as many pieces as maxFiles says") {
    const LocalPlace place;
    TaskRig rig(place.settings());
    for (const char* name : {"open/in/a", "open/in/b", "open/in/c"}) place.put(name, "x");
    const std::string watch = "from: " + place.path("open/in") + "\nmaxFiles: 2\n";
    CHECK(names_of(ok(rig.poll("fs.local.Trigger", watch))) == Names{"a", "b"});
    CHECK(names_of(ok(rig.poll("fs.local.Trigger", watch))) == Names{"c"});
    CHECK(ok(rig.poll("fs.local.Trigger", watch)).is_null());
    place.put("open/in/b", "longer");
    CHECK(ok(rig.poll("fs.local.Trigger", watch + "on: CREATE\n")).is_null());
    place.put("open/in/b", "longer still");
    CHECK(names_of(ok(rig.poll("fs.local.Trigger", watch))) == Names{"b"});
    CHECK(contains(failure(rig.poll("fs.local.Trigger", watch + "action: MOVE\n")).message, "moveDirectory"));
}

TEST_CASE("what was taken is moved or deleted, not what came in its place") {
    const LocalPlace place;
    tasks::LocalFiles files(place.settings().local_paths);
    place.put("open/in/a", "taken");
    const auto listed = ok(files.list(place.path("open/in")));
    tasks::FileProperties want;
    want.from = Value(place.path("open/in"));
    want.move_directory = place.path("open/done");
    const tasks::FileFamily& family = tasks::file_families().front();
    place.put("open/in/a", "came later, and nobody has read it");
    for (const auto action : {tasks::FileAction::Delete, tasks::FileAction::Move}) {
        CHECK_FALSE(ok(tasks::act_on(files, action, family, want, listed.front())));
        CHECK(place.has("open/in/a"));
    }
    const auto again = ok(files.list(place.path("open/in")));
    CHECK(ok(tasks::act_on(files, tasks::FileAction::Move, family, want, again.front())));
    CHECK(place.text("open/done/a") == "came later, and nobody has read it");
    CHECK_FALSE(ok(tasks::act_on(files, tasks::FileAction::Move, family, want, again.front())));
}

TEST_CASE("a link to a folder is deleted, not what is in the folder") {
    const LocalPlace place;
    TaskRig rig(place.settings());
    place.put("open/in/kept", "x");
    std::filesystem::create_directory_symlink("in", place.path("open/link"));
    ok(rig.run("fs.local.Delete", "from: " + place.path("open/link") + "\nrecursive: true\n"));
    CHECK_FALSE(std::filesystem::is_symlink(place.path("open/link")));
    CHECK(place.text("open/in/kept") == "x");
    rig.put_file("kestra:///x", "1");
    CHECK(contains(
        failure(rig.run("fs.local.Uploads", "from: ['kestra:///x']\nmaxFiles: -1\nto: " + place.path("open/in") + "\n"))
            .message,
        "maxFiles"));
}

TEST_CASE("S3 tasks work on a bucket through their properties") {
    const FakeS3 server;
    TaskRig rig;
    const std::string where = "endpoint: " + server.endpoint() + "\naccessKeyId: key\nsecretKeyId: secret\nbucket: b\n";
    rig.put_file("kestra:///company/team/a b.csv", "1\n2\n");
    const Value up =
        ok(rig.run("minio.Upload", where + "from: kestra:///company/team/a%20b.csv\nkey: in/\nmetadata: {flow: f}\n"));
    CHECK(up.text("key") == "in/a b.csv");
    CHECK_FALSE(contains(up.text("eTag"), "\""));
    CHECK(contains(
        failure(rig.run("minio.Upload", where + "from: kestra:///company/team/a%20b.csv\nkey: k\nmetadata: {x: 'é'}\n"))
            .message,
        "ASCII"));
    ok(rig.run("minio.Upload", where + "from: ['kestra:///company/team/a%20b.csv']\nkey: in/sub\n"));
    CHECK(server.keys() == Names{"in/a b.csv", "in/sub/a b.csv"});

    CHECK(names_of(ok(rig.run("minio.List", where + "prefix: in/\ndelimiter: /\n")), "objects", "key") ==
          Names{"in/a b.csv", "in/sub/"});
    CHECK(names_of(ok(rig.run("minio.List", where + "regexp: in/sub/.*\nfilter: FILES\n")), "objects", "key") ==
          Names{"in/sub/a b.csv"});
    CHECK(names_of(ok(rig.run("minio.List", where + "maxKeys: 1\n")), "objects", "key").size() == 1);

    const Value down = ok(rig.run("minio.Download", where + "key: in/a b.csv\n"));
    CHECK(rig.file(down.text("uri")) == "1\n2\n");
    CHECK(down["metadata"]["flow"] == Value("f"));
    CHECK(failure(rig.run("minio.Download", where + "key: none\n")).code == ErrorCode::NotFound);

    ok(rig.run("minio.Copy", "endpoint: " + server.endpoint() +
                                 "\nfrom: {bucket: b, key: in/a b.csv}\nto: {key: out/x}\ndelete: true\n"));
    CHECK(server.keys() == Names{"in/sub/a b.csv", "out/x"});
    const Value moved = ok(rig.run("minio.Downloads", where + "prefix: out/\naction: MOVE\nmoveTo: {key: done}\n"));
    CHECK(rig.file(moved["outputFiles"].text("out/x")) == "1\n2\n");
    CHECK(server.keys() == Names{"done/x", "in/sub/a b.csv"});
    CHECK(ok(rig.run("minio.DeleteList", where + "prefix: in/\n"))["count"] == Value(1));
    ok(rig.run("minio.Delete", where + "key: done/x\n"));
    CHECK(server.keys().empty());
    CHECK(contains(failure(rig.run("minio.List", "endpoint: ''\nbucket: b")).message, "endpoint"));
}

TEST_CASE("an S3 trigger takes each object once") {
    const FakeS3 server;
    TaskRig rig;
    const std::string where = "endpoint: " + server.endpoint() + "\nbucket: b\n";
    rig.put_file("kestra:///company/team/x", "1");
    ok(rig.run("minio.Upload", where + "from: kestra:///company/team/x\nkey: in/x\n"));
    const std::string watch = where + "prefix: in/\naction: DELETE\n";
    const Value first = ok(rig.poll("minio.Trigger", watch));
    CHECK(rig.file(first["objects"].as_list()[0].text("uri")) == "1");
    CHECK(server.keys() == Names{"in/x"});
    CHECK(ok(rig.poll("minio.Trigger", watch)).is_null());
    run_rest(rig);
    CHECK(server.keys().empty());
}

TEST_CASE("an object that replaced one that was taken stays, and is taken next") {
    const FakeS3 server;
    TaskRig rig;
    const std::string where = "endpoint: " + server.endpoint() + "\nbucket: b\n";
    const auto put = [&](const std::string& text) {
        rig.put_file("kestra:///x", text);
        ok(rig.run("minio.Upload", where + "from: kestra:///x\nkey: in/x\n"));
    };
    for (const char* action : {"action: DELETE\n", "action: MOVE\nmoveTo: {key: done}\n"}) {
        CAPTURE(action);
        rig.memory = Value();
        put("first");
        const std::string watch = where + "prefix: in/\n" + action;
        CHECK(names_of(ok(rig.poll("minio.Trigger", watch)), "objects", "key") == Names{"in/x"});
        put("second");
        run_rest(rig);
        REQUIRE(server.keys() == Names{"in/x"});
        const Value next = ok(rig.poll("minio.Trigger", watch));
        CHECK(rig.file(next["objects"].as_list()[0].text("uri")) == "second");
        run_rest(rig);
        CHECK(server.keys() == (action[8] == 'D' ? Names{} : Names{"done/x"}));
    }
}

TEST_CASE("an object that is moved to where it is stays") {
    const FakeS3 server;
    TaskRig rig;
    const std::string where = "endpoint: " + server.endpoint() + "\nbucket: b\n";
    rig.put_file("kestra:///x", "1");
    ok(rig.run("minio.Upload", where + "from: kestra:///x\nkey: in/x\n"));
    ok(rig.run("minio.Downloads", where + "prefix: in/\naction: MOVE\nmoveTo: {key: in}\n"));
    CHECK(server.keys() == Names{"in/x"});
    rig.put_file("kestra:///other/x", "2");
    CHECK(contains(
        failure(rig.run("minio.Upload", where + "from: ['kestra:///x', 'kestra:///other/x']\nkey: in/\n")).message,
        "two of the files are called 'x'"));
}

TEST_CASE("Amazon's tasks take the worker's credentials, and those of the task before them") {
    const FakeS3 server;
    TaskRig rig(
        {.aws = {"from-env", "secret", "token"}, .aws_region = "eu-central-1", .aws_endpoint = server.endpoint()});
    ok(rig.run("aws.s3.List", "bucket: b"));
    CHECK(contains(server.seen().back().headers.at("authorization"), "Credential=from-env/"));
    CHECK(contains(server.seen().back().headers.at("authorization"), "/eu-central-1/s3/"));
    CHECK(server.seen().back().headers.at("x-amz-security-token") == "token");
    ok(rig.run("aws.s3.List", "bucket: b\naccessKeyId: own\nsecretKeyId: s\nregion: us-west-2"));
    CHECK(contains(server.seen().back().headers.at("authorization"), "Credential=own/"));
    CHECK_FALSE(server.seen().back().headers.contains("x-amz-security-token"));
}
