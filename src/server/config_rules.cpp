#include "server/config_rules.h"

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

bool is_loopback(std::string_view url) {
    return url.starts_with("http://localhost:") || url.starts_with("http://127.0.0.1:");
}

void check_oidc(const Config& config, const Wrong& wrong) {
    const auto& o = config.oidc;
    if (o.issuer.empty()) return;
    if (!o.issuer.starts_with("https://") && !is_loopback(o.issuer))
        wrong("oidc.issuer", "must be an address that begins with https://");
    if (o.client_id.empty()) wrong("oidc.client-id", "oidc.issuer needs it: the name by which the provider knows us");
    if ((" " + o.scopes + " ").find(" openid ") == std::string::npos)
        wrong("oidc.scopes", "must have the word openid among them");
    if (o.user_claim.empty()) wrong("oidc.user-claim", "must name a claim");
    if (o.clock_skew < 0s || o.clock_skew > 10min) wrong("oidc.clock-skew", "must be between 0 and ten minutes");
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

}  // namespace

void check_rules(const Config& config, const Wrong& wrong) {
    check_database(config, wrong);
    check_tls(config, wrong);
    check_oidc(config, wrong);
    check_retention(config, wrong);
    check_traces(config, wrong);
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
