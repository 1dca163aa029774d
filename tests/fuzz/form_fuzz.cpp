#include <cstddef>
#include <cstdint>

#include "http/form.h"
#include "http/uri.h"

// The first line is a Content-Type, the rest a form: its parts do not depend on the pieces in which it comes.

namespace {

using namespace sluice;
using namespace sluice::http;

constexpr std::size_t kSameInPieces = 4 * 1024;
const MultipartLimits kLimits{
    .max_parts = 50, .max_header_bytes = 8 * 1024, .max_text_part = 8 * 1024, .max_text_total = 16 * 1024};

Result<std::vector<Part>> read(std::string_view boundary, std::string_view form, std::size_t piece) {
    FormReader reader(boundary, kLimits, [](const PartHead&) { return std::unique_ptr<BodySink>(); });
    for (std::size_t at = 0; at < form.size(); at += piece) {
        if (auto written = reader.write(form.substr(at, piece)); !written) return tl::unexpected(written.error());
    }
    return reader.finish();
}

void check_same(const Result<std::vector<Part>>& whole, const Result<std::vector<Part>>& pieces) {
    ensure(whole || !pieces, "refused as a whole only: {}", whole ? "" : whole.error().message);
    ensure(pieces || !whole, "refused in pieces only: {}", pieces ? "" : pieces.error().message);
    if (!whole) return;
    ensure(whole->size() == pieces->size(), "{} parts, in pieces {}", whole->size(), pieces->size());
    for (std::size_t i = 0; i < whole->size(); ++i) {
        const Part& a = (*whole)[i];
        const Part& b = (*pieces)[i];
        ensure(a.head.name == b.head.name && a.head.filename == b.head.filename && a.text == b.text && a.size == b.size,
               "part {} is another one in pieces", i);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto end = std::min(text.find('\n'), size);
    const auto boundary = boundary_of(text.substr(0, end));
    if (!boundary) return 0;
    const std::string_view form = text.substr(std::min(end + 1, size));
    const auto whole = read(*boundary, form, std::max<std::size_t>(form.size(), 1));
    if (whole) {
        for (const Part& part : *whole) {
            ensure(part.text.size() == part.size && part.size <= kLimits.max_text_part, "a part of {} bytes",
                   part.size);
            ensure(is_utf8(part.head.name) && is_utf8(part.head.filename), "a name that is no text");
        }
    } else {
        ensure(!whole.error().message.empty(), "refused without a reason");
    }
    if (size > kSameInPieces) return 0;
    check_same(whole, read(*boundary, form, 1));
    check_same(whole, read(*boundary, form, 5));
    return 0;
}
