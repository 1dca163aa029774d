#include "tasks/docker/output_frames.h"

#include "base/utf8.h"

namespace sluice::tasks {
namespace output_frames {
constexpr std::size_t kHead = 8;
constexpr unsigned char kErrorStream = 2;
}  // namespace output_frames

OutputFrames::OutputFrames(std::function<void(process::Line&&)> on_line, std::size_t longest_line)
    : on_line_(std::move(on_line)), output_(longest_line), error_(longest_line) {}

Result<void> OutputFrames::feed(std::string_view bytes) {
    using namespace output_frames;
    while (!bytes.empty()) {
        if (left_ > 0) {
            const std::string_view part = bytes.substr(0, left_);
            body(part);
            left_ -= part.size();
            bytes.remove_prefix(part.size());
            continue;
        }
        const std::string_view part = bytes.substr(0, kHead - head_.size());
        head_ += part;
        bytes.remove_prefix(part.size());
        if (head_.size() < kHead) return {};
        const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(head_[at]); };
        if (byte(0) > kErrorStream || byte(1) != 0 || byte(2) != 0 || byte(3) != 0) {
            return refuse(ErrorCode::Unavailable, "the container engine sends output in a form that is not known here");
        }
        stream_ = byte(0) == kErrorStream ? process::Stream::Error : process::Stream::Output;
        left_ = std::size_t{byte(4)} << 24 | std::size_t{byte(5)} << 16 | std::size_t{byte(6)} << 8 | byte(7);
        head_.clear();
    }
    return {};
}

void OutputFrames::body(std::string_view bytes) {
    (stream_ == process::Stream::Error ? error_ : output_).feed(bytes, taker(stream_));
}

void OutputFrames::finish() {
    output_.finish(taker(process::Stream::Output));
    error_.finish(taker(process::Stream::Error));
}

process::LineSplitter::Take OutputFrames::taker(process::Stream stream) const {
    return [this, stream](std::string&& text, bool continues) {
        on_line_({.stream = stream, .text = repaired_utf8(std::move(text)), .continues = continues});
    };
}

}  // namespace sluice::tasks
