#include "storage/glob.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/utf8.h"

namespace sluice::storage {
namespace {

constexpr std::string_view kGlob = "glob:";
constexpr std::string_view kRegex = "regex:";
constexpr std::uint32_t kMatchLimit = 1'000'000;  // steps; a path needs a few hundred

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Turns a glob into a regular expression for the whole path.
class Translation {
  public:
    explicit Translation(std::string_view glob) : glob_(glob) {}

    Result<std::string> run() {
        while (!done()) {
            if (const auto taken = one(); !taken) return tl::unexpected(taken.error());
        }
        if (in_choice_) return wrong("a '{' without '}'");
        return std::move(out_);
    }

  private:
    bool done() const { return at_ >= glob_.size(); }
    bool next_is(char c) const { return at_ < glob_.size() && glob_[at_] == c; }
    /// The next character, all bytes of it
    std::string_view take() {
        const std::string_view out = glob_.substr(at_, std::max<std::size_t>(1, utf8_length(glob_, at_)));
        at_ += out.size();
        return out;
    }
    bool take(char c) {
        const bool there = next_is(c);
        if (there) ++at_;
        return there;
    }
    tl::unexpected<Error> wrong(std::string_view what) const {
        return invalid("the pattern '{}' can't be read: {}", glob_, what);
    }

    static std::string literal(std::string_view character) {
        const bool plain = character.size() > 1 || is_word(character[0]) || static_cast<signed char>(character[0]) < 0;
        return (plain ? "" : "\\") + std::string(character);
    }

    Result<void> one() {
        const std::string_view c = take();
        switch (c[0]) {
            case '\\':
                if (done()) return wrong("it ends with '\\', which must stand before a character");
                out_ += literal(take());
                break;
            case '[':
                return set();
            case '{':
                if (in_choice_) return wrong("a choice {..} within a choice");
                in_choice_ = true;
                out_ += "(?:(?:";
                break;
            case '}':
                out_ += in_choice_ ? "))" : "\\}";
                in_choice_ = false;
                break;
            case ',':
                out_ += in_choice_ ? ")|(?:" : ",";
                break;
            case '*':
                out_ += take('*') ? ".*" : "[^/]*";
                break;
            case '?':
                out_ += "[^/]";
                break;
            default:
                out_ += literal(c);
        }
        return {};
    }

    /// A set never matches '/', also when it is negated.
    Result<void> set() {
        out_ += take('!') ? "(?!/)[^" : "(?!/)[";
        std::string_view first;  // of a range that may come
        bool empty = true;
        while (!done()) {
            const std::string_view c = take();
            if (c == "]" && empty) return wrong("a set without characters");
            if (c == "]") {
                out_ += ']';
                return {};
            }
            if (c == "/") return wrong("a '/' in a set");
            if (c == "-" && !empty && !next_is(']')) {
                if (done()) break;
                const std::string_view last = take();
                // Bytes of UTF-8 compare as the characters do.
                if (first.empty() || last < first || last == "/") return wrong("a range that is not from low to high");
                (out_ += '-') += literal(last);
                first = {};
                continue;
            }
            out_ += literal(c);
            first = c;
            empty = false;
        }
        return wrong("a '[' without ']'");
    }

