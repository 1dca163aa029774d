#include "object_store/s3_storage.h"

#include "storage/folder_walk.h"

namespace sluice::object_store {

using storage::FileInfo;
using storage::Metadata;
using storage::Range;
using storage::Reader;
using storage::StorageError;
using storage::Uri;
using storage::Writer;

namespace {

constexpr std::string_view kTenant = "main";
constexpr const char* kOwnHeader = "x-amz-meta-sluice";
constexpr std::size_t kMostKnownFolders = 50'000;
constexpr std::size_t kKeysAtOnce = 1000;
constexpr std::size_t kLongestKey = 1024;

[[noreturn]] void throw_outside(std::string_view doing, const Uri& uri, const Error& error) {
    throw StorageError(fmt::format("the internal storage failed {} {}: {}", doing, uri, error.message));
}

/// Fetches a piece at a time of the object that it found when it was opened.
class S3Reader : public Reader {
  public:
    S3Reader(Client client, Place place, Uri uri, std::string etag, std::uint64_t at, std::uint64_t size,
             std::string piece, std::size_t piece_bytes)
        : client_(std::move(client)),
          place_(std::move(place)),
          uri_(std::move(uri)),
          etag_(std::move(etag)),
          at_(at),
          left_(size),
          size_(size),
          piece_(std::move(piece)),
          piece_bytes_(piece_bytes) {}

    std::size_t read(std::span<char> buffer) override {
        std::size_t done = 0;
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
        while (done < wanted) {
            if (used_ == piece_.size()) fetch();
            const std::size_t n = std::min(wanted - done, piece_.size() - used_);
            std::copy_n(piece_.data() + used_, n, buffer.data() + done);
            used_ += n;
            done += n;
        }
        left_ -= done;
        return done;
    }
    std::uint64_t size_bytes() const override { return size_; }

  private:
    void fetch() {
        at_ += piece_.size();
        used_ = 0;
        auto piece = client_.get(place_, at_, std::min<std::uint64_t>(piece_bytes_, left_), etag_);
        if (!piece) {
            if (piece.error().code == ErrorCode::NotFound || piece.error().code == ErrorCode::Conflict) {
                throw StorageError(fmt::format("{} was removed or replaced while it was read", uri_));
            }
            throw_outside("reading", uri_, piece.error());
        }
        if (piece->empty()) throw StorageError(fmt::format("{} ended too early", uri_));
        piece_ = std::move(*piece);
    }

    Client client_;
    Place place_;
    Uri uri_;
    std::string etag_;
    std::uint64_t at_;  // of piece_ in the object
    std::uint64_t left_;
    std::uint64_t size_;
    std::string piece_;
    std::size_t piece_bytes_;
    std::size_t used_ = 0;
};

}  // namespace

class S3Writer : public Writer {
  public:
    S3Writer(S3Storage& storage, Uri uri, net::Headers headers)
        : storage_(storage),
          uri_(std::move(uri)),
          upload_(storage.client(), storage.place_of(uri_), std::move(headers), storage.config_.part_bytes) {}

    void write(std::string_view bytes) override {
        if (auto written = upload_.write(bytes); !written) throw_outside("writing", uri_, written.error());
    }
    Result<void> commit() override {
        if (auto free = storage_.check_folders_above(uri_); !free) return free;
        if (storage_.is_folder(uri_)) return conflict("there is a folder {}: a file can't replace it", uri_);
        if (auto done = upload_.finish(); !done) throw_outside("writing", uri_, done.error());
        storage_.known_folders_.with([&](auto& known) { known.erase(uri_.path()); });
        return {};
    }

