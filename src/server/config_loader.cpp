#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include "base/nearest.h"
#include "server/config.h"
#include "server/config_rules.h"
#include "server/kestra_keys.h"

namespace sluice::server {
namespace {

constexpr std::string_view kFileSuffix = "-file";

/// Keys may also be written as Java's are, or with underscores: containerFallback is container-fallback.
std::string with_hyphens(std::string_view name) {
    std::string out;
    for (const char c : name) {
        const bool upper = c >= 'A' && c <= 'Z';
        if (upper && !out.empty() && out.back() != '.') out += '-';
        out += upper ? static_cast<char>(c - 'A' + 'a') : c == '_' ? '-' : c;
    }
    return out;
}

const ConfigKey* key_named(std::string_view name) {
    for (const ConfigKey& one : config_keys()) {
        if (one.name == name) return &one;
    }
    return nullptr;
}

/// The key that a file of `name` would hold: admin.password of admin.password-file.
const ConfigKey* secret_in_file(std::string_view name) {
    if (!name.ends_with(kFileSuffix)) return nullptr;
    const ConfigKey* key = key_named(name.substr(0, name.size() - kFileSuffix.size()));
    return key != nullptr && key->secret ? key : nullptr;
}

bool is_section(const std::string& name) {
    for (const ConfigKey& one : config_keys()) {
        if (one.name.starts_with(name + ".")) return true;
    }
    return false;
}

Result<std::string> content_of(const std::string& file) {
    std::ifstream in(file);
    std::ostringstream text;
    if (!in || !(text << in.rdbuf())) return not_found("the file {} can't be read", file);
    return text.str();
}

/// A secret as editors and `echo` leave it: with one line break at its end.
Result<std::string> secret_of(const std::string& file) {
    auto text = content_of(file);
    if (text && text->ends_with('\n')) text->pop_back();
    if (text && text->ends_with('\r')) text->pop_back();
    if (text && text->empty()) return invalid("the file {} is empty", file);
    return text;
}

/// Puts the values of variables in place of ${NAME} and ${NAME:otherwise}.
/// Errors  Invalid: no such variable, and nothing otherwise
Result<std::string> with_variables(const std::string& text, const std::map<std::string, std::string>& environment) {
    std::string out;
    for (std::size_t at = 0;;) {
        const std::size_t begin = text.find("${", at);
        const std::size_t end = begin == std::string::npos ? begin : text.find('}', begin);
        if (end == std::string::npos) return out + text.substr(at);
        out += text.substr(at, begin - at);
        const std::string inside = text.substr(begin + 2, end - begin - 2);
        const std::size_t colon = inside.find(':');
        const auto found = environment.find(inside.substr(0, colon));
        if (found != environment.end())
            out += found->second;
        else if (colon != std::string::npos)
            out += inside.substr(colon + 1);
        else
            return invalid("the environment has no variable {}; ${{{}:…}} gives another value", inside, inside);
        at = end + 1;
    }
}

class Loader {
  public:
    explicit Loader(const ConfigSources& sources) : sources_(sources) {}

    Result<Config> load() {
        for (const ConfigKey& one : config_keys()) config_.origin[one.name] = "default";
        for (std::size_t from = 0; from < sources_.files.size();) {
            const std::size_t end = std::min(sources_.files.find(',', from), sources_.files.size());
            if (auto read = read_file(sources_.files.substr(from, end - from)); !read)
                return tl::unexpected(read.error());
            from = end + 1;
        }
        for (const char* name : {"KESTRA_CONFIGURATION", "SLUICE_CONFIGURATION"}) {
            const auto text = sources_.environment.find(name);
            if (text == sources_.environment.end()) continue;
            if (auto read = read_text(text->second, name); !read) return tl::unexpected(read.error());
        }
        read_credentials();
        read_environment();
        for (const auto& [name, value] : sources_.flags) {
            const auto flag = sources_.flag_names.find(name);
            set(name, Value(value), flag != sources_.flag_names.end() ? flag->second : name, {});
        }
        check_rules(config_, [this](const char* name, std::string message) { refuse_at(name, std::move(message)); });
        if (errors_.empty()) return std::move(config_);
        return tl::unexpected(Error{ErrorCode::Invalid, "the configuration has mistakes:", {}, std::move(errors_), ""});
    }

