#include "rows/item_reader.h"

#include "rows/piece.h"

namespace sluice::rows {
bool ItemReader::fill() {
    if (over_) return false;
    pending_.erase(0, at_);
    at_ = 0;
    const std::size_t before = pending_.size();
    pending_.resize(before + kPieceBytes);
    const std::size_t got = reader_->read({pending_.data() + before, kPieceBytes});
    pending_.resize(before + got);
    over_ = got < kPieceBytes;
    return got > 0;
}

std::optional<std::string> ItemReader::next() {
    std::size_t searched = at_;
    while (true) {
        const std::size_t end = pending_.find(separator_, searched);
        if (end != std::string::npos) {
            std::string item = pending_.substr(at_, end - at_);
            at_ = end + separator_.size();
            return item;
        }
        // The separator may lie across two pieces.
        const std::size_t left = pending_.size() - at_;
        const std::size_t seen = left - std::min(left, separator_.size() - 1);
        if (!fill()) break;
        searched = at_ + seen;
    }
    if (at_ >= pending_.size()) return {};
    std::string item = pending_.substr(at_);
    at_ = pending_.size();
    return item;
}

Result<ItemReader> open_items(const storage::Storage& storage, const std::string& address,
                              const std::string& separator) {
    if (separator.empty()) return invalid("property 'separator': must not be empty");
    const auto uri = storage::Uri::parse(address);
    if (!uri) return tl::unexpected(uri.error());
    auto reader = storage.open(*uri);
    if (!reader) return tl::unexpected(reader.error());
    return ItemReader(std::move(*reader), separator);
}

std::string extension_of(const std::string& address) {
    const std::size_t dot = address.rfind('.');
    const std::size_t slash = address.rfind('/');
    return dot == std::string::npos || (slash != std::string::npos && dot < slash) ? "" : address.substr(dot);
}

}  // namespace sluice::rows
