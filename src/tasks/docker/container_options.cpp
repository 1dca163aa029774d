#include "tasks/docker/container_options.h"

#include <cmath>

#include "plugin/fields.h"
#include "tasks/scripts/byte_size.h"

namespace sluice::tasks {
namespace container_options_reader {

using flow::Shape;

Value texts(const std::vector<std::string>& from) {
    List out;
    for (const std::string& one : from) out.emplace_back(one);
    return Value(std::move(out));
}

class Reader {
  public:
    Reader(const Value& given, const DockerSettings& settings) : given_(given), settings_(settings) {}

    Result<ContainerOptions> read() {
        plugin::Fields fields(given_, "taskRunner");
        std::string pull;
        std::string handling;
        fields.take("host", out_.host).take("image", out_.image).take("pullPolicy", pull).take("user", out_.user);
        fields.take("entryPoint", out_.entry_point).take("delete", out_.remove);
        fields.take("killGracePeriod", out_.grace).take("fileHandlingStrategy", handling);
        out_.auth = {given_["credentials"], given_["config"]};
        if (pull == "ALWAYS") out_.pull = PullPolicy::Always;
        if (pull == "NEVER") out_.pull = PullPolicy::Never;
        out_.mount = handling == "MOUNT";
        std::erase(out_.entry_point, "");
        if (auto read = fields.done(); !read) return tl::unexpected(read.error());
        for (const auto& step : {&Reader::network, &Reader::folders, &Reader::limits, &Reader::privileges,
                                 &Reader::ports, &Reader::devices}) {
            if (auto read = (this->*step)(); !read) return tl::unexpected(read.error());
        }
        return std::move(out_);
    }

  private:
    Result<void> network() {
        plugin::Fields fields(given_, "taskRunner");
        std::string mode;
        std::vector<std::string> hosts;
        fields.take("networkMode", mode).take("extraHosts", hosts);
        if (!mode.empty()) out_.host_config.set("NetworkMode", mode);
        if (!hosts.empty()) out_.host_config.set("ExtraHosts", texts(hosts));
        return fields.done();
    }

    Result<void> folders() {
        plugin::Fields fields(given_, "taskRunner");
        std::vector<std::string> volumes;
        fields.take("volumes", volumes);
        if (volumes.empty()) return fields.done();
        if (!settings_.volumes) {
            return refuse(
                ErrorCode::Forbidden,
                "property 'volumes': folders of the host may not be mounted here; whoever runs the server can "
                "allow it: tasks.docker.volumes: true");
        }
        out_.host_config.set("Binds", texts(volumes));
        return fields.done();
    }

    Result<void> bytes(const Value& from, const char* name, const char* to) {
        if (from[name].is_null()) return {};
        const std::string text = plugin::text_of(from[name]);
        if (text == "-1") {
            out_.host_config.set(to, std::int64_t{-1});
            return {};
        }
        const auto read = parse_bytes(text);
        if (!read) return invalid("property '{}': {}", name, read.error().message);
        out_.host_config.set(to, static_cast<std::int64_t>(*read));
        return {};
    }

    Result<void> limits() {
        const Value memory = given_["memory"];
        plugin::Fields of_memory(memory, "memory");
        plugin::Fields of_cpu(given_["cpu"], "cpu");
        std::optional<double> cpus;
        std::optional<std::int64_t> swappiness;
        std::optional<bool> keep_oom;
        of_cpu.take("cpus", cpus);
        of_memory.take("memorySwappiness", swappiness).take("oomKillDisable", keep_oom);
        if (cpus) out_.host_config.set("NanoCpus", static_cast<std::int64_t>(std::llround(*cpus * 1e9)));
        if (swappiness) out_.host_config.set("MemorySwappiness", *swappiness);
        if (keep_oom) out_.host_config.set("OomKillDisable", *keep_oom);
        for (const auto& read :
             {of_memory.done(), of_cpu.done(), bytes(memory, "memory", "Memory"),
              bytes(memory, "memorySwap", "MemorySwap"), bytes(given_, "shmSize", "ShmSize"),
              bytes(memory, "memoryReservation", "MemoryReservation"), bytes(memory, "kernelMemory", "KernelMemory")}) {
            if (!read) return read;
        }
        return {};
    }

    Result<void> privileges() {
        plugin::Fields fields(given_, "taskRunner");
        bool privileged = false;
        fields.take("privileged", privileged);
        if (privileged && !settings_.privileged) {
            return refuse(
                ErrorCode::Forbidden,
                "property 'privileged': privileged containers are not allowed here; whoever runs the server can "
                "allow them: tasks.docker.privileged: true");
        }
        if (privileged) out_.host_config.set("Privileged", true);
        return fields.done();
    }

