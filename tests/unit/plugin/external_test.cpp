// Plugins: their manifests, and what becomes of a task whatever its program does.
#include <fstream>
#include <sys/stat.h>

#include "plugin/external/plugin_folder.h"
#include "support/test.h"
#include "unit/tasks/task_rig.h"
#include "value/json.h"

namespace sluice::plugin {
namespace {

using test::contains;
using test::failure;
using test::ok;
using test::TaskRig;

/// A folder of plugins, gone at the end.
class PluginFolder {
  public:
    PluginFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "sluice-plugins-XXXXXX").string();
        ensure(mkdtemp(name.data()) != nullptr, "no temporary folder");
        path_ = name;
    }
    ~PluginFolder() { std::filesystem::remove_all(path_); }

    void put(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name) << text;
    }
    /// A plugin whose program is this shell script.
    void put_program(const std::string& script, const std::string& more = "") const {
        put("one/run.sh", script);
        put("one/plugin.yaml",
            "protocol: 1\ncommand: [/bin/sh, ./run.sh]\n" + more +
                "types:\n  - type: com.test.One\n    title: One\n    properties:\n      properties:\n"
                "        n: {type: integer, default: 5}\n        mode: {enum: [a, b]}\n"
                "        token: {type: string, format: password}\n        list: {type: array}\n"
                "    outputs: {rows: How many}\n");
    }
    Result<std::vector<FoundType>> read() const { return read_plugin_folders({path_.string()}); }
    std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_;
};

struct Ran {
    Result<Value> outcome;
    std::string log;
};

Ran run(const std::string& script, const Value& properties = Value(Map()), const std::string& more = "") {
    const PluginFolder folder;
    folder.put_program(script, more);
    const auto types = ok(folder.read());
    TaskRig rig;
    Result<Value> outcome = rig.run_type(types.front().type, properties);
    return {std::move(outcome), rig.log_text()};
}

/// A script that reads its start message, does this, and says SUCCESS.
std::string doing(const std::string& what) {
    return "read -r start\n" + what + "\necho '{\"type\":\"result\"}'\n";
}

}  // namespace

