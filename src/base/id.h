#pragma once
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>

#include "base/time.h"

namespace sluice {

/// A text id of one kind of thing, so that two ids cannot be swapped.
template <class Tag>
class Id {
  public:
    Id() = default;
    explicit Id(std::string text) : text_(std::move(text)) {}

    const std::string& text() const { return text_; }
    bool empty() const { return text_.empty(); }
    auto operator<=>(const Id&) const = default;

  private:
    std::string text_{};
};

using ExecutionId = Id<struct ExecutionTag>;
using TaskRunId = Id<struct TaskRunTag>;
using ServiceId = Id<struct ServiceTag>;

template <class Tag>
std::ostream& operator<<(std::ostream& out, const Id<Tag>& id) {
    return out << id.text();
}

/// 22 characters: base62 of a UUIDv7 of this instant (48 bits of milliseconds), the rest from `random`.
/// They sort by time in the "C" collation.
/// Source  DESIGN §3; sluice.new_id() makes the same in SQL
std::string time_ordered_id(Timestamp at, std::uint64_t random_high, std::uint64_t random_low);

/// The same from this process's random source.
std::string time_ordered_id(Timestamp at);

/// The lowest id of an instant: the bound of a partition.
std::string lowest_id(Timestamp at);

/// The instant in an id, to the millisecond; the epoch when it is not of this form.
Timestamp time_of_id(std::string_view id);

/// An id of the same instant as `origin`, made of a hash of `place`: the same place gives the same id.
std::string derived_id(std::string_view origin, std::string_view place);
/// The same, with another instant in it.
std::string derived_id(Timestamp at, std::string_view origin, std::string_view place);

/// 20 to 22 base62 characters
bool looks_like_id(std::string_view text);

std::uint64_t random_bits();

}  // namespace sluice

template <class Tag>
struct std::hash<sluice::Id<Tag>> {
    std::size_t operator()(const sluice::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.text()); }
};
template <class Tag>
struct fmt::formatter<sluice::Id<Tag>> : fmt::formatter<std::string_view> {
    auto format(const sluice::Id<Tag>& id, fmt::format_context& context) const {
        return fmt::formatter<std::string_view>::format(id.text(), context);
    }
};
