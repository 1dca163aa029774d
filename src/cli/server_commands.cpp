// sluice server local|standalone|webserver|executor|worker|scheduler
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/configuration.h"
#include "cli/serve.h"
#include "embedded/page.h"
#include "expr/aes_gcm.h"
#include "server/local_database.h"
#include "server/server.h"
#include "server/version.h"

namespace sluice::cli {
namespace {

using server::Role;

const Logger kLog("server");

void start_logging(const server::Config& config) {
    configure_logging(
        {.level = config.log.level, .format = config.log.format == "json" ? LogFormat::Json : LogFormat::Text});
    for (const Error& notice : config.notices) kLog.warn("config.notice", {{"text", notice.text()}});
}

/// The web page's files, which were compiled in.
std::vector<http::StaticFile> page_files() {
    std::vector<http::StaticFile> files;
    for (const page::EmbeddedFile& file : page::embedded_files())
        files.push_back({file.path, file.content, file.digest});
    return files;
}

/// Seen from this machine.
std::string page_address(const server::Config& config, int port) {
    return fmt::format("{}://localhost:{}", config.http.tls.certificate.empty() ? "http" : "https", port);
}

int run_roles(const std::vector<std::string>& words, const std::string& name, std::set<Role> roles) {
    Options options("sluice server " + name, "Runs this part of a cluster on a PostgreSQL database.");
    add_configuration(options);
    if (const auto stop = options.parse(words)) return *stop;
    auto config = configuration(options);
    if (!config) return fail(config.error());
    if (config->database.url.empty()) {
        return fail_usage("which database? Give --database postgresql://…, or set SLUICE_DATABASE_URL or database.url");
    }
    start_logging(*config);
    const auto reload = [&] { return configuration(options); };
    return serve(
        {*config, std::move(roles), name == "standalone", page_files(), reload, [&](server::Server& running) {
             if (running.port() != 0)
                 std::cout << "Sluice " << server::version() << " is ready on " << page_address(*config, running.port())
                           << "\n";
             if (!running.made_password().empty()) {
                 std::cout << "  first user  " << running.admin_user() << "\n  password    " << running.made_password()
                           << "\n  (shown once; set your own with SLUICE_ADMIN_USER and SLUICE_ADMIN_PASSWORD)\n";
             }
             std::cout << std::flush;
         }});
}

// ------------------------------------------------------------------------------------------------------ local

/// The credentials of a local server stand in its folder, readable by its owner only: they are shown at each start.
void use_kept_credentials(server::Config& config, const std::filesystem::path& file) {
    if (!config.admin.password.empty()) return;
    std::ifstream in(file);
    std::getline(in, config.admin.user);
    std::getline(in, config.admin.password);
}

void keep_private(const std::filesystem::path& file, const std::string& text) {
    const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd >= 0 && write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size())) {
        close(fd);
        return;
    }
    std::cerr << file << " could not be written: " << std::strerror(errno) << "\n";
    if (fd >= 0) close(fd);
}

/// The key of SECRET inputs stands in the folder, too: a local server has no other place, and asks nobody for one.
/// Errors  Invalid: the file holds no key; a new one could not read what was encrypted with the old
Result<void> use_kept_key(server::Config& config, const std::filesystem::path& file) {
    std::string& key = config.encryption.secret_key;
    if (!key.empty()) return {};
    if (!std::filesystem::exists(file)) {
        key = expr::new_aes_key();
        keep_private(file, key + "\n");
        return {};
    }
    std::ifstream in(file);
    std::getline(in, key);
    if (const auto read = expr::aes_key_of(key); !read) return invalid("{}: {}", file.string(), read.error().message);
    return {};
}

/// What a local server takes from its folder, unless the configuration says it.
Result<void> use_folder(server::Config& config, const std::filesystem::path& folder) {
    if (config.origin["storage.path"] == "default") config.storage.path = folder / "storage";
    if (config.origin["worker.folder"] == "default") config.worker.folder = folder / "tmp";
    if (config.origin["shutdown.grace"] == "default") config.shutdown.grace = 10s;
    // Flows as people find them name containers: on a machine to try things on they are to run all the same.
    if (config.origin["tasks.scripts.container-fallback"] == "default") {
        config.tasks.scripts.container_fallback = "process";
    }
    use_kept_credentials(config, folder / "credentials");
    return use_kept_key(config, folder / "encryption-key");
}

int run_local(const std::vector<std::string>& words) {
    Options options("sluice server local", "Runs everything in one process, with a private PostgreSQL in a folder.");
    add_configuration(options);
    options.value("data", "folder of database and files", "DIR", "./data");
    if (const auto stop = options.parse(words)) return *stop;
    auto config = configuration(options);
    if (!config) return fail(config.error());
    start_logging(*config);
    block_stop_signals();

    std::error_code failed;
    std::filesystem::create_directories(options.text("data"), failed);
    const std::filesystem::path folder = std::filesystem::absolute(options.text("data"));
    auto database = server::LocalDatabase::start({.folder = folder});
    if (!database) return fail(database.error());
    const auto complete = [&](server::Config& one) {
        one.database.url = (*database)->url();
        return use_folder(one, folder);
    };
    if (const auto kept = complete(*config); !kept) return fail(kept.error());
    const auto reload = [&]() -> Result<server::Config> {
        auto again = configuration(options);
        if (!again) return again;
        if (const auto kept = complete(*again); !kept) return tl::unexpected(kept.error());
        return again;
    };
    const std::set<Role> all{Role::Webserver, Role::Executor, Role::Worker, Role::Scheduler};
    return serve({*config, all, true, page_files(), reload, [&](server::Server& running) {
                      const bool made = !running.made_password().empty();
                      const std::string password = made ? running.made_password() : config->admin.password;
                      if (made) keep_private(folder / "credentials", running.admin_user() + "\n" + password + "\n");
                      std::cout << "\nSluice " << server::version() << " is ready\n"
                                << "  page      " << page_address(*config, running.port()) << "/ui/\n"
                                << "  user      " << running.admin_user() << "\n"
                                << "  password  " << password << "\n"
                                << "  data      " << folder.string() << "\n\n"
                                << std::flush;
                  }});
}

Command role_command(const std::string& name, const std::string& summary, std::set<Role> roles) {
    return {"server " + name, summary, "sluice server " + name + " --database URL",
            [name, roles](std::vector<std::string> words) { return run_roles(words, name, roles); }};
}

}  // namespace

std::vector<Command> server_commands() {
    return {
        {"server local", "everything in one process, with its own PostgreSQL",
         "sluice server local [--port N] [--data DIR]",
         [](std::vector<std::string> words) { return run_local(words); }},
        role_command("standalone", "everything in one process, on your PostgreSQL",
                     {Role::Webserver, Role::Executor, Role::Worker, Role::Scheduler}),
        role_command("webserver", "API and page", {Role::Webserver}),
        role_command("executor", "the engine", {Role::Executor}),
        role_command("worker", "runs tasks", {Role::Worker}),
        role_command("scheduler", "fires schedules; one leads, others stand by", {Role::Scheduler}),
    };
}

}  // namespace sluice::cli
