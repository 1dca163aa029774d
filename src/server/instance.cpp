#include "server/instance.h"

#include <cctype>

namespace sluice::server {
namespace {

constexpr std::string_view kSecretPrefix = "SECRET_";
constexpr std::uint64_t kLongestRead = 64ULL * 1024 * 1024;  // read() puts a whole file into an expression

std::optional<std::string> from_base64(std::string_view text) {
    static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        if (c == '=' || c == '\n' || c == '\r') continue;
        const std::size_t digit = kDigits.find(c);
        if (digit == std::string_view::npos) return {};
        bits = (bits << 6) | static_cast<std::uint32_t>(digit);
        if ((count += 6) >= 8) out += static_cast<char>((bits >> (count -= 8)) & 0xff);
    }
    return out;
}

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
        const auto plain = from_base64(value);
        if (plain) instance.secrets[name.substr(kSecretPrefix.size())] = *plain;
        else log.warn("secret.not_base64", {{"name", name}});
    }
    Map globals;
    for (const auto& [name, value] : config.variables.globals) globals.set(name, value);
    instance.context.set("envs", Value(std::move(envs)));
    instance.context.set("globals", Value(std::move(globals)));
    instance.context.set("kestra", Value{{"url", config.http.url}, {"environment", Value(Map())}});
    instance.time_zone = config.variables.time_zone;
    instance.templates = &templates;
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
