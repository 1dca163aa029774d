#include "base/utf8.h"
#include "rows/piece.h"
#include "tasks/catalog.h"
#include "tasks/compress/stored_archive.h"

namespace sluice::tasks {
namespace compress_archive {

constexpr std::size_t kMostFiles = 100'000;

const std::vector<std::string> kFormats = {"ZIP", "JAR", "TAR", "CPIO", "AR"};

/// A path within the archive as one within the task's files. Errors  Invalid: it leads out
Result<std::string> inner_path(std::string path) {
    while (path.starts_with("./")) path.erase(0, 2);
    const bool leads_out = path.empty() || path.front() == '/' || path.find('\\') != std::string::npos ||
                           ("/" + path + "/").find("/../") != std::string::npos;
    if (leads_out) return invalid("the archive has a file '{}', whose name leads out of it: it is refused", path);
    return path;
}

struct Unpack {
    std::string from;
    std::string algorithm;
    std::string compression;
};

int read_format(archive* to, const std::string& algorithm) {
    if (algorithm == "ZIP" || algorithm == "JAR") return archive_read_support_format_zip(to);
    if (algorithm == "TAR") return archive_read_support_format_tar(to);
    if (algorithm == "CPIO") return archive_read_support_format_cpio(to);
    return archive_read_support_format_ar(to);
}

/// In UTF-8 where the archive says how it is written, else as it stands there
std::string name_of(archive_entry* entry) {
    const char* name = archive_entry_pathname_utf8(entry);
    if (name == nullptr) name = archive_entry_pathname(entry);
    return name != nullptr ? repaired_utf8(name) : "";
}

Result<std::string> unpack_one(ArchiveSource& source, const std::string& path, Expansion& expansion,
                               plugin::TaskContext& context) {
    const auto address = context.file_address(path);
    if (!address) return tl::unexpected(address.error());
    auto writer = context.storage().create(*address);
    if (!writer) return tl::unexpected(writer.error());
    std::string piece(rows::kPieceBytes, '\0');
    while (true) {
        if (auto may = may_go_on(context); !may) return tl::unexpected(may.error());
        const auto got = source.read_data(piece);
        if (!got) return tl::unexpected(got.error());
        if (*got == 0) break;
        if (auto may = expansion.grow(*got); !may) return tl::unexpected(may.error());
        (*writer)->write({piece.data(), *got});
    }
    if (auto done = (*writer)->commit(); !done) return tl::unexpected(done.error());
    return address->text();
}

Result<Value> decompress(const Unpack& want, plugin::TaskContext& context) {
    const Utf8Names names;
    const auto compression = compression_of(want.compression);
    if (!compression) return tl::unexpected(compression.error());
    auto source = ArchiveSource::open(context.storage(), want.from);
    if (!source) return tl::unexpected(source.error());
    auto begun = (*source)->begin([&](archive* one) {
        // A TAR is often compressed without saying so.
        if (want.compression.empty() && want.algorithm == "TAR")
            archive_read_support_filter_all(one);
        else
            add_read_filter(one, *compression);
        read_format(one, want.algorithm);
    });
    if (!begun) return invalid("the file is no {} archive: {}", want.algorithm, begun.error().message);
    Expansion expansion((*source)->size_bytes());
    Map files;
    while (true) {
        archive_entry* entry = nullptr;
        const int code = archive_read_next_header((*source)->get(), &entry);
        if (code == ARCHIVE_EOF) break;
        if (auto good = (*source)->check(code); !good) return tl::unexpected(good.error());
        const std::string told = name_of(entry);
        if (archive_entry_filetype(entry) == AE_IFDIR) continue;
        if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr) {
            context.log(LogLevel::Warn, fmt::format("'{}' is a link or a device and left out", told));
            continue;
        }
        const auto path = inner_path(told);
        if (!path) return tl::unexpected(path.error());
        if (files.size() >= kMostFiles)
            return refuse(ErrorCode::TooLarge, "the archive has more than {} files", kMostFiles);
        auto uri = unpack_one(**source, *path, expansion, context);
        if (!uri) return tl::unexpected(uri.error());
        files.set(*path, std::move(*uri));
    }
    context.metric("files", "counter", static_cast<double>(files.size()));
    return Value{{"files", Value(std::move(files))}};
}

struct Pack {
    Value from;
    std::string algorithm;
    std::string compression;
};

int write_format_of(archive* to, const std::string& algorithm) {
    if (algorithm == "ZIP" || algorithm == "JAR") return archive_write_set_format_zip(to);
    if (algorithm == "TAR") return archive_write_set_format_pax_restricted(to);
    if (algorithm == "CPIO") return archive_write_set_format_cpio_newc(to);
    return archive_write_set_format_ar_bsd(to);
}

int write_format(archive* to, const std::string& algorithm) {
    const int code = write_format_of(to, algorithm);
    // Else names are written in the locale's characters; a format that has no such option has no need of it.
    archive_write_set_format_option(to, nullptr, "hdrcharset", "UTF-8");
    return code;
}

Result<void> pack_one(ArchiveTarget& target, const std::string& path, const std::string& address,
                      plugin::TaskContext& context) {
    const auto uri = storage::Uri::parse(address);
    if (!uri) return tl::unexpected(uri.error());
    auto reader = context.storage().open(*uri);
    if (!reader) return tl::unexpected(reader.error());
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(), &archive_entry_free);
    archive_entry_set_pathname_utf8(entry.get(), path.c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>((*reader)->size_bytes()));
    if (auto good = target.check(archive_write_header(target.get(), entry.get())); !good) return good;
    std::string piece(rows::kPieceBytes, '\0');
    for (std::size_t got = rows::kPieceBytes; got == rows::kPieceBytes;) {
        if (auto may = may_go_on(context); !may) return may;
        got = (*reader)->read(piece);
        if (auto good = target.check(archive_write_data(target.get(), piece.data(), got)); !good) return good;
    }
    return {};
}

