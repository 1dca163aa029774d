#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "value/value.h"

namespace sluice::server {

/// Where what was read goes.
struct ConfigSink {
    std::function<void(const std::string& key, const Value& value, const std::string& origin, Place place)> set{};
    std::function<void(std::string message, Place place)> wrong{};
    std::function<void(std::string message, Place place)> notice{};
};

/// Reads the configuration of a Kestra: keys that mean the same here are set, those without effect are told, and what
/// can't be had here (another database, a queue of Kafka) is a mistake.
class KestraKeys {
  public:
    explicit KestraKeys(ConfigSink sink) : sink_(std::move(sink)) {}

    /// Whether a key of the top level belongs to Kestra: kestra, micronaut, datasources …
    static bool is_root(std::string_view key);
    /// Whether this key's value is a map, and not a section.
    static bool takes_map(std::string_view name);

    /// One setting; `name` with dots and hyphens: kestra.server.basic-auth.username
    void read(const std::string& name, const Value& value, const std::string& origin, Place place);
    /// A variable of the environment by Kestra's relaxed names: KESTRA_SERVER_BASIC_AUTH_USERNAME
    void read_variable(const std::string& name, const std::string& value);
    /// Sets what is made of several of Kestra's keys.
    void finish();

  private:
    struct Given {
        std::string text{};
        std::string origin{};
        Place place{};
    };
    bool read_special(const std::string& name, const Value& value, const Given& given);
    void read_storage_type(const Given& given);
    void read_plugin_options(const Value& list, const Given& given);
    void read_level(const std::string& name, const Given& given);
    void finish_database();
    void finish_minio();
    void keep(const std::string& name, const Given& given) { kept_[name] = given; }
    const Given* kept(const std::string& name) const;

    ConfigSink sink_;
    std::map<std::string, Given> kept_{};
};

}  // namespace sluice::server
