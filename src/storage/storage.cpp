#include "storage/storage.h"

namespace sluice::storage {
namespace {

constexpr std::size_t kCopyBytes = 256 * 1024;

}  // namespace

void Storage::walk(const Uri& folder, const std::function<void(const FileInfo&)>& visit) const {
    const auto entries = list(folder);
    if (!entries) return;  // not there, or gone meanwhile
    for (const FileInfo& entry : *entries) {
        if (entry.is_folder)
            walk(entry.uri, visit);
        else
            visit(entry);
    }
}

Result<void> Storage::put(const Uri& uri, std::string_view bytes, const Metadata& metadata) {
    auto writer = create(uri, metadata);
    if (!writer) return tl::unexpected(writer.error());
    (*writer)->write(bytes);
    return (*writer)->commit();
}

Result<std::string> Storage::get(const Uri& uri, std::uint64_t limit_bytes) const {
    auto reader = open(uri);
    if (!reader) return tl::unexpected(reader.error());
    const std::uint64_t size = (*reader)->size_bytes();
    if (size > limit_bytes) {
        return refuse(ErrorCode::TooLarge, "{} has {} bytes, more than the {} that fit here", uri, size, limit_bytes);
    }
    std::string out(size, '\0');
    out.resize((*reader)->read(out));
    return out;
}

Result<void> Storage::copy(const Uri& from, const Uri& to) {
    auto reader = open(from);
    if (!reader) return tl::unexpected(reader.error());
    const auto kept = metadata(from);
    auto writer = create(to, kept.value_or(Metadata{}));
    if (!writer) return tl::unexpected(writer.error());
    std::vector<char> buffer(kCopyBytes);
    while (const std::size_t n = (*reader)->read(buffer)) (*writer)->write({buffer.data(), n});
    return (*writer)->commit();
}

tl::unexpected<Error> no_file(const Uri& uri) {
    constexpr std::string_view kExecutions = "/executions/";
    const std::string& path = uri.path();
    const std::size_t at = path.find(kExecutions);
    if (at == std::string::npos) return not_found("there is no file {}", uri);
    const std::size_t id = at + kExecutions.size();
    return not_found("there is no file {}: files of execution {} go when it is purged", uri,
                     path.substr(id, path.find('/', id) - id));
}

}  // namespace sluice::storage
