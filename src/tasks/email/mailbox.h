#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sluice::tasks {

/// Who a mail is from or to.
struct Mailbox {
    std::string name{};     // as people read it; may be empty
    std::string address{};  // local@domain
    bool operator==(const Mailbox&) const = default;
};

/// "Anna Q <anna@example.org>; b@example.org, c@example.org": several, with ; or , between them. Blank: none.
/// Errors  Invalid: no address, one that can't be, or a line break
Result<std::vector<Mailbox>> parse_mailboxes(std::string_view text);

/// The text of a header: as it is when it is plain ASCII, else in encoded words (RFC 2047) on folded lines.
std::string header_text(std::string_view text);

/// Mailboxes as a header has them, names encoded, on folded lines.
std::string header_text(const std::vector<Mailbox>& boxes);

}  // namespace sluice::tasks