Result<Value> compress(const Pack& want, plugin::TaskContext& context) {
    const Utf8Names names;
    const auto compression = compression_of(want.compression);
    if (!compression) return tl::unexpected(compression.error());
    if (*compression == Compression::Deflate)
        return invalid("property 'compression': an archive can't be compressed as DEFLATE; use GZIP");
    std::map<std::string, std::string> files;
    if (auto read = plugin::convert(want.from, files); !read) {
        return invalid("property 'from': expected a map of paths in the archive and addresses of files");
    }
    if (files.empty()) return invalid("property 'from': there is no file in the map");
    auto target = ArchiveTarget::create(context, want.algorithm == "JAR"   ? "archive.jar"
                                                 : want.algorithm == "ZIP" ? "archive.zip"
                                                 : want.algorithm == "TAR" ? "archive.tar"
                                                                           : "archive");
    if (!target) return tl::unexpected(target.error());
    auto begun = (*target)->begin([&](archive* one) {
        const int code = write_format(one, want.algorithm);
        return code < ARCHIVE_WARN ? code : add_write_filter(one, *compression);
    });
    if (!begun) return tl::unexpected(begun.error());
    for (const auto& [told, address] : files) {
        const auto path = inner_path(told);
        if (!path) return tl::unexpected(path.error());
        if (auto packed = pack_one(**target, *path, address, context); !packed) return tl::unexpected(packed.error());
    }
    auto uri = (*target)->commit();
    if (!uri) return tl::unexpected(uri.error());
    return Value{{"uri", *uri}};
}

}  // namespace compress_archive

plugin::TaskType compress_archive_compress() {
    using namespace compress_archive;
    return plugin::task_type<Pack>("compress.ArchiveCompress", compress)
        .title("Puts files into an archive.")
        .description("The files stream, whatever their size.")
        .example("Two files as a zip", R"(id: make_zip
namespace: company.team
tasks:
  - id: orders
    type: io.kestra.plugin.core.http.Download
    uri: https://example.com/orders.csv
  - id: zip
    type: io.kestra.plugin.compress.ArchiveCompress
    algorithm: ZIP
    from:
      data/orders.csv: "{{ outputs.orders.uri }}"
)")
        .property("from", &Pack::from, "Addresses of files by their path in the archive", plugin::required)
        .shape(flow::Shape::MapOrText)
        .property("algorithm", &Pack::algorithm, "Kind of archive", plugin::required)
        .values(kFormats)
        .property("compression", &Pack::compression, "Compresses the archive as a whole, as in .tar.gz")
        .values(compression_words())
        .output("uri", "Address of the archive", flow::Shape::Text);
}

plugin::TaskType compress_archive_decompress() {
    using namespace compress_archive;
    return plugin::task_type<Unpack>("compress.ArchiveDecompress", decompress)
        .title("Takes the files out of an archive.")
        .description(
            "Links and devices are left out. An archive is refused when a path leads out of it, when it would grow to "
            "more than "
            "2,000 times its size, or when it has more than 100,000 files. Without `compression`, that of a TAR is "
            "found out.")
        .example("A zip from the web", R"(id: unpack_zip
namespace: company.team
tasks:
  - id: download
    type: io.kestra.plugin.core.http.Download
    uri: https://example.com/orders.zip
  - id: files
    type: io.kestra.plugin.compress.ArchiveDecompress
    from: "{{ outputs.download.uri }}"
    algorithm: ZIP
  - id: rows
    type: io.kestra.plugin.serdes.csv.CsvToIon
    from: "{{ outputs.files.files['orders.csv'] }}"
)")
        .property("from", &Unpack::from, "Address of the archive", plugin::required)
        .property("algorithm", &Unpack::algorithm, "Kind of archive", plugin::required)
        .values(kFormats)
        .property("compression", &Unpack::compression, "How the archive is compressed as a whole")
        .values(compression_words())
        .output("files", "Addresses by path in the archive", flow::Shape::Map);
}

}  // namespace sluice::tasks
