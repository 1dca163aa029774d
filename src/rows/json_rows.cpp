#include "rows/json_rows.h"

#include "value/json.h"

namespace sluice::rows {
namespace {

constexpr std::size_t kLongestRow = 64 * 1024 * 1024;

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Finds where a JSON value ends, character by character.
class Extent {
  public:
    /// Whether the value was over before this character.
    bool ends_at(char c) {
        if (in_text_) {
            if (escaped_)
                escaped_ = false;
            else if (c == '\\')
                escaped_ = true;
            else if (c == '"')
                in_text_ = false;
            return false;
        }
        if (depth_ == 0 && begun_ && (is_blank(c) || c == ',' || c == ']' || c == '}' || closed_)) return true;
        begun_ = true;
        if (c == '"') in_text_ = true;
        if (c == '{' || c == '[') ++depth_;
        if ((c == '}' || c == ']') && --depth_ == 0) closed_ = true;
        return false;
    }

  private:
    int depth_ = 0;
    bool begun_ = false;
    bool closed_ = false;
    bool in_text_ = false;
    bool escaped_ = false;
};

}  // namespace

Result<bool> JsonRows::skip_blanks() {
    while (true) {
        while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
        if (at_ < text_.size()) return true;
        const auto got = source_.refill(text_, at_);
        if (!got || !*got) return got;
    }
}

Result<std::string> JsonRows::element() {
    std::string out;
    Extent extent;
    while (true) {
        const std::size_t from = at_;
        bool over = false;
        while (at_ < text_.size() && !(over = extent.ends_at(text_[at_]))) ++at_;
        out.append(text_, from, at_ - from);
        if (out.size() > kLongestRow) return invalid("row {} is longer than 64 MiB", row_);
        if (over) return out;
        const auto got = source_.refill(text_, at_);
        if (!got) return tl::unexpected(got.error());
        if (!*got) return out;
    }
}

/// What stands between rows. false: there are no more
Result<bool> JsonRows::begin_element() {
    auto there = skip_blanks();
    if (!there) return there;
    if (!begun_) {
        begun_ = true;
        if (!*there) return false;
        in_list_ = form_ == Form::ListOrValues && text_[at_] == '[';
        if (!in_list_) return true;
        ++at_;
        there = skip_blanks();
        if (there && *there && text_[at_] == ']') return ++at_, false;
    } else if (in_list_ && there && *there) {
        const char c = text_[at_++];
        if (c == ']') return false;
        if (c != ',') return invalid("expected ',' or ']' behind row {}, found '{}'", row_, c);
        there = skip_blanks();
    }
    if (there && !*there && in_list_) return invalid("the list is not closed behind row {}", row_);
    return there;
}

Result<std::optional<Value>> JsonRows::end() {
    over_ = true;
    if (in_list_) {
        const auto there = skip_blanks();
        if (!there) return tl::unexpected(there.error());
        if (*there) return invalid("there is more behind the list of {} rows", row_);
    }
    return std::optional<Value>();
}

Result<std::optional<Value>> JsonRows::next() {
    if (over_) return std::optional<Value>();
    const auto there = begin_element();
    if (!there) return tl::unexpected(there.error());
    if (!*there) return end();
    ++row_;
    const auto text = element();
    if (!text) return tl::unexpected(text.error());
    auto row = parse_json(*text);
    if (!row) return invalid("row {}: {}", row_, row.error().message);
    return std::optional(std::move(*row));
}

}  // namespace sluice::rows
