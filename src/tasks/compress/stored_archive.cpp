#include "tasks/compress/stored_archive.h"

#include "rows/piece.h"

namespace sluice::tasks {
namespace {

struct Word {
    Compression compression;
    const char* word;
};
constexpr Word kWords[] = {{Compression::Bzip2, "BZIP2"}, {Compression::Deflate, "DEFLATE"},
                           {Compression::Gzip, "GZIP"},   {Compression::Lz4, "LZ4_FRAME"},
                           {Compression::Lzma, "LZMA"},   {Compression::Xz, "XZ"},
                           {Compression::Z, "Z"},         {Compression::Zstd, "ZSTD"}};

std::string told_by(archive* one) {
    const char* text = archive_error_string(one);
    return text != nullptr ? text : "it is broken";
}

}  // namespace

Result<Compression> compression_of(const std::string& word) {
    if (word.empty()) return Compression::None;
    for (const auto& [compression, known] : kWords) {
        if (word == known) return compression;
    }
    return invalid("property 'compression': '{}' is none of those that there are", word);
}

std::vector<std::string> compression_words() {
    std::vector<std::string> out;
    for (const auto& [compression, word] : kWords) out.emplace_back(word);
    return out;
}

Utf8Names::Utf8Names() : own_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (own_ == nullptr) throw OutsideError("the system has no locale C.UTF-8, which is part of the package libc-bin");
    before_ = uselocale(own_);
}

Utf8Names::~Utf8Names() {
    uselocale(before_);
    freelocale(own_);
}

ArchiveSource::ArchiveSource(const storage::Storage& storage, storage::Uri uri, std::unique_ptr<storage::Reader> reader)
    : storage_(storage),
      uri_(std::move(uri)),
      reader_(std::move(reader)),
      size_(reader_->size_bytes()),
      buffer_(rows::kPieceBytes, '\0'),
      archive_(archive_read_new()) {}

Result<std::unique_ptr<ArchiveSource>> ArchiveSource::open(const storage::Storage& storage,
                                                           const std::string& address) {
    const auto uri = storage::Uri::parse(address);
    if (!uri) return tl::unexpected(uri.error());
    auto reader = storage.open(*uri);
    if (!reader) return tl::unexpected(reader.error());
    return std::unique_ptr<ArchiveSource>(new ArchiveSource(storage, *uri, std::move(*reader)));
}

la_ssize_t ArchiveSource::read(const void** buffer) {
    try {
        const std::size_t got = reader_->read(buffer_);
        at_ += got;
        *buffer = buffer_.data();
        return static_cast<la_ssize_t>(got);
    } catch (...) {
        outside_ = std::current_exception();
        return ARCHIVE_FATAL;
    }
}

la_int64_t ArchiveSource::seek(la_int64_t offset, int whence) {
    const auto base = static_cast<la_int64_t>(whence == SEEK_SET ? 0 : whence == SEEK_CUR ? at_ : size_);
    const la_int64_t wanted = std::clamp<la_int64_t>(base + offset, 0, static_cast<la_int64_t>(size_));
    try {
        const auto to = static_cast<std::uint64_t>(wanted);
        // A range that begins at the end is none; what is there to be read is nothing.
        auto reader = storage_.open(uri_, {.first = std::min(to, size_ > 0 ? size_ - 1 : 0), .length = size_ - to});
        if (!reader) return ARCHIVE_FATAL;
        reader_ = std::move(*reader);
        at_ = to;
        return wanted;
    } catch (...) {
        outside_ = std::current_exception();
        return ARCHIVE_FATAL;
    }
}

Result<void> ArchiveSource::begin(const std::function<void(archive*)>& setup) {
    setup(archive_.get());
    archive_read_set_callback_data(archive_.get(), this);
    archive_read_set_read_callback(archive_.get(), [](archive*, void* self, const void** buffer) {
        return static_cast<ArchiveSource*>(self)->read(buffer);
    });
    archive_read_set_seek_callback(archive_.get(), [](archive*, void* self, la_int64_t offset, int whence) {
        return static_cast<ArchiveSource*>(self)->seek(offset, whence);
    });
    return check(archive_read_open1(archive_.get()));
}

Result<void> ArchiveSource::check(la_ssize_t code) const {
    if (outside_) std::rethrow_exception(outside_);
    if (code >= ARCHIVE_WARN) return {};
    return invalid("the file {}: {}", uri_.name(), told_by(archive_.get()));
}

