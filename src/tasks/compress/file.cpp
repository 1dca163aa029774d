#include "plugin/task_files.h"
#include "rows/piece.h"
#include "tasks/catalog.h"
#include "tasks/compress/stored_archive.h"
#include "tasks/compress/zlib_stream.h"

namespace sluice::tasks {
namespace compress_file {

struct Properties {
    std::string from;
    std::string compression;
};

/// The last segment of an address, with or without a suffix
std::string name_of(const std::string& address, const std::string& suffix, bool add) {
    const auto uri = storage::Uri::parse(address);
    std::string name = uri && !uri->name().empty() ? uri->name() : "file";
    if (add) return name + suffix;
    if (name.ends_with(suffix) && name.size() > suffix.size()) name.resize(name.size() - suffix.size());
    return name;
}

std::string suffix_of(Compression compression) {
    switch (compression) {
        case Compression::Bzip2:
            return ".bz2";
        case Compression::Deflate:
            return ".zz";
        case Compression::Gzip:
            return ".gz";
        case Compression::Lz4:
            return ".lz4";
        case Compression::Lzma:
            return ".lzma";
        case Compression::Xz:
            return ".xz";
        case Compression::Z:
            return ".Z";
        case Compression::Zstd:
            return ".zst";
        case Compression::None:
            break;
    }
    return "";
}

Result<Value> deflated(const Properties& want, bool pack, plugin::TaskContext& context) {
    const auto from = storage::Uri::parse(want.from);
    if (!from) return tl::unexpected(from.error());
    auto reader = context.storage().open(*from);
    if (!reader) return tl::unexpected(reader.error());
    const auto address = context.file_address(name_of(want.from, ".zz", pack));
    if (!address) return tl::unexpected(address.error());
    auto writer = context.storage().create(*address);
    if (!writer) return tl::unexpected(writer.error());
    Expansion expansion((*reader)->size_bytes());
    const OnBytes take = [&](std::string_view bytes) -> Result<void> {
        if (auto may = may_go_on(context); !may) return may;
        if (auto may = pack ? Result<void>() : expansion.grow(bytes.size()); !may) return may;
        (*writer)->write(bytes);
        return {};
    };
    if (auto done = pack ? deflate_stream(**reader, take) : inflate_stream(**reader, take); !done)
        return tl::unexpected(done.error());
    if (auto done = (*writer)->commit(); !done) return tl::unexpected(done.error());
    return Value{{"uri", address->text()}};
}

Result<void> pack_pieces(storage::Reader& from, ArchiveTarget& to, plugin::TaskContext& context) {
    std::string piece(rows::kPieceBytes, '\0');
    for (std::size_t got = rows::kPieceBytes; got == rows::kPieceBytes;) {
        if (auto may = may_go_on(context); !may) return may;
        got = from.read(piece);
        if (auto good = to.check(archive_write_data(to.get(), piece.data(), got)); !good) return good;
    }
    return {};
}

/// libarchive crashes when it closes an LZ4 frame into which nothing was written.
Result<Value> empty_lz4_frame(const Properties& want, plugin::TaskContext& context) {
    constexpr std::string_view kFrame("\x04\x22\x4d\x18\x60\x40\x82\0\0\0\0", 11);  // its header, and no block
    auto uri = plugin::store_text(context, kFrame, name_of(want.from, suffix_of(Compression::Lz4), true));
    if (!uri) return tl::unexpected(uri.error());
    return Value{{"uri", std::move(*uri)}};
}

Result<Value> compress(const Properties& want, plugin::TaskContext& context) {
    const auto compression = compression_of(want.compression);
    if (!compression) return tl::unexpected(compression.error());
    if (*compression == Compression::Deflate) return deflated(want, true, context);
    const auto from = storage::Uri::parse(want.from);
    if (!from) return tl::unexpected(from.error());
    auto reader = context.storage().open(*from);
    if (!reader) return tl::unexpected(reader.error());
    // libarchive 3.6 would crash
    if (*compression == Compression::Z && (*reader)->size_bytes() == 0)
        return invalid("the format Z has no empty file");
    if (*compression == Compression::Lz4 && (*reader)->size_bytes() == 0) return empty_lz4_frame(want, context);
    auto target = ArchiveTarget::create(context, name_of(want.from, suffix_of(*compression), true));
    if (!target) return tl::unexpected(target.error());
    auto begun = (*target)->begin([&](archive* one) {
        archive_write_set_format_raw(one);
        return add_write_filter(one, *compression);
    });
    if (!begun) return tl::unexpected(begun.error());
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(), &archive_entry_free);
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    if (auto good = (*target)->check(archive_write_header((*target)->get(), entry.get())); !good)
        return tl::unexpected(good.error());
    if (auto packed = pack_pieces(**reader, **target, context); !packed) return tl::unexpected(packed.error());
    auto uri = (*target)->commit();
    if (!uri) return tl::unexpected(uri.error());
    return Value{{"uri", *uri}};
}

Result<Value> decompress(const Properties& want, plugin::TaskContext& context) {
    const auto compression = compression_of(want.compression);
    if (!compression) return tl::unexpected(compression.error());
    if (*compression == Compression::Deflate) return deflated(want, false, context);
    auto source = ArchiveSource::open(context.storage(), want.from);
    if (!source) return tl::unexpected(source.error());
    archive_entry* entry = nullptr;
    auto begun = (*source)->begin([&](archive* one) {
        add_read_filter(one, *compression);
        archive_read_support_format_raw(one);
        archive_read_support_format_empty(one);
    });
    if (!begun) return tl::unexpected(begun.error());
    const int first = archive_read_next_header((*source)->get(), &entry);
    if (auto good = (*source)->check(first); !good) return tl::unexpected(good.error());
    if (archive_filter_count((*source)->get()) < 2)
        return invalid("the file is not compressed as {}", want.compression);
    const auto address = context.file_address(name_of(want.from, suffix_of(*compression), false));
    if (!address) return tl::unexpected(address.error());
    auto writer = context.storage().create(*address);
    if (!writer) return tl::unexpected(writer.error());
    Expansion expansion((*source)->size_bytes());
    std::string piece(rows::kPieceBytes, '\0');
    while (first != ARCHIVE_EOF) {
        if (auto may = may_go_on(context); !may) return tl::unexpected(may.error());
        const auto got = (*source)->read_data(piece);
        if (!got) return tl::unexpected(got.error());
        if (*got == 0) break;
        if (auto may = expansion.grow(*got); !may) return tl::unexpected(may.error());
        (*writer)->write({piece.data(), *got});
    }
    if (auto done = (*writer)->commit(); !done) return tl::unexpected(done.error());
    return Value{{"uri", address->text()}};
}

}  // namespace compress_file

