#include "rows/text_source.h"

#include <cerrno>
#include <iconv.h>

#include "base/utf8.h"
#include "rows/piece.h"

namespace sluice::rows {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_utf8(std::string_view name) {
    std::string plain;
    for (const char c : name) {
        if (c != '-' && c != '_') plain += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return plain == "UTF8";
}

}  // namespace

Result<Charset> Charset::named(const std::string& name, Direction direction) {
    if (is_utf8(name)) return Charset(name, nullptr);
    const bool to = direction == Direction::ToUtf8;
    iconv_t handle = iconv_open(to ? "UTF-8" : name.c_str(), to ? name.c_str() : "UTF-8");
    // iconv_open's way to say no is the address -1
    if (handle == reinterpret_cast<iconv_t>(-1)) return invalid("property 'charset': '{}' is no known charset", name);
    return Charset(name, handle);
}

Charset::Charset(Charset&& other) noexcept
    : name_(std::move(other.name_)), handle_(std::exchange(other.handle_, nullptr)), left_(std::move(other.left_)) {}

Charset& Charset::operator=(Charset&& other) noexcept {
    std::swap(name_, other.name_);
    std::swap(handle_, other.handle_);
    std::swap(left_, other.left_);
    return *this;
}

Charset::~Charset() {
    if (handle_ != nullptr) iconv_close(handle_);
}

Result<std::string> Charset::convert(std::string_view bytes) {
    std::string in = std::move(left_);
    in += bytes;
    left_.clear();
    if (handle_ == nullptr) {
        std::size_t at = 0;
        while (at < in.size()) {
            const std::size_t length = utf8_length(in, at);
            if (length == 0) break;
            at += length;
        }
        if (in.size() - at > 3) return invalid("the file is no UTF-8 text; name its charset in 'charset'");
        left_ = in.substr(at);
        in.resize(at);
        return in;
    }
    std::string out(in.size() * 4 + 16, '\0');
    char* from = in.data();
    char* to = out.data();
    std::size_t from_left = in.size();
    std::size_t to_left = out.size();
    const bool failed = iconv(handle_, &from, &from_left, &to, &to_left) == static_cast<std::size_t>(-1);
    if (failed && errno != EINVAL) return invalid("the text can't be converted: a character that {} has not", name_);
    left_.assign(from, from_left);
    out.resize(out.size() - to_left);
    return out;
}

Result<void> Charset::finish() const {
    if (left_.empty()) return {};
    return invalid("the text ends within a character of {}", name_);
}

Result<TextSource> TextSource::open(const storage::Storage& storage, const std::string& address,
                                    const std::string& charset) {
    const auto uri = storage::Uri::parse(address);
    if (!uri) return tl::unexpected(uri.error());
    auto convert = Charset::named(charset, Charset::Direction::ToUtf8);
    if (!convert) return tl::unexpected(convert.error());
    auto reader = storage.open(*uri);
    if (!reader) return tl::unexpected(reader.error());
    return TextSource(std::move(*reader), std::move(*convert));
}

Result<std::string> TextSource::next() {
    while (!over_) {
        std::string piece(kPieceBytes, '\0');
        piece.resize(reader_->read(piece));
        over_ = piece.size() < kPieceBytes;
        auto text = charset_.convert(piece);
        if (!text) return text;
        if (over_) {
            if (auto whole = charset_.finish(); !whole) return tl::unexpected(whole.error());
        }
        if (at_start_ && text->starts_with(kByteOrderMark)) text->erase(0, kByteOrderMark.size());
        at_start_ = false;
        if (!text->empty()) return text;
    }
    return std::string();
}

Result<bool> TextSource::refill(std::string& buffer, std::size_t& at) {
    const auto piece = next();
    if (!piece) return tl::unexpected(piece.error());
    if (piece->empty()) return false;
    buffer.erase(0, at);
    at = 0;
    buffer += *piece;
    return true;
}

Result<TextSink> TextSink::create(storage::Storage& storage, const storage::Uri& address, const std::string& charset) {
    auto convert = Charset::named(charset, Charset::Direction::FromUtf8);
    if (!convert) return tl::unexpected(convert.error());
    auto writer = storage.create(address);
    if (!writer) return tl::unexpected(writer.error());
    return TextSink(std::move(*writer), std::move(*convert));
}

Result<void> TextSink::write(std::string_view text) {
    pending_ += text;
    return pending_.size() < kPieceBytes ? Result<void>() : flush();
}

Result<void> TextSink::flush() {
    const auto bytes = charset_.convert(pending_);
    if (!bytes) return tl::unexpected(bytes.error());
    pending_.clear();
    writer_->write(*bytes);
    return {};
}

Result<void> TextSink::commit() {
    if (auto flushed = flush(); !flushed) return flushed;
    if (auto whole = charset_.finish(); !whole) return whole;
    return writer_->commit();
}

}  // namespace sluice::rows
