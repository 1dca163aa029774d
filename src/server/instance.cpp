#include "server/instance.h"

#include <cctype>

#include "expr/aes_gcm.h"
#include "expr/encoding.h"
#include "object_store/s3_storage.h"
#include "pg_storage/pg_storage.h"
#include "server/script_settings.h"
#include "server/secret_files.h"
#include "storage/local_storage.h"

namespace sluice::server {
namespace {

constexpr std::string_view kSecretPrefix = "SECRET_";
constexpr std::uint64_t kLongestRead = 64ULL * 1024 * 1024;  // read() puts a whole file into an expression

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

std::string value_of(const std::map<std::string, std::string>& environment, const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? "" : found->second;
}

object_store::Credentials aws_credentials(const std::map<std::string, std::string>& environment) {
    return {value_of(environment, "AWS_ACCESS_KEY_ID"), value_of(environment, "AWS_SECRET_ACCESS_KEY"),
            value_of(environment, "AWS_SESSION_TOKEN")};
}

/// Vault, then the folder.
auto other_secrets(const Config& config, Vault* vault) {
    return [vault, folder = config.secrets.folder](const std::string& name_space,
                                                   const std::string& key) -> Result<std::optional<std::string>> {
        if (vault != nullptr) {
            auto found = vault->find(name_space, key);
            if (!found || *found) return found;
        }
        if (folder.empty()) return std::optional<std::string>();
        return secret_in_folder(folder, name_space, key);
    };
}

}  // namespace

std::unique_ptr<Vault> make_vault(const Config& config, net::Client& http) {
    const auto& v = config.secrets.vault;
    if (v.address.empty()) return nullptr;
    return std::make_unique<Vault>(http, VaultConfig{.address = v.address,
                                                     .mount = v.mount,
                                                     .kv_version = v.kv_version,
                                                     .path = v.path,
                                                     .name_space = v.name_space,
                                                     .token = v.token,
                                                     .token_file = v.token_path,
                                                     .role_id = v.role_id,
                                                     .secret_id = v.secret_id,
                                                     .approle_mount = v.approle_mount,
                                                     .ca_file = v.ca_file,
                                                     .timeout = v.timeout,
                                                     .cache = v.cache});
}

store::SealingKeys sealing_keys(const Config& config) {
    store::SealingKeys out;
    if (!config.encryption.secret_key.empty()) out.present = expr::aes_key_of(config.encryption.secret_key).value();
    for (const std::string& text : config.encryption.previous_keys)
        out.previous.push_back(expr::aes_key_of(text).value());  // checked when it was read
    return out;
}

store::Instance make_instance(const Config& config, const std::map<std::string, std::string>& environment,
                              const storage::Storage& storage, expr::TemplateCache& templates, Vault* vault) {
    const Logger log("server");
    store::Instance instance;
    Map envs;
    for (const auto& [name, value] : environment) {
        const std::string& prefix = config.variables.environment_prefix;
        if (!prefix.empty() && name.starts_with(prefix)) envs.set(lower(name.substr(prefix.size())), value);
        if (!name.starts_with(kSecretPrefix)) continue;
        std::string in_one_line = value;
        std::erase_if(in_one_line, [](char c) { return c == '\n' || c == '\r'; });
        const auto plain = expr::from_base64(in_one_line);
        if (plain)
            instance.secrets[name.substr(kSecretPrefix.size())] = *plain;
        else
            log.warn("secret.not_base64", {{"name", name}});
    }
    Map globals;
    for (const auto& [name, value] : config.variables.globals) globals.set(name, value);
    instance.context.set("envs", Value(std::move(envs)));
    instance.context.set("globals", Value(std::move(globals)));
    const std::string url = !config.http.url.empty() || config.http.port == 0
                                ? config.http.url
                                : fmt::format("{}://localhost:{}",
                                              config.http.tls.certificate.empty() ? "http" : "https", config.http.port);
    instance.context.set("kestra", Value{{"url", url}, {"environment", Value(Map())}});
    instance.time_zone = config.variables.time_zone;
    instance.templates = &templates;
    if (!config.encryption.secret_key.empty()) {
        instance.encryption_key = expr::aes_key_of(config.encryption.secret_key).value();  // checked when it was read
    }
    instance.previous_keys = sealing_keys(config).previous;
    if (vault != nullptr || !config.secrets.folder.empty()) instance.other_secret = other_secrets(config, vault);
    instance.read_file = [&storage](const std::string& text) -> Result<std::string> {
        const auto uri = storage::Uri::parse(text);
        if (!uri) return tl::unexpected(uri.error());
        return storage.get(*uri, kLongestRead);
    };
    instance.file_size = [&storage](const std::string& text) -> Result<std::optional<std::int64_t>> {
        const auto uri = storage::Uri::parse(text);
        if (!uri) return tl::unexpected(uri.error());
        const auto info = storage.info(*uri);
        if (!info) return std::optional<std::int64_t>();
        return std::optional(static_cast<std::int64_t>(info->size_bytes));
    };
    return instance;
}

tasks::Settings task_settings(const Config& config, const std::map<std::string, std::string>& environment) {
    tasks::Settings out;
    take_script_settings(config, out);
    for (const std::string& path : config.tasks.local_paths) out.local_paths.emplace_back(path);
    if (!config.encryption.secret_key.empty())
        out.encryption_key = expr::aes_key_of(config.encryption.secret_key).value();
    out.known_hosts_file = config.tasks.known_hosts;
    out.traces = !config.traces.endpoint.empty();
    out.public_hosts_only = config.tasks.http_reach == "public";
    out.aws = aws_credentials(environment);
    out.aws_region = value_of(environment, "AWS_REGION");
    if (out.aws_region.empty()) out.aws_region = value_of(environment, "AWS_DEFAULT_REGION");
    out.aws_endpoint = value_of(environment, "AWS_ENDPOINT_URL_S3");
    if (out.aws_endpoint.empty()) out.aws_endpoint = value_of(environment, "AWS_ENDPOINT_URL");
    return out;
}

std::unique_ptr<storage::Storage> make_storage(const Config& config,
                                               const std::map<std::string, std::string>& environment,
                                               pg::Pool* storage_pool, net::Client& http) {
    if (config.storage.type == "postgres") return std::make_unique<pg_storage::PgStorage>(*storage_pool);
    if (config.storage.type != "s3")
        return std::make_unique<storage::LocalStorage>(storage::LocalConfig{.folder = config.storage.path});
    const auto& s3 = config.storage.s3;
    object_store::S3StorageConfig out{.bucket = s3.bucket, .prefix = s3.prefix};
    out.client.endpoint = s3.endpoint;
    out.client.region = s3.region;
    out.client.path_style = s3.path_style;
    out.client.credentials = {s3.access_key, s3.secret_key, ""};
    if (s3.access_key.empty()) out.client.credentials = aws_credentials(environment);
    out.client.options.ca_file = s3.ca_file;
    return std::make_unique<object_store::S3Storage>(http, std::move(out));
}

}  // namespace sluice::server
