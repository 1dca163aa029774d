#include "tasks/scripts/local_addresses.h"

#include "plugin/task_files.h"

namespace sluice::tasks {
namespace {

constexpr std::string_view kScheme = "kestra://";

bool is_of_address(char c) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return word || std::string_view("-%._+~#=/").find(c) != std::string_view::npos;
}

}  // namespace

Result<std::string> LocalAddresses::localized(std::string_view text) {
    std::string out;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t at = std::min(text.find(kScheme, from), text.size());
        out += text.substr(from, at - from);
        std::size_t end = std::min(at + kScheme.size(), text.size());
        while (end < text.size() && is_of_address(text[end])) ++end;
        const std::string address(text.substr(at, end - at));
        if (address.size() > kScheme.size() + 1) {
            auto path = local_path(address);
            if (!path) return tl::unexpected(path.error());
            out += *path;
        } else {
            out += address;  // the scheme alone names no file
        }
        from = end;
    }
    return out;
}

Result<std::string> LocalAddresses::local_path(const std::string& address) {
    if (const auto known = paths_.find(address); known != paths_.end()) return known->second;
    const auto uri = storage::Uri::parse(address);
    if (!uri) return tl::unexpected(uri.error());
    // Scripts look at the extension, so the name stays; the folder keeps equal names apart.
    const auto path = folder_ / std::to_string(paths_.size()) / uri->name();
    if (auto fetched = plugin::fetch_file(context_, address, path); !fetched) return tl::unexpected(fetched.error());
    return paths_.emplace(address, path.string()).first->second;
}

}  // namespace sluice::tasks