  private:
    void wrong(std::string message, Place place) {
        errors_.push_back(Error{ErrorCode::Invalid, std::move(message), std::move(place), {}, ""});
    }
    void notice(std::string message, Place place) {
        config_.notices.push_back(Error{ErrorCode::Invalid, std::move(message), std::move(place), {}, ""});
    }
    void refuse_at(const std::string& name, std::string message) {
        Place place = places_[name];
        place.property = name;
        const std::string& origin = config_.origin[name];
        if (place.line == 0 && origin != "default") message += " (from " + origin + ")";
        wrong(std::move(message), std::move(place));
    }

    void set(const std::string& name, const Value& value, const std::string& origin, Place place) {
        if (place.property.empty()) place.property = name;
        if (const ConfigKey* known = key_named(name)) return set_known(*known, value, origin, place);
        if (const ConfigKey* secret = secret_in_file(name)) {
            const auto text = value.is_string() ? secret_of(value.as_string()) : invalid("expected the name of a file");
            if (!text) return wrong(text.error().message + " (from " + origin + ")", place);
            return set_known(*secret, Value(*text), value.as_string() + " (named by " + origin + ")", place);
        }
        if (is_section(name)) return wrong("expected a section with keys of its own below it", place);
        std::vector<std::string> names{"plugin-defaults"};
        for (const ConfigKey& one : config_keys()) names.push_back(one.name);
        wrong("unknown key" + did_you_mean(name, names), place);
    }

    void set_known(const ConfigKey& key, const Value& value, const std::string& origin, const Place& place) {
        if (auto done = key.set(config_, value); !done)
            return wrong(done.error().message + " (from " + origin + ")", place);
        config_.origin[key.name] = origin;
        places_[key.name] = place;
    }

    Result<void> read_file(const std::string& file) {
        const auto text = content_of(file);
        if (!text) return not_found("the configuration file {} can't be read", file);
        return read_text(*text, file);
    }

    Result<void> read_text(const std::string& text, const std::string& file) {
        auto document = flow::parse_yaml(text);
        if (!document) {
            Error error = document.error();
            error.place.file = file;
            return tl::unexpected(std::move(error));
        }
        if (document->is_null()) return {};
        if (!document->is_map()) {
            wrong("expected a map of sections", Place{file, document->line, document->column, ""});
            return {};
        }
        // Kestra's first: where a file has both, our own key says what holds.
        KestraKeys kestra({[this](auto&&... given) { set(given...); }, [this](auto&&... given) { wrong(given...); },
                           [this](auto&&... given) { notice(given...); }});
        for (flow::Node::Entry& entry : document->entries) {
            if (!KestraKeys::is_root(entry.key)) continue;
            fill_in_variables(entry.value, file, entry.key);
            read_kestra(kestra, entry, with_hyphens(entry.key), file);
        }
        kestra.finish();
        read_map(*document, "", file);
        return {};
    }

    void fill_in_variables(flow::Node& node, const std::string& file, const std::string& name) {
        if (node.is_scalar() && node.text.find("${") != std::string::npos) {
            auto filled = with_variables(node.text, sources_.environment);
            if (filled)
                node.text = *filled;
            else
                wrong(filled.error().message, Place{file, node.line, node.column, name});
        }
        for (flow::Node& item : node.items) fill_in_variables(item, file, name);
        for (flow::Node::Entry& entry : node.entries) fill_in_variables(entry.value, file, name + "." + entry.key);
    }

    void read_kestra(KestraKeys& kestra, const flow::Node::Entry& entry, const std::string& name,
                     const std::string& file) {
        const Place place{file, entry.line, entry.column, name};
        if (name == "kestra.plugins.defaults" || name == "kestra.tasks.defaults")
            return read_defaults(entry.value, place);
        if (entry.value.is_map() && !KestraKeys::takes_map(name)) {
            for (const flow::Node::Entry& inner : entry.value.entries) {
                read_kestra(kestra, inner, name + "." + with_hyphens(inner.key), file);
            }
        } else if (!entry.value.is_null()) {
            kestra.read(name, value_of(entry.value), fmt::format("{}:{}", file, entry.line), place);
        }
    }

    static Value value_of(const flow::Node& node) { return node.is_scalar() ? Value(node.text) : flow::to_value(node); }

