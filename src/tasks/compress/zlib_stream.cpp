#include "tasks/compress/zlib_stream.h"

#include <zlib.h>

#include "rows/piece.h"

namespace sluice::tasks {
namespace {

struct Stream {
    z_stream zlib{};
    int (*end)(z_stream*);
    explicit Stream(int (*end_with)(z_stream*)) : end(end_with) {}
    ~Stream() { end(&zlib); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
};

void give(z_stream& zlib, std::string& piece) {
    zlib.next_in = reinterpret_cast<Bytef*>(piece.data());  // zlib's bytes are unsigned
    zlib.avail_in = static_cast<uInt>(piece.size());
}
void take(z_stream& zlib, std::string& out) {
    zlib.next_out = reinterpret_cast<Bytef*>(out.data());
    zlib.avail_out = static_cast<uInt>(out.size());
}

/// Whether the bytes begin as RFC 1950 wants it.
bool has_header(const std::string& bytes) {
    if (bytes.size() < 2) return false;
    const auto first = static_cast<unsigned char>(bytes[0]);
    const auto second = static_cast<unsigned char>(bytes[1]);
    return (first & 0x0F) == 8 && (first * 256 + second) % 31 == 0;
}

}  // namespace

Result<void> deflate_stream(storage::Reader& from, const OnBytes& to) {
    Stream stream(&deflateEnd);
    ensure(deflateInit(&stream.zlib, Z_DEFAULT_COMPRESSION) == Z_OK, "zlib can't begin");
    std::string in(rows::kPieceBytes, '\0');
    std::string out(rows::kPieceBytes, '\0');
    for (bool over = false; !over;) {
        in.resize(rows::kPieceBytes);
        in.resize(from.read(in));
        over = in.size() < rows::kPieceBytes;
        give(stream.zlib, in);
        do {
            take(stream.zlib, out);
            deflate(&stream.zlib, over ? Z_FINISH : Z_NO_FLUSH);
            if (auto taken = to({out.data(), out.size() - stream.zlib.avail_out}); !taken) return taken;
        } while (stream.zlib.avail_out == 0);
    }
    return {};
}

Result<void> inflate_stream(storage::Reader& from, const OnBytes& to) {
    std::string in(rows::kPieceBytes, '\0');
    std::string out(rows::kPieceBytes, '\0');
    in.resize(from.read(in));
    Stream stream(&inflateEnd);
    ensure(inflateInit2(&stream.zlib, has_header(in) ? MAX_WBITS : -MAX_WBITS) == Z_OK, "zlib can't begin");
    for (int code = Z_OK; code != Z_STREAM_END;) {
        if (in.empty()) return invalid("the file is not whole: its end is missing");
        give(stream.zlib, in);
        do {
            take(stream.zlib, out);
            code = inflate(&stream.zlib, Z_NO_FLUSH);
            if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
                return invalid("the file is not in the format DEFLATE: {}",
                               stream.zlib.msg != nullptr ? stream.zlib.msg : "it is broken");
            }
            if (auto taken = to({out.data(), out.size() - stream.zlib.avail_out}); !taken) return taken;
        } while (stream.zlib.avail_out == 0 && code != Z_STREAM_END);
        in.resize(rows::kPieceBytes);
        in.resize(from.read(in));
    }
    return {};
}

}  // namespace sluice::tasks
