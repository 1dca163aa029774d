#include "tasks/docker/container.h"

#include <fstream>
#include <thread>
#include <unistd.h>

#include "base/waker.h"
#include "tasks/docker/folder_archive.h"
#include "tasks/docker/output_frames.h"
#include "value/json.h"

namespace sluice::tasks {
namespace docker_container {

namespace fs = std::filesystem;

constexpr const char* kHostLabel = "sluice.host";
constexpr const char* kFolderLabel = "sluice.folder";
constexpr std::size_t kLongestLine = 10 * 1024 * 1024;
constexpr Duration kLastOutput = 2s;  // after the end of a container

std::string host_name() {
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    return name.data();
}

Engine::Call post_json(std::string path, net::Pairs query, const Value& body) {
    return {.method = "POST",
            .path = std::move(path),
            .query = std::move(query),
            .body = to_json(body),
            .content_type = "application/json"};
}

Engine::Call post(std::string path, net::Pairs query = {}) {
    return {.method = "POST", .path = std::move(path), .query = std::move(query)};
}

Result<void> without_value(const Result<Value>& answer) {
    if (!answer) return tl::unexpected(answer.error());
    return {};
}

Result<void> kill_and_remove(Engine& engine, const std::string& id) {
    // Removing by force waits for a polite end first, with some engines; it may have ended by itself, too.
    static_cast<void>(engine.call(post("/containers/" + id + "/kill", {{"signal", "SIGKILL"}})));
    auto removed =
        engine.call({.method = "DELETE", .path = "/containers/" + id, .query = {{"force", "1"}, {"v", "1"}}});
    if (!removed && removed.error().code == ErrorCode::NotFound) return {};
    return without_value(removed);
}

/// Removes the container at the end of its life here, unless it is to stay.
class Removal {
  public:
    Removal(Engine& engine, std::string id) : engine_(engine.unstoppable()), id_(std::move(id)) {}
    ~Removal() {
        if (stays_) return;
        try {
            if (const auto removed = kill_and_remove(engine_, id_); !removed) tell(removed.error().message);
        } catch (const std::exception& failed) {
            tell(failed.what());
        }
    }
    Removal(const Removal&) = delete;
    Removal& operator=(const Removal&) = delete;

    void stays() { stays_ = true; }

  private:
    void tell(std::string_view reason) const {
        Logger("docker").warn("container.not_removed", {{"container_id", id_}, {"reason", reason}});
    }

    Engine engine_;
    std::string id_;
    bool stays_ = false;
};

class Run {
  public:
    Run(Engine& engine, const ContainerOptions& options, const ContainerWish& wish, plugin::TaskContext& context)
        : engine_(engine), options_(options), wish_(wish), context_(context) {}

    Result<ContainerEnd> run() {
        if (auto there = have_image(); !there) return tl::unexpected(there.error());
        const auto created = engine_.call(post_json("/containers/create", {}, description()));
        if (!created) return tl::unexpected(created.error());
        id_ = created->text("Id");
        Removal removal(engine_, id_);
        if (!options_.mount) {
            if (auto copied = copy_in(); !copied) return tl::unexpected(copied.error());
        }
        if (auto started = engine_.call(post("/containers/" + id_ + "/start")); !started) {
            return tl::unexpected(started.error());
        }
        if (!wish_.wait) {
            removal.stays();
            return ContainerEnd{.id = id_};
        }
        auto end = follow();
        if (!options_.remove && end) removal.stays();
        return end;
    }

  private:
    Result<void> have_image() {
        if (auto good = check_engine_name(wish_.image); !good) return good;
        if (options_.pull == PullPolicy::Always) return pull_image(engine_, options_.auth, wish_.image, context_);
        const auto there = engine_.call({.path = "/images/" + wish_.image + "/json"});
        if (there) return {};
        if (there.error().code != ErrorCode::NotFound) return tl::unexpected(there.error());
        if (options_.pull == PullPolicy::Never) {
            return not_found("the image {} is not on the container engine, and pullPolicy is NEVER", wish_.image);
        }
        return pull_image(engine_, options_.auth, wish_.image, context_);
    }