    void read_map(flow::Node& map, const std::string& prefix, const std::string& file) {
        for (flow::Node::Entry& entry : map.entries) {
            const std::string name = with_hyphens(prefix.empty() ? entry.key : prefix + "." + entry.key);
            const Place place{file, entry.line, entry.column, name};
            if (prefix.empty() && KestraKeys::is_root(entry.key)) continue;
            if (name == "plugin-defaults") {
                read_defaults(entry.value, place);  // without variables: ${…} is a shell's, too
            } else if (entry.value.is_map() && key_named(name) == nullptr) {
                if (!is_section(name))
                    set(name, Value(), "", place);
                else
                    read_map(entry.value, name, file);
            } else if (!entry.value.is_null()) {
                fill_in_variables(entry.value, file, name);
                set(name, value_of(entry.value), fmt::format("{}:{}", file, entry.line), place);
            }
        }
    }

    void read_defaults(const flow::Node& list, const Place& place) {
        if (!list.is_list() && !list.is_null()) wrong("expected a list of {type, values}", place);
        for (const flow::Node& item : list.items) {
            flow::PluginDefault one;
            one.type = item.text_of("type");
            one.forced = item.text_of("forced") == "true";
            if (const flow::Node* values = item.find("values")) one.values = flow::to_value(*values);
            if (one.type.empty() || !one.values.is_map()) {
                wrong("expected a list of {type, values}", Place{place.file, item.line, item.column, place.property});
                continue;
            }
            config_.plugin_defaults.push_back(std::move(one));
        }
    }

    void read_credentials() {
        const auto folder = sources_.environment.find("CREDENTIALS_DIRECTORY");
        if (folder == sources_.environment.end()) return;
        for (const ConfigKey& key : config_keys()) {
            const std::filesystem::path file = std::filesystem::path(folder->second) / key.name;
            std::error_code failed;
            if (!std::filesystem::exists(file, failed)) continue;
            const auto text = secret_of(file);
            if (text)
                set_known(key, Value(*text), "credential " + key.name, Place{.property = key.name});
            else
                wrong(text.error().message, Place{.property = key.name});
        }
    }

    void read_environment() {
        KestraKeys kestra({[this](auto&&... given) { set(given...); }, [this](auto&&... given) { wrong(given...); },
                           [this](auto&&... given) { notice(given...); }});
        std::map<std::string, std::string> names;
        for (const ConfigKey& one : config_keys()) {
            names[one.environment_name()] = one.name;
            if (one.secret) names[one.environment_name() + "_FILE"] = one.name + std::string(kFileSuffix);
        }
        for (const auto& [name, value] : sources_.environment) {
            if (!value.empty()) kestra.read_variable(name, value);
        }
        kestra.finish();
        std::vector<std::string> known_names;
        for (const auto& [name, key] : names) known_names.push_back(name);
        for (const auto& [name, value] : sources_.environment) {
            const auto known = names.find(name);
            if (known != names.end() && !value.empty()) set(known->second, Value(value), name, {});
            if (known == names.end() && name.starts_with("SLUICE_") && !is_other_variable(name)) {
                if (const std::string near = did_you_mean(name, known_names); !near.empty())
                    notice("the variable " + name + " is no key" + near, {});
            }
        }
    }

    /// Variables that mean something else.
    static bool is_other_variable(std::string_view name) {
        constexpr std::string_view kOthers[] = {
            "SLUICE_CONFIGURATION", "SLUICE_SERVER", "SLUICE_USER",    "SLUICE_PASSWORD",       "SLUICE_TOKEN",
            "SLUICE_PROBE",         "SLUICE_PG_BIN", "SLUICE_SESSION", "SLUICE_DUCKDB_LIBRARY", "SLUICE_CA_FILE"};
        return std::find(std::begin(kOthers), std::end(kOthers), name) != std::end(kOthers);
    }

    const ConfigSources& sources_;
    Config config_{};
    std::map<std::string, Place> places_{};
    std::vector<Error> errors_{};
};

}  // namespace

Result<Config> load_config(const ConfigSources& sources) {
    return Loader(sources).load();
}

std::map<std::string, std::string> process_environment() {
    std::map<std::string, std::string> out;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::size_t equals = text.find('=');
        if (equals != std::string_view::npos) out[std::string(text.substr(0, equals))] = text.substr(equals + 1);
    }
    return out;
}

}  // namespace sluice::server
