#include "plugin/external/manifest.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/nearest.h"

namespace sluice::plugin {
namespace {

constexpr std::size_t kMostFileBytes = 1024 * 1024;
constexpr std::size_t kMostIconBytes = 64 * 1024;

class ManifestReader {
  public:
    ManifestReader(const flow::Node& document, const std::filesystem::path& file) : document_(document) {
        out_.file = file;
    }

    Result<Manifest> read() {
        static const std::vector<std::string> kKnown{"protocol",  "command",   "environment",
                                                     "heartbeat", "killGrace", "types"};
        if (!document_.is_map())
            return tl::unexpected(mistakes_of(out_.file, {wrong(document_, "", "expected a map")}));
        for (const auto& entry : document_.entries) {
            if (std::ranges::find(kKnown, entry.key) != kKnown.end()) continue;
            flow::Node at;
            at.line = entry.line;
            at.column = entry.column;
            errors_.push_back(wrong(at, entry.key, "unknown key" + did_you_mean(entry.key, kKnown)));
        }
        read_protocol();
        read_command();
        read_times();
        read_types();
        if (errors_.empty()) return std::move(out_);
        return tl::unexpected(mistakes_of(out_.file, std::move(errors_)));
    }

  private:
    Error wrong(const flow::Node& at, const std::string& path, std::string message) const {
        return {ErrorCode::Invalid, std::move(message), Place{out_.file.string(), at.line, at.column, path}, {}, ""};
    }
    const flow::Node& node(const char* key) const {
        const flow::Node* found = document_.find(key);
        return found != nullptr ? *found : document_;
    }

    void read_protocol() {
        const std::string found(document_.text_of("protocol"));
        if (found == std::to_string(kProtocolVersion)) return;
        errors_.push_back(
            wrong(node("protocol"), "protocol",
                  fmt::format("expected {}, the version of the protocol that this program speaks, found '{}'",
                              kProtocolVersion, found)));
    }

    void read_command() {
        const flow::Node* command = document_.find("command");
        const bool fits = command != nullptr && command->is_list() && !command->items.empty();
        if (!fits) {
            errors_.push_back(wrong(node("command"), "command", "expected a list: the program, and its arguments"));
            return;
        }
        const std::filesystem::path folder = std::filesystem::absolute(out_.file).parent_path();
        for (const flow::Node& word : command->items) {
            const bool local = word.text.starts_with("./");
            out_.command.push_back(local ? (folder / word.text.substr(2)).string() : word.text);
        }
        const flow::Node* environment = document_.find("environment");
        if (environment == nullptr) return;
        for (const auto& entry : environment->entries) out_.environment[entry.key] = entry.value.text;
    }

    void read_times() {
        const auto read = [&](const char* key, Duration& to) {
            const flow::Node* found = document_.find(key);
            if (found == nullptr) return;
            const auto duration = parse_duration(found->text);
            if (duration && *duration >= 100ms)
                to = *duration;
            else
                errors_.push_back(wrong(*found, key, "expected a duration of at least 100 ms, such as PT30S"));
        };
        read("heartbeat", out_.heartbeat);
        read("killGrace", out_.kill_grace);
    }

    void read_types() {
        const flow::Node* types = document_.find("types");
        if (types == nullptr || !types->is_list() || types->items.empty()) {
            errors_.push_back(wrong(node("types"), "types", "expected a list of the types that the program runs"));
            return;
        }
        for (flow::Node declared : types->items) {
            if (auto loaded = load_icon(declared, out_.file.parent_path()); !loaded) {
                errors_.push_back(wrong(declared, "icon", loaded.error().message));
                continue;
            }
            flow::ExternalType read = flow::read_external_type(declared, out_.file.string(), {"sample"});
            errors_.insert(errors_.end(), read.errors.begin(), read.errors.end());
            if (!read.errors.empty()) continue;
            if (const flow::Node* sample = declared.find("sample")) {
                out_.samples[read.info.name] = flow::to_value(*sample);
            }
            std::erase_if(declared.entries, [](const auto& entry) { return entry.key == "sample"; });
            out_.documents[read.info.name] = flow::to_value(declared);
            out_.types.push_back(std::move(read.info));
        }
    }

    const flow::Node& document_;
    Manifest out_{};
    std::vector<Error> errors_{};
};

}  // namespace

Error mistakes_of(const std::filesystem::path& file, std::vector<Error> errors) {
    return {ErrorCode::Invalid, fmt::format("the plugin {} has mistakes:", file.string()), {}, std::move(errors), ""};
}

Result<std::string> file_text(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return not_found("the file {} can't be read", file.string());
    std::ostringstream text;
    text << in.rdbuf();
    if (text.view().size() > kMostFileBytes) {
        return refuse(ErrorCode::TooLarge, "the file {} is larger than 1 MiB", file.string());
    }
    return std::move(text).str();
}

Result<void> load_icon(flow::Node& declared, const std::filesystem::path& folder) {
    for (auto& entry : declared.entries) {
        if (entry.key != "icon" || entry.value.text.starts_with("<")) continue;
        auto text = file_text(folder / entry.value.text);
        if (!text) return tl::unexpected(text.error());
        if (text->size() > kMostIconBytes) return refuse(ErrorCode::TooLarge, "an icon may have 64 KiB");
        const auto begin = text->find("<svg");  // after an XML declaration and comments
        if (begin == std::string::npos) return invalid("{} is no SVG", entry.value.text);
        entry.value.text = text->substr(begin);
    }
    return {};
}

Result<Manifest> read_manifest(const std::string& text, const std::filesystem::path& file) {
    auto document = flow::parse_yaml(text);
    if (!document) {
        Error error = document.error();
        error.place.file = file.string();
        return tl::unexpected(mistakes_of(file, {std::move(error)}));
    }
    return ManifestReader(*document, file).read();
}

}  // namespace sluice::plugin
