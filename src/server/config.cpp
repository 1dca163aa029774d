#include "server/config.h"

#include <fstream>
#include <sstream>
#include <unistd.h>

#include "base/nearest.h"
#include "expr/aes_gcm.h"
#include "plugin/convert.h"
#include "tasks/scripts/byte_size.h"
#include "webserver/client_address.h"

namespace sluice::server {
namespace {

template <class Get>
ConfigKey key(std::string name, Get at) {
    ConfigKey out;
    out.name = std::move(name);
    out.set = [at](Config& config, const Value& value) { return plugin::convert(value, at(config)); };
    out.get = [at](const Config& config) {
        Config copy = config;
        return plugin::default_of(at(copy));
    };
    return out;
}

template <class Get>
ConfigKey secret(std::string name, Get at) {
    ConfigKey out = key(std::move(name), at);
    out.secret = true;
    return out;
}

/// Base64 of an AES key, or nothing.
ConfigKey aes_key(ConfigKey inner) {
    inner.set = [set = inner.set, get = inner.get](Config& config, const Value& value) -> Result<void> {
        if (auto done = set(config, value); !done) return done;
        const std::string text = get(config);
        if (text.empty()) return {};
        if (const auto read = expr::aes_key_of(text); !read) return tl::unexpected(read.error());
        return {};
    };
    return inner;
}

/// Those before the present one.
ConfigKey previous_keys(ConfigKey inner) {
    inner.set = [set = inner.set](Config& config, const Value& value) -> Result<void> {
        if (auto done = set(config, value); !done) return done;
        for (const std::string& text : config.encryption.previous_keys) {
            if (const auto read = expr::aes_key_of(text); !read) return tl::unexpected(read.error());
        }
        return {};
    };
    return inner;
}

/// Addresses and networks.
ConfigKey networks(ConfigKey inner) {
    inner.set = [set = inner.set](Config& config, const Value& value) -> Result<void> {
        if (auto done = set(config, value); !done) return done;
        for (const std::string& text : config.http.trusted_proxies) {
            if (const auto read = webserver::Network::parse(text); !read) return tl::unexpected(read.error());
        }
        return {};
    };
    return inner;
}

/// One of a few words, in any case.
ConfigKey words(ConfigKey inner, std::vector<std::string> allowed) {
    inner.set = [set = inner.set, allowed](Config& config, const Value& value) -> Result<void> {
        std::string word = plugin::text_of(value);
        for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return set(config, Value(word));
        return invalid("expected {}, found '{}'", fmt::join(allowed, " or "), word);
    };
    return inner;
}

/// "512MB"; empty: no limit
ConfigKey byte_size(ConfigKey inner) {
    inner.set = [set = inner.set](Config& config, const Value& value) -> Result<void> {
        const std::string text = plugin::text_of(value);
        if (text.empty()) return set(config, value);
        if (const auto read = tasks::parse_bytes(text); !read) return tl::unexpected(read.error());
        return set(config, Value(text));
    };
    return inner;
}

/// A list, or, as the environment and flags give it, paths joined by colons.
ConfigKey folders(ConfigKey inner) {
    inner.set = [set = inner.set](Config& config, const Value& value) {
        const std::string* text = value.if_string();
        if (text == nullptr || text->starts_with("[")) return set(config, value);
        List out;
        for (std::size_t from = 0; from < text->size();) {
            const std::size_t end = std::min(text->find(':', from), text->size());
            if (end > from) out.emplace_back(text->substr(from, end - from));
            from = end + 1;
        }
        return set(config, Value(std::move(out)));
    };
    return inner;
}

ConfigKey range(ConfigKey inner, double least, double most) {
    const auto set = inner.set;
    const auto get = inner.get;
    inner.set = [set, get, least, most](Config& config, const Value& value) -> Result<void> {
        if (auto done = set(config, value); !done) return done;
        const double number = std::strtod(get(config).c_str(), nullptr);
        if (number < least || number > most) return invalid("must be between {} and {}", least, most);
        return {};
    };
    return inner;
}

}  // namespace

const std::vector<ConfigKey>& config_keys() {
    static const std::vector<ConfigKey> keys{
        secret(
            "database.url", [](Config & c) -> auto& { return c.database.url; }),
        secret(
            "database.direct-url", [](Config & c) -> auto& { return c.database.direct_url; }),
        key(
            "database.pooled", [](Config & c) -> auto& { return c.database.pooled; }),
        range(key(
                  "database.connections", [](Config & c) -> auto& { return c.database.connections; }),
              5, 200),
        key(
            "http.address", [](Config & c) -> auto& { return c.http.address; }),
        range(key(
                  "http.port", [](Config & c) -> auto& { return c.http.port; }),
              0, 65535),
        key(
            "http.url", [](Config & c) -> auto& { return c.http.url; }),
        networks(key(
            "http.trusted-proxies", [](Config & c) -> auto& { return c.http.trusted_proxies; })),
        key(
            "admin.enabled", [](Config & c) -> auto& { return c.admin.enabled; }),
        key(
            "admin.user", [](Config & c) -> auto& { return c.admin.user; }),
        secret(
            "admin.password", [](Config & c) -> auto& { return c.admin.password; }),
        range(key(
                  "executor.threads", [](Config & c) -> auto& { return c.executor.threads; }),
              1, 64),
        range(key(
                  "executor.batch", [](Config & c) -> auto& { return c.executor.batch; }),
              1, 5000),
        range(key(
                  "executor.task-runs-per-step", [](Config & c) -> auto& { return c.executor.task_runs_per_step; }),
              1, 10000),
        range(key(
                  "worker.slots", [](Config & c) -> auto& { return c.worker.slots; }),
              0, 10000),
        key(
            "worker.group", [](Config & c) -> auto& { return c.worker.group; }),
        key(
            "worker.folder", [](Config & c) -> auto& { return c.worker.folder; }),
        range(key(
                  "worker.spool-mib", [](Config & c) -> auto& { return c.worker.spool_mib; }),
              1, 1 << 20),
        folders(key(
            "plugins.folder", [](Config & c) -> auto& { return c.plugins.folders; })),
        key(
            "liveness.heartbeat", [](Config & c) -> auto& { return c.liveness.heartbeat; }),
        key(
            "liveness.lease", [](Config & c) -> auto& { return c.liveness.lease; }),
        key(
            "liveness.self-fence", [](Config & c) -> auto& { return c.liveness.self_fence; }),
        words(key(
                  "tasks.scripts.container-fallback",
                  [](Config & c) -> auto& { return c.tasks.scripts.container_fallback; }),
              {"process", "fail"}),
        words(key(
                  "tasks.scripts.default-runner", [](Config & c) -> auto& { return c.tasks.scripts.default_runner; }),
              {"process", "docker"}),
        key(
            "tasks.scripts.sandbox", [](Config & c) -> auto& { return c.tasks.scripts.sandbox; }),
        key(
            "tasks.scripts.sandbox-network", [](Config & c) -> auto& { return c.tasks.scripts.sandbox_network; }),
        byte_size(key(
            "tasks.scripts.dependency-cache", [](Config & c) -> auto& { return c.tasks.scripts.dependency_cache; })),
        byte_size(key(
            "tasks.scripts.limits.memory", [](Config & c) -> auto& { return c.tasks.scripts.limits.memory; })),
        range(key(
                  "tasks.scripts.limits.cpus", [](Config & c) -> auto& { return c.tasks.scripts.limits.cpus; }),
              0, 4096),
        range(
            key(
                "tasks.scripts.limits.processes", [](Config & c) -> auto& { return c.tasks.scripts.limits.processes; }),
            0, 4194304),
        range(key(
                  "tasks.scripts.limits.open-files",
                  [](Config & c) -> auto& { return c.tasks.scripts.limits.open_files; }),
              0, 1048576),
        byte_size(key(
            "tasks.scripts.limits.file-size", [](Config & c) -> auto& { return c.tasks.scripts.limits.file_size; })),
        key(
            "tasks.scripts.limits.cpu-time", [](Config & c) -> auto& { return c.tasks.scripts.limits.cpu_time; }),
        key(
            "tasks.scripts.limits.duration", [](Config & c) -> auto& { return c.tasks.scripts.limits.duration; }),
        key(
            "tasks.docker.host", [](Config & c) -> auto& { return c.tasks.docker.host; }),
        key(
            "tasks.docker.volumes", [](Config & c) -> auto& { return c.tasks.docker.volumes; }),
        key(
            "tasks.docker.privileged", [](Config & c) -> auto& { return c.tasks.docker.privileged; }),
        key(
            "storage.type", [](Config & c) -> auto& { return c.storage.type; }),
        key(
            "storage.path", [](Config & c) -> auto& { return c.storage.path; }),
        range(key(
                  "storage.connections", [](Config & c) -> auto& { return c.storage.connections; }),
              1, 100),
        key(
            "storage.s3.endpoint", [](Config & c) -> auto& { return c.storage.s3.endpoint; }),
        key(
            "storage.s3.region", [](Config & c) -> auto& { return c.storage.s3.region; }),
        key(
            "storage.s3.bucket", [](Config & c) -> auto& { return c.storage.s3.bucket; }),
        key(
            "storage.s3.prefix", [](Config & c) -> auto& { return c.storage.s3.prefix; }),
        key(
            "storage.s3.access-key", [](Config & c) -> auto& { return c.storage.s3.access_key; }),
        secret(
            "storage.s3.secret-key", [](Config & c) -> auto& { return c.storage.s3.secret_key; }),
        key(
            "storage.s3.ca-file", [](Config & c) -> auto& { return c.storage.s3.ca_file; }),
        key(
            "storage.s3.path-style", [](Config & c) -> auto& { return c.storage.s3.path_style; }),
        key(
            "tasks.local-files.allowed-paths", [](Config & c) -> auto& { return c.tasks.local_paths; }),
        key(
            "tasks.ssh.known-hosts", [](Config & c) -> auto& { return c.tasks.known_hosts; }),
        key(
            "tasks.http.reach", [](Config & c) -> auto& { return c.tasks.http_reach; }),
        aes_key(secret(
            "encryption.secret-key", [](Config & c) -> auto& { return c.encryption.secret_key; })),
        previous_keys(secret(
            "encryption.previous-keys", [](Config & c) -> auto& { return c.encryption.previous_keys; })),
        key(
            "shutdown.grace", [](Config & c) -> auto& { return c.shutdown.grace; }),
        key(
            "log.level", [](Config & c) -> auto& { return c.log.level; }),
        key(
            "log.format", [](Config & c) -> auto& { return c.log.format; }),
        key(
            "variables.environment-prefix", [](Config & c) -> auto& { return c.variables.environment_prefix; }),
        key(
            "variables.time-zone", [](Config & c) -> auto& { return c.variables.time_zone; }),
        key(
            "variables.globals", [](Config & c) -> auto& { return c.variables.globals; }),
    };
    return keys;
}

std::string ConfigKey::environment_name() const {
    std::string out = "SLUICE_";
    for (const char c : name) {
        out += c == '.' || c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return out;
}

namespace {

class Loader {
  public:
    Result<Config> load(const ConfigSources& sources) {
        for (const ConfigKey& one : config_keys()) config_.origin[one.name] = "default";
        if (!sources.file.empty()) {
            if (auto read = read_file(sources.file); !read) return tl::unexpected(read.error());
        }
        read_environment(sources.environment);
        for (const auto& [name, value] : sources.flags) {
            const auto flag = sources.flag_names.find(name);
            set(name, Value(value), flag != sources.flag_names.end() ? flag->second : name, {});
        }
        check_together();
        if (errors_.empty()) return std::move(config_);
        return tl::unexpected(Error{ErrorCode::Invalid, "the configuration has mistakes:", {}, std::move(errors_), ""});
    }

  private:
    /// Keys may also be written as Java's are: containerFallback is container-fallback.
    static std::string with_hyphens(std::string_view name) {
        std::string out;
        for (const char c : name) {
            const bool upper = c >= 'A' && c <= 'Z';
            if (upper) out += '-';
            out += upper ? static_cast<char>(c - 'A' + 'a') : c;
        }
        return out;
    }

    static const ConfigKey* find(std::string_view given) {
        const std::string name = with_hyphens(given);
        for (const ConfigKey& one : config_keys()) {
            if (one.name == name) return &one;
        }
        return nullptr;
    }

    void set(const std::string& name, const Value& value, const std::string& origin, Place place) {
        place.property = name;
        const ConfigKey* known = find(name);
        if (known == nullptr) {
            std::vector<std::string> names{"plugin-defaults"};
            for (const ConfigKey& one : config_keys()) names.push_back(one.name);
            errors_.push_back(Error{ErrorCode::Invalid, "unknown key" + did_you_mean(name, names), place, {}, ""});
            return;
        }
        if (auto done = known->set(config_, value); !done) {
            errors_.push_back(
                Error{ErrorCode::Invalid, done.error().message + " (from " + origin + ")", place, {}, ""});
            return;
        }
        config_.origin[known->name] = origin;
    }

    Result<void> read_file(const std::string& file) {
        std::ifstream in(file);
        if (!in) return not_found("the configuration file {} can't be read", file);
        std::ostringstream text;
        text << in.rdbuf();
        auto document = flow::parse_yaml(text.str());
        if (!document) {
            Error error = document.error();
            error.place.file = file;
            return tl::unexpected(std::move(error));
        }
        if (document->is_map()) read_map(*document, "", file);
        return {};
    }

    void read_map(const flow::Node& map, const std::string& prefix, const std::string& file) {
        for (const flow::Node::Entry& entry : map.entries) {
            const std::string name = prefix.empty() ? entry.key : prefix + "." + entry.key;
            const Place place{file, entry.line, entry.column, name};
            if (name == "plugin-defaults") {
                read_defaults(entry.value, place);
            } else if (entry.value.is_map() && find(name) == nullptr) {
                read_map(entry.value, name, file);
            } else if (!entry.value.is_null()) {
                const Value value = entry.value.is_scalar() ? Value(entry.value.text) : flow::to_value(entry.value);
                set(name, value, fmt::format("{}:{}", file, entry.line), place);
            }
        }
    }

    void read_defaults(const flow::Node& list, const Place& place) {
        for (const flow::Node& item : list.items) {
            flow::PluginDefault one;
            one.type = item.text_of("type");
            one.forced = item.text_of("forced") == "true";
            if (const flow::Node* values = item.find("values")) one.values = flow::to_value(*values);
            if (one.type.empty() || !one.values.is_map()) {
                errors_.push_back(Error{ErrorCode::Invalid, "expected a list of {type, values}", place, {}, ""});
                continue;
            }
            config_.plugin_defaults.push_back(std::move(one));
        }
    }

    void read_environment(const std::map<std::string, std::string>& environment) {
        std::map<std::string, std::string> names;
        for (const ConfigKey& one : config_keys()) names[one.environment_name()] = one.name;
        for (const auto& [name, value] : environment) {
            const auto known = names.find(name);
            if (known != names.end() && !value.empty()) set(known->second, Value(value), name, {});
        }
    }

    /// Rules that join several keys.
    void check_together() {
        const auto& l = config_.liveness;
        const auto wrong = [&](const char* name, std::string message) {
            errors_.push_back(Error{ErrorCode::Invalid, std::move(message), Place{.property = name}, {}, ""});
        };
        if (l.heartbeat < 100ms) wrong("liveness.heartbeat", "must be at least 100 ms");
        if (l.heartbeat * 3 > l.lease) {
            wrong("liveness.lease", "must be at least three heartbeats: one lost beat must not cost the lease");
        }
        if (l.self_fence >= l.lease || l.self_fence < l.heartbeat * 2) {
            wrong("liveness.self-fence",
                  "must be between two heartbeats and the lease: a worker stops its tasks before others get them");
        }
        check_storage(wrong);
        for (const std::string& path : config_.tasks.local_paths) {
            if (!path.starts_with('/')) wrong("tasks.local-files.allowed-paths", "'" + path + "' is no absolute path");
        }
        if (config_.tasks.http_reach != "anywhere" && config_.tasks.http_reach != "public") {
            wrong("tasks.http.reach", "must be anywhere or public");
        }
        if (config_.log.format != "text" && config_.log.format != "json") wrong("log.format", "must be text or json");
    }

    template <class Wrong>
    void check_storage(const Wrong& wrong) const {
        const auto& s = config_.storage;
        // Two are dedicated, and the services need three.
        constexpr std::int64_t kOthers = 5;
        if (s.type != "local" && s.type != "postgres" && s.type != "s3")
            wrong("storage.type", "must be local, postgres or s3");
        if (s.type == "s3" && s.s3.bucket.empty()) wrong("storage.s3.bucket", "the storage type s3 needs a bucket");
        if (s.type == "postgres" && config_.database.connections < s.connections + kOthers) {
            wrong("database.connections",
                  fmt::format("must be at least {}: storage.connections are among them", s.connections + kOthers));
        }
    }

    Config config_{};
    std::vector<Error> errors_{};
};

}  // namespace

Result<Config> load_config(const ConfigSources& sources) {
    return Loader().load(sources);
}

std::map<std::string, std::string> process_environment() {
    std::map<std::string, std::string> out;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::size_t equals = text.find('=');
        if (equals != std::string_view::npos) out[std::string(text.substr(0, equals))] = text.substr(equals + 1);
    }
    return out;
}

}  // namespace sluice::server
