#include "server/config.h"

#include "server/config_kinds.h"

namespace sluice::server {

const std::vector<ConfigKey>& config_keys() {
    using namespace config_kinds;
    static const std::vector<ConfigKey> keys{
        secret(
            "database.url", [](Config & c) -> auto& { return c.database.url; }),
        secret(
            "database.direct-url", [](Config & c) -> auto& { return c.database.direct_url; }),
        secret(
            "database.password", [](Config & c) -> auto& { return c.database.password; }),
        key(
            "database.password-command", [](Config & c) -> auto& { return c.database.password_command; }),
        key(
            "database.password-lifetime", [](Config & c) -> auto& { return c.database.password_lifetime; }),
        key(
            "database.tls.ca-file", [](Config & c) -> auto& { return c.database.tls.ca_file; }),
        key(
            "database.tls.certificate", [](Config & c) -> auto& { return c.database.tls.certificate; }),
        key(
            "database.tls.key", [](Config & c) -> auto& { return c.database.tls.key; }),
        secret(
            "database.tls.key-password", [](Config & c) -> auto& { return c.database.tls.key_password; }),
        key(
            "database.pooled", [](Config & c) -> auto& { return c.database.pooled; }),
        range(key(
                  "database.connections", [](Config & c) -> auto& { return c.database.connections; }),
              5, 200),
        secret(
            "database.replica.url", [](Config & c) -> auto& { return c.database.replica.url; }),
        range(key(
                  "database.replica.connections", [](Config & c) -> auto& { return c.database.replica.connections; }),
              1, 200),
        key(
            "database.replica.max-lag", [](Config & c) -> auto& { return c.database.replica.max_lag; }),
        key(
            "http.address", [](Config & c) -> auto& { return c.http.address; }),
        range(key(
                  "http.port", [](Config & c) -> auto& { return c.http.port; }),
              0, 65535),
        key(
            "http.url", [](Config & c) -> auto& { return c.http.url; }),
        key(
            "http.tls.certificate", [](Config & c) -> auto& { return c.http.tls.certificate; }),
        key(
            "http.tls.key", [](Config & c) -> auto& { return c.http.tls.key; }),
        secret(
            "http.tls.key-password", [](Config & c) -> auto& { return c.http.tls.key_password; }),
        key(
            "http.tls.client-ca", [](Config & c) -> auto& { return c.http.tls.client_ca; }),
        key(
            "http.tls.hsts", [](Config & c) -> auto& { return c.http.tls.hsts; }),
        networks(key(
            "http.trusted-proxies", [](Config & c) -> auto& { return c.http.trusted_proxies; })),
        range(key(
                  "http.max-connections", [](Config & c) -> auto& { return c.http.max_connections; }),
              10, 1'000'000),
        byte_size(key(
            "http.max-body", [](Config & c) -> auto& { return c.http.max_body; })),
        byte_size(key(
            "http.max-upload", [](Config & c) -> auto& { return c.http.max_upload; })),
        range(key(
                  "http.min-body-rate", [](Config & c) -> auto& { return c.http.min_body_rate; }),
              0, 1 << 30),
        key(
            "http.timeouts.header", [](Config & c) -> auto& { return c.http.timeouts.header; }),
        key(
            "http.timeouts.idle", [](Config & c) -> auto& { return c.http.timeouts.idle; }),
        key(
            "http.timeouts.stall", [](Config & c) -> auto& { return c.http.timeouts.stall; }),
        key(
            "http.timeouts.body-grace", [](Config & c) -> auto& { return c.http.timeouts.body_grace; }),
        range(key(
                  "http.rate-limit", [](Config & c) -> auto& { return c.http.rate_limit; }),
              0, 1'000'000),
        range(key(
                  "http.rate-burst", [](Config & c) -> auto& { return c.http.rate_burst; }),
              1, 1'000'000),
        key(
            "admin.enabled", [](Config & c) -> auto& { return c.admin.enabled; }),
        key(
            "admin.password-login", [](Config & c) -> auto& { return c.admin.password_login; }),
        key(
            "admin.user", [](Config & c) -> auto& { return c.admin.user; }),
        secret(
            "admin.password", [](Config & c) -> auto& { return c.admin.password; }),
        key(
            "oidc.issuer", [](Config & c) -> auto& { return c.oidc.issuer; }),
        key(
            "oidc.client-id", [](Config & c) -> auto& { return c.oidc.client_id; }),
        secret(
            "oidc.client-secret", [](Config & c) -> auto& { return c.oidc.client_secret; }),
        key(
            "oidc.scopes", [](Config & c) -> auto& { return c.oidc.scopes; }),
        key(
            "oidc.label", [](Config & c) -> auto& { return c.oidc.label; }),
        key(
            "oidc.user-claim", [](Config & c) -> auto& { return c.oidc.user_claim; }),
        key(
            "oidc.accept-unverified-email", [](Config & c) -> auto& { return c.oidc.accept_unverified_email; }),
        key(
            "oidc.name-claim", [](Config & c) -> auto& { return c.oidc.name_claim; }),
        key(
            "oidc.groups-claim", [](Config & c) -> auto& { return c.oidc.groups_claim; }),
        key(
            "oidc.groups", [](Config & c) -> auto& { return c.oidc.groups; }),
        key(
            "oidc.create-users", [](Config & c) -> auto& { return c.oidc.create_users; }),
        key(
            "oidc.link-users", [](Config & c) -> auto& { return c.oidc.link_users; }),
        key(
            "oidc.default-role", [](Config & c) -> auto& { return c.oidc.default_role; }),
        key(
            "oidc.end-session", [](Config & c) -> auto& { return c.oidc.end_session; }),
        key(
            "oidc.clock-skew", [](Config & c) -> auto& { return c.oidc.clock_skew; }),
        key(
            "oidc.ca-file", [](Config & c) -> auto& { return c.oidc.ca_file; }),
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
            "secrets.folder", [](Config & c) -> auto& { return c.secrets.folder; }),
        key(
            "secrets.vault.address", [](Config & c) -> auto& { return c.secrets.vault.address; }),
        key(
            "secrets.vault.mount", [](Config & c) -> auto& { return c.secrets.vault.mount; }),
        range(key(
                  "secrets.vault.kv-version", [](Config & c) -> auto& { return c.secrets.vault.kv_version; }),
              1, 2),
        key(
            "secrets.vault.path", [](Config & c) -> auto& { return c.secrets.vault.path; }),
        key(
            "secrets.vault.namespace", [](Config & c) -> auto& { return c.secrets.vault.name_space; }),
        secret(
            "secrets.vault.token", [](Config & c) -> auto& { return c.secrets.vault.token; }),
        key(
            "secrets.vault.token-path", [](Config & c) -> auto& { return c.secrets.vault.token_path; }),
        key(
            "secrets.vault.role-id", [](Config & c) -> auto& { return c.secrets.vault.role_id; }),
        secret(
            "secrets.vault.secret-id", [](Config & c) -> auto& { return c.secrets.vault.secret_id; }),
        key(
            "secrets.vault.approle-mount", [](Config & c) -> auto& { return c.secrets.vault.approle_mount; }),
        key(
            "secrets.vault.ca-file", [](Config & c) -> auto& { return c.secrets.vault.ca_file; }),
        key(
            "secrets.vault.timeout", [](Config & c) -> auto& { return c.secrets.vault.timeout; }),
        key(
            "secrets.vault.cache", [](Config & c) -> auto& { return c.secrets.vault.cache; }),
        key(
            "shutdown.grace", [](Config & c) -> auto& { return c.shutdown.grace; }),
        key(
            "log.level", [](Config & c) -> auto& { return c.log.level; }),
        key(
            "log.format", [](Config & c) -> auto& { return c.log.format; }),
        key(
            "log.slow-statements", [](Config & c) -> auto& { return c.log.slow_statements; }),
        words(key(
                  "log.shipping.to", [](Config & c) -> auto& { return c.log.shipping.to; }),
              {"none", "file", "syslog", "http"}),
        key(
            "log.shipping.level", [](Config & c) -> auto& { return c.log.shipping.level; }),
        range(key(
                  "log.shipping.batch", [](Config & c) -> auto& { return c.log.shipping.batch; }),
              1, 10000),
        key(
            "log.shipping.path", [](Config & c) -> auto& { return c.log.shipping.path; }),
        key(
            "log.shipping.address", [](Config & c) -> auto& { return c.log.shipping.address; }),
        key(
            "log.shipping.facility", [](Config & c) -> auto& { return c.log.shipping.facility; }),
        key(
            "log.shipping.url", [](Config & c) -> auto& { return c.log.shipping.url; }),
        secret(
            "log.shipping.authorization", [](Config & c) -> auto& { return c.log.shipping.authorization; }),
        key(
            "log.shipping.ca-file", [](Config & c) -> auto& { return c.log.shipping.ca_file; }),
        key(
            "traces.endpoint", [](Config & c) -> auto& { return c.traces.endpoint; }),
        secret(
            "traces.authorization", [](Config & c) -> auto& { return c.traces.authorization; }),
        key(
            "retention.keep", [](Config & c) -> auto& { return c.retention.keep; }),
        key(
            "retention.every", [](Config & c) -> auto& { return c.retention.every; }),
        key(
            "retention.fires", [](Config & c) -> auto& { return c.retention.fires; }),
        key(
            "retention.refused-results", [](Config & c) -> auto& { return c.retention.refused_results; }),
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

}  // namespace sluice::server
