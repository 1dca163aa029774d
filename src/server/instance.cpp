#include "server/instance.h"

#include <cctype>

#include "expr/aes_gcm.h"
#include "expr/encoding.h"

namespace sluice::server {
namespace {

constexpr std::string_view kSecretPrefix = "SECRET_";
constexpr std::uint64_t kLongestRead = 64ULL * 1024 * 1024;  // read() puts a whole file into an expression

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

}  // namespace

store::Instance make_instance(const Config& config, const std::map<std::string, std::string>& environment,
                              const storage::Storage& storage, expr::TemplateCache& templates) {
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
                                : fmt::format("http://localhost:{}", config.http.port);
    instance.context.set("kestra", Value{{"url", url}, {"environment", Value(Map())}});
    instance.time_zone = config.variables.time_zone;
    instance.templates = &templates;
    if (!config.encryption.secret_key.empty()) {
        instance.encryption_key = expr::aes_key_of(config.encryption.secret_key).value();  // checked when it was read
    }
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

}  // namespace sluice::server