    static Value texts(const std::vector<std::string>& from) {
        List out;
        for (const std::string& one : from) out.emplace_back(one);
        return Value(std::move(out));
    }

    /// A script's interpreter is the entry point: what the image has for one could not run a shell's text.
    void describe_program(Map& out) const {
        if (!options_.entry_point.empty()) out.set("Entrypoint", texts(options_.entry_point));
        if (wish_.arguments.empty()) return;
        if (wish_.for_entry_point || !options_.entry_point.empty()) {
            out.set("Cmd", texts(wish_.arguments));
        } else {
            out.set("Entrypoint", texts({wish_.arguments.front()}));
            out.set("Cmd", texts({wish_.arguments.begin() + 1, wish_.arguments.end()}));
        }
    }

    Value description() const {
        Map out;
        out.set("Image", wish_.image);
        describe_program(out);
        List variables;
        for (const auto& [name, value] : wish_.environment) variables.emplace_back(name + "=" + value);
        out.set("Env", Value(std::move(variables)));
        if (!wish_.folder.empty()) out.set("WorkingDir", wish_.folder.string());
        if (!options_.user.empty()) out.set("User", options_.user);
        if (!options_.exposed_ports.empty()) out.set("ExposedPorts", Value(options_.exposed_ports));
        out.set("Labels", labels());
        Map host = options_.host_config;
        if (options_.mount) {
            List binds;
            if (const Value* given = host.find("Binds")) binds = given->as_list();
            for (const fs::path& folder : wish_.folders) binds.emplace_back(folder.string() + ":" + folder.string());
            host.set("Binds", Value(std::move(binds)));
        }
        host.set("LogConfig", Value{{"Type", "json-file"}});  // one that the engine can read back
        out.set("HostConfig", Value(std::move(host)));
        return Value(std::move(out));
    }

    Value labels() const {
        const plugin::TaskPlace& place = context_.place();
        Map out{{"sluice.flow", place.flow.text()},
                {"sluice.execution", place.execution_id.text()},
                {"sluice.task", place.task_id},
                {"sluice.task-run", place.task_run_id.text()}};
        if (wish_.wait && options_.remove) {
            out.set(kHostLabel, host_name());
            out.set(kFolderLabel, context_.scratch_directory().string());
        }
        return Value(std::move(out));
    }

    Result<void> copy_in() {
        if (wish_.folders.empty()) return {};
        const fs::path tar = context_.scratch_directory() / "container-in.tar";
        pack_folders(wish_.folders, tar);
        auto put = engine_.call({.method = "PUT",
                                 .path = "/containers/" + id_ + "/archive",
                                 .query = {{"path", "/"}},
                                 .body = file_source(tar),
                                 .content_type = "application/x-tar"});
        fs::remove(tar);
        return without_value(put);
    }

    /// Engines now and then do not end the stream of a container that ended quickly. So somebody waits for the
    /// container beside it, and after a while without the end of the stream the rest is asked for.
    Result<ContainerEnd> follow() {
        std::stop_source enough;   // of the stream
        std::stop_source at_once;  // of all
        const std::stop_callback stopped(context_.stop_token(), [&] {
            enough.request_stop();
            at_once.request_stop();
        });
        Result<Value> waited = Value();
        std::jthread waiter(
            [&, engine = engine_.stopped_by(at_once.get_token())](std::stop_token stream_ended) mutable {
                waited = wait_for_end(engine);
                Waker nobody;
                nobody.wait(stream_ended, kLastOutput);
                enough.request_stop();
            });
        OutputFrames frames(wish_.on_line, kLongestLine);
        try {
            const auto followed = take_output(frames, enough.get_token());
            waiter.request_stop();
            waiter.join();
            if (context_.stop_token().stop_requested()) return stop();
            if (!followed) return tl::unexpected(followed.error());
        } catch (...) {
            at_once.request_stop();
            throw;
        }
        if (!waited) return tl::unexpected(waited.error());
        return told_end(*waited);
    }

