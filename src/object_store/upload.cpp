#include "object_store/upload.h"

namespace sluice::object_store {
namespace {

// A server takes 10,000 parts. Those after the first 1,000 are eight times as large: 584 GB with the usual size.
constexpr std::size_t kSmallParts = 1000;
constexpr std::size_t kGrowth = 8;
constexpr std::size_t kMostParts = 10'000;

}  // namespace

Upload::Upload(Client client, Place place, net::Headers headers, std::size_t part_bytes)
    : client_(std::move(client)),
      place_(std::move(place)),
      headers_(std::move(headers)),
      first_part_bytes_(part_bytes) {}

Upload::~Upload() {
    if (!upload_.empty()) client_.abort_upload(place_, upload_);
}

std::size_t Upload::part_bytes() const {
    return etags_.size() < kSmallParts ? first_part_bytes_ : first_part_bytes_ * kGrowth;
}

Result<void> Upload::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t taken = std::min(bytes.size(), part_bytes() - buffer_.size());
        buffer_ += bytes.substr(0, taken);
        bytes.remove_prefix(taken);
        if (buffer_.size() < part_bytes()) continue;
        if (auto sent = send_part(); !sent) return sent;
    }
    return {};
}

Result<void> Upload::send_part() {
    if (etags_.size() >= kMostParts)
        return refuse(ErrorCode::TooLarge, "'{}' is larger than an object may be", place_.key);
    if (upload_.empty()) {
        auto begun = client_.begin_upload(place_, headers_);
        if (!begun) return tl::unexpected(begun.error());
        upload_ = std::move(*begun);
    }
    auto etag = client_.put_part(place_, upload_, static_cast<int>(etags_.size()) + 1, buffer_);
    if (!etag) return tl::unexpected(etag.error());
    etags_.push_back(std::move(*etag));
    buffer_.clear();
    return {};
}

Result<Written> Upload::finish() {
    if (upload_.empty()) return client_.put(place_, std::move(buffer_), headers_);
    if (!buffer_.empty()) {
        if (auto sent = send_part(); !sent) return tl::unexpected(sent.error());
    }
    auto written = client_.complete_upload(place_, upload_, etags_);
    if (written) upload_.clear();
    return written;
}

}  // namespace sluice::object_store
