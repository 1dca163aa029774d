#pragma once
#include <chrono>
#include <optional>
#include <string_view>

#include "expr/date_fields.h"
#include "expr/date_pattern.h"

namespace sluice::expr {

/// The place in a text that is read as a date, and the fields that it gave so far; reads those of zones.
class ZoneFieldReader {
  protected:
    ZoneFieldReader(std::string_view text, bool lenient) : text_(text), lenient_(lenient) {}

    bool literal(std::string_view wanted);
    bool zone_field(const PatternItem& item);
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    template <class T>
    static bool set(std::optional<T>& field, T value) {
        if (field && *field != value) return false;
        field = std::move(value);
        return true;
    }

    std::string_view text_;
    bool lenient_;  // letters of either case, and offsets of any form
    std::size_t at_ = 0;
    DateFields fields_{};

  private:
    bool zulu();
    std::optional<int> two_digits(std::size_t at) const;
    /// 1: +02 or +0230, 2: +0200, 3: +02:00, 4 and 5 the same, perhaps with seconds
    bool offset(int form);
    bool localized_offset();
    /// Takes the text up to `end` as a zone.
    bool zone_of(std::string_view id, std::size_t end);
    /// "UTC" is an offset with a name of its own, which dates keep.
    bool keep_name(const Zone& zone);
    std::size_t end_of_id() const;
    bool region();
    bool region_in_brackets();
    bool zone_name();
};

}  // namespace sluice::expr
