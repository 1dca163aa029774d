#include "http/gzip.h"

#include <algorithm>
#include <zlib.h>

#include "base/error.h"

namespace sluice::http {
namespace {

// Level 4 packs JSON about as well as 6 in half the time; 16 asks zlib for a gzip frame around it.
constexpr int kLevel = 4;
constexpr int kGzipWindow = 15 + 16;
constexpr std::size_t kPieceBytes = 64 * 1024;

}  // namespace

struct Gzip::Stream {
    Stream() {
        ensure(deflateInit2(&z, kLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK, "zlib does not start");
    }
    ~Stream() { deflateEnd(&z); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    z_stream z{};
};

Gzip::Gzip() : stream_(std::make_unique<Stream>()) {}
Gzip::~Gzip() = default;
Gzip::Gzip(Gzip&&) noexcept = default;
Gzip& Gzip::operator=(Gzip&&) noexcept = default;

std::string Gzip::add(std::string_view piece, bool flush) {
    return run(piece, flush ? Z_SYNC_FLUSH : Z_NO_FLUSH);
}

std::string Gzip::finish() {
    return run({}, Z_FINISH);
}

std::string Gzip::run(std::string_view piece, int flush) {
    std::string out;
    std::size_t used = 0;
    z_stream& z = stream_->z;
    // zlib counts in 32 bits: a large piece goes in slices, and only the last one flushes.
    do {
        const std::size_t slice = std::min<std::size_t>(piece.size(), 1U << 30);
        // zlib's interface is older than const.
        z.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(piece.data()));
        z.avail_in = static_cast<uInt>(slice);
        piece.remove_prefix(slice);
        const int mode = piece.empty() ? flush : Z_NO_FLUSH;
        do {
            out.resize(used + std::max<std::size_t>(kPieceBytes / 16, z.avail_in / 4));
            z.next_out = reinterpret_cast<Bytef*>(out.data() + used);
            z.avail_out = static_cast<uInt>(out.size() - used);
            const int answer = deflate(&z, mode);
            ensure(answer != Z_STREAM_ERROR, "zlib refuses to pack");
            used = out.size() - z.avail_out;
        } while (z.avail_out == 0);
    } while (!piece.empty());
    out.resize(used);
    return out;
}

std::string gzip(std::string_view text) {
    Gzip packer;
    std::string out = packer.add(text);
    out += packer.finish();
    return out;
}

}  // namespace sluice::http
