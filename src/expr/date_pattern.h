#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "expr/date_names.h"

namespace sluice::expr {

// Letters of our own in the patterns of presets, where Java's have no equal.
constexpr char kFractionAsNeeded = '\1';  // ".5", or nothing
constexpr char kRegionInBrackets = '\2';  // "[Europe/Paris]", or nothing for a bare offset
constexpr char kIsoWeekYear = '\3';
constexpr char kIsoWeek = '\4';       // "36"
constexpr char kIsoDayOfWeek = '\5';  // "7"
constexpr char kOffsetOrGmt = '\6';   // "+0200", or "GMT"

struct PatternItem {
    enum class Type { Literal, Field, OptionalBegin, OptionalEnd };
    Type type = Type::Literal;
    std::string literal{};
    char letter = 0;
    int count = 0;
    int padded_to = 0;  // blanks in front, from the letter p
};

/// A format of java.time.format.DateTimeFormatter, or one of the presets: iso, sql, rfc_1123_date_time …
class DatePattern {
  public:
    /// Throws  Failure: a date error, for a pattern that Java refuses
    static DatePattern of(std::string_view name_or_pattern, const DateLocale& locale);

    const std::vector<PatternItem>& items() const { return items_; }
    bool is_instant() const { return is_instant_; }  // the preset iso_instant: always UTC
    bool is_english() const { return is_english_; }  // whatever the locale
    /// The presets of Java itself read letters of either case, and offsets of any form.
    bool is_lenient() const { return is_lenient_; }
    /// Neither 30 February nor 24:00 is bent to what may be meant.
    bool is_strict() const { return is_lenient_ && !is_english_; }
    const std::string& source() const { return source_; }

  private:
    void parse(std::string_view pattern);
    void add_field(std::string_view pattern, std::size_t& at);
    void add_quoted(std::string_view pattern, std::size_t& at);
    void add_literal(std::string_view text);

    std::string source_{};
    std::vector<PatternItem> items_{};
    bool is_instant_ = false;
    bool is_english_ = false;
    bool is_lenient_ = false;
};

}  // namespace sluice::expr