TEST_CASE("a plugin gets its properties as the schema says, and gives logs, metrics and outputs") {
    const PluginFolder folder;
    folder.put_program(doing(R"(printf '%s\n' "$start" >start.json
echo '{"type":"log","level":"WARN","message":"hello"}'
echo '{"type":"heartbeat"}'
echo '{"type":"metric","name":"rows","value":"7","tags":{"a":"b"}}'
echo '{"type":"output","values":{"rows":1,"more":[1,{"a":null}]}}'
echo '{"type":"output","values":{"rows":2}}'
echo on stderr >&2)"));
    const auto types = ok(folder.read());
    TaskRig rig;
    const Value out = ok(rig.run_type(types.front().type, Value{{"list", "[1,2]"}, {"mode", "a"}}));
    CHECK(to_json(out) == R"({"rows":2,"more":[1,{"a":null}]})");
    CHECK(contains(rig.log_text(), "WARN hello"));
    CHECK(contains(rig.log_text(), "WARN on stderr"));
    CHECK(rig.metric_value("rows") == 7);
    std::ifstream in(rig.working_directory() / "start.json");
    const std::string line((std::istreambuf_iterator<char>(in)), {});
    const Value start = ok(parse_json(line));
    CHECK(start["properties"] == Value{{"n", 5}, {"mode", "a"}, {"list", Value(List{Value(1), Value(2)})}});
    CHECK(start["protocol"] == Value(1));
    CHECK(start["task"].text("type") == "com.test.One");
    CHECK(start.text("folder") == rig.working_directory().string());
}

TEST_CASE("properties that do not fit fail the task before its program starts") {
    CHECK(failure(run("exit 1", Value{{"n", "x"}}).outcome).message ==
          "property 'n': expected a whole number, found 'x'");
    CHECK(contains(failure(run("exit 1", Value{{"mode", "c"}}).outcome).message, "expected one of a, b, found 'c'"));
}

TEST_CASE("files go out of the storage and into it") {
    const PluginFolder folder;
    folder.put_program(doing(R"(echo '{"type":"file","id":1,"get":"kestra:///company/in.txt","name":"in.txt"}'
read -r answer; tr a-z A-Z <in.txt >out.txt
echo '{"type":"file","id":2,"put":"out.txt"}'
read -r answer; printf '{"type":"output","values":{"rows":%s}}\n' "$answer"
echo '{"type":"file","id":3,"put":"../../etc/passwd"}'
read -r answer; printf '{"type":"output","values":{"refused":%s}}\n' "$answer")"));
    const auto types = ok(folder.read());
    TaskRig rig;
    rig.put_file("kestra:///company/in.txt", "abc\n");
    const Value out = ok(rig.run_type(types.front().type, Value(Map())));
    CHECK(rig.file(out["rows"].text("uri")) == "ABC\n");
    CHECK(out["rows"]["id"] == Value(2));
    CHECK(contains(out["refused"].text("error"), "not below the task's folder"));
}

TEST_CASE("a result may be FAILED with its reason, or WARNING; outputs of a failed task are kept") {
    const PluginFolder folder;
    folder.put_program(
        "read -r start\necho '{\"type\":\"result\",\"state\":\"FAILED\",\"message\":\"no "
        "rows\",\"outputs\":{\"rows\":0}}'\n");
    const auto types = ok(folder.read());
    TaskRig rig;
    CHECK(failure(rig.run_type(types.front().type, Value(Map()))).message == "no rows");
    CHECK(rig.kept == Value{{"rows", 0}});
    folder.put_program("read -r start\necho '{\"type\":\"result\",\"state\":\"WARNING\",\"message\":\"late\"}'\n");
    TaskRig other;
    ok(other.run_type(types.front().type, Value(Map())));
    CHECK(other.end == State::Warning);
    CHECK(contains(other.log_text(), "WARN late"));
}

TEST_CASE("a plugin that crashes, ends too early or has no program fails its task with the reason") {
    CHECK(contains(failure(run("echo oh no >&2; exit 3").outcome).message,
                   "com.test.One ended with exit code 3 before it gave a result; its last words: oh no"));
    CHECK(contains(failure(run("kill -9 $$").outcome).message, "was ended by signal 9 before it gave a result"));
    CHECK(contains(failure(run(doing("") + "exit 4\n").outcome).message, "exit code 4 although its result was good"));
    const PluginFolder folder;
    folder.put("plugin.yaml", "protocol: 1\ncommand: [./missing]\ntypes: [{type: com.test.Two, title: Two}]\n");
    const auto types = ok(folder.read());
    TaskRig rig;
    CHECK(contains(failure(rig.run_type(types.front().type, Value(Map()))).message,
                   "could not be started: there is no program"));
}

TEST_CASE("a plugin that breaks the protocol is ended, and the line is told") {
    const auto broken = [](const std::string& line) {
        return failure(run("read -r start\n" + line + "\nexec sleep 60\n").outcome).message;
    };
    CHECK(contains(broken("echo Hello"), "it wrote 'Hello'; anything else belongs on standard error"));
    CHECK(contains(broken("echo '[1]'"), "it wrote '[1]'"));
    CHECK(contains(broken("printf '\\377\\376\\001\\n'"), "broke the protocol"));
    CHECK(contains(broken("echo '{\"type\":\"dance\"}'"), "found 'dance'"));
    CHECK(contains(broken("echo '{\"type\":\"metric\",\"name\":\"x\",\"value\":\"many\"}'"), "expected a number"));
    CHECK(contains(broken("echo '{\"type\":\"result\",\"state\":\"FINE\"}'"), "found 'FINE'"));
    CHECK(contains(broken("head -c 17000000 /dev/zero | tr '\\0' x"), "a line of more than 16 MiB"));
}

TEST_CASE("a silent plugin is ended when its heartbeat is missing, a lingering one after its result") {
    const auto silent = failure(run("read -r start\nexec sleep 60\n", Value(Map()), "heartbeat: PT0.2S\n").outcome);
    CHECK(silent.code == ErrorCode::Timeout);
    CHECK(contains(silent.message, "was silent for PT0.2S"));
    const std::string beating =
        "read -r start\nfor i in 1 2 3 4 5 6; do echo '{\"type\":\"heartbeat\"}'; sleep 0.1; done\n";
    ok(run(beating + "echo '{\"type\":\"result\"}'\n", Value(Map()), "heartbeat: PT0.5S\n").outcome);
}

TEST_CASE("a plugin that is stopped hears kill first, and is ended after its grace") {
    const PluginFolder folder;
    folder.put_program(
        "read -r start\necho '{\"type\":\"log\",\"message\":\"ready\"}'\nread -r order\n"
        "printf '{\"type\":\"log\",\"message\":%s}\\n' \"$order\"\nexec sleep 60\n",
        "killGrace: PT0.2S\n");
    const auto types = ok(folder.read());
    TaskRig rig;
    rig.on_log = [&](const std::string& message) {
        if (message == "ready") rig.stop.request_stop();
    };
    const auto began = std::chrono::steady_clock::now();
    CHECK(failure(rig.run_type(types.front().type, Value(Map()))).code == ErrorCode::Cancelled);
    CHECK(contains(rig.log_text(), "kill"));
    CHECK(std::chrono::steady_clock::now() - began < 20s);
}

TEST_CASE("a plugin that never reads its input blocks nobody") {
    Map large;
    large.set("token", std::string(2'000'000, 'x'));
    const Ran ran = run("echo '{\"type\":\"result\",\"outputs\":{\"rows\":1}}'\n", Value(large));
    CHECK(ok(ran.outcome) == Value{{"rows", 1}});
}

TEST_CASE("what a property flagged as a password holds stays out of the log of its plugin") {
    const Ran ran = run(doing("echo the token is hunter22 >&2"), Value{{"token", "hunter22"}});
    ok(ran.outcome);
    CHECK(ran.log == "WARN the token is ********");
}

TEST_CASE("mistakes of manifests are told with their places, all at once") {
    const PluginFolder folder;
    folder.put("a/plugin.yaml", R"(protocol: 2
command: greet
comand: x
types:
  - type: Hello
    title: Hello
    properties:
      type: object
      required: [nmae]
      properties:
        name: {type: strin, minLength: 3}
        timeout: {type: string}
)");
    const Error error = failure(folder.read());
    const std::string text = error.text();
    CHECK(contains(text, "plugin.yaml:1:11 protocol: expected 1"));
    CHECK(contains(text, "comand: unknown key; did you mean 'command'?"));
    CHECK(contains(text, "expected a list: the program, and its arguments"));
    CHECK(contains(text, "plugin.yaml:5:11 type: 'Hello' is no name of a type"));
    CHECK(contains(text, "plugin.yaml:9:18 properties.required: there is no property 'nmae'"));
    CHECK(contains(text, "'strin' is not one of"));
    CHECK(contains(text, "the keyword 'minLength' is not checked here"));
    CHECK(contains(text, "every task has a property 'timeout' already"));
    CHECK(contains(failure(read_plugin_folders({folder.path() + "/none"})).message, "there is no folder"));
}

TEST_CASE("two plugins with one type, and one with the name of a built-in type, are refused") {
    const PluginFolder folder;
    const std::string manifest = "protocol: 1\ncommand: [x]\ntypes: [{type: com.test.Same, title: Same}]\n";
    folder.put("a/plugin.yaml", manifest);
    folder.put("b/plugin.yaml", manifest);
    CHECK(contains(failure(folder.read()).message, "the type com.test.Same is declared twice: in "));
    const PluginFolder other;
    other.put("plugin.yaml",
              "protocol: 1\ncommand: [x]\ntypes: [{type: io.kestra.plugin.core.flow.If, title: Mine}]\n");
    TaskCatalog catalog;
    CHECK(contains(failure(add_to(catalog, ok(other.read()))).message, "is taken by the built-in type"));
}

TEST_CASE("what is published of a type makes the same type elsewhere") {
    const PluginFolder folder;
    folder.put_program("exit 0");
    const auto types = ok(folder.read());
    const flow::TypeInfo& own = types.front().type.info;
    const flow::ExternalType read = flow::read_external_type(ok(parse_json(types.front().document)));
    REQUIRE(read.errors.empty());
    CHECK(read.info.name == own.name);
    CHECK(read.info.external);
    REQUIRE(read.info.properties.size() == own.properties.size());
    CHECK(read.info.property("n")->shape == flow::Shape::Integer);
    CHECK(read.info.property("token")->secret);
    CHECK(read.info.property("mode")->values == std::vector<std::string>{"a", "b"});
    CHECK(read.info.outputs.front().name == "rows");
}

TEST_CASE("a catalogue learns a newer form of a plugin's type, and flows keep the one that they were read with") {
    flow::Catalog catalog;
    flow::TypeInfo type{.name = "com.test.One", .title = "old", .external = true};
    ok(catalog.learn(type));
    const flow::TypeInfo* old = catalog.find("com.test.One");
    type.title = "new";
    ok(catalog.learn(type));
    CHECK(old->title == "old");
    CHECK(catalog.find("com.test.One")->title == "new");
    CHECK(catalog.types().size() == 1);
}

}  // namespace sluice::plugin
