#include "server/kestra_keys.h"

#include <algorithm>
#include <cctype>

#include "base/nearest.h"
#include "expr/encoding.h"
#include "plugin/convert.h"

namespace sluice::server {
namespace {

struct KestraKey {
    std::string_view name;  // with .* at its end: all below
    std::string_view ours;  // the key here; empty: none
    std::string_view why;   // it has no effect; empty: there is nothing to tell
};

constexpr std::string_view kNoPool = "connections are made when they are needed; database.connections is their limit";
constexpr std::string_view kNoJars = "plugins are native here: 'sluice plugins list' tells which; see plugins.folder";
constexpr std::string_view kFixed = "it is fixed here";
constexpr std::string_view kQueues = "queues need no tuning: they wake up by themselves, and nothing is left in them";

constexpr KestraKey kTable[] = {
    {"micronaut.server.port", "http.port", ""},
    {"micronaut.server.host", "http.address", ""},
    {"micronaut.server.context-path", "", "put a proxy in front, and its address into http.url"},
    {"micronaut.server.*", "", kFixed},
    {"micronaut.io.watch.*", "", "load flows by 'sluice flow namespace update'"},
    {"micronaut.http.*", "", "tasks tell their own time-outs and proxies"},
    {"micronaut.security.*", "", "who may log in is kept in the database"},
    {"micronaut.*", "", kFixed},
    {"endpoints.*", "", "health and metrics are on the port of the API: /health, /prometheus"},
    {"kestra.url", "http.url", ""},
    {"kestra.server.basic-auth.enabled", "admin.enabled", ""},
    {"kestra.server.basic-auth.username", "admin.user", ""},
    {"kestra.server.basic-auth.password", "admin.password", ""},
    {"kestra.server.basic-auth.realm", "", ""},
    {"kestra.server.basic-auth.open-urls", "", "/ping and webhooks are open, and nothing else"},
    {"kestra.server.termination-grace-period", "shutdown.grace", ""},
    {"kestra.server.liveness.heartbeat-interval", "liveness.heartbeat", ""},
    {"kestra.server.liveness.timeout", "liveness.lease", ""},
    {"kestra.server.liveness.*", "", "every process beats, and any of them buries the dead: liveness.lease"},
    {"kestra.server.worker-task-restart-strategy", "", "a lost worker's tasks go on elsewhere after liveness.lease; a task "
                                                       "may say onWorkerLoss: FAIL"},
    {"kestra.server.*", "", kFixed},
    {"kestra.webserver.*", "", "nothing is injected into the page"},
    {"kestra.environment.*", "", "the page shows no badge"},
    {"kestra.ui.*", "", "the page remembers what a person chose"},
    {"kestra.queue.postgres.*", "", ""},
    {"kestra.repository.postgres.*", "", ""},
    {"kestra.jdbc.*", "", kQueues},
    {"kestra.storage.local.base-path", "storage.path", ""},
    {"kestra.storage.s3.endpoint", "storage.s3.endpoint", ""},
    {"kestra.storage.s3.region", "storage.s3.region", ""},
    {"kestra.storage.s3.bucket", "storage.s3.bucket", ""},
    {"kestra.storage.s3.path", "storage.s3.prefix", ""},
    {"kestra.storage.s3.access-key", "storage.s3.access-key", ""},
    {"kestra.storage.s3.secret-key", "storage.s3.secret-key", ""},
    {"kestra.storage.s3.force-path-style", "storage.s3.path-style", ""},
    {"kestra.storage.minio.bucket", "storage.s3.bucket", ""},
    {"kestra.storage.minio.access-key", "storage.s3.access-key", ""},
    {"kestra.storage.minio.secret-key", "storage.s3.secret-key", ""},
    {"kestra.storage.*", "", "the storages here are local, postgres and s3"},
    {"kestra.encryption.secret-key", "encryption.secret-key", ""},
    {"kestra.variables.env-vars-prefix", "variables.environment-prefix", ""},
    {"kestra.variables.globals", "variables.globals", ""},
    {"kestra.variables.*", "", "what is rendered is rendered once; render() does it again"},
    {"kestra.tasks.tmp-dir.path", "worker.folder", ""},
    {"kestra.tasks.*", "", "tasks tell it themselves; plugin-defaults for all of a type"},
    {"kestra.plugins.configurations", "", ""},
    {"kestra.plugins.*", "", kNoJars},
    {"kestra.local-files.allowed-paths", "tasks.local-files.allowed-paths", ""},
    {"kestra.local-files.*", "", kFixed},
    {"kestra.retries.*", "", "what is outside is tried again with growing pauses until it answers"},
    {"kestra.system-flows.*", "", "the namespace of system flows is 'system'"},
    {"kestra.hidden-labels.*", "", "labels that begin with system. are hidden"},
    {"kestra.tutorial-flows.*", "", "there are no tutorial flows; see the blueprints of the page"},
    {"kestra.templates.*", "", "templates are gone: use subflows"},
    {"kestra.anonymous-usage-report.*", "", ""},
    {"kestra.ui-anonymous-usage-report.*", "", ""},
    {"kestra.metrics.*", "", "metrics begin with sluice_"},
    {"kestra.traces.*", "", "there are no traces yet"},
    {"kestra.configurations.*", "", "files are only read"},
    {"kestra.ai.*", "", "the page has no assistant"},
    {"kestra.secret.*", "", "secrets are SECRET_<NAME> in the environment, in base64"},
    {"kestra.ee.*", "", "it belongs to Kestra's commercial edition"},
    {"secret.*", "", "secrets are SECRET_<NAME> in the environment, in base64"},
    {"otel.*", "", "there are no traces yet"},
    {"jackson.*", "", ""},
    {"flyway.*", "", "the schema is kept by 'sluice migrate'"},
};

bool is_below(std::string_view name, std::string_view pattern) {
    if (!pattern.ends_with(".*")) return name == pattern;
    pattern.remove_suffix(1);
    return name.starts_with(pattern);
}

/// The first row that fits: those that name a key stand before those for all below.
const KestraKey* row_of(std::string_view name) {
    const auto* found = std::find_if(std::begin(kTable), std::end(kTable),
                                     [&](const KestraKey& row) { return is_below(name, row.name); });
    return found == std::end(kTable) ? nullptr : found;
}

/// kestra.server.basic-auth.username as KESTRA_SERVER_BASIC_AUTH_USERNAME
std::string variable_of(std::string_view name) {
    std::string out;
    for (const char c : name) {
        out += c == '.' || c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return out;
}

/// The part of a datasource's key after its name: url of datasources.postgres.url
std::string_view datasource_part(std::string_view name) {
    const std::size_t dot = name.find('.', std::string_view("datasources.").size());
    return dot == std::string_view::npos ? "" : name.substr(dot + 1);
}

/// For a part of a URL: a blank is %20 there, and no plus.
std::string in_url(const std::string& text) {
    std::string out;
    for (const char c : expr::url_encoded(text)) c == '+' ? out += "%20" : out += c;
    return out;
}

/// What has a meaning only together with others, or by its value.
constexpr std::string_view kSpecial[] = {
    "datasources.postgres.url",         "datasources.postgres.username", "datasources.postgres.password",
    "datasources.postgres.maximum-pool-size", "kestra.repository.type",  "kestra.queue.type",
    "kestra.storage.type",              "kestra.storage.minio.endpoint", "kestra.storage.minio.port",
    "kestra.storage.minio.secure"};

std::vector<std::string> all_names() {
    std::vector<std::string> out(std::begin(kSpecial), std::end(kSpecial));
    for (const KestraKey& row : kTable) {
        if (!row.name.ends_with(".*")) out.emplace_back(row.name);
    }
    return out;
}

}  // namespace

bool KestraKeys::is_root(std::string_view key) {
    constexpr std::string_view kRoots[] = {"kestra", "micronaut", "datasources", "endpoints", "logger",
                                           "otel",   "secret",    "jackson",     "flyway"};
    return std::find(std::begin(kRoots), std::end(kRoots), key) != std::end(kRoots);
}

bool KestraKeys::takes_map(std::string_view name) {
    return name == "kestra.variables.globals";
}

void KestraKeys::read(const std::string& name, const Value& value, const std::string& origin, Place place) {
    const Given given{plugin::text_of(value), origin, place};
    if (read_special(name, value, given)) return;
    const KestraKey* row = row_of(name);
    if (row == nullptr) {
        sink_.notice("no key of Kestra that is known here" + did_you_mean(name, all_names()), std::move(place));
    } else if (!row->ours.empty()) {
        sink_.set(std::string(row->ours), value, origin, std::move(place));
    } else if (!row->why.empty()) {
        sink_.notice(fmt::format("has no effect: {}", row->why), std::move(place));
    }
}

void KestraKeys::read_variable(const std::string& name, const std::string& value) {
    const Place place{.property = name};
    for (const std::string_view special : kSpecial) {
        if (variable_of(special) == name) return read(std::string(special), Value(value), name, place);
    }
    for (const KestraKey& row : kTable) {
        if (!row.ours.empty() && variable_of(row.name) == name) {
            return sink_.set(std::string(row.ours), Value(value), name, place);
        }
    }
}

/// What is not simply another name of a key of ours.
bool KestraKeys::read_special(const std::string& name, const Value& value, const Given& given) {
    if (name.starts_with("datasources.")) {
        const std::string_view part = datasource_part(name);
        if (part == "url" || part == "username" || part == "password")
            keep(std::string(part), given);
        else if (part == "maximum-pool-size")
            sink_.set("database.connections", value, given.origin, given.place);
        else if (part != "driver-class-name")
            sink_.notice(fmt::format("has no effect: {}", kNoPool), given.place);
    } else if (name == "kestra.repository.type" || name == "kestra.queue.type") {
        if (given.text != "postgres") {
            sink_.wrong("only postgres is there, found '" + given.text + "'; 'sluice server local' needs no database",
                        given.place);
        }
    } else if (name == "kestra.storage.type") {
        read_storage_type(given);
    } else if (name == "kestra.storage.minio.endpoint" || name == "kestra.storage.minio.port" ||
               name == "kestra.storage.minio.secure") {
        keep(name.substr(name.rfind('.') + 1), given);
    } else if (name == "kestra.plugins.configurations") {
        read_plugin_options(value, given);
    } else if (name.starts_with("logger.")) {
        read_level(name, given);
    } else if (name.starts_with("kestra.kafka.") || name.starts_with("kestra.elasticsearch.") ||
               name.starts_with("kestra.indexer.")) {
        sink_.wrong("belongs to an installation with Kafka; everything is in PostgreSQL here: remove it", given.place);
    } else {
        return false;
    }
    return true;
}

void KestraKeys::read_storage_type(const Given& given) {
    if (given.text == "minio") keep("minio", given);
    if (given.text == "gcs" || given.text == "azure") {
        return sink_.wrong("there is no storage '" + given.text + "'; expected local, postgres, s3 or minio", given.place);
    }
    sink_.set("storage.type", Value(given.text == "minio" ? std::string("s3") : given.text), given.origin, given.place);
}

void KestraKeys::read_plugin_options(const Value& list, const Given& given) {
    const List* items = list.if_list();
    if (items == nullptr) return sink_.wrong("expected a list of {type, values}", given.place);
    for (const Value& item : *items) {
        const std::string type = plugin::text_of(item["type"]);
        const Value options = item["values"];
        const Map* values = options.if_map();
        if (values == nullptr) continue;
        for (const auto& [name, value] : *values) {
            const bool docker = type.ends_with(".Docker");
            if (docker && (name == "volume-enabled" || name == "volumeEnabled"))
                sink_.set("tasks.docker.volumes", value, given.origin, given.place);
            else if (docker && (name == "privileged-enabled" || name == "privilegedEnabled"))
                sink_.set("tasks.docker.privileged", value, given.origin, given.place);
            else
                sink_.notice(fmt::format("{} of {} has no effect", std::string_view(name), type), given.place);
        }
    }
}

void KestraKeys::read_level(const std::string& name, const Given& given) {
    if (name == "logger.levels.root" || name == "logger.levels.io.kestra") {
        return sink_.set("log.level", Value(given.text), given.origin, given.place);
    }
    sink_.notice("has no effect: one level holds for all, log.level", given.place);
}

const KestraKeys::Given* KestraKeys::kept(const std::string& name) const {
    const auto found = kept_.find(name);
    return found == kept_.end() ? nullptr : &found->second;
}

void KestraKeys::finish() {
    finish_database();
    finish_minio();
    kept_.clear();
}

/// The user becomes a part of the URL, as libpq wants it; the password stays a secret of its own.
void KestraKeys::finish_database() {
    const Given* url = kept("url");
    const Given* user = kept("username");
    const Given* password = kept("password");
    if (password != nullptr) sink_.set("database.password", Value(password->text), password->origin, password->place);
    if (url == nullptr) {
        if (user != nullptr) sink_.notice("has no effect without a url beside it", user->place);
        return;
    }
    if (!url->text.starts_with("jdbc:postgresql:") && !url->text.starts_with("postgres")) {
        return sink_.wrong("expected jdbc:postgresql://host:port/name, found another database's address", url->place);
    }
    std::string text = url->text;
    if (user != nullptr) {
        text += (text.find('?') == std::string::npos ? "?user=" : "&user=") + in_url(user->text);
    }
    sink_.set("database.url", Value(text), url->origin, url->place);
}

void KestraKeys::finish_minio() {
    const Given* endpoint = kept("endpoint");
    if (endpoint == nullptr) return;
    const Given* port = kept("port");
    const Given* secure = kept("secure");
    std::string text = endpoint->text;
    if (text.find("://") == std::string::npos) text.insert(0, secure != nullptr && secure->text == "true" ? "https://" : "http://");
    if (port != nullptr) text += ":" + port->text;
    sink_.set("storage.s3.endpoint", Value(text), endpoint->origin, endpoint->place);
    sink_.set("storage.s3.path-style", Value("true"), endpoint->origin, endpoint->place);
}

}  // namespace sluice::server
