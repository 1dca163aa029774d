#pragma once
/// What kinds of keys the configuration has: each makes of a place in Config a key that reads and shows it.
#include "plugin/convert.h"
#include "server/config.h"

namespace sluice::server::config_kinds {

template <class T>
std::string shown(const T& setting) {
    return plugin::default_of(setting);
}
std::string shown(const std::vector<std::string>& list);
std::string shown(const std::map<std::string, std::string>& map);

template <class Get>
ConfigKey key(std::string name, Get at) {
    ConfigKey out;
    out.name = std::move(name);
    out.set = [at](Config& config, const Value& value) { return plugin::convert(value, at(config)); };
    out.get = [at](const Config& config) {
        Config copy = config;
        return shown(at(copy));
    };
    return out;
}

template <class Get>
ConfigKey secret(std::string name, Get at) {
    ConfigKey out = key(std::move(name), at);
    out.secret = true;
    return out;
}

/// Base64 of an AES key, or nothing.
ConfigKey aes_key(ConfigKey inner);

/// Those before the present one.
ConfigKey previous_keys(ConfigKey inner);

/// Addresses and networks.
ConfigKey networks(ConfigKey inner);

/// One of a few words, in any case.
ConfigKey words(ConfigKey inner, std::vector<std::string> allowed);

/// "512MB"; empty: no limit
ConfigKey byte_size(ConfigKey inner);

/// A list, or, as the environment and flags give it, paths joined by colons.
ConfigKey folders(ConfigKey inner);

ConfigKey range(ConfigKey inner, double least, double most);

}  // namespace sluice::server::config_kinds