    Result<Value> wait_for_end(Engine& engine) const noexcept {
        try {
            return engine.call(post("/containers/" + id_ + "/wait"));
        } catch (const std::exception& failed) {
            return refuse(ErrorCode::Unavailable, "the container can't be waited for: {}", failed.what());
        }
    }

    Result<void> take_output(OutputFrames& frames, std::stop_token enough) {
        std::size_t taken = 0;
        auto followed = read_output(true, engine_.stopped_by(enough), [&](std::string_view bytes) {
            taken += bytes.size();
            return frames.feed(bytes);
        });
        const bool was_cut = !followed && followed.error().code == ErrorCode::Cancelled;
        if (was_cut && !context_.stop_token().stop_requested()) {
            std::size_t known = taken;
            followed = read_output(false, engine_, [&](std::string_view bytes) {
                const std::size_t skipped = std::min(known, bytes.size());
                known -= skipped;
                return frames.feed(bytes.substr(skipped));
            });
        }
        if (followed) frames.finish();
        return followed;
    }

    Result<void> read_output(bool follow, Engine engine,
                             const std::function<Result<void>(std::string_view)>& on_bytes) {
        return engine.stream({.path = "/containers/" + id_ + "/logs",
                              .query = {{"follow", follow ? "1" : "0"}, {"stdout", "1"}, {"stderr", "1"}}},
                             on_bytes);
    }

    Result<ContainerEnd> told_end(const Value& waited) {
        const auto told = engine_.call({.path = "/containers/" + id_ + "/json"});
        if (!told) return tl::unexpected(told.error());
        if (auto copied = copy_out(); !copied) return tl::unexpected(copied.error());
        return ContainerEnd{.id = id_,
                            .code = static_cast<int>(waited["StatusCode"].if_integer().value_or(-1)),
                            .out_of_memory = (*told)["State"]["OOMKilled"].if_bool().value_or(false)};
    }

    tl::unexpected<Error> stop() {
        if (options_.grace > Duration{0}) {
            const auto seconds = std::chrono::ceil<std::chrono::seconds>(options_.grace).count();
            Engine polite = engine_.unstoppable();
            static_cast<void>(polite.call(post("/containers/" + id_ + "/stop", {{"t", std::to_string(seconds)}})));
        }
        return refuse(ErrorCode::Cancelled, "the script was stopped before its end");
    }

    Result<void> copy_out() {
        if (options_.mount) return {};
        for (const fs::path& folder : wish_.results) {
            const fs::path tar = context_.scratch_directory() / "container-out.tar";
            std::ofstream out(tar, std::ios::binary | std::ios::trunc);
            auto got =
                engine_.stream({.path = "/containers/" + id_ + "/archive", .query = {{"path", folder.string()}}},
                               [&](std::string_view bytes) -> Result<void> {
                                   out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
                                   if (!out)
                                       throw OutsideError(fmt::format("the file {} can't be written", tar.string()));
                                   return {};
                               });
            out.close();
            if (!got) return got;
            if (auto unpacked = unpack_folder(tar, folder); !unpacked) return unpacked;
            fs::remove(tar);
        }
        return {};
    }

    Engine& engine_;
    const ContainerOptions& options_;
    const ContainerWish& wish_;
    plugin::TaskContext& context_;
    std::string id_{};
};

/// Whether a container is one that nobody waits for any more.
bool is_left(const Value& container) {
    const std::string folder = container["Labels"].text(kFolderLabel);
    return !folder.empty() && !fs::exists(folder);
}

}  // namespace docker_container

Result<void> check_engine_name(const std::string& name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("._:/@-").find(c) != std::string_view::npos;
    };
    if (!name.empty() && std::all_of(name.begin(), name.end(), allowed) &&
        ("/" + name + "/").find("/../") == std::string::npos)
        return {};
    return invalid("'{}' is no name of an image or container: expected for example python:3.13-slim", name);
}

