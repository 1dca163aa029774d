#include "server/config_rules.h"

#include "server/log_sinks.h"
#include "tasks/scripts/byte_size.h"

namespace sluice::server {
namespace {

using Wrong = std::function<void(const char* key, std::string message)>;

void check_liveness(const Config& config, const Wrong& wrong) {
    const auto& l = config.liveness;
    if (l.heartbeat < 100ms) wrong("liveness.heartbeat", "must be at least 100 ms");
    if (l.heartbeat * 3 > l.lease) {
        wrong("liveness.lease", "must be at least three heartbeats: one lost beat must not cost the lease");
    }
    if (l.self_fence >= l.lease || l.self_fence < l.heartbeat * 2) {
        wrong("liveness.self-fence",
              "must be between two heartbeats and the lease: a worker stops its tasks before others get them");
    }
}

void check_storage(const Config& config, const Wrong& wrong) {
    const auto& s = config.storage;
    // Two are dedicated, and the services need three.
    constexpr std::int64_t kOthers = 5;
    if (s.type != "local" && s.type != "postgres" && s.type != "s3")
        wrong("storage.type", "must be local, postgres or s3");
    if (s.type == "s3" && s.s3.bucket.empty()) wrong("storage.s3.bucket", "the storage type s3 needs a bucket");
    if (s.type == "postgres" && config.database.connections < s.connections + kOthers) {
        wrong("database.connections",
              fmt::format("must be at least {}: storage.connections are among them", s.connections + kOthers));
    }
}

void check_traces(const Config& config, const Wrong& wrong) {
    const std::string& endpoint = config.traces.endpoint;
    if (!endpoint.empty() && !endpoint.starts_with("http://") && !endpoint.starts_with("https://"))
        wrong("traces.endpoint", "must be an address that begins with http:// or https://");
}

void check_tls(const Config& config, const Wrong& wrong) {
    const auto& t = config.http.tls;
    if (t.certificate.empty() != t.key.empty())
        wrong(t.key.empty() ? "http.tls.key" : "http.tls.certificate",
              "TLS needs both, http.tls.certificate and http.tls.key, and this one is missing");
    if (t.certificate.empty() && !t.client_ca.empty())
        wrong("http.tls.client-ca", "only TLS asks clients for certificates: http.tls.certificate is missing");
    if (t.hsts < 0s) wrong("http.tls.hsts", "must not be negative");
}

void check_http(const Config& config, const Wrong& wrong) {
    const auto& h = config.http;
    const std::pair<const char*, Duration> times[] = {{"http.timeouts.header", h.timeouts.header},
                                                      {"http.timeouts.idle", h.timeouts.idle},
                                                      {"http.timeouts.stall", h.timeouts.stall},
                                                      {"http.timeouts.body-grace", h.timeouts.body_grace}};
    for (const auto& [key, time] : times) {
        if (time < 100ms || time > 24h) wrong(key, "must be between 100ms and a day");
    }
    const std::pair<const char*, const std::string&> sizes[] = {{"http.max-body", h.max_body},
                                                                {"http.max-upload", h.max_upload}};
    for (const auto& [key, size] : sizes) {
        if (tasks::parse_bytes(size).value_or(0) < 64 * 1024) wrong(key, "must be at least 64KiB");
    }
}

bool is_loopback(std::string_view url) {
    return url.starts_with("http://localhost:") || url.starts_with("http://127.0.0.1:");
}

void check_oidc(const Config& config, const Wrong& wrong) {
    const auto& o = config.oidc;
    if (o.issuer.empty()) {
        if (!config.admin.password_login)
            wrong("admin.password-login",
                  "without oidc.issuer a password is the only way in; it can't be switched off");
        return;
    }
    if (!o.issuer.starts_with("https://") && !is_loopback(o.issuer))
        wrong("oidc.issuer", "must be an address that begins with https://");
    if (o.client_id.empty()) wrong("oidc.client-id", "oidc.issuer needs it: the name by which the provider knows us");
    if ((" " + o.scopes + " ").find(" openid ") == std::string::npos)
        wrong("oidc.scopes", "must have the word openid among them");
    if (o.user_claim.empty()) wrong("oidc.user-claim", "must name a claim");
    if (o.clock_skew < 0s || o.clock_skew > 10min) wrong("oidc.clock-skew", "must be between 0 and ten minutes");
}

bool is_http(const std::string& address) {
    return address.starts_with("http://") || address.starts_with("https://");
}

void check_vault(const Config& config, const Wrong& wrong) {
    const auto& v = config.secrets.vault;
    if (v.address.empty()) return;
    if (!is_http(v.address)) wrong("secrets.vault.address", "must be an address that begins with http:// or https://");
    if (v.address.ends_with('/')) wrong("secrets.vault.address", "must not end with a slash");
    const int ways = (v.token.empty() ? 0 : 1) + (v.token_path.empty() ? 0 : 1) + (v.role_id.empty() ? 0 : 1);
    if (ways != 1) {
        wrong("secrets.vault.token",
              fmt::format("expected one of token, token-path, and role-id with secret-id; {} are given", ways));
    }
    if (v.timeout < 100ms || v.timeout > 60s) wrong("secrets.vault.timeout", "must be between 100ms and a minute");
    if (v.cache < 0s) wrong("secrets.vault.cache", "must not be negative");
    if (v.mount.empty() || v.mount.starts_with('/') || v.mount.ends_with('/'))
        wrong("secrets.vault.mount", "must be a path without a slash at its ends");
    if (v.path.empty() || v.path.starts_with('/'))
        wrong("secrets.vault.path", "must be a path below the mount, such as {namespace}");
}

void check_log_shipping(const Config& config, const Wrong& wrong) {
    const auto& s = config.log.shipping;
    if (s.to == "file" && !s.path.starts_with('/')) wrong("log.shipping.path", "must be an absolute path");
    if (s.to == "http" && !is_http(s.url))
        wrong("log.shipping.url", "must be an address that begins with http:// or https://");
    if (s.to != "syslog") return;
    if (const auto address = syslog_address_of(s.address); !address)
        wrong("log.shipping.address", address.error().message);
    if (!syslog_facility_of(s.facility)) wrong("log.shipping.facility", "expected user, daemon or local0 to local7");
}

void check_retention(const Config& config, const Wrong& wrong) {
    const auto& r = config.retention;
    if (r.keep != 0s && r.keep < 1h) wrong("retention.keep", "must be an hour at least, or 0: for ever");
    if (r.every < 1min) wrong("retention.every", "must be at least a minute");
    if (r.fires < 24h) wrong("retention.fires", "must be at least a day");
    if (r.refused_results < 24h) wrong("retention.refused-results", "must be at least a day");
}

void check_database(const Config& config, const Wrong& wrong) {
    const auto& d = config.database;
    if (!d.password.empty() && !d.password_command.empty())
        wrong("database.password-command", "database.password is given, too; which of them?");
    if (d.tls.certificate.empty() != d.tls.key.empty())
        wrong(d.tls.key.empty() ? "database.tls.key" : "database.tls.certificate",
              "a client's certificate needs both, database.tls.certificate and database.tls.key, and this one is "
              "missing");
    if (d.password_lifetime < 0s) wrong("database.password-lifetime", "must not be negative");
}

void check_replica(const Config& config, const Wrong& wrong) {
    const auto& r = config.database.replica;
    if (r.url.empty()) return;
    if (r.url == config.database.url)
        wrong("database.replica.url", "is database.url itself: expected the address of a standby of it");
    // It tells its age by our own heartbeats.
    if (r.max_lag < 3 * config.liveness.heartbeat)
        wrong("database.replica.max-lag", "must be at least three heartbeats (liveness.heartbeat)");
}

}  // namespace

void check_rules(const Config& config, const Wrong& wrong) {
    check_database(config, wrong);
    check_replica(config, wrong);
    check_tls(config, wrong);
    check_http(config, wrong);
    check_oidc(config, wrong);
    check_retention(config, wrong);
    check_traces(config, wrong);
    check_vault(config, wrong);
    check_log_shipping(config, wrong);
    check_liveness(config, wrong);
    check_storage(config, wrong);
    for (const std::string& path : config.tasks.local_paths) {
        if (!path.starts_with('/')) wrong("tasks.local-files.allowed-paths", "'" + path + "' is no absolute path");
    }
    if (config.tasks.http_reach != "anywhere" && config.tasks.http_reach != "public") {
        wrong("tasks.http.reach", "must be anywhere or public");
    }
    if (config.log.format != "text" && config.log.format != "json") wrong("log.format", "must be text or json");
}

}  // namespace sluice::server
