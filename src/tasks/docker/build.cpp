#include <fstream>

#include "plugin/task_files.h"
#include "tasks/catalog.h"
#include "tasks/docker/container.h"
#include "tasks/docker/folder_archive.h"
#include "tasks/files/working_files.h"
#include "value/json.h"

namespace sluice::tasks {
namespace docker_build {

namespace fs = std::filesystem;

struct Properties {
    std::string dockerfile;
    std::vector<std::string> tags;
    Value input_files;
    Value namespace_files;
    bool push = false;
    bool pull = true;
    bool no_cache = false;
    std::string platform;
    Value build_args;
    Value labels;
    Value all;
};

constexpr const char* kOwnFile = ".sluice.Dockerfile";

/// The name of the Dockerfile in the folder: one of the files there, or the text of one.
Result<std::string> put_dockerfile(const Properties& want, const fs::path& folder, plugin::TaskContext& context) {
    if (auto clear = clear_way(folder / kOwnFile, folder); !clear) return tl::unexpected(clear.error());
    const bool is_text = want.dockerfile.find('\n') != std::string::npos || want.dockerfile.starts_with("FROM ");
    if (plugin::is_storage_address(want.dockerfile)) {
        if (auto got = plugin::fetch_file(context, want.dockerfile, folder / kOwnFile); !got) {
            return tl::unexpected(got.error());
        }
        return kOwnFile;
    }
    if (is_text) {
        std::ofstream out(folder / kOwnFile);
        out << want.dockerfile;
        out.close();
        if (!out) throw OutsideError(fmt::format("the folder {} can't be written", folder.string()));
        return kOwnFile;
    }
    const auto path = path_within(folder, want.dockerfile);
    if (!path) return tl::unexpected(path.error());
    if (!fs::exists(*path)) {
        return not_found(
            "property 'dockerfile': expected the text of one, or the path of a file of inputFiles or "
            "namespaceFiles; there is no {}",
            want.dockerfile);
    }
    return want.dockerfile;
}

/// Texts by name, as JSON.
std::string json_of(const Value& map) {
    Map out;
    for (const auto& [name, value] : map.as_map()) out.set(name, plugin::text_of(value));
    return to_json(Value(std::move(out)));
}

Result<Engine::Call> call_of(const Properties& want, const std::string& dockerfile) {
    Engine::Call call{.method = "POST", .path = "/build", .content_type = "application/x-tar"};
    call.query = {{"dockerfile", dockerfile}, {"nocache", want.no_cache ? "1" : "0"}, {"rm", "1"}, {"forcerm", "1"}};
    if (want.pull) call.query.emplace_back("pull", "1");
    for (const std::string& tag : want.tags) call.query.emplace_back("t", tag);
    if (!want.platform.empty()) call.query.emplace_back("platform", want.platform);
    if (want.build_args.is_map()) call.query.emplace_back("buildargs", json_of(want.build_args));
    if (want.labels.is_map()) call.query.emplace_back("labels", json_of(want.labels));
    const auto logins = registries_header({want.all["credentials"], want.all["config"]});
    if (!logins) return tl::unexpected(logins.error());
    if (!logins->empty()) call.headers.add("X-Registry-Config", *logins);
    return call;
}

/// What a build tells: lines for the log, and the id of the image.
class Told {
  public:
    explicit Told(plugin::TaskContext& context) : context_(context) {}

    void take(const Value& message) {
        std::string text = message.text("stream");
        while (text.ends_with('\n')) text.pop_back();
        if (!text.empty()) context_.log(LogLevel::Info, text);
        if (const std::string id = message["aux"].text("ID"); !id.empty()) image_id = id;
    }

    std::string image_id{};

  private:
    plugin::TaskContext& context_;
};

Result<Value> build(Engine& engine, const Properties& want, plugin::TaskContext& context) {
    const fs::path folder = context.working_directory();
    if (auto put = put_files({want.input_files, want.namespace_files, {}}, folder, context); !put) {
        return tl::unexpected(put.error());
    }
    const auto dockerfile = put_dockerfile(want, folder, context);
    if (!dockerfile) return tl::unexpected(dockerfile.error());
    const fs::path tar = context.scratch_directory() / "build.tar";
    pack_build_context(folder, tar);
    auto call = call_of(want, *dockerfile);
    if (!call) return tl::unexpected(call.error());
    call->body = file_source(tar);
    Told told(context);
    EngineProgress progress([&](const Value& message) { told.take(message); });
    const auto built = engine.stream(*call, [&](std::string_view bytes) { return progress.feed(bytes); });
    if (!built) return tl::unexpected(built.error());
    if (told.image_id.empty() && !want.tags.empty()) {
        const auto image = engine.call({.path = "/images/" + want.tags.front() + "/json"});
        if (image) told.image_id = image->text("Id");
    }
    for (const std::string& tag : want.tags) {
        if (!want.push) break;
        const RegistryAuth auth{want.all["credentials"], want.all["config"]};
        if (auto pushed = push_image(engine, auth, tag, context); !pushed) return tl::unexpected(pushed.error());
    }
    return Value{{"imageId", told.image_id}};
}

}  // namespace docker_build

plugin::TaskType docker_build_task(const SettingsPtr& settings) {
    using namespace docker_build;
    using flow::Shape;
    return plugin::task_type<Properties>(
               "docker.Build",
               [settings](const Properties& want, plugin::TaskContext& context) -> Result<Value> {
                   const auto address = engine_address(want.all.text("host"), settings->docker);
                   if (!address) return tl::unexpected(address.error());
                   Engine engine(context.http(), *address, context.stop_token());
                   if (auto answers = engine.ping(); !answers) return tl::unexpected(answers.error());
                   return build(engine, want, context);
               })
        .title("Builds an image.")
        .description(
            "The working directory, with `inputFiles` and `namespaceFiles`, is what the Dockerfile copies from.")
        .example("Build and push", R"(id: build
namespace: company.team
tasks:
  - id: build
    type: io.kestra.plugin.docker.Build
    dockerfile: |
      FROM python:3.13-slim
      COPY main.py /app/main.py
      CMD ["python", "/app/main.py"]
    inputFiles:
      main.py: print("Hello")
    tags:
      - registry.example.com/team/app:1.0
    push: true
    credentials:
      username: robot
      password: "{{ secret('REGISTRY_PASSWORD') }}"
)")
        .property("dockerfile", &Properties::dockerfile, "Its text, its path in the working directory, or its address",
                  plugin::required)
        .property("tags", &Properties::tags, "Names and tags of the image", plugin::required)
        .property("inputFiles", &Properties::input_files, "Files for the working directory, by path")
        .shape(Shape::Any)
        .property("namespaceFiles", &Properties::namespace_files, "Files of the namespace for the working directory")
        .fields(namespace_file_fields())
        .property("push", &Properties::push, "Pushes all tags after it")
        .property("pull", &Properties::pull, "Asks the registries for newer base images")
        .property("noCache", &Properties::no_cache, "Makes all layers anew")
        .property("platform", &Properties::platform, "For example linux/arm64")
        .property("buildArgs", &Properties::build_args, "Values of ARG, by name")
        .shape(Shape::Map)
        .property("labels", &Properties::labels, "Labels of the image, by name")
        .shape(Shape::Map)
        .output("imageId", "Id of the image", Shape::Text)
        .properties(engine_properties(), &Properties::all);
}

}  // namespace sluice::tasks
