#include "http/io/output.h"

#include <cerrno>
#include <span>

namespace sluice::http {
namespace {

constexpr std::size_t kMaxJoined = 16 * 1024;  // small texts are joined up to this: fewer pieces, fewer calls
constexpr std::size_t kMaxPieces = 16;
constexpr std::uint64_t kMaxFileStep = 256 * 1024;

std::string_view bytes_of(const Body& body) {
    if (const auto* text = std::get_if<std::string>(&body)) return *text;
    if (const auto* shared = std::get_if<std::shared_ptr<const std::string>>(&body)) return **shared;
    if (const auto* fixed = std::get_if<StaticText>(&body)) return fixed->text;
    return {};
}

}  // namespace

void Output::add(Body body) {
    const std::uint64_t size = size_of(body);
    if (size == 0) return;
    pending_ += size;
    auto* text = std::get_if<std::string>(&body);
    auto* last = bodies_.size() > first_ ? std::get_if<std::string>(&bodies_.back()) : nullptr;
    if (text != nullptr && last != nullptr && last->size() + text->size() <= kMaxJoined) {
        *last += *text;
    } else {
        bodies_.push_back(std::move(body));
    }
}

Output::Wrote Output::write_to(Transport& transport, std::uint64_t budget, std::uint64_t& written) {
    const std::uint64_t stop_at = written + budget;
    while (pending_ > 0) {
        if (written >= stop_at) return Wrote::Budget;
        const auto* piece = std::get_if<FilePiece>(&bodies_[first_]);
        const std::int64_t sent = piece != nullptr ? write_file(transport, *piece) : write_memory(transport);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Wrote::Blocked;
        // A file that became shorter ends before its announced size: nothing can be sent in its place.
        if (sent <= 0) return Wrote::Failed;
        written += static_cast<std::uint64_t>(sent);
        drop(static_cast<std::uint64_t>(sent));
    }
    return Wrote::All;
}

std::int64_t Output::write_memory(Transport& transport) {
    iovec pieces[kMaxPieces];
    std::size_t count = 0;
    std::size_t at = first_;
    for (; at < bodies_.size() && count < kMaxPieces && !std::holds_alternative<FilePiece>(bodies_[at]); ++at) {
        std::string_view bytes = bytes_of(bodies_[at]);
        if (at == first_) bytes.remove_prefix(sent_of_first_);
        // What sends only reads from it; its interface is older than const.
        pieces[count++] = {const_cast<char*>(bytes.data()), bytes.size()};
    }
    return transport.send(std::span(pieces).first(count), at < bodies_.size());
}

std::int64_t Output::write_file(Transport& transport, const FilePiece& piece) {
    return transport.send_file(piece, piece.offset + sent_of_first_,
                               std::min(piece.size - sent_of_first_, kMaxFileStep));
}

void Output::drop(std::uint64_t bytes) {
    pending_ -= bytes;
    sent_of_first_ += bytes;
    while (first_ < bodies_.size() && sent_of_first_ >= size_of(bodies_[first_])) {
        sent_of_first_ -= size_of(bodies_[first_]);
        bodies_[first_] = std::string();
        ++first_;
    }
    if (first_ == bodies_.size()) {
        // Thousands of idle streams should not each keep the memory of their last burst.
        bodies_ = {};
        first_ = 0;
    } else if (first_ > 64) {
        bodies_.erase(bodies_.begin(), bodies_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
    }
}

}  // namespace sluice::http
