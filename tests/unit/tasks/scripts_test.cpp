#include "unit/tasks/task_rig.h"

namespace sluice::tasks {
namespace {

using test::TaskRig;

bool has_text(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

Value shell(TaskRig& rig, const std::string& yaml) {
    return test::ok(rig.run("scripts.shell.Commands", yaml));
}

}  // namespace

TEST_CASE("commands run in one shell, and their lines go to the log by stream") {
    TaskRig rig;
    rig.names = Value{{"inputs", Value{{"name", "you"}}}};
    const Value out = shell(rig, "commands:\n  - x=hello\n  - echo $x {{ inputs.name }}\n  - echo careful >&2");
    CHECK(rig.log_text() == "INFO hello you|ERROR careful");
    CHECK(out["exitCode"] == Value(0));
    CHECK(out["stdOutLineCount"] == Value(1));
    CHECK(out["stdErrLineCount"] == Value(1));
}

TEST_CASE("a script tells outputs, metrics and logs by lines of the protocol, which are not logged") {
    TaskRig rig;
    const Value out = shell(rig, R"(commands:
  - |
    echo '::{"outputs": {"rows": 7, "name": "a"}}::'
    echo '::{"outputs": {"rows": 8, "list": [1, {"x": null}]}}::' >&2
    echo '::{"metrics": [{"name": "rows", "type": "counter", "value": 7, "tags": {"t": "x"}}, {"name": "took", "type": "timer", "value": 1.5}]}::'
    echo '::{"logs": [{"level": "WARN", "message": "late"}]}::'
    echo ' ::{"outputs": {"not": "whole line"}}::'
)");
    CHECK(out["vars"] == Value{{"rows", 8}, {"name", "a"}, {"list", Value(List{Value(1), Value{{"x", Value()}}})}});
    CHECK(rig.metric_value("rows") == 7);
    CHECK(rig.metrics[0].tags == Value{{"t", "x"}});
    CHECK(rig.metrics[1].kind == "timer");
    CHECK(rig.log_text() == "WARN late|INFO  ::{\"outputs\": {\"not\": \"whole line\"}}::");
}

TEST_CASE("a line of the protocol that is no JSON, or a metric without a number, is warned of") {
    TaskRig rig;
    shell(rig, "commands: [\"echo '::{broken}::'\", \"echo '::{\\\"metrics\\\": [{\\\"name\\\": \\\"x\\\"}]}::'\"]");
    CHECK(has_text(rig.log_text(), "WARN Invalid outputs '{broken}'"));
    CHECK(has_text(rig.log_text(), "WARN Invalid metric"));
}

TEST_CASE("a line of the protocol may be very long") {
    TaskRig rig;
    const Value out = shell(rig,
                            "commands:\n  - |\n"
                            "    printf '::{\"outputs\": {\"x\": \"%0300000d\"}}::\\n' 1");
    CHECK(out["vars"].text("x").size() == 300000);
    CHECK(rig.lines.empty());
}

TEST_CASE("the first command that fails ends the script, unless failFast is false") {
    TaskRig rig;
    const Error error = test::failure(rig.run("scripts.shell.Commands", "commands: [\"(exit 3)\", echo after]"));
    CHECK(error.message == "Command failed with exit code 3");
    CHECK(rig.lines.empty());
    shell(rig, "failFast: false\ncommands: [\"(exit 3)\", echo after]");
    CHECK(rig.log_text() == "INFO after");
}

TEST_CASE("outputs are kept when the script fails") {
    TaskRig rig;
    const Error error = test::failure(rig.run("scripts.shell.Commands", R"(outputFiles: ["*.txt"]
commands:
  - echo x > a.txt
  - echo '::{"outputs":{"seen":1}}::'
  - exit 4
)"));
    CHECK(has_text(error.message, "exit code 4"));
    CHECK(rig.kept["exitCode"] == Value(4));
    CHECK(rig.kept["vars"]["seen"] == Value(1));
    CHECK(rig.file(rig.kept["outputFiles"].text("a.txt")) == "x\n");
}

TEST_CASE("a program that is not there is told as such") {
    TaskRig rig;
    const Error error = test::failure(rig.run("scripts.shell.Commands", "commands: [no-such-program]"));
    CHECK(has_text(error.message, "exit code 127: a program was not found"));
}

TEST_CASE("scripts see their env and nothing of the server's") {
    setenv("SECRET_SERVER_THING", "leak", 1);
    TaskRig rig;
    rig.environment.secrets["KEY"] = "topsecret";
    shell(rig, "env:\n  A: \"{{ secret('KEY') }}\"\n  N: 3\ncommands:\n  - echo $A $N\n  - env");
    unsetenv("SECRET_SERVER_THING");
    CHECK(rig.lines.front().message == "**masked* 3");
    CHECK_FALSE(has_text(rig.log_text(), "leak"));
    CHECK(has_text(rig.log_text(), "WORKING_DIR="));
}

TEST_CASE("beforeCommands run in the same shell, and an interpreter gets all of it as its last argument") {
    TaskRig rig;
    shell(rig, "beforeCommands: [\"x=1\"]\ncommands: [\"echo $x\"]");
    CHECK(rig.log_text() == "INFO 1");
    rig.lines.clear();
    shell(rig, "failFast: false\ninterpreter: [/bin/echo, -n]\ncommands: [some words]");
    CHECK(rig.log_text() == "INFO some words");
}

TEST_CASE("input files are texts, files of the storage, and files of the namespace") {
    TaskRig rig;
    rig.put_file("kestra:///company/team/f/executions/e0/data.csv", "1,2");
    rig.put_file("kestra:///company/team/_files/lib/tool.sh", "echo tool");
    rig.names = Value{{"name", "in.txt"}};
    shell(rig, R"(inputFiles:
  "{{ name }}": "text {{ name }}"
  sub/data.csv: kestra:///company/team/f/executions/e0/data.csv
  tool.sh: nsfile:///lib/tool.sh
  config.json: {a: 1}
  left_out: null
commands:
  - cat in.txt sub/data.csv config.json; echo
  - sh tool.sh
  - test ! -e left_out
)");
    CHECK(rig.log_text() == "INFO text in.txt1,2{\"a\":1}|INFO tool");
}

TEST_CASE("input files may be given as the JSON text of a map") {
    TaskRig rig;
    rig.names = Value{{"files", "{\"a.txt\": \"A\", \"empty\": null}"}};
    shell(rig, "inputFiles: \"{{ files }}\"\ncommands: [cat a.txt, wc -c < empty]");
    CHECK(rig.log_text() == "INFO A0");
}

TEST_CASE("input files can't be put outside of the working directory") {
    TaskRig rig;
    for (const char* path : {"/etc/x", "../x", "a/../../x", "."}) {
        CHECK(test::failure(
                  rig.run("scripts.shell.Commands", fmt::format("inputFiles: {{\"{}\": x}}\ncommands: [ls]", path)))
                  .code == ErrorCode::Invalid);
    }
    CHECK(test::failure(rig.run("scripts.shell.Commands", "inputFiles: {x: 'file:///etc/passwd'}\ncommands: [ls]"))
              .code == ErrorCode::Forbidden);
}

TEST_CASE("output files are chosen by globs relative to the working directory") {
    TaskRig rig;
    const Value out = shell(rig, R"(outputFiles: ["*.csv", "deep/**"]
commands:
  - mkdir -p deep/er
  - touch a.csv b.txt deep/c.txt deep/er/d.txt
  - echo 1 > "sp ace.csv"
)");
    std::vector<std::string> paths;
    for (const auto& [path, address] : out["outputFiles"].as_map()) paths.push_back(path);
    CHECK(paths == std::vector<std::string>{"a.csv", "deep/c.txt", "deep/er/d.txt", "sp ace.csv"});
    CHECK(rig.file(out["outputFiles"].text("sp ace.csv")) == "1\n");
}

TEST_CASE("what stands in outputDir is an output file") {
    TaskRig rig;
    const Value out = shell(rig,
                            "commands: [\"echo 1 > {{ outputDir }}/x.txt\", \"test $OUTPUT_DIR = {{ outputDir }}\", "
                            "\"test $PWD = {{ workingDir }}\"]");
    CHECK(rig.file(out["outputFiles"].text("x.txt")) == "1\n");
}

TEST_CASE("addresses of the storage in commands and variables become local paths") {
    TaskRig rig;
    rig.put_file("kestra:///company/team/a%20b.csv", "content");
    shell(rig, R"(env: {FILE: "kestra:///company/team/a%20b.csv"}
commands:
  - cat 'kestra:///company/team/a%20b.csv'; echo
  - cat "$FILE"; echo
  - echo kestra:// is a scheme
)");
    CHECK(rig.log_text() == "INFO content|INFO content|INFO kestra:// is a scheme");
    CHECK(test::failure(rig.run("scripts.shell.Commands", "commands: [cat kestra:///not/there]")).code ==
          ErrorCode::NotFound);
}

TEST_CASE("namespace files come into the working directory, chosen by globs, and input files replace them") {
    TaskRig rig;
    rig.put_file("kestra:///company/team/_files/a.py", "a");
    rig.put_file("kestra:///company/team/_files/lib/b.py", "b");
    rig.put_file("kestra:///company/team/_files/c.txt", "c");
    shell(rig, "namespaceFiles: {enabled: true, include: ['**.py'], exclude: ['b.py']}\ncommands: [find . -type f]");
    CHECK(rig.log_text() == "INFO ./a.py");
    rig.lines.clear();
    shell(rig, "namespaceFiles: {enabled: true}\ninputFiles: {a.py: mine}\ncommands: [cat a.py lib/b.py c.txt]");
    CHECK(rig.log_text() == "INFO minebc");
}

TEST_CASE("a script that is asked to stop ends with all that it started") {
    TaskRig rig;
    std::jthread killer([&] {
        while (!std::filesystem::exists(rig.working_directory() / "ready")) std::this_thread::yield();
        rig.stop.request_stop();
    });
    const auto begun = std::chrono::steady_clock::now();
    const Error error =
        test::failure(rig.run("scripts.shell.Commands", "commands: [\"sleep 100 & touch ready; wait\"]"));
    CHECK(error.code == ErrorCode::Cancelled);
    CHECK(std::chrono::steady_clock::now() - begun < 5s);
}

TEST_CASE("commands are no arguments of a program, which everybody on the machine can read") {
    TaskRig rig;
    rig.environment.secrets["KEY"] = "topsecret";
    shell(rig, "commands: [\"grep -c topsecret /proc/$$/cmdline || : {{ secret('KEY') }}\"]");
    CHECK(rig.log_text() == "INFO 0");
}

TEST_CASE("a text too long for one argument runs all the same") {
    TaskRig rig;
    shell(rig, "commands: [\": '" + std::string(200'000, 'x') + "'\", echo done]");
    CHECK(rig.log_text() == "INFO done");
}

TEST_CASE(
    "without a container engine, a flow that names a Docker runner or an image runs as a process, with one warning") {
    tasks::Settings settings = test::without_engine();
    settings.scripts.container_fallback = ContainerFallback::Process;
    TaskRig rig(settings);
    shell(rig, R"(containerImage: python:3.12
taskRunner: {type: io.kestra.plugin.scripts.runner.docker.Docker, pullPolicy: NEVER, memory: {memory: 1G}}
commands: [echo ran]
)");
    REQUIRE(rig.lines.size() == 2);
    CHECK(has_text(rig.log_text(), "WARN no container engine answers at unix:///there/is/no/engine.sock"));
    CHECK(has_text(rig.log_text(), "'python:3.12'"));
    CHECK(has_text(rig.log_text(), "INFO ran"));
    rig.lines.clear();
    shell(rig, "taskRunner: {type: io.kestra.plugin.core.runner.Process}\ncommands: [echo ran]");
    CHECK(rig.log_text() == "INFO ran");
    CHECK(has_text(test::failure(rig.run("scripts.shell.Commands",
                                         "taskRunner: {type: io.kestra.plugin.ee.kubernetes.Runner}\ncommands: [ls]"))
                       .text(),
                   "Invalid type"));
}

TEST_CASE("without a container engine such a flow fails with the reason, unless the configuration says otherwise") {
    TaskRig rig;
    for (const char* asks : {"containerImage: python:3.12", "runner: DOCKER", "docker: {image: python:3.12}",
                             "taskRunner: {type: io.kestra.plugin.scripts.runner.docker.Docker}"}) {
        const Error error =
            test::failure(rig.run("scripts.shell.Commands", std::string(asks) + "\ncommands: [echo ran]"));
        CHECK(has_text(error.message, "no container engine answers at unix:///there/is/no/engine.sock"));
        CHECK(has_text(error.message, "tasks.scripts.container-fallback"));
    }
    CHECK(rig.lines.empty());
    shell(rig, "runner: PROCESS\ncontainerImage: python:3.12\ncommands: [echo ran]");
    CHECK(rig.log_text() == "INFO ran");
}

TEST_CASE("several messages of the protocol may stand on one line") {
    TaskRig rig;
    const Value out = shell(rig, R"(commands:
  - |
    printf '::{"outputs":{"a":1}}::::{"outputs":{"b":"}::"}}:: ::{"outputs":{"c":3}}::\n'
    printf '::{"outputs":{"d":4}}::::{broken}::\n'
)");
    CHECK(out["vars"] == Value{{"a", 1}, {"b", "}::"}, {"c", 3}, {"d", 4}});
    CHECK(has_text(rig.log_text(), "WARN Invalid outputs '{broken}'"));
}

TEST_CASE("a message of the protocol that is far too long is refused with a warning, not logged in pieces") {
    TaskRig rig;
    const Value out = shell(rig, R"(commands:
  - |
    printf '::{"outputs":{"a":"'; head -c 11000000 /dev/zero | tr '\0' x; printf '"}}::\n'
    echo '::{"outputs":{"b":2}}::'
)");
    CHECK(out["vars"] == Value{{"b", 2}});
    REQUIRE(rig.lines.size() == 1);
    CHECK(has_text(rig.log_text(), "WARN Outputs on one line of more than"));
}

TEST_CASE("input files may be a list of addresses, which keep their names") {
    TaskRig rig;
    rig.put_file("kestra:///company/team/f/executions/e0/data.csv", "1,2");
    shell(rig, "inputFiles: ['kestra:///company/team/f/executions/e0/data.csv']\ncommands: [cat data.csv]");
    CHECK(rig.log_text() == "INFO 1,2");
    CHECK(test::failure(rig.run("scripts.shell.Commands", "inputFiles: ['data.csv']\ncommands: [ls]")).code ==
          ErrorCode::Invalid);
}

TEST_CASE("links to files elsewhere are no output files") {
    TaskRig rig;
    const Value out =
        shell(rig, "outputFiles: ['**']\ncommands: [ln -s /etc/passwd stolen, echo x > own, ln -s own link]");
    CHECK(out["outputFiles"].as_map().size() == 2);
    CHECK_FALSE(out["outputFiles"].get("stolen"));
}

TEST_CASE("the Process runner limits files and sizes, and tells which limit was met") {
    TaskRig rig;
    shell(rig, R"(taskRunner: {type: io.kestra.plugin.core.runner.Process, maxOpenFiles: 50}
commands: [ulimit -n]
)");
    CHECK(rig.log_text() == "INFO 50");
    const Error error = test::failure(rig.run("scripts.shell.Commands", R"(
taskRunner: {type: io.kestra.plugin.core.runner.Process, maxFileSize: 64KB}
commands: [exec head -c 100000 /dev/zero > large]
)"));
    CHECK(has_text(error.message, "it wrote a file larger than it may"));
    for (const char* wrong : {"memory: {memory: lots}", "maxOpenFiles: 0", "cpu: {cpus: -1}"}) {
        const std::string yaml = fmt::format("taskRunner: {{type: core.runner.Process, {}}}\ncommands: [ls]", wrong);
        CHECK(test::failure(rig.run("scripts.shell.Commands", yaml)).code == ErrorCode::Invalid);
    }
}

TEST_CASE("limits of the configuration hold unless a task says otherwise, and one of time is told as such") {
    tasks::Settings settings = test::without_engine();
    settings.scripts.limits.open_files = 60;
    settings.scripts.limits.wall = 100ms;
    TaskRig rig(settings);
    const Error error = test::failure(rig.run("scripts.shell.Commands", "commands: [ulimit -n, exec sleep 60]"));
    CHECK(error.code == ErrorCode::Timeout);
    CHECK(rig.log_text() == "INFO 60");
}

TEST_CASE("a script in a sandbox sees its folders and programs, and nothing else of the machine") {
    TaskRig rig;
    const Value out = shell(rig, R"(
taskRunner: {type: io.kestra.plugin.core.runner.Process, sandbox: true}
inputFiles: {in.txt: hello}
outputFiles: [out.txt]
commands:
  - cat in.txt > out.txt
  - echo made > $OUTPUT_DIR/more.txt
  - test ! -e /etc/shadow
  - test ! -e /root
  - test $(ls /proc | grep -c '^[0-9]') -lt 8
  - "test $(grep -c : /proc/net/dev) = 1"
)");
    CHECK(rig.file(out["outputFiles"].text("out.txt")) == "hello");
    CHECK(rig.file(out["outputFiles"].text("more.txt")) == "made\n");
    rig.lines.clear();
    test::ok(rig.run("scripts.python.Script", R"(
taskRunner: {type: io.kestra.plugin.core.runner.Process, sandbox: true}
script: |
  import os
  print(os.path.exists("/root/.bashrc"))
)"));
    CHECK(rig.log_text() == "INFO False");
}

TEST_CASE("a sandbox without bubblewrap is an error that says what to install") {
    TaskRig rig;
    const std::string path = getenv("PATH");
    setenv("PATH", "/there/is/nothing", 1);
    const Error error = test::failure(rig.run("scripts.shell.Commands", R"(
taskRunner: {type: io.kestra.plugin.core.runner.Process, sandbox: true}
commands: [ls]
)"));
    setenv("PATH", path.c_str(), 1);
    CHECK(has_text(error.message, "install bubblewrap"));
}

TEST_CASE("an interpreter that is not installed is told with what to install") {
    TaskRig rig;
    const std::string path = getenv("PATH");
    setenv("PATH", "/there/is/nothing", 1);
    const Error error = test::failure(rig.run("scripts.julia.Script", "script: println(1)"));
    setenv("PATH", path.c_str(), 1);
    CHECK(has_text(error.message, "julia is not on this worker: install Julia (https://julialang.org)"));
}

TEST_CASE("a shell script is one text") {
    TaskRig rig;
    const Value out = test::ok(rig.run("scripts.shell.Script", "script: |\n  for i in 1 2; do\n    echo $i\n  done\n"));
    CHECK(rig.log_text() == "INFO 1|INFO 2");
    CHECK(out["exitCode"] == Value(0));
}

TEST_CASE("commands may be an expression that gives a list") {
    TaskRig rig;
    rig.names = Value{{"inputs", Value{{"all", Value(List{Value("echo a"), Value("echo b")})}}}};
    shell(rig, "commands: \"{{ inputs.all }}\"");
    CHECK(rig.log_text() == "INFO a|INFO b");
}

TEST_CASE("a Python script runs from a file beside its input files, which is no output") {
    TaskRig rig;
    const Value out = test::ok(rig.run("scripts.python.Script", R"(inputFiles: {helper.py: "def f(): return 42"}
outputFiles: ["**"]
script: |
  import sys, helper, json
  print(json.dumps({"x": 1}))
  print('::' + json.dumps({"outputs": {"f": helper.f(), "venv": sys.prefix != sys.base_prefix}}) + '::')
)"));
    CHECK(out["vars"] == Value{{"f", 42}, {"venv", true}});
    CHECK(rig.log_text() == "INFO {\"x\": 1}");
    CHECK(out["outputFiles"].get("helper.py"));
    for (const auto& [path, address] : out["outputFiles"].as_map()) CHECK_FALSE(path.starts_with("t-"));
}

TEST_CASE("Python commands find python and pip") {
    TaskRig rig;
    test::ok(rig.run("scripts.python.Commands", "commands: [python -c 'print(1 + 1)', python3 --version]"));
    CHECK(rig.lines.front().message == "2");
    test::failure(rig.run("scripts.python.Script", "script: raise SystemExit(3)"));
    CHECK(rig.kept["exitCode"] == Value(3));
}

TEST_CASE("a Python that the worker lacks is replaced by the one it has") {
    TaskRig rig;
    test::ok(rig.run("scripts.python.Script", "pythonVersion: \"2.99\"\nscript: print(1)"));
    CHECK(has_text(rig.log_text(), "WARN there is no python2.99"));
}

TEST_CASE("tasks of old flows: Bash with paths of its output files, Python with a main.py") {
    TaskRig rig;
    const Value out = test::ok(
        rig.run("scripts.shell.Commands", "outputFiles: [first]\ncommands: [\"echo 1 > {{ outputFiles.first }}\"]"));
    CHECK(rig.file(out["outputFiles"].text("first")) == "1\n");
    test::ok(rig.run("core.scripts.Bash", "commands: [echo old]"));
    test::ok(rig.run("core.scripts.Python", "inputFiles: {main.py: print('main')}"));
    CHECK(rig.log_text() == "INFO old|INFO main");
    CHECK(has_text(test::failure(rig.run("core.scripts.Bash", "env: {A: b}")).message, "commands"));
}

}  // namespace sluice::tasks
