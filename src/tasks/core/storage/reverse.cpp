#include "rows/item_reader.h"
#include "storage/storage.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace storage_reverse {

constexpr std::uint64_t kBlock = 1024 * 1024;

struct Properties {
    std::string from;
    std::string separator = "\n";
    std::string charset = "UTF-8";
};

/// Writes the lines that end in `text`, last one first, and returns what stands before the first of their separators.
std::string write_lines(std::string text, const std::string& separator, storage::Writer& to) {
    while (true) {
        const std::size_t at = text.rfind(separator);
        if (at == std::string::npos) return text;
        to.write(std::string_view(text).substr(at + separator.size()));
        to.write(separator);
        text.resize(at);
    }
}

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    if (want.separator.empty()) return invalid("property 'separator': must not be empty");
    const auto uri = storage::Uri::parse(want.from);
    if (!uri) return tl::unexpected(uri.error());
    const auto info = context.storage().info(*uri);
    if (!info) return tl::unexpected(info.error());
    const auto address = context.file_address("reversed" + rows::extension_of(want.from));
    if (!address) return tl::unexpected(address.error());
    auto writer = context.storage().create(*address);
    if (!writer) return tl::unexpected(writer.error());
    std::string rest;
    bool at_the_end = true;
    for (std::uint64_t end = info->size_bytes; end > 0;) {
        const std::uint64_t begin = end > kBlock ? end - kBlock : 0;
        auto reader = context.storage().open(*uri, {begin, end - begin});
        if (!reader) return tl::unexpected(reader.error());
        std::string block(end - begin, '\0');
        block.resize((*reader)->read(block));
        rest.insert(0, block);
        if (std::exchange(at_the_end, false) && rest.ends_with(want.separator)) {
            rest.resize(rest.size() - want.separator.size());
        }
        rest = write_lines(std::move(rest), want.separator, **writer);
        end = begin;
    }
    if (info->size_bytes > 0) {
        (*writer)->write(rest);
        (*writer)->write(want.separator);
    }
    if (auto done = (*writer)->commit(); !done) return tl::unexpected(done.error());
    return Value{{"uri", address->text()}};
}

}  // namespace storage_reverse

plugin::TaskType core_storage_reverse() {
    using namespace storage_reverse;
    return plugin::task_type<Properties>("core.storage.Reverse", run)
        .title("Turns the order of a file's lines around.")
        .alias("io.kestra.core.tasks.storages.Reverse")
        .property("from", &Properties::from, "Address of the file", plugin::required)
        .property("separator", &Properties::separator, "Between lines; default a line feed")
        .property("charset", &Properties::charset, "Has no effect: bytes are moved as they are")
        .output("uri", "Address of the new file", flow::Shape::Text);
}

}  // namespace sluice::tasks