    std::string_view glob_;
    std::size_t at_ = 0;
    bool in_choice_ = false;
    std::string out_{};
};

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

std::string pcre_message(int code) {
    std::array<PCRE2_UCHAR8, 256> buffer{};
    ::pcre2_get_error_message_8(code, buffer.data(), buffer.size());
    return reinterpret_cast<const char*>(buffer.data());
}

PCRE2_SPTR8 bytes_of(std::string_view text) {
    return reinterpret_cast<PCRE2_SPTR8>(text.data());
}

template <class Parsed>
Result<void> parse_each(const std::vector<std::string>& patterns, const Parsed& prepare, std::vector<Glob>& out) {
    for (const std::string& pattern : patterns) {
        auto glob = Glob::parse(prepare(pattern));
        if (!glob) return tl::unexpected(glob.error());
        out.push_back(std::move(*glob));
    }
    return {};
}

bool any_matches(const std::vector<Glob>& globs, std::string_view path) {
    return std::any_of(globs.begin(), globs.end(), [&](const Glob& glob) { return glob.matches(path); });
}

}  // namespace

class Glob::Matcher {
  public:
    explicit Matcher(pcre2_code_8* code)
        : code_(code, ::pcre2_code_free_8),
          limits_(::pcre2_match_context_create_8(nullptr), ::pcre2_match_context_free_8) {
        ::pcre2_set_match_limit_8(limits_.get(), kMatchLimit);
    }

    bool matches(std::string_view path) const {
        const Owned<pcre2_match_data_8> data(::pcre2_match_data_create_8(1, nullptr), ::pcre2_match_data_free_8);
        return ::pcre2_match_8(code_.get(), bytes_of(path), path.size(), 0, 0, data.get(), limits_.get()) >= 0;
    }

  private:
    Owned<pcre2_code_8> code_;
    Owned<pcre2_match_context_8> limits_;
};

Result<Glob> Glob::parse(std::string_view pattern) {
    std::string expression;
    if (pattern.starts_with(kRegex)) {
        expression = pattern.substr(kRegex.size());
    } else {
        auto translated = Translation(pattern.substr(pattern.starts_with(kGlob) ? kGlob.size() : 0)).run();
        if (!translated) return tl::unexpected(translated.error());
        expression = std::move(*translated);
    }
    constexpr std::uint32_t kOptions = PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOTALL | PCRE2_UTF |
                                       PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
    int error = 0;
    std::size_t offset = 0;
    pcre2_code_8* code = ::pcre2_compile_8(bytes_of(expression), expression.size(), kOptions, &error, &offset, nullptr);
    if (code == nullptr) {
        return invalid("the pattern '{}' can't be read: {} at character {}", pattern, pcre_message(error), offset + 1);
    }
    return Glob(std::make_shared<const Matcher>(code));
}

bool Glob::matches(std::string_view path) const {
    return matcher_->matches(path);
}

Result<WorkingDirectoryGlobs> WorkingDirectoryGlobs::parse(const std::vector<std::string>& patterns) {
    WorkingDirectoryGlobs out;
    const auto anchored = [](std::string_view pattern) {
        if (pattern.starts_with("./"))
            pattern.remove_prefix(2);
        else if (pattern.starts_with('/'))
            pattern.remove_prefix(1);
        return std::string(pattern);
    };
    if (const auto parsed = parse_each(patterns, anchored, out.globs_); !parsed) return tl::unexpected(parsed.error());
    return out;
}

bool WorkingDirectoryGlobs::matches(std::string_view relative_path) const {
    return any_matches(globs_, relative_path);
}

Result<NamespaceFileGlobs> NamespaceFileGlobs::parse(const std::vector<std::string>& include,
                                                     const std::vector<std::string>& exclude) {
    NamespaceFileGlobs out;
    const auto at_any_depth = [](const std::string& pattern) {
        const bool has_syntax = pattern.starts_with(kGlob) || pattern.starts_with(kRegex);
        return !has_syntax && !pattern.empty() && is_word(pattern[0]) ? "**/" + pattern : pattern;
    };
    if (const auto parsed = parse_each(include, at_any_depth, out.include_); !parsed) {
        return tl::unexpected(parsed.error());
    }
    if (const auto parsed = parse_each(exclude, at_any_depth, out.exclude_); !parsed) {
        return tl::unexpected(parsed.error());
    }
    return out;
}

bool NamespaceFileGlobs::keeps(std::string_view absolute_path) const {
    return (include_.empty() || any_matches(include_, absolute_path)) && !any_matches(exclude_, absolute_path);
}

}  // namespace sluice::storage
