#pragma once
#include <fmt/format.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace sluice {

/// What kind of refusal it is. http/error_body.cpp maps each to a status, cli/exit_code.cpp to an exit code.
enum class ErrorCode {
    Invalid,       // the entity breaks a rule: a flow with a mistake, an input out of range
    BadRequest,    // the request itself is malformed: an unknown filter, a missing parameter
    NotFound,      // there is no such thing
    Conflict,      // not possible in the present state
    Gone,          // it was there, and has expired
    TooLarge,      // over a limit that is told in the message
    Unauthorized,  // who are you?
    Forbidden,     // not allowed for you
    Unavailable,   // cannot be answered now; trying again later may help
    Expression,    // an expression that could not be rendered
    Cancelled,     // asked to stop before it was done
    Timeout,       // took longer than allowed
    Internal,      // our own mistake
};

std::string_view to_text(ErrorCode code);

/// Where a mistake stands. Lines and columns count from 1; 0 means unknown.
struct Place {
    std::string file{};  // "daily.yaml", empty when the text did not come from a file
    int line = 0;
    int column = 0;
    std::string property{};  // "tasks[0].url"

    bool operator==(const Place&) const = default;
    /// "daily.yaml:12:5 tasks[0].url", without the parts that are not known
    std::string text() const;
};

/// What went wrong, in a sentence for a person: expected this, found that, do this.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message{};
    Place place{};
    std::vector<Error> details{};  // one for each mistake, when there are several
    std::string kind{};            // a stable word for programs, where the code is too coarse ("undefined variable")

    /// Place and message, and the details on lines of their own.
    std::string text() const;
};

template <class T>
using Result = tl::expected<T, Error>;

template <class... Args>
tl::unexpected<Error> refuse(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
    return tl::unexpected(Error{code, fmt::format(format, std::forward<Args>(args)...)});
}
template <class... Args>
tl::unexpected<Error> invalid(fmt::format_string<Args...> format, Args&&... args) {
    return refuse(ErrorCode::Invalid, format, std::forward<Args>(args)...);
}
template <class... Args>
tl::unexpected<Error> not_found(fmt::format_string<Args...> format, Args&&... args) {
    return refuse(ErrorCode::NotFound, format, std::forward<Args>(args)...);
}
template <class... Args>
tl::unexpected<Error> conflict(fmt::format_string<Args...> format, Args&&... args) {
    return refuse(ErrorCode::Conflict, format, std::forward<Args>(args)...);
}

/// Something outside this program failed (the database, the network, the disk): nobody on the way can act on it.
/// It travels untouched to a boundary, where the service backs off and tries again.
class OutsideError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// We broke our own promise.
class BugError : public std::logic_error {
  public:
    using std::logic_error::logic_error;
};

/// Stops here when we broke our own promise; the message carries the values.
/// Errors  BugError
template <class... Args>
void ensure(bool holds, fmt::format_string<Args...> format, Args&&... args) {
    if (!holds) throw BugError(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace sluice
