#include "tasks/core/http/event_stream.h"

namespace sluice::tasks {

/// A line ends with \n, \r or \r\n; an event with an empty line.
Result<void> EventStream::feed(std::string_view bytes, const Take& take) {
    for (const char c : bytes) {
        const bool second_of_pair = std::exchange(after_return_, c == '\r') && c == '\n';
        if (second_of_pair) continue;
        if (c != '\n' && c != '\r') {
            pending_ += c;
            if (pending_.size() + event_.data.size() > longest_) {
                return refuse(ErrorCode::TooLarge, "an event has more than {} bytes (options.maxContentLength)",
                              longest_);
            }
            continue;
        }
        std::string_view text = pending_;
        constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
        if (!std::exchange(begun_, true) && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
        auto taken = line(text, take);
        pending_.clear();
        if (!taken) return taken;
    }
    return {};
}

Result<void> EventStream::line(std::string_view text, const Take& take) {
    if (text.empty()) {
        StreamEvent done = std::exchange(event_, {});
        if (!std::exchange(has_data_, false)) return {};
        done.data.pop_back();  // the line end after the last line
        done.id = id_;
        return take(std::move(done));
    }
    const auto colon = text.find(':');
    if (colon == 0) return {};  // a comment, which keeps the connection alive
    const std::string_view field = text.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "data") {
        (event_.data += value) += '\n';
        has_data_ = true;
    } else if (field == "event" && !value.empty()) {
        event_.name = value;
    } else if (field == "id" && value.find('\0') == std::string_view::npos) {
        id_ = value;
    }
    return {};
}

}  // namespace sluice::tasks
