#include "plugin/task_files.h"

#include <fstream>

#include "storage/storage.h"

namespace sluice::plugin {
namespace {

constexpr std::size_t kPiece = 256 * 1024;

}  // namespace

bool is_storage_address(std::string_view text) {
    return text.starts_with("kestra://");
}

Result<void> put_file(const std::filesystem::path& file, const storage::Uri& address, storage::Storage& storage) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return not_found("the file {} can't be read", file.string());
    auto writer = storage.create(address);
    if (!writer) return tl::unexpected(writer.error());
    std::string piece(kPiece, '\0');
    while (in) {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        if (in.gcount() > 0) (*writer)->write({piece.data(), static_cast<std::size_t>(in.gcount())});
    }
    if (!in.eof()) throw OutsideError(fmt::format("the file {} can't be read to its end", file.string()));
    return (*writer)->commit();
}

Result<std::string> store_file(TaskContext& context, const std::filesystem::path& file, std::string_view name) {
    const auto address = context.file_address(name);
    if (!address) return tl::unexpected(address.error());
    if (auto put = put_file(file, *address, context.storage()); !put) return tl::unexpected(put.error());
    return address->text();
}

Result<std::string> store_text(TaskContext& context, std::string_view text, std::string_view name) {
    const auto address = context.file_address(name);
    if (!address) return tl::unexpected(address.error());
    if (auto put = context.storage().put(*address, text); !put) return tl::unexpected(put.error());
    return address->text();
}

Result<void> fetch_file(TaskContext& context, std::string_view address, const std::filesystem::path& to) {
    const auto uri = storage::Uri::parse(address);
    if (!uri) return tl::unexpected(uri.error());
    auto reader = context.storage().open(*uri);
    if (!reader) return tl::unexpected(reader.error());
    std::filesystem::create_directories(to.parent_path());
    std::ofstream out(to, std::ios::binary | std::ios::trunc);
    std::string piece(kPiece, '\0');
    for (std::size_t got = piece.size(); out && got == piece.size();) {
        got = (*reader)->read(piece);
        out.write(piece.data(), static_cast<std::streamsize>(got));
    }
    out.close();
    if (!out) throw OutsideError(fmt::format("the file {} can't be written", to.string()));
    return {};
}

}  // namespace sluice::plugin
