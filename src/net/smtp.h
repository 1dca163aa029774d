#pragma once
#include <stop_token>
#include <string>
#include <vector>

#include "net/message.h"

namespace sluice::net {

/// A file of a mail.
struct MailFile {
    std::string content_type{};
    std::vector<std::string> header_lines{};  // Content-Disposition, Content-ID
    std::shared_ptr<Source> content{};
};

/// A mail as it goes over the wire.
struct OutgoingMail {
    std::string sender{};
    std::vector<std::string> recipients{};  // all of them, also those that no header names
    Headers headers{};                      // From, To, Subject …, encoded and folded where they must be
    std::string text{};
    std::string html{};              // with a text beside it, readers choose
    std::vector<MailFile> images{};  // that the HTML shows
    std::vector<MailFile> attachments{};
};

struct SmtpServer {
    enum class Security {
        WhenOffered,  // STARTTLS if the server knows it, whoever it is; else in the clear
        StartTls,     // begins in the clear and must become TLS before anything is sent
        Tls,          // from the first byte
    };
    std::string host{};
    std::uint16_t port = 0;
    Security security = Security::Tls;
    std::string user{};  // empty: none
    std::string password{};
    bool checks_identity = true;  // the certificate must be trusted, and be of this host
    std::string ca_file{};        // authorities to trust; empty: the system's
    Duration timeout = 10s;       // for a connection, for an answer, and without progress
};

/// Hands a mail to a server. Nobody gets it unless every recipient was accepted.
///
/// Errors  Invalid: a header with a line break of its own; Unavailable: no connection, TLS, or refused, with what the
///         server said; Unauthorized: user or password; Timeout; Cancelled
Result<void> send_mail(const SmtpServer& server, const OutgoingMail& mail, std::stop_token stop);

}  // namespace sluice::net
