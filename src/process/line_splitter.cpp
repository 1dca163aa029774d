#include "process/line_splitter.h"

#include "base/utf8.h"

namespace sluice::process {

void LineSplitter::feed(std::string_view bytes, const Take& take) {
    while (!bytes.empty()) {
        if (std::exchange(after_return_, false) && bytes.front() == '\n') {
            bytes.remove_prefix(1);
            continue;
        }
        const std::size_t end = bytes.find_first_of("\n\r");
        if (end == std::string_view::npos) return add(bytes, take);
        add(bytes.substr(0, end), take);
        after_return_ = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        in_pieces_ = false;
        take(std::exchange(pending_, {}), false);
    }
}

void LineSplitter::add(std::string_view part, const Take& take) {
    while (pending_.size() + part.size() > longest_) {
        const std::size_t taken = longest_ - pending_.size() + 1;  // one more, to see whether a character is cut there
        pending_ += part.substr(0, taken);
        part.remove_prefix(taken);
        std::string rest = pending_.substr(utf8_prefix(pending_, longest_).size());
        pending_.resize(pending_.size() - rest.size());
        in_pieces_ = true;
        take(std::exchange(pending_, std::move(rest)), true);
    }
    pending_ += part;
}

void LineSplitter::finish(const Take& take) {
    if (pending_.empty() && !in_pieces_) return;
    in_pieces_ = false;
    take(std::exchange(pending_, {}), false);
}

}  // namespace sluice::process
