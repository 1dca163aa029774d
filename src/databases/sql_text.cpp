#include "databases/sql_text.h"

#include <algorithm>
#include <optional>

namespace sluice::databases {
namespace {

bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_name(char c) {
    return is_name_start(c) || (c >= '0' && c <= '9');
}

std::size_t end_of_name(std::string_view sql, std::size_t at) {
    while (at < sql.size() && (is_name(sql[at]) || sql[at] == '$')) ++at;
    return at;
}

/// Behind the closing quote; a doubled one does not close. To the end when there is none.
std::size_t end_of_quoted(std::string_view sql, std::size_t at, bool backslash_escapes) {
    const char quote = sql[at++];
    while (at < sql.size()) {
        if (backslash_escapes && sql[at] == '\\') {
            at += 2;
        } else if (sql[at] != quote) {
            ++at;
        } else if (at + 1 < sql.size() && sql[at + 1] == quote) {
            at += 2;
        } else {
            return at + 1;
        }
    }
    return sql.size();
}

/// Empty: it is not closed.
std::optional<std::size_t> end_of_block_comment(std::string_view sql, std::size_t at) {
    int depth = 0;
    while (at < sql.size()) {
        if (sql.substr(at, 2) == "/*") {
            ++depth;
            at += 2;
        } else if (sql.substr(at, 2) == "*/") {
            at += 2;
            if (--depth == 0) return at;
        } else {
            ++at;
        }
    }
    return {};
}

/// Behind $tag$ … $tag$; `at` itself when no such string begins there.
std::size_t end_of_dollar_quoted(std::string_view sql, std::size_t at) {
    std::size_t end = at + 1;
    if (end < sql.size() && is_name_start(sql[end])) {
        while (end < sql.size() && is_name(sql[end])) ++end;
    }
    if (end >= sql.size() || sql[end] != '$') return at;
    const std::string_view tag = sql.substr(at, end + 1 - at);
    const std::size_t close = sql.find(tag, end + 1);
    return close == std::string_view::npos ? sql.size() : close + tag.size();
}

enum class Piece { Comment, Quoted, Name, Other };

/// What stands at `at`, and where it ends.
std::pair<Piece, std::size_t> piece_at(std::string_view sql, std::size_t at) {
    const char c = sql[at];
    if (sql.substr(at, 2) == "--") return {Piece::Comment, std::min(sql.find('\n', at), sql.size())};
    if (sql.substr(at, 2) == "/*") {
        // One without an end is the database's to judge: SQLite's comments do not nest, and statements would be lost.
        const auto end = end_of_block_comment(sql, at);
        return {end ? Piece::Comment : Piece::Quoted, end.value_or(sql.size())};
    }
    if (c == '\'' || c == '"') return {Piece::Quoted, end_of_quoted(sql, at, false)};
    if ((c == 'e' || c == 'E') && sql.substr(at + 1, 1) == "'") {
        return {Piece::Quoted, std::min(end_of_quoted(sql, at + 1, true), sql.size())};
    }
    if (c == '$') {
        const std::size_t end = end_of_dollar_quoted(sql, at);
        if (end != at) return {Piece::Quoted, end};
    }
    if (is_name_start(c)) return {Piece::Name, end_of_name(sql, at)};
    return {Piece::Other, at + 1};
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

/// Follows the words of a statement: semicolons inside a body do not end it.
class Body {
  public:
    void word(std::string_view text) {
        const std::string name = lower(text);
        if (count_ < 5) {
            if (count_ == 0) creates_ = name == "create";
            if (creates_ && (name == "function" || name == "procedure" || name == "trigger")) has_body_ = true;
            ++count_;
        }
        if (!has_body_) return;
        if (name == "begin" || (depth_ > 0 && name == "case")) ++depth_;
        if (name == "end" && depth_ > 0) --depth_;
    }
    bool is_open() const { return depth_ > 0; }

  private:
    int count_ = 0;
    int depth_ = 0;
    bool creates_ = false;
    bool has_body_ = false;
};

/// Copies a statement, with placeholders in it.
class Binder {
  public:
    Binder(std::string_view sql, char mark) : sql_(sql), mark_(mark) {}

    void placeholder(std::string name, std::size_t from, std::size_t to) {
        copy_up_to(from);
        std::size_t number = 0;
        while (number < out_.names.size() && (name.empty() || out_.names[number] != name)) ++number;
        if (number == out_.names.size()) out_.names.push_back(std::move(name));
        out_.text += mark_ + std::to_string(number + 1);
        skip_to(to);
    }
    void skip(std::size_t from, std::size_t to) {
        copy_up_to(from);
        skip_to(to);
    }
    BoundText finish() {
        copy_up_to(sql_.size());
        return std::move(out_);
    }

  private:
    void copy_up_to(std::size_t at) {
        out_.text.append(sql_.substr(copied_, at - copied_));
        copied_ = at;
    }
    void skip_to(std::size_t at) {
        copied_ = at;
        out_.shifts.emplace_back(out_.text.size(), at);
    }

    std::string_view sql_;
    char mark_;
    BoundText out_{};
    std::size_t copied_ = 0;
};

}  // namespace

std::vector<ScriptPart> split_statements(std::string_view script) {
    std::vector<ScriptPart> out;
    std::size_t first = std::string_view::npos;  // of what is no blank and no comment
    std::size_t last = 0;
    Body body;
    const auto close = [&] {
        if (first != std::string_view::npos) out.push_back({script.substr(first, last - first), first});
        first = std::string_view::npos;
        body = Body();
    };
    for (std::size_t at = 0; at < script.size();) {
        const auto [piece, end] = piece_at(script, at);
        if (piece == Piece::Other && script[at] == ';' && !body.is_open()) {
            close();
        } else if (piece != Piece::Comment &&
                   (piece != Piece::Other || !std::isspace(static_cast<unsigned char>(script[at])))) {
            if (piece == Piece::Name) body.word(script.substr(at, end - at));
            if (first == std::string_view::npos) first = at;
            last = end;
        }
        at = end;
    }
    close();
    return out;
}

std::size_t BoundText::source_offset(std::size_t at) const {
    std::size_t from = 0;
    std::size_t source = 0;
    for (const auto& [here, there] : shifts) {
        if (here > at) break;
        from = here;
        source = there;
    }
    return source + (at - from);
}

BoundText bind_names(std::string_view sql, char mark, const std::function<bool(std::string_view)>& is_known) {
    Binder binder(sql, mark);
    for (std::size_t at = 0; at < sql.size();) {
        const auto [piece, end] = piece_at(sql, at);
        if (piece != Piece::Other || sql[at] != ':') {
            at = end;
            continue;
        }
        if (sql.substr(at, 2) == "::") {
            at += 2;
            continue;
        }
        std::size_t stop = at + 1;
        while (stop < sql.size() && is_name(sql[stop])) ++stop;
        const std::string_view name = sql.substr(at + 1, stop - at - 1);
        if (!name.empty() && is_known(name)) binder.placeholder(std::string(name), at, stop);
        at = stop;
    }
    return binder.finish();
}

BoundText bind_question_marks(std::string_view sql, char mark) {
    Binder binder(sql, mark);
    for (std::size_t at = 0; at < sql.size();) {
        const auto [piece, end] = piece_at(sql, at);
        if (piece != Piece::Other || sql[at] != '?') {
            at = end;
        } else if (sql.substr(at, 2) == "??") {
            binder.skip(at, at + 1);
            at += 2;
        } else {
            binder.placeholder("", at, at + 1);
            ++at;
        }
    }
    return binder.finish();
}

Place place_in(std::string_view sql, std::size_t offset) {
    Place out{.line = 1, .column = 1};
    for (std::size_t at = 0; at < std::min(offset, sql.size()); ++at) {
        if (sql[at] == '\n') {
            ++out.line;
            out.column = 1;
        } else if ((static_cast<unsigned char>(sql[at]) & 0xC0) != 0x80) {
            ++out.column;
        }
    }
    return out;
}

}  // namespace sluice::databases