    /// "8080:80", "127.0.0.1:8080:80/udp", "80"
    Result<void> ports() {
        plugin::Fields fields(given_, "taskRunner");
        std::vector<std::string> bindings;
        fields.take("portBindings", bindings);
        Map all;
        for (const std::string& binding : bindings) {
            const std::size_t last = binding.rfind(':');
            std::string inside = binding.substr(last == std::string::npos ? 0 : last + 1);
            const std::string outside = last == std::string::npos ? "" : binding.substr(0, last);
            const std::size_t before = outside.rfind(':');
            const std::string address = before == std::string::npos ? "" : outside.substr(0, before);
            const std::string port = before == std::string::npos ? outside : outside.substr(before + 1);
            if (inside.empty() || inside.find_first_not_of("0123456789/tcpudps") != std::string::npos) {
                return invalid("property 'portBindings': expected [address:]port:port, found '{}'", binding);
            }
            if (inside.find('/') == std::string::npos) inside += "/tcp";
            out_.exposed_ports.set(inside, Value(Map()));
            all.set(inside, Value(List{Value{{"HostIp", address}, {"HostPort", port}}}));
        }
        if (!all.empty()) out_.host_config.set("PortBindings", Value(std::move(all)));
        return fields.done();
    }

    Result<void> devices() {
        const Value requests = given_["deviceRequests"];
        if (!requests.is_list()) return {};
        List all;
        for (const Value& one : requests.as_list()) {
            Map request;
            for (const auto& [from, to] : {std::pair{"driver", "Driver"},
                                           {"count", "Count"},
                                           {"deviceIds", "DeviceIDs"},
                                           {"capabilities", "Capabilities"},
                                           {"options", "Options"}}) {
                if (!one[from].is_null()) request.set(to, one[from]);
            }
            all.emplace_back(std::move(request));
        }
        out_.host_config.set("DeviceRequests", Value(std::move(all)));
        return {};
    }

    const Value& given_;
    const DockerSettings& settings_;
    ContainerOptions out_{};
};

}  // namespace container_options_reader

Result<ContainerOptions> container_options(const Value& given, const DockerSettings& settings) {
    return container_options_reader::Reader(given, settings).read();
}

std::vector<flow::Property> engine_properties() {
    using flow::Shape;
    return {
        {.name = "host",
         .shape = Shape::Text,
         .description = "Where the engine listens: unix:///run/docker.sock or tcp://host:port; default: as configured"},
        {.name = "config",
         .shape = Shape::MapOrText,
         .description = "A Docker configuration with the logins of registries: {\"auths\": {…}}"},
        {.name = "credentials",
         .shape = Shape::Object,
         .description = "Login at the image's registry",
         .fields = {{.name = "registry", .shape = Shape::Text, .description = "Default: the image's"},
                    {.name = "username", .shape = Shape::Text, .description = "Name"},
                    {.name = "password", .shape = Shape::Text, .description = "Password"},
                    {.name = "registryToken", .shape = Shape::Text, .description = "Instead of name and password"},
                    {.name = "identityToken", .shape = Shape::Text, .description = "Instead of name and password"},
                    {.name = "auth", .shape = Shape::Text, .description = "Base64 of user:password"}}},
    };
}

std::vector<flow::Property> container_properties() {
    using flow::Shape;
    const auto text = [](const char* name, const char* description) {
        return flow::Property{.name = name, .shape = Shape::Text, .description = description};
    };
    std::vector<flow::Property> out = engine_properties();
    const std::vector<flow::Property> more{
        {.name = "pullPolicy",
         .shape = Shape::Enum,
         .description = "When the image is pulled",
         .default_text = "IF_NOT_PRESENT",
         .values = {"ALWAYS", "IF_NOT_PRESENT", "NEVER"}},
        text("user", "Who the process is in the container: name or number, with group after a colon"),
        {.name = "entryPoint", .shape = Shape::TextOrList, .description = "Instead of the image's"},
        {.name = "extraHosts", .shape = Shape::TextOrList, .description = "Names and addresses: name:address"},
        text("networkMode", "bridge, host, none or the name of a network"),
        {.name = "portBindings", .shape = Shape::TextOrList, .description = "Ports: [address:]outside:inside"},
        {.name = "volumes",
         .shape = Shape::TextOrList,
         .description = "Folders of the host: outside:inside[:ro]; must be allowed by the configuration"},
        {.name = "deviceRequests", .shape = Shape::Any, .description = "For example GPUs"},
        {.name = "cpu",
         .shape = Shape::Object,
         .description = "Processors",
         .fields = {{.name = "cpus", .shape = Shape::Number, .description = "For example 1.5"}}},
        {.name = "memory",
         .shape = Shape::Object,
         .description = "Memory",
         .fields = {text("memory", "For example 512MB"),
                    text("memorySwap", "With memory; -1: no limit"),
                    text("memorySwappiness", "0 to 100"),
                    text("memoryReservation", "A soft limit"),
                    text("kernelMemory", "Of the kernel, for this container"),
                    {.name = "oomKillDisable", .shape = Shape::Boolean, .description = "Out of memory, it waits"}}},
        text("shmSize", "Of /dev/shm, for example 64MB"),
        {.name = "privileged", .shape = Shape::Boolean, .description = "Must be allowed by the configuration"},
        {.name = "fileHandlingStrategy",
         .shape = Shape::Enum,
         .description = "VOLUME copies the working directory in and out; MOUNT needs an engine on the worker's machine",
         .default_text = "VOLUME",
         .values = {"VOLUME", "MOUNT"}},
        {.name = "delete", .shape = Shape::Boolean, .description = "Removes the container", .default_text = "true"},
        {.name = "killGracePeriod",
         .shape = Shape::Duration,
         .description = "From the signal to end to the kill, when the task is stopped"},
    };
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

}  // namespace sluice::tasks