plugin::TaskType compress_file_compress() {
    using namespace compress_file;
    return plugin::task_type<Properties>("compress.FileCompress", compress)
        .title("Compresses a file.")
        .description("The file streams, whatever its size.")
        .example("Keep a report small", R"(id: compress_report
namespace: company.team
tasks:
  - id: report
    type: io.kestra.plugin.core.http.Download
    uri: https://example.com/report.csv
  - id: small
    type: io.kestra.plugin.compress.FileCompress
    from: "{{ outputs.report.uri }}"
    compression: ZSTD
)")
        .property("from", &Properties::from, "Address of the file", plugin::required)
        .property("compression", &Properties::compression, "How", plugin::required)
        .values(compression_words())
        .output("uri", "Address of the compressed file", flow::Shape::Text);
}

plugin::TaskType compress_file_decompress() {
    using namespace compress_file;
    return plugin::task_type<Properties>("compress.FileDecompress", decompress)
        .title("Decompresses a file.")
        .description(
            "The file streams, whatever its size. One that would grow to more than 2,000 times its size is refused.")
        .example("A file that comes compressed", R"(id: decompress_orders
namespace: company.team
tasks:
  - id: download
    type: io.kestra.plugin.core.http.Download
    uri: https://example.com/orders.csv.gz
  - id: orders
    type: io.kestra.plugin.compress.FileDecompress
    from: "{{ outputs.download.uri }}"
    compression: GZIP
)")
        .property("from", &Properties::from, "Address of the file", plugin::required)
        .property("compression", &Properties::compression, "How it is compressed", plugin::required)
        .values(compression_words())
        .output("uri", "Address of the decompressed file", flow::Shape::Text);
}

}  // namespace sluice::tasks
