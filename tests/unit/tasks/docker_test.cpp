#include <fstream>

#include "expr/encoding.h"
#include "tasks/docker/container.h"
#include "tasks/docker/container_options.h"
#include "tasks/docker/engine.h"
#include "tasks/docker/folder_archive.h"
#include "tasks/docker/output_frames.h"
#include "unit/tasks/task_rig.h"
#include "value/json.h"

namespace sluice::tasks {
namespace {

namespace fs = std::filesystem;

/// A folder that goes at the end.
class Folder {
  public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "sluice-archive-XXXXXX").string();
        ensure(mkdtemp(name.data()) != nullptr, "no temporary folder");
        path = name;
    }
    ~Folder() { fs::remove_all(path); }
    fs::path path{};
};

void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
}

std::string text_of_file(const fs::path& file) {
    std::ostringstream out;
    out << std::ifstream(file).rdbuf();
    return out.str();
}

std::string frame(char stream, const std::string& text) {
    return std::string{stream, 0, 0, 0, 0, 0, static_cast<char>(text.size() >> 8), static_cast<char>(text.size())} +
           text;
}

Value options_of(const std::string& json, const DockerSettings& settings = {}) {
    return Value(test::ok(container_options(test::ok(parse_json(json)), settings)).host_config);
}

}  // namespace

TEST_CASE("frames of two streams become lines, wherever the bytes are cut") {
    const std::string all = frame(1, "one\ntw") + frame(2, "bad\n") + frame(1, "o\nlast");
    for (std::size_t piece = 1; piece < all.size(); ++piece) {
        std::string told;
        OutputFrames frames(
            [&](process::Line&& line) {
                told += (line.stream == process::Stream::Error ? "E " : "O ") + line.text + "|";
            },
            1000);
        for (std::size_t at = 0; at < all.size(); at += piece) test::ok(frames.feed(all.substr(at, piece)));
        frames.finish();
        CHECK(told == "O one|E bad|O two|O last|");
    }
}

TEST_CASE("what is no stream of frames is refused") {
    OutputFrames frames([](process::Line&&) {}, 1000);
    CHECK(test::failure(frames.feed("HTTP/1.1 200 OK")).code == ErrorCode::Unavailable);
}

TEST_CASE("progress of the engine is read line by line, and its errors end it") {
    std::string told;
    EngineProgress progress([&](const Value& message) { told += message.text("stream"); });
    test::ok(progress.feed("{\"stream\": \"a\"}\n{\"str"));
    test::ok(progress.feed("eam\": \"b\"}\r\n"));
    CHECK(told == "ab");
    CHECK(test::failure(progress.feed("{\"error\": \"no space\"}\n")).message == "the container engine says: no space");
}

TEST_CASE("addresses of engines are sockets or hosts") {
    CHECK(test::ok(parse_engine_address("unix:///run/a.sock")).unix_socket == "/run/a.sock");
    CHECK(test::ok(parse_engine_address("tcp://host:2375")).base == "http://host:2375");
    for (const char* wrong : {"", "unix://", "/run/a.sock", "npipe://x"}) {
        CHECK(test::failure(parse_engine_address(wrong)).code == ErrorCode::Invalid);
    }
}

TEST_CASE("names of images are split into registry, name and tag") {
    CHECK(registry_of("python") == "docker.io");
    CHECK(registry_of("team/app:1") == "docker.io");
    CHECK(registry_of("localhost:5000/app") == "localhost:5000");
    CHECK(image_and_tag("localhost:5000/app") == std::pair<std::string, std::string>{"localhost:5000/app", "latest"});
    CHECK(image_and_tag("python:3.13") == std::pair<std::string, std::string>{"python", "3.13"});
    CHECK(image_and_tag("a@sha256:12") == std::pair<std::string, std::string>{"a@sha256:12", ""});
}

TEST_CASE("a name is no path of the engine") {
    test::ok(check_engine_name("registry.example.com:5000/team/app@sha256:0a"));
    for (const char* bad : {"", "../volumes/data", "x?force=1", "a/../../info"}) test::failure(check_engine_name(bad));
}

