#include "pg_storage/pg_storage.h"

#include "base/utf8.h"
#include "pg_storage/stored_file.h"
#include "sql/pg_storage.h"
#include "storage/folder_walk.h"

namespace sluice::pg_storage {

using storage::FileInfo;
using storage::Metadata;
using storage::Range;
using storage::Reader;
using storage::Uri;
using storage::Writer;

namespace {

constexpr std::size_t kLongestPath = 2000;  // of what an index can hold
constexpr std::int64_t kRemovedAtOnce = 5000;
constexpr std::int64_t kSweptAtOnce = 100;  // each may have thousands of chunks
constexpr Duration kKeptForReaders = 1h;

Result<void> check_name(const Uri& uri) {
    if (uri.is_root()) return invalid("the root of the internal storage is not a file");
    if (std::string_view(uri.name()).starts_with(storage::kMetadataPrefix)) {
        return invalid("names that start with {} are reserved: {}", storage::kMetadataPrefix, uri);
    }
    if (uri.path().size() > kLongestPath) {
        return invalid("the name of {} is {} bytes too long", uri, uri.path().size() - kLongestPath);
    }
    if (repaired_utf8(uri.path()) != uri.path()) return invalid("the name {} is not UTF-8", uri);
    return {};
}

/// "" for the root, so that "/…" begins what is below it.
std::string prefix_of(const Uri& uri) {
    return uri.is_root() ? "" : uri.path();
}

}  // namespace

Result<std::unique_ptr<Reader>> PgStorage::open(const Uri& uri, Range range) const {
    const auto found = find_stored(pool_, uri);
    if (!found || !found->content_id) return storage::no_file(uri);
    const std::uint64_t size = found->info.size_bytes;
    if (range.first > size) return invalid("{} has only {} bytes; {} was asked for", uri, size, range.first);
    const std::uint64_t length = std::min(range.length.value_or(size), size - range.first);
    return std::make_unique<StoredReader>(pool_, uri, *found->content_id, range.first, length);
}

Result<std::unique_ptr<Writer>> PgStorage::create(const Uri& uri, const Metadata& metadata) {
    if (auto good = check_name(uri); !good) return tl::unexpected(good.error());
    const auto there = find_stored(pool_, uri);
    if (there && !there->content_id) return conflict("there is a folder {}: a file can't replace it", uri);
    auto made = pool_.in_transaction([&](pg::Transaction& tx) -> Result<void> {
        tx.run(sql::lock_stored_path, uri.path());
        return make_folders(tx, uri.parent());
    });
    if (!made) return tl::unexpected(made.error());
    return std::make_unique<StoredWriter>(pool_, uri, storage::encode_metadata(metadata));
}

Result<FileInfo> PgStorage::info(const Uri& uri) const {
    auto found = find_stored(pool_, uri);
    if (!found) return storage::no_file(uri);
    return std::move(found->info);
}

Result<Metadata> PgStorage::metadata(const Uri& uri) const {
    const auto found = find_stored(pool_, uri);
    if (!found) return storage::no_file(uri);
    return storage::decode_metadata(found->metadata);
}

Result<std::vector<FileInfo>> PgStorage::list(const Uri& folder) const {
    const auto there = find_stored(pool_, folder);
    if (!there || there->content_id) return not_found("there is no folder {}", folder);
    std::vector<FileInfo> out;
    for (pg::Row row : pool_.run(sql::list_stored_files, folder.path())) out.push_back(stored_file_of(row).info);
    return out;
}

Result<void> PgStorage::create_folder(const Uri& uri) {
    if (uri.is_root()) return {};
    if (auto good = check_name(uri); !good) return good;
    return pool_.in_transaction([&](pg::Transaction& tx) -> Result<void> {
        tx.run(sql::lock_stored_path, uri.path());
        return make_folders(tx, uri);
    });
}

Result<void> PgStorage::move(const Uri& from, const Uri& to) {
    if (to != from && to.is_within(from)) return conflict("{} can't be moved into itself, to {}", from, to);
    if (auto good = check_name(to); !good) return good;
    return pool_.in_transaction([&](pg::Transaction& tx) -> Result<void> {
        tx.run(sql::lock_stored_tree);
        const pg::Rows source = tx.run(sql::find_stored_file, from.path());
        if (source.empty()) return not_found("there is no file {}", from);
        if (from == to) return {};
        const bool is_file = !source[0].skip().boolean();
        const pg::Rows target = tx.run(sql::find_stored_file, to.path());
        if (!target.empty()) {
            if (target[0].skip().boolean()) return conflict("there is a folder {} already", to);
            if (!is_file) return conflict("there is a file {}: a folder can't replace it", to);
        }
        if (auto made = make_folders(tx, to.parent()); !made) return made;
        if (!target.empty()) tx.send(sql::remove_stored_file, to.path());
        tx.send(sql::move_stored_files, from.path(), to.path(), to.parent().path());
        return {};
    });
}

Result<bool> PgStorage::remove(const Uri& uri) {
    if (uri.is_root()) return invalid("the root of the internal storage is not a file");
    return pool_.in_transaction([&](pg::Transaction& tx) -> Result<bool> {
        tx.run(sql::lock_stored_tree);
        if (!tx.run(sql::remove_stored_file, uri.path()).empty()) return true;
        if (!tx.run(sql::find_stored_file, uri.path()).empty()) return conflict("the folder {} is not empty", uri);
        return false;
    });
}

std::uint64_t PgStorage::remove_all(const Uri& uri, const std::function<void(const Uri&)>& removed) {
    std::vector<Uri> files;
    for (std::size_t gone = static_cast<std::size_t>(kRemovedAtOnce); gone == kRemovedAtOnce;) {
        const auto some = pool_.in_transaction([&](pg::Transaction& tx) {
            tx.run(sql::lock_stored_tree);
            std::vector<std::pair<std::string, bool>> paths;
            for (pg::Row row : tx.run(sql::remove_stored_files, prefix_of(uri), kRemovedAtOnce)) {
                std::string path = row.text();
                paths.emplace_back(std::move(path), row.boolean());
            }
            return paths;
        });
        gone = some.size();
        for (const auto& [path, is_folder] : some) {
            if (!is_folder) files.push_back(Uri::of_path(path).value());
        }
    }
    std::sort(files.begin(), files.end());
    if (removed) std::for_each(files.begin(), files.end(), removed);
    return files.size();
}

std::uint64_t PgStorage::sweep_abandoned(Duration age) {
    std::uint64_t abandoned = 0;
    for (std::size_t swept = static_cast<std::size_t>(kSweptAtOnce); swept == kSweptAtOnce;) {
        const pg::Rows rows = pool_.run(sql::sweep_stored_contents, kKeptForReaders, age, kSweptAtOnce);
        swept = rows.size();
        for (pg::Row row : rows) abandoned += row.skip().boolean() ? 1 : 0;
    }
    return abandoned;
}

}  // namespace sluice::pg_storage
