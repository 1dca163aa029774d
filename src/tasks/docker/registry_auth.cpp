#include "tasks/docker/registry_auth.h"

#include "expr/encoding.h"
#include "value/json.h"

namespace sluice::tasks {
namespace registry_auth {

constexpr std::string_view kDockerHub = "docker.io";
constexpr std::string_view kDockerHubOldName = "https://index.docker.io/v1/";

std::string base64_for_urls(std::string_view text) {
    std::string out = expr::base64_of(text);
    for (char& c : out) {
        if (c == '+') c = '-';
        if (c == '/') c = '_';
    }
    return out;
}

/// user:password of base64 as two entries.
Result<Value> login_of(const std::string& auth, const std::string& registry) {
    const auto plain = expr::from_base64(auth);
    const std::size_t colon = plain ? plain->find(':') : std::string::npos;
    if (colon == std::string::npos) {
        return invalid("the `auth` of the registry {} is not the base64 text of user:password", registry);
    }
    return Value{{"username", plain->substr(0, colon)}, {"password", plain->substr(colon + 1)}};
}

/// One login as the engine wants it.
Result<Value> login(const Value& given, const std::string& registry) {
    Value out{{"serveraddress", registry}};
    if (const std::string auth = given.text("auth"); !auth.empty()) {
        auto read = login_of(auth, registry);
        if (!read) return read;
        for (const auto& [name, value] : read->as_map()) out.mutable_map().set(name, value);
    }
    for (const auto& [from, to] : {std::pair{"username", "username"},
                                   {"password", "password"},
                                   {"identityToken", "identitytoken"},
                                   {"identitytoken", "identitytoken"},
                                   {"registryToken", "registrytoken"},
                                   {"registrytoken", "registrytoken"}}) {
        if (const std::string text = given.text(from); !text.empty()) out.mutable_map().set(to, text);
    }
    return out;
}

bool is_same_registry(std::string_view a, std::string_view b) {
    const auto plain = [](std::string_view name) {
        if (name == kDockerHubOldName || name == "index.docker.io" || name.empty()) return kDockerHub;
        for (const std::string_view scheme : {"https://", "http://"}) {
            if (name.starts_with(scheme)) name.remove_prefix(scheme.size());
        }
        return name.substr(0, name.find('/'));
    };
    return plain(a) == plain(b);
}

Result<Value> config_of(const Value& given) {
    if (!given.is_string()) return given;
    auto read = parse_json(given.as_string());
    if (!read || !read->is_map()) {
        return invalid(
            "property 'config': expected the JSON text of a Docker configuration ({{\"auths\": …}}), or a map");
    }
    return read;
}

}  // namespace registry_auth

std::string registry_of(const std::string& image) {
    const std::size_t slash = image.find('/');
    const std::string first = image.substr(0, slash);
    const bool is_host =
        slash != std::string::npos && (first.find_first_of(".:") != std::string::npos || first == "localhost");
    return is_host ? first : std::string(registry_auth::kDockerHub);
}

std::pair<std::string, std::string> image_and_tag(const std::string& image) {
    const std::size_t slash = image.rfind('/');
    const std::size_t colon = image.find(':', slash == std::string::npos ? 0 : slash);
    if (image.find('@') != std::string::npos) return {image, ""};
    if (colon == std::string::npos) return {image, "latest"};
    return {image.substr(0, colon), image.substr(colon + 1)};
}

Result<std::string> registry_header(const RegistryAuth& auth, const std::string& image) {
    using namespace registry_auth;
    const std::string registry = registry_of(image);
    const auto encoded = [](const Result<Value>& login) -> Result<std::string> {
        if (!login) return tl::unexpected(login.error());
        return base64_for_urls(to_json(*login));
    };
    const std::string named = auth.credentials.text("registry");
    if (auth.credentials.is_map() && (named.empty() || is_same_registry(named, registry))) {
        return encoded(login(auth.credentials, named.empty() ? registry : named));
    }
    const auto config = config_of(auth.config);
    if (!config) return tl::unexpected(config.error());
    const Value auths = (*config)["auths"];
    if (!auths.is_map()) return "";
    for (const auto& [name, one] : auths.as_map()) {
        if (is_same_registry(name, registry)) return encoded(login(one, name));
    }
    return "";
}

Result<std::string> registries_header(const RegistryAuth& auth) {
    using namespace registry_auth;
    Map all;
    const auto config = config_of(auth.config);
    if (!config) return tl::unexpected(config.error());
    if (const Value auths = (*config)["auths"]; auths.is_map()) {
        for (const auto& [name, one] : auths.as_map()) {
            auto read = login(one, name);
            if (!read) return tl::unexpected(read.error());
            all.set(name, *read);
        }
    }
    if (auth.credentials.is_map()) {
        const std::string named = auth.credentials.text("registry");
        const std::string registry = named.empty() ? std::string(kDockerHubOldName) : named;
        auto read = login(auth.credentials, registry);
        if (!read) return tl::unexpected(read.error());
        all.set(registry, *read);
    }
    return all.empty() ? "" : base64_for_urls(to_json(Value(std::move(all))));
}

}  // namespace sluice::tasks
