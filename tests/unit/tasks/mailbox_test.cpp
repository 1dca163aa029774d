#include "tasks/email/mailbox.h"

#include "support/test.h"

namespace sluice::tasks {

TEST_CASE("mail addresses are divided at ; and , but not within names") {
    const auto boxes = test::ok(parse_mailboxes(" anna@x.org; \"Q, Ben; \\\"B\\\"\" <ben@x.org>,carl@sub.x.org ;; "));
    CHECK(boxes == std::vector<Mailbox>{{"", "anna@x.org"}, {"Q, Ben; \"B\"", "ben@x.org"}, {"", "carl@sub.x.org"}});
    CHECK(test::ok(parse_mailboxes("  ")).empty());
}

TEST_CASE("what is no mail address is refused, with it") {
    for (const char* text : {"anna", "anna@", "@x.org", "an na@x.org", "a..b@x.org", "anna@x..org", "anna@-x.org",
                             "Anna <anna@x.org", "a@b@c", "größe@x.org", "<anna@x.org", "anna@x.org>"}) {
        CAPTURE(text);
        CHECK(test::failure(parse_mailboxes(text)).code == ErrorCode::Invalid);
    }
    CHECK(test::failure(parse_mailboxes("anna@x.org\r\nBcc: b@x.org")).code == ErrorCode::Invalid);
    CHECK(test::failure(parse_mailboxes(std::string(250, 'a') + "@x.org")).code == ErrorCode::Invalid);
}

TEST_CASE("header texts are plain, or encoded words of at most 75 characters on folded lines") {
    CHECK(header_text("plain: 17 %") == "plain: 17 %");
    CHECK(header_text("Größe") == "=?UTF-8?B?R3LDtsOfZQ==?=");
    CHECK(header_text("=?UTF-8?Q?x?=") == "=?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?=");
    std::string long_text;
    for (int i = 0; i < 40; ++i) long_text += "✓ä";
    const std::string folded = header_text(long_text);
    for (std::size_t from = 0; from < folded.size();) {
        const std::size_t end = std::min(folded.find("\r\n ", from), folded.size());
        CHECK(end - from <= 76);
        from = end + 3;
    }
}

TEST_CASE("names in headers are quoted where they must be") {
    CHECK(header_text(std::vector<Mailbox>{{"Anna Q", "a@x.org"}, {"", "b@x.org"}}) == "Anna Q <a@x.org>,\r\n b@x.org");
    CHECK(header_text(std::vector<Mailbox>{{"Q, \"Ben\"", "b@x.org"}}) == "\"Q, \\\"Ben\\\"\" <b@x.org>");
    CHECK(header_text(std::vector<Mailbox>{{"Zoë", "z@x.org"}}) == "=?UTF-8?B?Wm/Dqw==?= <z@x.org>");
}

}  // namespace sluice::tasks