Result<std::size_t> ArchiveSource::read_data(std::string& piece) {
    const la_ssize_t got = archive_read_data(archive_.get(), piece.data(), piece.size());
    if (auto good = check(std::min<la_ssize_t>(got, 0)); !good) return tl::unexpected(good.error());
    if (got < 0) return invalid("the file {}: {}", uri_.name(), told_by(archive_.get()));
    return static_cast<std::size_t>(got);
}

ArchiveTarget::ArchiveTarget(storage::Uri uri, std::unique_ptr<storage::Writer> writer)
    : uri_(std::move(uri)), writer_(std::move(writer)), archive_(archive_write_new()) {}

Result<std::unique_ptr<ArchiveTarget>> ArchiveTarget::create(plugin::TaskContext& context, const std::string& name) {
    const auto address = context.file_address(name);
    if (!address) return tl::unexpected(address.error());
    auto writer = context.storage().create(*address);
    if (!writer) return tl::unexpected(writer.error());
    return std::unique_ptr<ArchiveTarget>(new ArchiveTarget(*address, std::move(*writer)));
}

Result<void> ArchiveTarget::begin(const std::function<int(archive*)>& setup) {
    if (auto good = check(setup(archive_.get())); !good) return good;
    archive_write_set_bytes_per_block(archive_.get(), static_cast<int>(rows::kPieceBytes));
    archive_write_set_bytes_in_last_block(archive_.get(), 1);
    const auto write = [](archive*, void* self, const void* bytes, std::size_t size) -> la_ssize_t {
        auto& target = *static_cast<ArchiveTarget*>(self);
        try {
            target.writer_->write({static_cast<const char*>(bytes), size});
            return static_cast<la_ssize_t>(size);
        } catch (...) {
            target.outside_ = std::current_exception();
            return -1;
        }
    };
    return check(archive_write_open(archive_.get(), this, nullptr, write, nullptr));
}

Result<void> ArchiveTarget::check(la_ssize_t code) const {
    if (outside_) std::rethrow_exception(outside_);
    if (code >= ARCHIVE_WARN) return {};
    return invalid("the file can't be compressed: {}", told_by(archive_.get()));
}

Result<std::string> ArchiveTarget::commit() {
    if (auto closed = check(archive_write_close(archive_.get())); !closed) return tl::unexpected(closed.error());
    if (auto done = writer_->commit(); !done) return tl::unexpected(done.error());
    return uri_.text();
}

Result<void> Expansion::grow(std::size_t bytes) {
    seen_ += bytes;
    if (seen_ <= most_) return {};
    return refuse(ErrorCode::TooLarge,
                  "the file holds more than {} bytes, which is {} times its size: it is refused, because that is "
                  "how files are made that fill a disk",
                  most_, kMostTimes);
}

Result<void> may_go_on(plugin::TaskContext& context) {
    if (context.stop_token().stop_requested()) return refuse(ErrorCode::Cancelled, "asked to stop");
    return {};
}

void add_read_filter(archive* to, Compression compression) {
    switch (compression) {
        case Compression::None:
        case Compression::Deflate:
            archive_read_support_filter_none(to);
            break;
        case Compression::Bzip2:
            archive_read_support_filter_bzip2(to);
            break;
        case Compression::Gzip:
            archive_read_support_filter_gzip(to);
            break;
        case Compression::Lz4:
            archive_read_support_filter_lz4(to);
            break;
        case Compression::Lzma:
            archive_read_support_filter_lzma(to);
            break;
        case Compression::Xz:
            archive_read_support_filter_xz(to);
            break;
        case Compression::Z:
            archive_read_support_filter_compress(to);
            break;
        case Compression::Zstd:
            archive_read_support_filter_zstd(to);
            break;
    }
}

int add_write_filter(archive* to, Compression compression) {
    switch (compression) {
        case Compression::None:
        case Compression::Deflate:
            break;
        case Compression::Bzip2:
            return archive_write_add_filter_bzip2(to);
        case Compression::Gzip:
            return archive_write_add_filter_gzip(to);
        case Compression::Lz4:
            return archive_write_add_filter_lz4(to);
        case Compression::Lzma:
            return archive_write_add_filter_lzma(to);
        case Compression::Xz:
            return archive_write_add_filter_xz(to);
        case Compression::Z:
            return archive_write_add_filter_compress(to);
        case Compression::Zstd:
            return archive_write_add_filter_zstd(to);
    }
    return archive_write_add_filter_none(to);
}

}  // namespace sluice::tasks