TEST_CASE("logins come from credentials, or from a Docker configuration by the image's registry") {
    const auto login = [](const std::string& header) {
        std::string plain = header;
        for (char& c : plain) c = c == '-' ? '+' : c == '_' ? '/' : c;
        return test::ok(parse_json(*expr::from_base64(plain)));
    };
    const RegistryAuth own{Value{{"username", "ada"}, {"password", "p"}}, Value()};
    CHECK(login(test::ok(registry_header(own, "r.example.com/a")))["username"] == Value("ada"));
    const RegistryAuth config{
        Value(),
        Value(R"({"auths": {"https://index.docker.io/v1/": {"auth": "YWRhOmxvdmU="}, "r.io": {"auth": "bm8="}}})")};
    CHECK(login(test::ok(registry_header(config, "python")))["password"] == Value("love"));
    CHECK(test::ok(registry_header(config, "other.io/a")).empty());
    CHECK(test::failure(registry_header(config, "r.io/a")).code == ErrorCode::Invalid);
    CHECK(test::failure(registry_header({Value(), Value("no json")}, "a")).code == ErrorCode::Invalid);
}

TEST_CASE("options of containers become what the engine wants") {
    CHECK(options_of(
              R"({"cpu": {"cpus": 1.5}, "memory": {"memory": "512MB", "memorySwap": -1}, "networkMode": "none"})") ==
          Value{{"NetworkMode", "none"}, {"NanoCpus", 1500000000}, {"Memory", 536870912}, {"MemorySwap", -1}});
    CHECK(options_of(R"({"portBindings": ["127.0.0.1:8080:80", "53:53/udp"]})")["PortBindings"]["80/tcp"] ==
          Value(List{Value{{"HostIp", "127.0.0.1"}, {"HostPort", "8080"}}}));
    CHECK(test::failure(container_options(test::ok(parse_json(R"({"portBindings": ["x"]})")), {})).code ==
          ErrorCode::Invalid);
}

TEST_CASE("volumes and privileges need the configuration's leave") {
    const Value volumes = test::ok(parse_json(R"({"volumes": ["/etc:/etc:ro"]})"));
    CHECK(test::failure(container_options(volumes, {})).code == ErrorCode::Forbidden);
    CHECK(options_of(to_json(volumes), {.volumes = true})["Binds"] == Value(List{Value("/etc:/etc:ro")}));
    const Value privileged = test::ok(parse_json(R"({"privileged": true})"));
    CHECK(test::failure(container_options(privileged, {})).code == ErrorCode::Forbidden);
    CHECK(options_of(to_json(privileged), {.privileged = true})["Privileged"] == Value(true));
}

TEST_CASE("a folder goes into an archive and comes back, with programs, links and empty folders") {
    const Folder from;
    const Folder to;
    write(from.path / "work/a.txt", "A");
    write(from.path / "work/naïve – 日本.txt", "N");  // whatever the locale of the process
    write(from.path / "work/deep/tool.sh", "#!/bin/sh");
    fs::permissions(from.path / "work/deep/tool.sh", fs::perms::owner_all);
    fs::create_symlink("deep/tool.sh", from.path / "work/link");
    fs::create_directory(from.path / "work/empty");
    pack_build_context(from.path, from.path / "all.tar");
    fs::create_directory(to.path / "work");
    test::ok(unpack_folder(from.path / "all.tar", to.path / "work"));
    CHECK(text_of_file(to.path / "work/a.txt") == "A");
    CHECK(text_of_file(to.path / "work/naïve – 日本.txt") == "N");
    CHECK((fs::status(to.path / "work/deep/tool.sh").permissions() & fs::perms::owner_exec) != fs::perms::none);
    CHECK(fs::read_symlink(to.path / "work/link") == "deep/tool.sh");
    CHECK(fs::is_directory(to.path / "work/empty"));
}

TEST_CASE("an archive can't write outside of its folder") {
    test::TaskRig rig;
    const Folder place;
    fs::create_directories(place.path / "work");
    // Paths and links that lead out, and a file behind a link.
    test::ok(rig.run("scripts.python.Script", fmt::format(R"(script: |
  import io, tarfile
  with tarfile.open("{}/bad.tar", "w") as tar:
      def add(name, kind=tarfile.REGTYPE, link=""):
          entry = tarfile.TarInfo(name)
          entry.type, entry.linkname, entry.size = kind, link, 3 if kind == tarfile.REGTYPE else 0
          tar.addfile(entry, io.BytesIO(b"bad") if entry.size else None)
      add("work/../../outside")
      add("/outside")
      add("work/absolute", tarfile.SYMTYPE, "/etc/passwd")
      add("work/up", tarfile.SYMTYPE, "../..")
      add("work/up/outside")
      add("work/hard", tarfile.LNKTYPE, "../outside")
      add("work/good")
)",
                                                          place.path.string())));
    write(place.path / "outside", "kept");
    test::ok(unpack_folder(place.path / "bad.tar", place.path / "work"));
    CHECK(text_of_file(place.path / "outside") == "kept");
    CHECK(text_of_file(place.path / "work/good") == "bad");
    CHECK_FALSE(fs::is_symlink(place.path / "work/absolute"));
    CHECK_FALSE(fs::is_symlink(place.path / "work/up"));
    CHECK_FALSE(fs::exists(place.path / "work/hard"));
    CHECK(test::failure(unpack_folder(place.path / "outside", place.path / "work")).code == ErrorCode::Invalid);
}

}  // namespace sluice::tasks