Result<void> pull_image(Engine& engine, const RegistryAuth& auth, const std::string& image,
                        plugin::TaskContext& context) {
    if (auto good = check_engine_name(image); !good) return good;
    const auto [name, tag] = image_and_tag(image);
    Engine::Call call = docker_container::post("/images/create", {{"fromImage", name}});
    if (!tag.empty()) call.query.emplace_back("tag", tag);
    const auto login = registry_header(auth, image);
    if (!login) return tl::unexpected(login.error());
    if (!login->empty()) call.headers.add("X-Registry-Auth", *login);
    context.log(LogLevel::Debug, fmt::format("Pulling the image {}", image));
    EngineProgress progress([](const Value&) {});
    auto pulled = engine.stream(call, [&](std::string_view bytes) { return progress.feed(bytes); });
    if (pulled || pulled.error().code == ErrorCode::Cancelled) return pulled;
    return refuse(pulled.error().code, "the image {} can't be pulled: {}", image, pulled.error().message);
}

Result<void> push_image(Engine& engine, const RegistryAuth& auth, const std::string& image,
                        plugin::TaskContext& context) {
    if (auto good = check_engine_name(image); !good) return good;
    const auto [name, tag] = image_and_tag(image);
    Engine::Call call = docker_container::post("/images/" + name + "/push", {{"tag", tag}});
    const auto login = registry_header(auth, image);
    if (!login) return tl::unexpected(login.error());
    // Engines want the header also from those who have no login.
    call.headers.add("X-Registry-Auth", login->empty() ? "e30=" : *login);
    context.log(LogLevel::Debug, fmt::format("Pushing the image {}", image));
    EngineProgress progress([](const Value&) {});
    auto pushed = engine.stream(call, [&](std::string_view bytes) { return progress.feed(bytes); });
    if (pushed || pushed.error().code == ErrorCode::Cancelled) return pushed;
    return refuse(pushed.error().code, "the image {} can't be pushed: {}", image, pushed.error().message);
}

Result<ContainerEnd> run_container(Engine& engine, const ContainerOptions& options, const ContainerWish& wish,
                                   plugin::TaskContext& context) {
    return docker_container::Run(engine, options, wish, context).run();
}

std::size_t remove_left_containers(net::Client& http, const DockerSettings& settings) {
    using namespace docker_container;
    const Logger log("docker");
    const auto address = engine_address("", settings);
    if (!address) {
        log.error("engine.address_invalid", {{"reason", address.error().message}});
        return 0;
    }
    Engine engine = Engine(http, *address, {}).unstoppable();
    if (!engine.ping()) return 0;
    const std::string filters = to_json(Value{{"label", Value(List{Value(kHostLabel + ("=" + host_name()))})}});
    const auto all = engine.call({.path = "/containers/json", .query = {{"all", "1"}, {"filters", filters}}});
    if (!all || !all->is_list()) {
        if (!all) log.warn("containers.not_listed", {{"reason", all.error().message}});
        return 0;
    }
    std::size_t removed = 0;
    for (const Value& container : all->as_list()) {
        if (!is_left(container)) continue;
        const std::string id = container.text("Id");
        if (const auto done = kill_and_remove(engine, id); !done) {
            log.warn("container.not_removed", {{"container_id", id}, {"reason", done.error().message}});
            continue;
        }
        ++removed;
        log.info("container.removed", {{"container_id", id}, {"folder", container["Labels"].text(kFolderLabel)}});
    }
    return removed;
}

}  // namespace sluice::tasks
