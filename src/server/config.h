#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "flow/parse_flow.h"

namespace sluice::server {

/// All settings of a server. The initialisers are the defaults; conf/sluice.yaml documents each key, and a test holds
/// it against keys().
struct Config {
    struct {
        std::string url{};
        std::string direct_url{};
        std::string password{};
        std::string password_command{};
        Duration password_lifetime = 600s;
        struct {
            std::string ca_file{};
            std::string certificate{};
            std::string key{};
            std::string key_password{};
        } tls{};
        bool pooled = false;
        std::int64_t connections = 10;
        struct {
            std::string url{};
            std::int64_t connections = 4;
            Duration max_lag = 15s;
        } replica{};
    } database{};
    struct {
        std::string address = "0.0.0.0";
        std::int64_t port = 8080;
        std::string url{};
        std::vector<std::string> trusted_proxies{};
        struct {
            std::string certificate{};
            std::string key{};
            std::string key_password{};
            std::string client_ca{};
            Duration hsts = 8760h;  // 0: not said
        } tls{};
        std::int64_t max_connections = 10'000;
        std::string max_body = "10MiB";
        std::string max_upload = "10GiB";
        std::int64_t min_body_rate = 1024;  // bytes a second
        struct {
            Duration header = 10s;
            Duration idle = 75s;
            Duration stall = 60s;
            Duration body_grace = 10s;
        } timeouts{};
        double rate_limit = 0;  // requests a second; 0: none
        std::int64_t rate_burst = 100;
    } http{};
    struct {
        bool enabled = true;
        bool password_login = true;
        std::string user{};
        std::string password{};
    } admin{};
    struct {
        std::string issuer{};
        std::string client_id{};
        std::string client_secret{};
        std::string scopes = "openid profile email";
        std::string label{};
        std::string user_claim = "preferred_username";
        std::string name_claim = "name";
        std::string groups_claim = "groups";
        std::map<std::string, std::string> groups{};
        bool create_users = true;
        bool link_users = false;
        std::string default_role{};
        bool end_session = false;
        Duration clock_skew = 30s;
        std::string ca_file{};
        bool accept_unverified_email = false;
    } oidc{};
    struct {
        std::int64_t threads = 1;
        std::int64_t batch = 200;
        std::int64_t task_runs_per_step = 400;
    } executor{};
    struct {
        std::int64_t slots = 0;  // 0: eight for each processor
        std::string group{};
        std::string folder = "/tmp/sluice";
        std::int64_t spool_mib = 256;
    } worker{};
    struct {
        std::vector<std::string> folders{};
    } plugins{};
    struct {
        Duration heartbeat = 2s;
        Duration lease = 10s;
        Duration self_fence = 8s;
    } liveness{};
    struct {
        std::string type = "local";
        std::string path = "./data/storage";
        std::int64_t connections = 2;
        struct {
            std::string endpoint{};
            std::string region = "us-east-1";
            std::string bucket{};
            std::string prefix{};
            std::string access_key{};
            std::string secret_key{};
            std::string ca_file{};
            bool path_style = false;
        } s3{};
    } storage{};
    struct {
        std::vector<std::string> local_paths{};
        std::string known_hosts{};
        std::string http_reach = "anywhere";
        struct {
            std::string container_fallback = "fail";
            std::string default_runner = "process";
            bool sandbox = false;
            bool sandbox_network = false;
            std::string dependency_cache = "2GB";
            struct {
                std::string memory{};
                double cpus = 0;
                std::int64_t processes = 0;
                std::int64_t open_files = 0;
                std::string file_size{};
                Duration cpu_time{0};
                Duration duration{0};
            } limits{};
        } scripts{};
        struct {
            std::string host{};
            bool volumes = false;
            bool privileged = false;
        } docker{};
    } tasks{};
    struct {
        std::string secret_key{};
        std::vector<std::string> previous_keys{};
    } encryption{};
    struct {
        std::string folder{};
        struct {
            std::string address{};
            std::string mount = "secret";
            std::int64_t kv_version = 2;
            std::string path = "{namespace}";
            std::string name_space{};
            std::string token{};
            std::string token_path{};
            std::string role_id{};
            std::string secret_id{};
            std::string approle_mount = "approle";
            std::string ca_file{};
            Duration timeout = 5s;
            Duration cache = 60s;
        } vault{};
    } secrets{};
    struct {
        Duration grace = 300s;
    } shutdown{};
    struct {
        Duration keep{0};  // 0: for ever
        Duration every = 1h;
        Duration fires = 9600h;
        Duration refused_results = 2160h;
    } retention{};
    struct {
        LogLevel level = LogLevel::Info;
        std::string format = "text";
        Duration slow_statements = 1s;  // 0: none is told
        struct {
            std::string to = "none";
            LogLevel level = LogLevel::Trace;
            std::int64_t batch = 500;
            std::string path{};
            std::string address = "unix:///dev/log";
            std::string facility = "local0";
            std::string url{};
            std::string authorization{};
            std::string ca_file{};
        } shipping{};
    } log{};
    struct {
        std::string endpoint{};
        std::string authorization{};
    } traces{};
    struct {
        std::string environment_prefix = "ENV_";
        std::string time_zone = "UTC";
        std::map<std::string, std::string> globals{};
    } variables{};
    std::vector<flow::PluginDefault> plugin_defaults{};

    /// Where each value came from, for `config show`: "default", "sluice.yaml:12", "SLUICE_HTTP_PORT", "--port"
    std::map<std::string, std::string, std::less<>> origin{};
    /// What a person should know and that stops nothing: a key of Kestra's without effect, a variable that is no key.
    std::vector<Error> notices{};
};

/// One key of the configuration.
struct ConfigKey {
    std::string name{};  // "database.url"
    bool secret = false;
    std::function<Result<void>(Config&, const Value&)> set{};
    std::function<std::string(const Config&)> get{};

    /// "SLUICE_DATABASE_URL"
    std::string environment_name() const;
};
const std::vector<ConfigKey>& config_keys();

struct ConfigSources {
    std::string files{};                                       // joined by commas, later ones win; empty: none
    std::map<std::string, std::string> environment{};          // all of it
    std::vector<std::pair<std::string, std::string>> flags{};  // key, value
    std::map<std::string, std::string> flag_names{};           // key → "--port", for messages
};

/// Reads all sources, later ones over earlier ones: files, SLUICE_CONFIGURATION (YAML), systemd's credentials (files
/// named by their key in $CREDENTIALS_DIRECTORY), environment, flags. All mistakes are found at once.
///
/// A secret may stand in a file of its own: `admin.password-file`, SLUICE_ADMIN_PASSWORD_FILE. Values in files may name
/// variables: ${NAME}, ${NAME:otherwise}. Kestra's keys are understood (kestra_keys.h).
/// Errors  Invalid with one detail for each mistake; NotFound: no such file
Result<Config> load_config(const ConfigSources& sources);

/// The process's environment.
std::map<std::string, std::string> process_environment();

}  // namespace sluice::server
