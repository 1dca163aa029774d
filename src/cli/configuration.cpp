#include "cli/configuration.h"

#include "server/database_password.h"
#include "server/local_database.h"
#include "server/server.h"

namespace sluice::cli {
namespace {

struct Flag {
    const char* name;
    const char* key;
    const char* help;
    const char* placeholder;
};
constexpr Flag kFlags[] = {
    {"database", "database.url", "the PostgreSQL database", "URL"},
    {"port", "http.port", "port of API and page", "N"},
    {"address", "http.address", "address to listen on", "ADDRESS"},
    {"storage", "storage.path", "folder of the internal storage", "DIR"},
    {"worker-thread", "worker.slots", "tasks that run at once", "N"},
    {"plugins", "plugins.folder", "folders of plugins, joined by colons", "DIRS"},
    {"worker-group", "worker.group", "takes the jobs of this group", "NAME"},
    {"log-level", "log.level", "TRACE, DEBUG, INFO, WARN or ERROR", "LEVEL"},
    {"log-format", "log.format", "text or json", "FORMAT"},
};

}  // namespace

void add_configuration(Options& options) {
    options.value("c,config", "configuration files, joined by commas; later ones win", "FILES");
    for (const Flag& flag : kFlags) options.value(flag.name, flag.help, flag.placeholder);
    options.flag("v,verbose", "DEBUG");
}

Result<server::Config> configuration(const Options& options) {
    server::ConfigSources sources;
    sources.files = options.text("config");
    sources.environment = server::process_environment();
    for (const Flag& flag : kFlags) {
        if (!options.has(flag.name)) continue;
        sources.flags.emplace_back(flag.key, options.text(flag.name));
        sources.flag_names[flag.key] = std::string("--") + flag.name;
    }
    if (options.has("verbose")) sources.flags.emplace_back("log.level", "DEBUG");
    return server::load_config(sources);
}

Result<plugin::TaskCatalog> local_catalog(const Options& options) {
    const auto config = configuration(options);
    if (!config) return tl::unexpected(config.error());
    const auto plugins = server::plugins_of(*config);
    if (!plugins) return tl::unexpected(plugins.error());
    return server::catalog_of(*config, *plugins);
}

Result<pg::ConnectionConfig> database_connection(const Options& options, bool direct) {
    auto config = configuration(options);
    if (!config) return tl::unexpected(config.error());
    if (options.has("data") || config->database.url.empty()) {
        return pg::ConnectionConfig{
            .url = server::LocalDatabase::url_in(options.has("data") ? options.text("data") : "./data")};
    }
    return server::connection_config(*config, direct, std::make_shared<server::DatabasePassword>(*config));
}

}  // namespace sluice::cli
