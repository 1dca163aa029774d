#include "server/web_config.h"

#include "server/version.h"
#include "tasks/scripts/byte_size.h"

namespace sluice::server {
namespace {

std::vector<webserver::Network> trusted_proxies(const Config& config) {
    std::vector<webserver::Network> out;
    for (const std::string& text : config.http.trusted_proxies)
        out.push_back(webserver::Network::parse(text).value());  // checked when it was read
    return out;
}

webserver::SignOnConfig sign_on_config(const Config& config) {
    const auto& o = config.oidc;
    return {.provider = {.issuer = o.issuer,
                         .client_id = o.client_id,
                         .client_secret = o.client_secret,
                         .scopes = o.scopes,
                         .user_claim = o.user_claim,
                         .name_claim = o.name_claim,
                         .groups_claim = o.groups_claim,
                         .takes_unverified_email = o.accept_unverified_email,
                         .ca_file = o.ca_file,
                         .clock_skew = o.clock_skew},
            .label = o.label,
            .groups = o.groups,
            .creates_users = o.create_users,
            .links_users = o.link_users,
            .default_role = o.default_role,
            .ends_session = o.end_session};
}

http::Limits http_limits(const Config& config) {
    http::Limits out;
    out.max_connections = static_cast<std::size_t>(config.http.max_connections);
    out.max_body = tasks::parse_bytes(config.http.max_body).value();  // checked when it was read
    out.max_upload = tasks::parse_bytes(config.http.max_upload).value();
    return out;
}

http::Timeouts http_timeouts(const Config& config) {
    const auto& t = config.http.timeouts;
    return {.idle = t.idle,
            .header = t.header,
            .stall = t.stall,
            .min_body_rate = static_cast<std::uint64_t>(config.http.min_body_rate),
            .body_grace = t.body_grace};
}

}  // namespace

http::TlsConfig tls_config(const Config& config) {
    const auto& t = config.http.tls;
    return {.certificate = t.certificate, .key = t.key, .key_password = t.key_password, .client_ca = t.client_ca};
}

webserver::WebConfig web_config(const Config& config, const std::vector<http::StaticFile>& page) {
    return {.address = config.http.address,
            .port = static_cast<int>(config.http.port),
            .tls = tls_config(config),
            .limits = http_limits(config),
            .timeouts = http_timeouts(config),
            .hsts = std::chrono::duration_cast<std::chrono::seconds>(config.http.tls.hsts),
            .public_url = config.http.url,
            .trusted_proxies = trusted_proxies(config),
            .rate = {config.http.rate_limit, static_cast<double>(config.http.rate_burst)},
            .replica_lag = config.database.replica.max_lag,
            .keep = config.retention.keep,
            .authenticate = config.admin.enabled,
            .takes_passwords = config.admin.password_login,
            .admin_user = config.admin.user,
            .admin_password = config.admin.password,
            .sign_on = sign_on_config(config),
            .version = version(),
            .page = page};
}

}  // namespace sluice::server
