// docker.Pull, docker.Push, docker.Tag, docker.Rm: images and containers of an engine.
#include "tasks/catalog.h"
#include "tasks/docker/container.h"

namespace sluice::tasks {
namespace docker_images {

struct Properties {
    std::string image;
    std::string source_image;
    std::string target_image;
    std::vector<std::string> images;
    std::vector<std::string> containers;
    bool force = false;
    Value all;
};

Result<Engine> engine_of(const Properties& want, const DockerSettings& settings, plugin::TaskContext& context) {
    const auto address = engine_address(want.all.text("host"), settings);
    if (!address) return tl::unexpected(address.error());
    Engine engine(context.http(), *address, context.stop_token());
    if (auto answers = engine.ping(); !answers) return tl::unexpected(answers.error());
    return engine;
}

RegistryAuth auth_of(const Properties& want) {
    return {want.all["credentials"], want.all["config"]};
}

Result<Value> pull(const Properties& want, Engine& engine, plugin::TaskContext& context) {
    if (auto pulled = pull_image(engine, auth_of(want), want.image, context); !pulled) {
        return tl::unexpected(pulled.error());
    }
    const auto told = engine.call({.path = "/images/" + want.image + "/json"});
    if (!told) return tl::unexpected(told.error());
    return Value{{"imageId", told->text("Id")}};
}

Result<Value> push(const Properties& want, Engine& engine, plugin::TaskContext& context) {
    if (auto pushed = push_image(engine, auth_of(want), want.image, context); !pushed) {
        return tl::unexpected(pushed.error());
    }
    return Value();
}

Result<Value> tag(const Properties& want, Engine& engine, plugin::TaskContext&) {
    if (auto good = check_engine_name(want.source_image); !good) return tl::unexpected(good.error());
    const auto [name, tag] = image_and_tag(want.target_image);
    const auto tagged = engine.call(
        {.method = "POST", .path = "/images/" + want.source_image + "/tag", .query = {{"repo", name}, {"tag", tag}}});
    if (!tagged) return tl::unexpected(tagged.error());
    return Value();
}

Result<Value> remove(const Properties& want, Engine& engine, plugin::TaskContext&) {
    for (const auto* names : {&want.containers, &want.images}) {
        for (const std::string& one : *names) {
            if (auto good = check_engine_name(one); !good) return tl::unexpected(good.error());
        }
    }
    const net::Pairs query{{"force", want.force ? "1" : "0"}};
    for (const std::string& one : want.containers) {
        // Some engines wait for a polite end first; one that has ended already can't be killed, which is no mistake.
        if (want.force) static_cast<void>(engine.call({.method = "POST", .path = "/containers/" + one + "/kill"}));
        const auto removed = engine.call({.method = "DELETE", .path = "/containers/" + one, .query = query});
        if (!removed) return tl::unexpected(removed.error());
    }
    for (const std::string& one : want.images) {
        const auto removed = engine.call({.method = "DELETE", .path = "/images/" + one, .query = query});
        if (!removed) return tl::unexpected(removed.error());
    }
    return Value();
}

using Work = Result<Value> (*)(const Properties&, Engine&, plugin::TaskContext&);

plugin::TaskTypeMaker<Properties> image_task(const char* name, Work work, const SettingsPtr& settings) {
    plugin::TaskTypeMaker<Properties> type(
        name, [work, settings](const Properties& want, plugin::TaskContext& context) -> Result<Value> {
            auto engine = engine_of(want, settings->docker, context);
            if (!engine) return tl::unexpected(engine.error());
            return work(want, *engine, context);
        });
    type.properties(engine_properties(), &Properties::all);
    return type;
}

}  // namespace docker_images

plugin::TaskType docker_pull(const SettingsPtr& settings) {
    using namespace docker_images;
    return image_task("docker.Pull", pull, settings)
        .title("Pulls an image.")
        .description("Also when the engine has one of that name already.")
        .example("Have the newest image", R"(id: pull
namespace: company.team
tasks:
  - id: pull
    type: io.kestra.plugin.docker.Pull
    image: python:3.13-slim
)")
        .property("image", &Properties::image, "Name and tag", plugin::required)
        .output("imageId", "Id of the image", flow::Shape::Text);
}

plugin::TaskType docker_push(const SettingsPtr& settings) {
    using namespace docker_images;
    return image_task("docker.Push", push, settings)
        .title("Pushes an image to its registry.")
        .description("The engine must have it: docker.Build makes one, docker.Tag names it.")
        .example("Push with a login", R"(id: push
namespace: company.team
tasks:
  - id: push
    type: io.kestra.plugin.docker.Push
    image: registry.example.com/team/app:1.0
    credentials:
      username: robot
      password: "{{ secret('REGISTRY_PASSWORD') }}"
)")
        .property("image", &Properties::image, "Name and tag", plugin::required);
}

plugin::TaskType docker_tag(const SettingsPtr& settings) {
    using namespace docker_images;
    return image_task("docker.Tag", tag, settings)
        .title("Gives an image one more name.")
        .description("The image must be on the engine.")
        .example("Name it for a registry", R"(id: tag
namespace: company.team
tasks:
  - id: tag
    type: io.kestra.plugin.docker.Tag
    sourceImage: app:latest
    targetImage: registry.example.com/team/app:1.0
)")
        .property("sourceImage", &Properties::source_image, "Name and tag, or id", plugin::required)
        .property("targetImage", &Properties::target_image, "The new name and tag", plugin::required);
}

plugin::TaskType docker_rm(const SettingsPtr& settings) {
    using namespace docker_images;
    return image_task("docker.Rm", remove, settings)
        .title("Removes containers and images.")
        .description(
            "For what `docker.Run` with `wait: false` left running, and for images that are not needed any more.")
        .example("Stop and remove a container", R"(id: remove
namespace: company.team
tasks:
  - id: run
    type: io.kestra.plugin.docker.Run
    containerImage: nginx
    wait: false
  - id: remove
    type: io.kestra.plugin.docker.Rm
    containers:
      - "{{ outputs.run.taskRunner.containerId }}"
    force: true
)")
        .property("containers", &Properties::containers, "Ids or names")
        .property("images", &Properties::images, "Names or ids")
        .property("force", &Properties::force, "Also while they run or are used");
}

}  // namespace sluice::tasks
