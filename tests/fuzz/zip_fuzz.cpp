#include <cstddef>
#include <cstdint>

#include "webserver/zip.h"

// Any bytes as an uploaded ZIP: files within the limits, or a refusal.

using namespace sluice;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const webserver::UnzipLimits limits{.entries = 20, .bytes = 1 << 20};
    const auto entries = webserver::unzip({reinterpret_cast<const char*>(data), size}, limits);
    if (!entries) {
        ensure(!entries.error().message.empty(), "refused without a reason");
        return 0;
    }
    std::size_t bytes = 0;
    for (const webserver::ZipEntry& entry : *entries) bytes += entry.second.size();
    ensure(entries->size() <= limits.entries && bytes <= limits.bytes, "{} files, {} bytes", entries->size(), bytes);
    return 0;
}
