#include <filesystem>
#include <map>

#include "cli/kestra_source.h"
#include "cli/read_file.h"
#include "flow/yaml_document.h"
#include "webserver/zip.h"

namespace sluice::cli {
namespace kestra_file_source {

namespace fs = std::filesystem;

constexpr std::string_view kFlowsFolder = "_flows/";

bool is_yaml(std::string_view name) {
    return name.ends_with(".yml") || name.ends_with(".yaml");
}

class FileSource : public KestraSource {
  public:
    explicit FileSource(std::string name_space) : name_space_(std::move(name_space)) {}

    /// A flow, or a file of the namespace: of an archive of a namespace only what is below _flows/ is a flow.
    void add(const std::string& name, std::string bytes, bool of_namespace) {
        const auto at = name.rfind(kFlowsFolder);
        const bool in_flows = at != std::string::npos && (at == 0 || name[at - 1] == '/');
        if (is_yaml(name) && (in_flows || !of_namespace)) {
            for (const flow::SourceDocument& document : flow::split_documents(bytes))
                flows_.push_back({name, std::string(document.text)});
        } else if (of_namespace && !in_flows) {
            files_[name] = std::move(bytes);
        }
    }

    bool has_files() const { return !files_.empty(); }

    Result<std::vector<KestraFlow>> flows() override { return flows_; }
    Result<std::vector<std::string>> files(const std::string& name_space) override {
        std::vector<std::string> out;
        if (name_space != name_space_) return out;
        for (const auto& [path, bytes] : files_) out.push_back(path);
        return out;
    }
    Result<std::string> file(const std::string&, const std::string& path) override {
        const auto found = files_.find(path);
        if (found == files_.end()) return not_found("the archive has no file {}", path);
        return found->second;
    }
    Result<std::vector<KestraKey>> keys(const std::string&) override { return std::vector<KestraKey>{}; }
    Result<std::vector<KestraTrigger>> triggers() override { return std::vector<KestraTrigger>{}; }

  private:
    const std::string name_space_;
    std::vector<KestraFlow> flows_{};
    std::map<std::string, std::string> files_{};
};

Result<std::vector<webserver::ZipEntry>> entries_of(const fs::path& path) {
    std::vector<webserver::ZipEntry> out;
    if (fs::is_directory(path)) {
        for (const auto& entry : fs::recursive_directory_iterator(path)) {
            if (!entry.is_regular_file()) continue;
            auto bytes = read_file(entry.path());
            if (!bytes) return tl::unexpected(bytes.error());
            out.emplace_back(entry.path().lexically_relative(path).generic_string(), std::move(*bytes));
        }
        std::sort(out.begin(), out.end());
        return out;
    }
    auto bytes = read_file(path);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!is_yaml(path.string())) return webserver::unzip(*bytes);
    out.emplace_back(path.filename().string(), std::move(*bytes));
    return out;
}

}  // namespace kestra_file_source

Result<std::unique_ptr<KestraSource>> kestra_files(const std::string& path, const std::string& name_space) {
    using namespace kestra_file_source;
    if (!fs::exists(path)) return not_found("there is no file or folder {}", path);
    auto entries = entries_of(path);
    if (!entries) return tl::unexpected(entries.error());
    const bool of_namespace = std::any_of(entries->begin(), entries->end(), [](const webserver::ZipEntry& one) {
        return one.first.starts_with(kFlowsFolder);
    });
    auto source = std::make_unique<FileSource>(name_space);
    for (auto& [name, bytes] : *entries) source->add(name, std::move(bytes), of_namespace);
    if (source->has_files() && name_space.empty())
        return invalid("{} holds files of a namespace; say of which one by --namespace", path);
    return std::unique_ptr<KestraSource>(std::move(source));
}

}  // namespace sluice::cli
