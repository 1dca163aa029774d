#include "http/multipart.h"

#include "http/uri.h"

namespace sluice::http {
namespace {

constexpr std::size_t kMaxBoundary = 200;  // RFC 2046 says 70, some libraries send more
constexpr std::size_t kMaxPadding = 64;

tl::unexpected<Error> malformed(std::string_view what) {
    return refuse(ErrorCode::BadRequest, "malformed multipart/form-data: {}", what);
}

Result<Headers> parse_lines(std::string_view lines) {
    Headers headers;
    while (!lines.empty()) {
        const auto end = lines.find("\r\n");
        const std::string_view line = lines.substr(0, end);
        lines = end == std::string_view::npos ? std::string_view{} : lines.substr(end + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0) return malformed("a header line of a part has no name");
        const std::string_view name = line.substr(0, colon);
        if (name.find_first_of(" \t") != std::string_view::npos) return malformed("a blank in a part's header name");
        headers.add(std::string(name), std::string(trimmed(line.substr(colon + 1))));
    }
    return headers;
}

/// filename*=UTF-8''na%C3%AFve.txt
std::optional<std::string> extended_filename(std::string_view disposition) {
    const auto value = parameter_of(disposition, "filename*");
    if (!value) return {};
    const auto first = value->find('\'');
    const auto second = first == std::string::npos ? first : value->find('\'', first + 1);
    if (second == std::string::npos || !equal_ignoring_case(std::string_view(*value).substr(0, first), "utf-8"))
        return {};
    auto decoded = percent_decode(std::string_view(*value).substr(second + 1));
    if (!decoded) return {};
    return std::move(*decoded);
}

}  // namespace

Result<std::string> boundary_of(std::string_view content_type) {
    const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
    if (!equal_ignoring_case(type, "multipart/form-data")) {
        return refuse(ErrorCode::BadRequest, "expected multipart/form-data, found '{}'", type);
    }
    auto boundary = parameter_of(content_type, "boundary");
    if (!boundary || boundary->empty() || boundary->size() > kMaxBoundary) return malformed("no usable boundary");
    if (boundary->find_first_of("\r\n") != std::string::npos) return malformed("no usable boundary");
    return std::move(*boundary);
}

Result<PartHead> parse_part_head(std::string_view lines) {
    auto headers = parse_lines(lines);
    if (!headers) return tl::unexpected(headers.error());
    const auto disposition = headers->find("Content-Disposition");
    if (!disposition || !equal_ignoring_case(trimmed(disposition->substr(0, disposition->find(';'))), "form-data")) {
        return malformed("a part without 'Content-Disposition: form-data'");
    }
    PartHead head;
    auto name = parameter_of(*disposition, "name");
    if (!name) return malformed("a part without a name");
    auto filename = extended_filename(*disposition);
    if (!filename) filename = parameter_of(*disposition, "filename");
    head.name = std::move(*name);
    head.is_file = filename.has_value();
    head.filename = filename.value_or("");
    if (!is_utf8(head.name) || !is_utf8(head.filename)) return malformed("a name that is not UTF-8");
    head.headers = std::move(*headers);
    return head;
}

MultipartReader::MultipartReader(std::string_view boundary, const MultipartLimits& limits, PartReceiver& receiver)
    : delimiter_("\r\n--" + std::string(boundary)), limits_(limits), receiver_(receiver) {}

Result<void> MultipartReader::write(std::string_view piece) {
    if (state_ == State::Epilogue) return {};  // what stands behind the last boundary says nothing
    held_ += piece;
    for (;;) {
        const auto stepped = step();
        if (!stepped) return tl::unexpected(stepped.error());
        if (*stepped == Step::NeedMore) break;
    }
    held_.erase(0, at_);
    at_ = 0;
    return {};
}

Result<void> MultipartReader::finish() {
    if (state_ != State::Epilogue) return malformed("it ends before its last boundary");
    return {};
}

Result<MultipartReader::Step> MultipartReader::step() {
    switch (state_) {
        case State::Preamble:
            return read_preamble();
        case State::AfterBoundary:
            return read_after_boundary();
        case State::Head:
            return read_head();
        case State::Content:
            return read_content();
        case State::Epilogue:
            at_ = held_.size();
            return Step::NeedMore;
    }
    return Step::NeedMore;
}

Result<MultipartReader::Step> MultipartReader::read_preamble() {
    const auto found = rest().find(delimiter_);
    if (found == std::string_view::npos) {
        if (rest().size() > limits_.max_header_bytes) return malformed("the boundary does not occur");
        return Step::NeedMore;
    }
    at_ += found + delimiter_.size();
    state_ = State::AfterBoundary;
    return Step::Again;
}

Result<MultipartReader::Step> MultipartReader::read_after_boundary() {
    const std::string_view here = rest();
    if (here.size() < 2) return Step::NeedMore;
    if (here.starts_with("--")) {
        state_ = State::Epilogue;
        return Step::Again;
    }
    const auto padding = here.find_first_not_of(" \t");
    if (padding == std::string_view::npos || here.size() < padding + 2) {
        if (here.size() > kMaxPadding) return malformed("a boundary is followed by too many blanks");
        return Step::NeedMore;
    }
    if (here.substr(padding, 2) != "\r\n") return malformed("a boundary is not followed by a line break");
    // The line break stays: a part without header lines ends them at once.
    at_ += padding;
    state_ = State::Head;
    return Step::Again;
}

Result<MultipartReader::Step> MultipartReader::read_head() {
    const auto end = rest().find("\r\n\r\n");
    const std::size_t length = end == std::string_view::npos ? rest().size() : end;
    if (length > limits_.max_header_bytes) {
        return refuse(ErrorCode::TooLarge, "the header of a part is longer than {} bytes", limits_.max_header_bytes);
    }
    if (end == std::string_view::npos) return Step::NeedMore;
    if (++parts_ > limits_.max_parts) {
        return refuse(ErrorCode::TooLarge, "the form has more than {} parts", limits_.max_parts);
    }
    auto head = parse_part_head(end < 2 ? std::string_view{} : rest().substr(2, end - 2));
    if (!head) return tl::unexpected(head.error());
    if (auto begun = receiver_.begin_part(std::move(*head)); !begun) return tl::unexpected(begun.error());
    at_ += end + 4;
    state_ = State::Content;
    return Step::Again;
}

Result<MultipartReader::Step> MultipartReader::read_content() {
    const std::string_view here = rest();
    const auto found = here.find(delimiter_);
    const std::size_t sure = found != std::string_view::npos        ? found
                             : here.size() >= delimiter_.size() - 1 ? here.size() - (delimiter_.size() - 1)
                                                                    : 0;
    if (sure > 0) {
        if (auto added = receiver_.add_content(here.substr(0, sure)); !added) return tl::unexpected(added.error());
        at_ += sure;
    }
    if (found == std::string_view::npos) return Step::NeedMore;
    if (auto ended = receiver_.end_part(); !ended) return tl::unexpected(ended.error());
    at_ += delimiter_.size();
    state_ = State::AfterBoundary;
    return Step::Again;
}

}  // namespace sluice::http
