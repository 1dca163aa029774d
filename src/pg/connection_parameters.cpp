#include "pg/connection_parameters.h"

#include <cstdlib>
#include <filesystem>
#include <libpq-fe.h>

#include "pg/database_error.h"

namespace sluice::pg {
namespace {

constexpr const char* kSystemAuthorities = "/etc/ssl/certs/ca-certificates.crt";
using Options = std::map<std::string, std::string>;

/// Errors  DatabaseError: it can't be read
Options options_of(const std::string& url) {
    char* failed = nullptr;
    PQconninfoOption* given = PQconninfoParse(libpq_url(url).c_str(), &failed);
    if (given == nullptr) {
        const std::string reason = failed != nullptr ? failed : "it cannot be read";
        PQfreemem(failed);
        throw DatabaseError("", "", "database URL: " + reason);
    }
    Options out;
    for (const PQconninfoOption* option = given; option->keyword != nullptr; ++option) {
        if (option->val != nullptr) out[option->keyword] = option->val;
    }
    PQconninfoFree(given);
    return out;
}

/// What is not given stays out: an empty parameter would hide what libpq finds by itself.
void add_tls(const ConnectionConfig::Tls& tls, Options& out) {
    const std::pair<const char*, const std::string&> all[] = {{"sslrootcert", tls.ca_file},
                                                              {"sslcert", tls.certificate},
                                                              {"sslkey", tls.key},
                                                              {"sslpassword", tls.key_password}};
    for (const auto& [name, value] : all) {
        if (!value.empty()) out[name] = value;
    }
}

bool is_local(std::string_view host) {
    return host.empty() || host.starts_with('/') || host.starts_with('@') || host == "localhost" ||
           host.starts_with("127.") || host == "::1";
}

/// Whether all hosts of a list are this machine.
bool are_local(const std::string& hosts) {
    for (std::size_t from = 0; from <= hosts.size();) {
        const std::size_t end = std::min(hosts.find(',', from), hosts.size());
        if (!is_local(std::string_view(hosts).substr(from, end - from))) return false;
        from = end + 1;
    }
    return true;
}

bool says_nothing_of_tls(const Options& options) {
    return !options.contains("sslmode") && !options.contains("service") && getenv("PGSSLMODE") == nullptr;
}

bool needs_tls(const Options& options) {
    if (!says_nothing_of_tls(options)) return false;
    const auto text = [&](const char* name) { return options.contains(name) ? options.at(name) : std::string(); };
    return !are_local(text("host")) || !are_local(text("hostaddr"));
}

/// libpq itself would look into the user's own file, and fail where there is none.
bool has_authorities(const Options& options) {
    if (options.contains("sslrootcert") || getenv("PGSSLROOTCERT") != nullptr) return true;
    const char* home = getenv("HOME");
    std::error_code failed;
    return home != nullptr && std::filesystem::exists(std::filesystem::path(home) / ".postgresql/root.crt", failed);
}

}  // namespace

Options connection_parameters(const ConnectionConfig& config) {
    // Our own settings stand first, so that those in the URL win. Keepalives bound a silent loss of the other host.
    Options out{
        {"application_name", config.application},
        {"connect_timeout", std::to_string(std::max<std::int64_t>(2, config.connect_timeout / 1s))},
        {"keepalives", "1"},
        {"keepalives_idle", "5"},
        {"keepalives_interval", "2"},
        {"keepalives_count", "3"},
        {"tcp_user_timeout", "10000"},
        {"client_encoding", "UTF8"},
    };
    const Options given = options_of(config.url);
    if (needs_tls(given)) {
        out["sslmode"] = "verify-full";
        if (!has_authorities(given)) out["sslrootcert"] = kSystemAuthorities;
    }
    add_tls(config.tls, out);
    for (const auto& [key, value] : given) out[key] = value;
    if (config.password) {
        if (std::string password = config.password->password(); !password.empty())
            out["password"] = std::move(password);
    }
    return out;
}

std::string tls_hint(const ConnectionConfig& config) {
    if (!needs_tls(options_of(config.url))) return "";
    return "  (connections to other machines are encrypted and verified: set database.tls.ca-file when the server's "
           "certificate is of an authority of your own, or sslmode=disable to go without)";
}

}  // namespace sluice::pg
