#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "value/value.h"

namespace sluice::expr {

class Session;

/// A regular expression in Java's syntax, run by PCRE2 with a limit on its work.
/// Throws  Failure: a regex error for a pattern or replacement that is wrong or cannot be translated; a render limit
///         when a match takes too long
class JavaRegex {
  public:
    /// Compiled once per render.
    static const JavaRegex& of(const std::string& pattern, Session& session);

    JavaRegex(const std::string& pattern, Session& session);

    struct Group {
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    /// The whole match, and its groups; those that took no part are empty.
    using Match = std::vector<std::optional<Group>>;

    std::optional<Match> find(std::string_view text, std::size_t from = 0) const;
    bool matches_all(const std::string& text) const;
    /// All matches from left to right, until `visit` answers false
    void each(std::string_view text, const std::function<bool(const Match&)>& visit) const;

    // The replacement may have $1, ${name} and \-escapes.
    std::string replace_all(const std::string& text, const std::string& replacement) const;
    std::string replace_first(const std::string& text, const std::string& replacement) const;

    std::size_t group_count() const;
    /// By their numbers, that of the whole match included; empty for groups without a name
    std::vector<std::string> group_names() const;

  private:
    enum class Anchors { None, BothEnds };
    std::optional<Match> run(std::string_view text, std::size_t from, Anchors anchors) const;
    std::string replaced(const std::string& text, const std::string& replacement, bool only_first) const;
    /// Appends the replacement for one match.
    void expand(std::string& out, const std::string& replacement, std::string_view text, const Match& match) const;
    std::size_t group_number(const std::string& replacement, std::size_t& at) const;
    std::size_t group_named(const std::string& name) const;

    struct Compiled;
    std::string pattern_;
    std::shared_ptr<const Compiled> compiled_;
    Session& session_;
};

/// As String.split: limit 0 drops empty parts at the end, a positive one is the most parts, a negative one keeps all.
Value split_by_regex(const std::string& text, const std::string& pattern, std::int64_t limit, Session& session);

/// As String.replace
std::string replaced_literally(const std::string& text, const std::string& from, const std::string& to,
                               Session& session);

/// The pattern as PCRE2 understands it.
std::string translated_regex(std::string_view java_pattern);

}  // namespace sluice::expr
