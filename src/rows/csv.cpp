#include "rows/csv.h"

#include "base/utf8.h"

namespace sluice::rows {
namespace {

constexpr std::size_t kLongestField = 64 * 1024 * 1024;

bool is_one_character(std::string_view text) {
    return !text.empty() && utf8_length(text, 0) == text.size() && text != "\n" && text != "\r";
}

}  // namespace

Result<void> check(const CsvFormat& format) {
    if (!is_one_character(format.separator)) {
        return invalid("property 'fieldSeparator': expected one character, found '{}'", format.separator);
    }
    if (!is_one_character(format.quote)) {
        return invalid("property 'textDelimiter': expected one character, found '{}'", format.quote);
    }
    if (format.separator == format.quote) {
        return invalid("properties 'fieldSeparator' and 'textDelimiter': both are '{}'", format.quote);
    }
    return {};
}

Result<bool> CsvReader::has(std::size_t bytes) {
    while (text_.size() - at_ < bytes) {
        const auto got = source_.refill(text_, at_);
        if (!got) return got;
        if (!*got) return false;
    }
    return true;
}

Result<bool> CsvReader::take(std::string_view wanted) {
    const auto there = has(wanted.size());
    if (!there || !*there) return there;
    if (text_.compare(at_, wanted.size(), wanted) != 0) return false;
    at_ += wanted.size();
    return true;
}

Result<bool> CsvReader::take_line_end() {
    const auto there = has(1);
    if (!there || !*there) return there;
    if (text_[at_] != '\n' && text_[at_] != '\r') return false;
    const bool may_be_two = text_[at_++] == '\r';
    ++next_line_;
    if (may_be_two) {
        if (auto second = take("\n"); !second) return second;
    }
    return true;
}

/// The rest of a field behind its opening quote.
Result<void> CsvReader::quoted(std::string& field) {
    const std::int64_t began = next_line_;
    while (true) {
        const std::size_t end = text_.find(format_.quote, at_);
        const std::size_t stop =
            end != std::string::npos ? end : text_.size() - std::min(text_.size() - at_, format_.quote.size() - 1);
        next_line_ += std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                 text_.begin() + static_cast<std::ptrdiff_t>(stop), '\n');
        field.append(text_, at_, stop - at_);
        at_ = stop;
        if (field.size() > kLongestField) {
            return invalid("line {}: a quoted field is longer than 64 MiB; is its closing {} missing?", began,
                           format_.quote);
        }
        if (end == std::string::npos) {
            const auto got = source_.refill(text_, at_);
            if (!got) return tl::unexpected(got.error());
            if (!*got) return invalid("line {}: a quoted field is not closed before the end of the file", began);
            continue;
        }
        at_ += format_.quote.size();
        const auto doubled = take(format_.quote);
        if (!doubled) return tl::unexpected(doubled.error());
        if (!*doubled) return {};
        field += format_.quote;
    }
}

/// Up to the separator or the end of the line.
Result<void> CsvReader::plain(std::string& field) {
    while (true) {
        const std::size_t from = at_;
        while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r' && text_[at_] != format_.separator[0])
            ++at_;
        field.append(text_, from, at_ - from);
        if (field.size() > kLongestField) return invalid("line {}: a field is longer than 64 MiB", next_line_);
        if (at_ < text_.size()) {
            if (text_[at_] != format_.separator[0] || format_.separator.size() == 1) return {};
            if (const auto there = has(format_.separator.size()); !there) return tl::unexpected(there.error());
            if (text_.compare(at_, format_.separator.size(), format_.separator) == 0) return {};
            field += text_[at_++];  // a character that only begins with the same byte
            continue;
        }
        const auto got = source_.refill(text_, at_);
        if (!got) return tl::unexpected(got.error());
        if (!*got) return {};
    }
}

Result<std::optional<std::vector<std::string>>> CsvReader::next() {
    const auto there = has(1);
    if (!there) return tl::unexpected(there.error());
    if (!*there) return std::optional<std::vector<std::string>>();
    line_ = next_line_;
    std::vector<std::string> record;
    while (true) {
        std::string& field = record.emplace_back();
        const auto opens = take(format_.quote);
        if (!opens) return tl::unexpected(opens.error());
        if (*opens) {
            if (auto read = quoted(field); !read) return tl::unexpected(read.error());
        }
        if (auto read = plain(field); !read) return tl::unexpected(read.error());
        const auto separated = take(format_.separator);
        if (!separated) return tl::unexpected(separated.error());
        if (*separated) continue;
        if (const auto ended = take_line_end(); !ended) return tl::unexpected(ended.error());
        return std::optional(std::move(record));
    }
}

void append_csv_field(std::string& out, std::string_view field, const CsvFormat& format) {
    const auto has = [&](std::string_view part) { return field.find(part) != std::string_view::npos; };
    if (!format.quote_all && !has(format.separator) && !has(format.quote) && !has("\n") && !has("\r")) {
        out += field;
        return;
    }
    out += format.quote;
    for (std::size_t from = 0;;) {
        const std::size_t end = field.find(format.quote, from);
        out.append(field.substr(from, end == std::string_view::npos ? end : end - from));
        if (end == std::string_view::npos) break;
        out.append(format.quote).append(format.quote);
        from = end + format.quote.size();
    }
    out += format.quote;
}

}  // namespace sluice::rows
