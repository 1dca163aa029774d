#include "tasks/core/flow/folder_cache.h"

#include <archive.h>
#include <archive_entry.h>
#include <fstream>

#include "plugin/task_files.h"
#include "storage/glob.h"
#include "storage/layout.h"
#include "storage/storage.h"
#include "tasks/compress/stored_archive.h"
#include "tasks/files/working_files.h"

namespace sluice::tasks {
namespace {

namespace fs = std::filesystem;

struct FreeArchive {
    void operator()(archive* one) const { archive_free(one); }
};
struct FreeEntry {
    void operator()(archive_entry* one) const { archive_entry_free(one); }
};
using Archive = std::unique_ptr<archive, FreeArchive>;

storage::Uri address_of(plugin::TaskContext& context) {
    const plugin::TaskPlace& place = context.place();
    const auto value = context.variables().get("taskrun", "value");
    const auto key = value && value->is_string() ? std::optional(value->as_string()) : std::nullopt;
    return storage::cache_file(place.flow.namespace_name, place.flow.id, place.task_id, key);
}

void check(int code, archive* one, const fs::path& file) {
    if (code >= ARCHIVE_WARN) return;
    const char* reason = archive_error_string(one);
    throw OutsideError(fmt::format("the archive {}: {}", file.string(), reason != nullptr ? reason : "broken"));
}

void unpack(const fs::path& file, const fs::path& folder) {
    const Utf8Names names;
    const Archive in(archive_read_new());
    archive_read_support_format_zip(in.get());
    check(archive_read_open_filename(in.get(), file.c_str(), 64 * 1024), in.get(), file);
    archive_entry* entry = nullptr;
    std::string piece(256 * 1024, '\0');
    for (int code = archive_read_next_header(in.get(), &entry); code != ARCHIVE_EOF;
         code = archive_read_next_header(in.get(), &entry)) {
        check(code, in.get(), file);
        const char* name = archive_entry_pathname(entry);
        const auto target = path_within(folder, name != nullptr ? name : "");
        if (!target || archive_entry_filetype(entry) != AE_IFREG) continue;
        fs::create_directories(target->parent_path());
        std::ofstream out(*target, std::ios::binary | std::ios::trunc);
        while (true) {
            const la_ssize_t got = archive_read_data(in.get(), piece.data(), piece.size());
            check(got < 0 ? ARCHIVE_FATAL : ARCHIVE_OK, in.get(),
                  file);  // a warning means other bytes than were packed
            if (got == 0) break;
            out.write(piece.data(), got);
        }
        out.close();
        if (!out) throw OutsideError(fmt::format("the file {} can't be written", target->string()));
        fs::permissions(*target, static_cast<fs::perms>(archive_entry_perm(entry) & 0777));
    }
}

void add(archive* out, const fs::path& file, const std::string& name, const fs::path& zip) {
    const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), static_cast<mode_t>(fs::status(file).permissions()) & 0777);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(fs::file_size(file)));
    check(archive_write_header(out, entry.get()), out, zip);
    std::ifstream in(file, std::ios::binary);
    std::string piece(256 * 1024, '\0');
    while (in) {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        if (in.gcount() == 0) break;
        const la_ssize_t put = archive_write_data(out, piece.data(), static_cast<std::size_t>(in.gcount()));
        check(static_cast<int>(put < 0 ? put : 0), out, zip);
    }
}

void pack(const std::vector<std::string>& paths, const fs::path& folder, const fs::path& zip) {
    const Utf8Names names;
    const Archive out(archive_write_new());
    archive_write_set_format_zip(out.get());
    check(archive_write_open_filename(out.get(), zip.c_str()), out.get(), zip);
    for (const std::string& path : paths) add(out.get(), folder / path, path, zip);
    check(archive_write_close(out.get()), out.get(), zip);
}

bool is_too_old(const storage::FileInfo& info, const FolderCache& cache) {
    return cache.ttl && std::chrono::system_clock::now() - info.modified > *cache.ttl;
}

Result<std::vector<std::string>> cached_paths(const FolderCache& cache, const fs::path& folder) {
    const auto globs = storage::WorkingDirectoryGlobs::parse(cache.patterns);
    if (!globs) return tl::unexpected(globs.error());
    std::vector<std::string> out;
    for (const std::string& path : files_below(folder)) {
        if (globs->matches(path)) out.push_back(path);
    }
    return out;
}

}  // namespace

Result<void> restore_cache(const FolderCache& cache, const fs::path& folder, plugin::TaskContext& context) {
    const storage::Uri address = address_of(context);
    const auto info = context.storage().info(address);
    if (!info || is_too_old(*info, cache)) return {};
    const fs::path zip = context.scratch_directory() / "cache.zip";
    if (auto fetched = plugin::fetch_file(context, address.text(), zip); !fetched) return fetched;
    unpack(zip, folder);
    return {};
}

Result<std::string> contents_of(const FolderCache& cache, const fs::path& folder) {
    const auto paths = cached_paths(cache, folder);
    if (!paths) return tl::unexpected(paths.error());
    std::string out;
    for (const std::string& path : *paths) {
        const fs::path file = folder / path;
        out +=
            fmt::format("{} {} {}\n", path, fs::file_size(file), fs::last_write_time(file).time_since_epoch().count());
    }
    return out;
}

Result<void> keep_cache(const FolderCache& cache, const fs::path& folder, std::string_view before,
                        plugin::TaskContext& context) {
    const auto now = contents_of(cache, folder);
    if (!now) return tl::unexpected(now.error());
    if (*now == before) return {};
    const fs::path zip = context.scratch_directory() / "cache.zip";
    pack(*cached_paths(cache, folder), folder, zip);
    return plugin::put_file(zip, address_of(context), context.storage());
}

}  // namespace sluice::tasks
