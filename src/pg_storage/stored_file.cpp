#include "pg_storage/stored_file.h"

#include "sql/pg_storage.h"

namespace sluice::pg_storage {

using storage::StorageError;
using storage::Uri;

namespace {

constexpr auto kTouchEvery = 60s;
constexpr std::string_view kDigits = "0123456789abcdef";

std::string to_hex(std::string_view bytes) {
    std::string out(bytes.size() * 2, '\0');
    char* to = out.data();
    for (const char c : bytes) {
        *to++ = kDigits[static_cast<unsigned char>(c) >> 4];
        *to++ = kDigits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

int digit(char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
}
std::string from_hex(std::string_view text) {
    std::string out(text.size() / 2, '\0');
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<char>(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
    return out;
}

}  // namespace

StoredFile stored_file_of(pg::Row& row) {
    StoredFile out;
    out.info.uri = Uri::of_path(row.text()).value();  // it was written from one
    out.info.is_folder = row.boolean();
    out.content_id = row.maybe_integer();
    out.info.size_bytes = static_cast<std::uint64_t>(row.integer());
    out.metadata = row.text();
    out.info.created = row.timestamp();
    out.info.modified = row.timestamp();
    return out;
}

std::optional<StoredFile> find_stored(pg::Pool& pool, const Uri& uri) {
    if (uri.is_root()) return StoredFile{.info = {.uri = uri, .is_folder = true}};
    const pg::Rows rows = pool.run(sql::find_stored_file, uri.path());
    if (rows.empty()) return {};
    pg::Row row = rows[0];
    return stored_file_of(row);
}

Result<void> make_folders(pg::Transaction& tx, const Uri& folder) {
    std::vector<std::string> paths, parents;
    for (Uri at = folder; !at.is_root(); at = at.parent()) {
        paths.push_back(at.path());
        parents.push_back(at.parent().path());
    }
    if (paths.empty()) return {};
    tx.send(sql::make_stored_folders, paths, parents);
    const pg::Rows in_the_way = tx.run(sql::find_file_among_folders, paths);
    if (in_the_way.empty()) return {};
    const Uri file = Uri::of_path(in_the_way[0].text()).value();
    return conflict("'{}' in {} is not a folder", file.name(), folder);
}

StoredReader::StoredReader(pg::Pool& pool, Uri uri, std::int64_t content_id, std::uint64_t first, std::uint64_t size)
    : pool_(pool), uri_(std::move(uri)), content_id_(content_id), at_(first), left_(size), size_(size) {}

void StoredReader::fetch() {
    const auto number = static_cast<std::int64_t>(at_ / kChunkBytes);
    const pg::Rows rows = pool_.run(sql::read_stored_chunk, content_id_, number);
    if (rows.empty())
        throw StorageError(
            fmt::format("{} was removed or replaced more than an hour before it was read to its end", uri_));
    pg::Row row = rows[0];
    chunk_ = from_hex(row.view());
    used_ = at_ % kChunkBytes;
    if (used_ >= chunk_.size()) throw StorageError(fmt::format("{} is shorter than it should be", uri_));
}

std::size_t StoredReader::read(std::span<char> buffer) {
    std::size_t done = 0;
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
    while (done < wanted) {
        if (used_ == chunk_.size()) fetch();
        const std::size_t n = std::min(wanted - done, chunk_.size() - used_);
        std::copy_n(chunk_.data() + used_, n, buffer.data() + done);
        used_ += n;
        at_ += n;
        done += n;
    }
    left_ -= done;
    return done;
}

StoredWriter::StoredWriter(pg::Pool& pool, Uri uri, std::string metadata)
    : pool_(pool), uri_(std::move(uri)), metadata_(std::move(metadata)) {}

/// A transaction that is repeated begins with the same numbers: members change when it is over.
void StoredWriter::write(std::string_view bytes) {
    size_ += bytes.size();
    while (!bytes.empty()) {
        const std::size_t taken = std::min(bytes.size(), kChunkBytes - chunk_.size());
        chunk_ += bytes.substr(0, taken);
        bytes.remove_prefix(taken);
        if (chunk_.size() < kChunkBytes) continue;
        const std::string hex = to_hex(chunk_);
        content_id_ = pool_.in_transaction([&](pg::Transaction& tx) {
            const std::int64_t id = content_id_ ? *content_id_ : tx.run(sql::begin_stored_content)[0].integer();
            tx.send(sql::put_stored_chunk, id, chunks_, hex);
            if (Clock::now() > touched_ + kTouchEvery) tx.send(sql::touch_stored_content, id);
            return id;
        });
        if (Clock::now() > touched_ + kTouchEvery) touched_ = Clock::now();
        ++chunks_;
        chunk_.clear();
    }
}

Result<void> StoredWriter::commit() {
    const std::string hex = to_hex(chunk_);
    return pool_.in_transaction([&](pg::Transaction& tx) -> Result<void> {
        tx.run(sql::lock_stored_path, uri_.path());
        if (auto made = make_folders(tx, uri_.parent()); !made) return made;
        const std::int64_t id = content_id_ ? *content_id_ : tx.run(sql::begin_stored_content)[0].integer();
        if (!hex.empty()) tx.send(sql::put_stored_chunk, id, chunks_, hex);
        const pg::Rows put = tx.run(sql::put_stored_file, uri_.path(), uri_.parent().path(), id,
                                    static_cast<std::int64_t>(size_), metadata_);
        if (put.empty()) return conflict("there is a folder {}: a file can't replace it", uri_);
        return {};
    });
}

}  // namespace sluice::pg_storage
