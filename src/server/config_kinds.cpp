#include "server/config_kinds.h"

#include "expr/aes_gcm.h"
#include "tasks/scripts/byte_size.h"
#include "value/json.h"
#include "webserver/client_address.h"

namespace sluice::server::config_kinds {

std::string shown(const std::vector<std::string>& list) {
    return list.empty() ? "" : to_json(Value(List(list.begin(), list.end())));
}
std::string shown(const std::map<std::string, std::string>& map) {
    Map out;
    for (const auto& [name, value] : map) out.set(name, value);
    return map.empty() ? "" : to_json(Value(std::move(out)));
}

ConfigKey aes_key(ConfigKey inner) {
    inner.set = [set = inner.set, get = inner.get](Config& config, const Value& value) -> Result<void> {
        if (auto done = set(config, value); !done) return done;
        const std::string text = get(config);
        if (text.empty()) return {};
        if (const auto read = expr::aes_key_of(text); !read) return tl::unexpected(read.error());
        return {};
    };
    return inner;
}

ConfigKey previous_keys(ConfigKey inner) {
    inner.set = [set = inner.set](Config& config, const Value& value) -> Result<void> {
        if (auto done = set(config, value); !done) return done;
        for (const std::string& text : config.encryption.previous_keys) {
            if (const auto read = expr::aes_key_of(text); !read) return tl::unexpected(read.error());
        }
        return {};
    };
    return inner;
}

ConfigKey networks(ConfigKey inner) {
    inner.set = [set = inner.set](Config& config, const Value& value) -> Result<void> {
        if (auto done = set(config, value); !done) return done;
        for (const std::string& text : config.http.trusted_proxies) {
            if (const auto read = webserver::Network::parse(text); !read) return tl::unexpected(read.error());
        }
        return {};
    };
    return inner;
}

ConfigKey words(ConfigKey inner, std::vector<std::string> allowed) {
    inner.set = [set = inner.set, allowed](Config& config, const Value& value) -> Result<void> {
        std::string word = plugin::text_of(value);
        for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return set(config, Value(word));
        return invalid("expected {}, found '{}'", fmt::join(allowed, " or "), word);
    };
    return inner;
}

ConfigKey byte_size(ConfigKey inner) {
    inner.set = [set = inner.set](Config& config, const Value& value) -> Result<void> {
        const std::string text = plugin::text_of(value);
        if (text.empty()) return set(config, value);
        if (const auto read = tasks::parse_bytes(text); !read) return tl::unexpected(read.error());
        return set(config, Value(text));
    };
    return inner;
}

ConfigKey folders(ConfigKey inner) {
    inner.set = [set = inner.set](Config& config, const Value& value) {
        const std::string* text = value.if_string();
        if (text == nullptr || text->starts_with("[")) return set(config, value);
        List out;
        for (std::size_t from = 0; from < text->size();) {
            const std::size_t end = std::min(text->find(':', from), text->size());
            if (end > from) out.emplace_back(text->substr(from, end - from));
            from = end + 1;
        }
        return set(config, Value(std::move(out)));
    };
    return inner;
}

ConfigKey range(ConfigKey inner, double least, double most) {
    const auto set = inner.set;
    const auto get = inner.get;
    inner.set = [set, get, least, most](Config& config, const Value& value) -> Result<void> {
        if (auto done = set(config, value); !done) return done;
        const double number = std::strtod(get(config).c_str(), nullptr);
        if (number < least || number > most) return invalid("must be between {} and {}", least, most);
        return {};
    };
    return inner;
}

}  // namespace sluice::server::config_kinds
