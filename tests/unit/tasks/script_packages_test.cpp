#include "unit/tasks/task_rig.h"

namespace sluice::tasks {
namespace {

using test::TaskRig;
namespace fs = std::filesystem;

/// A folder of wheels, and a cache; both go at the end.
class Wheels {
  public:
    Wheels() {
        std::string name = (fs::temp_directory_path() / "sluice-wheels-XXXXXX").string();
        ensure(mkdtemp(name.data()) != nullptr, "no temporary folder");
        folder_ = name;
    }
    ~Wheels() { fs::remove_all(folder_); }

    fs::path cache() const { return folder_ / "cache"; }

    /// A package that only says its name, and has a program of that name.
    std::string wheel(const std::string& name) const {
        TaskRig rig;
        test::ok(rig.run("scripts.python.Script", fmt::format(R"(script: |
  import zipfile
  name = "{0}"
  info = f"{{name}}-1.0.dist-info/"
  with zipfile.ZipFile("{1}/{0}-1.0-py3-none-any.whl", "w") as out:
      out.writestr(f"{{name}}.py", f"def main(): print('this is {{name}}')\n")
      out.writestr(info + "METADATA", f"Metadata-Version: 2.1\nName: {{name}}\nVersion: 1.0\n")
      out.writestr(info + "WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
      out.writestr(info + "entry_points.txt", f"[console_scripts]\n{{name}} = {{name}}:main\n")
      out.writestr(info + "RECORD", "")
)",
                                                              name, folder_.string())));
        return fmt::format("{}/{}-1.0-py3-none-any.whl", folder_.string(), name);
    }

    std::size_t sets() const {
        std::size_t out = 0;
        for (const auto& entry : fs::directory_iterator(cache())) out += entry.is_directory() && !entry.is_symlink();
        return out;
    }

    tasks::Settings settings(std::uint64_t most_bytes) const {
        tasks::Settings out = test::without_engine();
        out.scripts.dependency_folder = cache();
        out.scripts.dependency_bytes = most_bytes;
        return out;
    }

  private:
    fs::path folder_{};
};

std::string uses(const std::string& wheel, const std::string& name) {
    return fmt::format("dependencies: [\"{0}\"]\ncommands: [{1}, python -c 'import {1}; {1}.main()']", wheel, name);
}

}  // namespace

TEST_CASE("a set of packages is installed once, and tasks see it without changing it") {
    const Wheels wheels;
    const std::string wheel = wheels.wheel("alpha");
    TaskRig rig(wheels.settings(1'000'000'000));
    test::ok(rig.run("scripts.python.Commands", uses(wheel, "alpha")));
    CHECK(rig.log_text() == "INFO this is alpha|INFO this is alpha");
    fs::remove(wheel);  // the second task could not install it
    TaskRig second(wheels.settings(1'000'000'000));
    test::ok(second.run("scripts.python.Commands", uses(wheel, "alpha")));
    CHECK(second.log_text() == "INFO this is alpha|INFO this is alpha");
    CHECK(wheels.sets() == 1);
}

TEST_CASE("sets of packages that were not used for the longest time go when there is too much") {
    const Wheels wheels;
    for (const char* name : {"alpha", "beta"}) {
        TaskRig rig(wheels.settings(1));
        test::ok(rig.run("scripts.python.Commands", uses(wheels.wheel(name), name)));
    }
    CHECK(wheels.sets() == 1);
}

TEST_CASE("a package that can't be installed fails the task with the installer's words, and leaves nothing") {
    const Wheels wheels;
    TaskRig rig(wheels.settings(1'000'000'000));
    const Error error = test::failure(
        rig.run("scripts.python.Script", "dependencies: [/there/is/no-1.0-py3-none-any.whl]\nscript: print(1)"));
    CHECK(error.message.find("the packages /there/is/no-1.0-py3-none-any.whl can't be installed") == 0);
    CHECK(error.message.find('\n') != std::string::npos);
    CHECK(wheels.sets() == 0);
}

}  // namespace sluice::tasks
