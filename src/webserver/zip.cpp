#include "webserver/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <memory>

namespace sluice::webserver {
namespace {

// A small upload must not cost much memory: zeros are packed to a thousandth, what people write to a tenth.
constexpr std::size_t kMostTimes = 100;
constexpr std::size_t kAlwaysTaken = 16UL * 1024 * 1024;

std::string told_by(archive* one) {
    const char* text = archive_error_string(one);
    return text != nullptr ? text : "it is damaged";
}

la_ssize_t append(archive*, void* to, const void* bytes, std::size_t size) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
    return static_cast<la_ssize_t>(size);
}

void expect(int code, archive* handle) {
    ensure(code == ARCHIVE_OK, "writing a ZIP failed: {}", told_by(handle));
}

/// The bytes of the entry that was just opened.
Result<std::string> content_of(archive* handle, std::size_t room) {
    std::string out;
    char piece[64 * 1024];
    for (;;) {
        const la_ssize_t size = archive_read_data(handle, piece, sizeof piece);
        if (size == 0) return out;
        if (size < 0) return invalid("Illegal argument: the ZIP is broken: {}", told_by(handle));
        if (out.size() + static_cast<std::size_t>(size) > room) {
            return refuse(ErrorCode::TooLarge, "the ZIP holds too much when it is unpacked");
        }
        out.append(piece, static_cast<std::size_t>(size));
    }
}

}  // namespace

std::string zip_of(const std::vector<ZipEntry>& entries) {
    std::string out;
    const std::unique_ptr<archive, int (*)(archive*)> writer(archive_write_new(), archive_write_free);
    expect(archive_write_set_format_zip(writer.get()), writer.get());
    expect(archive_write_open(writer.get(), &out, nullptr, append, nullptr), writer.get());
    for (const auto& [name, content] : entries) {
        const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
        archive_entry_set_pathname_utf8(entry.get(), name.c_str());
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0644);
        expect(archive_write_header(writer.get(), entry.get()), writer.get());
        const la_ssize_t written = archive_write_data(writer.get(), content.data(), content.size());
        ensure(written == static_cast<la_ssize_t>(content.size()), "writing a ZIP failed: {}", told_by(writer.get()));
    }
    expect(archive_write_close(writer.get()), writer.get());
    return out;
}

Result<std::vector<ZipEntry>> unzip(std::string_view bytes, const UnzipLimits& limits) {
    const std::unique_ptr<archive, int (*)(archive*)> reader(archive_read_new(), archive_read_free);
    archive_read_support_format_zip(reader.get());
    if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
        return invalid("Illegal argument: this is no ZIP: {}", told_by(reader.get()));
    }
    std::vector<ZipEntry> out;
    std::size_t room = std::min(limits.bytes, std::max(kAlwaysTaken, bytes.size() * kMostTimes));
    archive_entry* entry = nullptr;
    for (;;) {
        const int code = archive_read_next_header(reader.get(), &entry);
        if (code == ARCHIVE_EOF) return out;
        if (code != ARCHIVE_OK && code != ARCHIVE_WARN) {
            return invalid("Illegal argument: the ZIP is broken: {}", told_by(reader.get()));
        }
        if (archive_entry_filetype(entry) != AE_IFREG) continue;
        if (out.size() >= limits.entries)
            return refuse(ErrorCode::TooLarge, "the ZIP holds more than {} files", limits.entries);
        auto content = content_of(reader.get(), room);
        if (!content) return tl::unexpected(content.error());
        room -= content->size();
        const char* name = archive_entry_pathname(entry);
        out.emplace_back(name != nullptr ? name : "", std::move(*content));
    }
}

}  // namespace sluice::webserver
