#include <filesystem>
#include <libpq-fe.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_descriptor.h"
#include "databases/postgres_session.h"
#include "databases/postgres_url.h"

namespace sluice::databases {
namespace {

constexpr auto kSystemAuthorities = "/etc/ssl/certs/ca-certificates.crt";

/// PEM texts as files: libpq takes certificates and keys from nothing else. They are in memory only, and end with this.
class PrivateFiles {
  public:
    Result<void> add(std::map<std::string, std::string>& words, const char* word, const char* property,
                     const std::string& pem) {
        if (pem.empty()) return {};
        if (pem.find("-----BEGIN") == std::string::npos) {
            return invalid("property '{}': expected the text of a PEM file, which has a line '-----BEGIN …'", property);
        }
        FileDescriptor file(::memfd_create(word, MFD_CLOEXEC));
        const bool kept = file && ::fchmod(file.get(), 0600) == 0 &&  // libpq refuses a key that others could read
                          ::write(file.get(), pem.data(), pem.size()) == static_cast<ssize_t>(pem.size());
        if (!kept) throw OutsideError(fmt::format("no memory for the text of {}", property));
        words[word] = fmt::format("/proc/self/fd/{}", file.get());
        files_.push_back(std::move(file));
        return {};
    }

  private:
    std::vector<FileDescriptor> files_{};
};

Result<void> add_tls(const PostgresConfig& config, std::map<std::string, std::string>& words, PrivateFiles& files) {
    if (!config.ssl_mode.empty()) {
        auto mode = ssl_mode_of(config.ssl_mode);
        if (!mode) return tl::unexpected(mode.error());
        words["sslmode"] = *mode;
    } else if (config.ssl && !words.contains("sslmode")) {
        words["sslmode"] = "verify-full";
    }
    if (auto added = files.add(words, "sslrootcert", "sslRootCert", config.ssl_root_cert); !added) return added;
    if (auto added = files.add(words, "sslcert", "sslCert", config.ssl_cert); !added) return added;
    if (auto added = files.add(words, "sslkey", "sslKey", config.ssl_key); !added) return added;
    if (!config.ssl_key_password.empty()) words["sslpassword"] = config.ssl_key_password;
    const auto mode = words.find("sslmode");
    const bool verifies = mode != words.end() && mode->second.starts_with("verify");
    if (verifies && !words.contains("sslrootcert") && std::filesystem::exists(kSystemAuthorities)) {
        words["sslrootcert"] = kSystemAuthorities;
    }
    return {};
}

/// libpq would fill what is missing from the environment of this process and the files of its user, which are not the
/// flow's to use.
Result<void> complete(const PostgresConfig& config, std::map<std::string, std::string>& words) {
    if (!config.username.empty()) words["user"] = config.username;
    if (!config.password.empty()) words["password"] = config.password;
    if (!words.contains("user")) return invalid("property 'username' is missing, and 'url' has none");
    if (!words.contains("host") && !words.contains("hostaddr")) words["host"] = "localhost";
    const std::pair<const char*, const char*> defaults[] = {{"port", "5432"},
                                                            {"dbname", ""},
                                                            {"password", " "},
                                                            {"passfile", "/dev/null"},
                                                            {"connect_timeout", "10"},
                                                            {"sslmode", "prefer"},
                                                            {"keepalives_idle", "30"},
                                                            {"keepalives_interval", "10"},
                                                            {"keepalives_count", "3"},
                                                            {"application_name", "sluice"},
                                                            // Else a cancelling of a host that vanished waits minutes.
                                                            {"tcp_user_timeout", "30000"}};
    for (const auto& [word, value] : defaults) {
        if (!words.contains(word)) words[word] = *value != '\0' ? std::string(value) : words["user"];
    }
    words["client_encoding"] = "UTF8";
    return {};
}

pg_conn* open(const std::map<std::string, std::string>& words) {
    std::vector<const char*> names;
    std::vector<const char*> values;
    for (const auto& [name, value] : words) {
        names.push_back(name.c_str());
        values.push_back(value.c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    return PQconnectdbParams(names.data(), values.data(), 0);
}

}  // namespace

Result<std::unique_ptr<PostgresSession>> PostgresSession::connect(const PostgresConfig& config, std::stop_token stop) {
    auto url = read_postgres_url(config.url);
    if (!url) return tl::unexpected(url.error());
    PrivateFiles files;
    if (auto done = add_tls(config, url->words, files); !done) return tl::unexpected(done.error());
    if (auto done = complete(config, url->words); !done) return tl::unexpected(done.error());
    PostgresConfig known = config;
    known.password = url->words["password"] == " " ? "" : url->words["password"];
    std::unique_ptr<PostgresSession> out(new PostgresSession(open(url->words), known, std::move(stop)));
    out->ignored_ = std::move(url->ignored);
    if (PQstatus(out->connection_) != CONNECTION_OK) {
        Error error = out->connection_error().error;
        if (known.password.empty() && PQconnectionNeedsPassword(out->connection_) != 0) {
            error.message += "; property 'password' is missing";
        }
        return tl::unexpected(std::move(error));
    }
    const std::string zone = config.time_zone.empty() ? "UTC" : config.time_zone;
    const auto set = out->run(
        "select set_config('DateStyle', 'ISO', false), set_config('IntervalStyle', 'postgres', false), "
        "set_config('TimeZone', " +
        out->quoted(zone) +
        ", false), "
        "set_config('bytea_output', 'hex', false)");
    if (!set) return invalid("property 'timeZoneId': {}", set.error().error.message);
    return out;
}

}  // namespace sluice::databases