  private:
    S3Storage& storage_;
    Uri uri_;
    Upload upload_;
};

S3Storage::S3Storage(net::Client& http, S3StorageConfig config) : http_(http), config_(std::move(config)) {
    if (!config_.prefix.empty() && !config_.prefix.ends_with('/')) config_.prefix += '/';
}

Place S3Storage::place_of(const Uri& uri) const {
    return {.bucket = config_.bucket, .key = fmt::format("{}{}{}", config_.prefix, kTenant, uri.path())};
}

std::string S3Storage::folder_key(const Uri& uri) const {
    std::string key = place_of(uri).key;
    if (!key.ends_with('/')) key += '/';
    return key;
}

Uri S3Storage::uri_of(const std::string& key) const {
    std::string path = key.substr(config_.prefix.size() + kTenant.size());
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    // What others put into the bucket may have names that are none of ours.
    return Uri::of_path(path).value_or(Uri());
}

Result<std::vector<ObjectInfo>> S3Storage::objects_below(const std::string& folder, std::size_t most) const {
    return client().list_all({.bucket = config_.bucket, .prefix = folder}, most);
}

bool S3Storage::is_folder(const Uri& uri) const {
    if (uri.is_root()) return true;
    const auto below = objects_below(folder_key(uri), 1);
    if (!below) throw_outside("looking at", uri, below.error());
    return !below->empty();
}

std::optional<ObjectInfo> S3Storage::find(const Uri& uri) const {
    if (uri.is_root()) return {};
    auto head = client().head(place_of(uri));
    if (head) return std::move(*head);
    if (head.error().code != ErrorCode::NotFound) throw_outside("looking at", uri, head.error());
    return {};
}

/// A file can't have files below it: looked up once for each folder, so that the next file costs nothing.
Result<void> S3Storage::check_folders_above(const Uri& uri) {
    for (Uri folder = uri.parent(); !folder.is_root(); folder = folder.parent()) {
        if (known_folders_.with([&](auto& known) { return known.contains(folder.path()); })) return {};
        if (find(folder)) return conflict("'{}' in {} is not a folder", folder.name(), folder);
    }
    known_folders_.with([&](auto& known) {
        if (known.size() > kMostKnownFolders) known.clear();
        for (Uri folder = uri.parent(); !folder.is_root(); folder = folder.parent()) known.insert(folder.path());
    });
    return {};
}

Result<std::unique_ptr<Reader>> S3Storage::open(const Uri& uri, Range range) const {
    if (uri.is_root()) return storage::no_file(uri);
    const Place place = place_of(uri);
    const std::uint64_t wanted = std::min<std::uint64_t>(range.length.value_or(config_.read_bytes), config_.read_bytes);
    ObjectInfo info;
    auto piece = client().get(place, range.first, std::max<std::uint64_t>(1, wanted), "", &info);
    if (!piece) {
        if (piece.error().code == ErrorCode::NotFound) return storage::no_file(uri);
        throw_outside("opening", uri, piece.error());
    }
    if (range.first > info.size_bytes) {
        return invalid("{} has only {} bytes; {} was asked for", uri, info.size_bytes, range.first);
    }
    const std::uint64_t length = std::min(range.length.value_or(info.size_bytes), info.size_bytes - range.first);
    if (piece->size() > length) piece->resize(length);
    return std::make_unique<S3Reader>(client(), place, uri, info.etag, range.first, length, std::move(*piece),
                                      config_.read_bytes);
}

Result<std::unique_ptr<Writer>> S3Storage::create(const Uri& uri, const Metadata& metadata) {
    if (uri.is_root()) return invalid("the root of the internal storage is not a file");
    if (std::string_view(uri.name()).starts_with(storage::kMetadataPrefix)) {
        return invalid("names that start with {} are reserved: {}", storage::kMetadataPrefix, uri);
    }
    const std::size_t length = place_of(uri).key.size();
    if (length > kLongestKey) return invalid("the name of {} is {} bytes too long", uri, length - kLongestKey);
    if (auto free = check_folders_above(uri); !free) return tl::unexpected(free.error());
    if (is_folder(uri)) return conflict("there is a folder {}: a file can't replace it", uri);
    net::Headers headers;
    // Line breaks can't stand in a header; they separate the encoded lines.
    if (!metadata.empty()) headers.add(kOwnHeader, storage::percent_encoded(storage::encode_metadata(metadata)));
    return std::make_unique<S3Writer>(*this, uri, std::move(headers));
}

Result<FileInfo> S3Storage::info(const Uri& uri) const {
    if (const auto found = find(uri)) {
        const Timestamp at = found->modified.value_or(Timestamp{});
        return FileInfo{.uri = uri, .size_bytes = found->size_bytes, .created = at, .modified = at};
    }
    if (is_folder(uri)) return FileInfo{.uri = uri, .is_folder = true};
    return storage::no_file(uri);
}

Result<Metadata> S3Storage::metadata(const Uri& uri) const {
    const auto found = find(uri);
    if (!found) {
        if (is_folder(uri)) return Metadata{};
        return storage::no_file(uri);
    }
    const auto kept = found->metadata.find("sluice");
    if (kept == found->metadata.end()) return Metadata{};
    return storage::decode_metadata(storage::percent_decoded(kept->second).value_or(""));
}

Result<std::vector<FileInfo>> S3Storage::list(const Uri& folder) const {
    const std::string key = folder_key(folder);
    auto objects = client().list_all({.bucket = config_.bucket, .prefix = key, .delimiter = "/"}, SIZE_MAX);
    if (!objects) throw_outside("listing", folder, objects.error());
    if (objects->empty() && !folder.is_root()) return not_found("there is no folder {}", folder);
    std::vector<FileInfo> out;
    for (const ObjectInfo& object : *objects) {
        if (object.key == key) continue;  // the folder's own mark
        const Timestamp at = object.modified.value_or(Timestamp{});
        const Uri uri = uri_of(object.key);
        if (uri.is_root()) continue;
        out.push_back({.uri = uri,
                       .is_folder = object.is_prefix,
                       .size_bytes = object.size_bytes,
                       .created = at,
                       .modified = at});
    }
    std::sort(out.begin(), out.end(), [](const FileInfo& a, const FileInfo& b) { return a.uri < b.uri; });
    return out;
}

Result<void> S3Storage::create_folder(const Uri& uri) {
    if (uri.is_root()) return {};
    if (find(uri)) return conflict("'{}' in {} is not a folder", uri.name(), uri);
    if (auto free = check_folders_above(uri); !free) return free;
    auto made = client().put({.bucket = config_.bucket, .key = folder_key(uri)}, "", {});
    if (!made) throw_outside("making", uri, made.error());
    return {};
}

Result<void> S3Storage::move(const Uri& from, const Uri& to) {
    if (to != from && to.is_within(from)) return conflict("{} can't be moved into itself, to {}", from, to);
    const bool is_file = find(from).has_value();
    if (!is_file && !is_folder(from)) return not_found("there is no file {}", from);
    if (from == to) return {};
    if (is_folder(to)) return conflict("there is a folder {} already", to);
    if (!is_file && find(to)) return conflict("there is a file {}: a folder can't replace it", to);
    if (auto free = check_folders_above(to); !free) return free;
    std::vector<std::string> keys;
    if (is_file) {
        keys.push_back(place_of(from).key);
    } else {
        const auto objects = objects_below(folder_key(from), SIZE_MAX);
        if (!objects) throw_outside("moving", from, objects.error());
        for (const ObjectInfo& object : *objects) keys.push_back(object.key);
    }
    const std::size_t cut = place_of(from).key.size();
    for (const std::string& key : keys) {
        const Place target{.bucket = config_.bucket, .key = place_of(to).key + key.substr(cut)};
        auto copied = client().copy({.bucket = config_.bucket, .key = key}, target);
        if (!copied) throw_outside("moving", from, copied.error());
    }
    remove_keys(keys);
    return {};
}

Result<bool> S3Storage::remove(const Uri& uri) {
    if (uri.is_root()) return invalid("the root of the internal storage is not a file");
    if (find(uri)) {
        auto removed = client().remove(place_of(uri));
        if (!removed) throw_outside("removing", uri, removed.error());
        return true;
    }
    const std::string key = folder_key(uri);
    const auto below = objects_below(key, 2);
    if (!below) throw_outside("removing", uri, below.error());
    if (below->empty()) return false;
    if (below->size() > 1 || below->front().key != key) return conflict("the folder {} is not empty", uri);
    remove_keys({key});
    return true;
}

void S3Storage::remove_keys(const std::vector<std::string>& keys) const {
    for (std::size_t at = 0; at < keys.size(); at += kKeysAtOnce) {
        const auto end = keys.begin() + static_cast<std::ptrdiff_t>(std::min(keys.size(), at + kKeysAtOnce));
        const std::vector<std::string> some(keys.begin() + static_cast<std::ptrdiff_t>(at), end);
        if (auto removed = client().remove_many(config_.bucket, some); !removed) {
            throw_outside("removing", uri_of(some.front()), removed.error());
        }
    }
}

std::uint64_t S3Storage::remove_all(const Uri& uri, const std::function<void(const Uri&)>& removed) {
    std::uint64_t files = 0;
    const auto told = [&](const Uri& file) {
        ++files;
        if (removed) removed(file);
    };
    if (find(uri)) {
        remove_keys({place_of(uri).key});
        told(uri);
    }
    while (true) {
        const auto objects = objects_below(folder_key(uri), kKeysAtOnce);
        if (!objects) throw_outside("removing", uri, objects.error());
        std::vector<std::string> keys;
        for (const ObjectInfo& object : *objects) keys.push_back(object.key);
        remove_keys(keys);
        for (const std::string& key : keys) {
            if (!key.ends_with('/')) told(uri_of(key));
        }
        if (keys.size() < kKeysAtOnce) return files;
    }
}

std::uint64_t S3Storage::sweep_abandoned(Duration) {
    return 0;
}

}  // namespace sluice::object_store
