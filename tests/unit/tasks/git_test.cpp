#include "tasks/git/flow_sources.h"
#include "unit/tasks/task_rig.h"

namespace sluice::tasks {

using test::contains;

TEST_CASE("a flow's text gets a namespace, and stays as it is otherwise") {
    CHECK(with_namespace("id: a\nnamespace: x.y # mine\ntasks: []", "prod") == "id: a\nnamespace: prod\ntasks: []");
    CHECK(with_namespace("id: a\r\nnamespace: 'x'\r\n", "prod") == "id: a\r\nnamespace: prod\r\n");
    CHECK(with_namespace("tasks:\n  - namespace: inner\nnamespace: outer", "p") ==
          "tasks:\n  - namespace: inner\nnamespace: p");
    CHECK(with_namespace("id: a\n", "prod") == "id: a\n");
}

TEST_CASE("folders of a repository stay within it") {
    CHECK(test::ok(git_folder("_flows")) == "_flows");
    CHECK(test::ok(git_folder("./a//b/")) == "a/b");
    CHECK(test::ok(git_folder("/a")) == "a");
    CHECK(test::ok(git_folder(".")).empty());
    CHECK(test::ok(git_folder("")).empty());
    for (const char* text : {"..", "a/../..", "a/../b", ".git", "a/.git/hooks"}) {
        CAPTURE(text);
        CHECK(test::failure(git_folder(text)).code == ErrorCode::Invalid);
    }
}

TEST_CASE("paths are read as git quotes them") {
    CHECK(unquoted_git_path("plain/größe.txt") == "plain/größe.txt");
    CHECK(unquoted_git_path("\"a\\tb\\\"c\\\\d\\001\"") == "a\tb\"c\\d\001");
}

TEST_CASE("a commit has a page where its server has pages") {
    CHECK(git_commit_page("https://github.com/a/b.git", "c1") == "https://github.com/a/b/commit/c1");
    CHECK(git_commit_page("git@github.com:a/b.git", "c1") == "https://github.com/a/b/commit/c1");
    CHECK(git_commit_page("ssh://git@gitlab.example.org/a/b", "c1") == "https://gitlab.example.org/a/b/-/commit/c1");
    CHECK(git_commit_page("https://bitbucket.org/a/b/", "c1") == "https://bitbucket.org/a/b/commits/c1");
    CHECK(git_commit_page("file:///srv/a.git", "c1").empty());
}

TEST_CASE("an address that is none, or that holds a password, is refused without showing it") {
    test::TaskRig rig;
    for (const char* url : {"--upload-pack=touch /tmp/x", "https://user:s3cret@example.org/a.git"}) {
        CAPTURE(url);
        const Error error = test::failure(rig.run("git.Clone", std::string("url: \"") + url + "\""));
        CHECK(error.code == ErrorCode::Invalid);
        CHECK_FALSE(contains(error.message, "s3cret"));
    }
    CHECK(contains(test::failure(rig.run("git.Clone", "url: file:///nowhere\nbranch: --help")).message,
                   "can't be the name"));
}

TEST_CASE("a clone runs no hook that a script left in the folder") {
    test::TaskRig rig;
    namespace fs = std::filesystem;
    const fs::path origin = rig.scratch_directory() / "origin";
    const fs::path ran = rig.scratch_directory() / "ran";
    test::ok(rig.run("scripts.shell.Commands",
                     fmt::format(R"(commands:
  - git init --quiet -b main {0}
  - cd {0}
  - echo hello > a.txt
  - git add a.txt
  - git -c user.name=me -c user.email=me@example.org commit --quiet -m first
  - mkdir -p {1}/.git/hooks
  - "printf '#!/bin/sh\\ntouch {2}\\n' > {1}/.git/hooks/post-checkout"
  - chmod +x {1}/.git/hooks/post-checkout
)",
                                 origin.string(), rig.working_directory().string(), ran.string())));
    test::ok(rig.run("git.Clone", fmt::format("url: file://{}\nbranch: main", origin.string())));
    CHECK(fs::exists(rig.working_directory() / "a.txt"));
    CHECK_FALSE(fs::exists(ran));
}

}  // namespace sluice::tasks
