#include "tasks/email/mail_message.h"

#include <algorithm>

#include "plugin/fields.h"
#include "tasks/email/mailbox.h"
#include "tasks/files/storage_source.h"
#include "value/json.h"

namespace sluice::tasks {
namespace mail_message {

bool breaks_line(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

Result<std::vector<Mailbox>> boxes_of(const Value& value, std::string_view property) {
    auto boxes = parse_mailboxes(address_list(value));
    if (!boxes) boxes.error().message = fmt::format("property '{}': {}", property, boxes.error().message);
    return boxes;
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                           c == '-' || c == '_';
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return out;
}

/// A name that is not plain is told as RFC 2231 has it; some readers stop at a second, plainer one.
std::string disposition(std::string_view kind, const std::string& name) {
    const bool plain =
        std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
    if (plain) return fmt::format("Content-Disposition: {}; filename=\"{}\"", kind, name);
    return fmt::format("Content-Disposition: {};\r\n filename*=UTF-8''{}", kind, percent_encoded(name));
}

Result<std::vector<net::MailFile>> files_of(const Value& list, std::string_view property, bool shown,
                                            plugin::TaskContext& context) {
    const auto attachments = mail_attachments(list, property);
    if (!attachments) return tl::unexpected(attachments.error());
    std::vector<net::MailFile> out;
    for (const MailAttachment& one : *attachments) {
        auto source = StorageSource::open(context.storage(), one.address);
        if (!source) return tl::unexpected(source.error());
        std::vector<std::string> lines{disposition(shown ? "inline" : "attachment", one.name)};
        if (shown) lines.push_back(fmt::format("Content-ID: <{}>", percent_encoded(one.name)));
        out.push_back({one.content_type, std::move(lines), std::move(*source)});
    }
    return out;
}

Result<net::SmtpServer> server_of(const MailProperties& want) {
    using Security = net::SmtpServer::Security;
    net::SmtpServer out;
    if (want.host.empty()) return invalid("property 'host': a mail server is needed");
    const bool is_host = std::all_of(want.host.begin(), want.host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view(".-_:[]").find(c) != std::string_view::npos;
    });
    if (!is_host) return invalid("property 'host': '{}' is no host name", want.host);
    out.host = want.host;
    std::uint16_t usual_port = 465;
    if (want.transport_strategy == "SMTP_TLS") {
        out.security = Security::StartTls;
        usual_port = 587;
    } else if (want.transport_strategy == "SMTP") {
        out.security = Security::WhenOffered;
        usual_port = 25;
    }
    if (want.port < 0 || want.port > 65535) return invalid("property 'port': {} is no port", want.port);
    out.port = want.port == 0 ? usual_port : static_cast<std::uint16_t>(want.port);
    out.user = want.username;
    out.password = want.password;
    const auto& trusted = want.trusted_hosts;
    out.checks_identity =
        want.verify_server_identity && std::find(trusted.begin(), trusted.end(), want.host) == trusted.end();
    if (want.session_timeout <= 0) return invalid("property 'sessionTimeout': expected milliseconds above 0");
    out.timeout = std::chrono::milliseconds(want.session_timeout);
    return out;
}

Result<void> add_addresses(const MailProperties& want, net::OutgoingMail& mail) {
    const auto from = boxes_of(want.from, "from");
    if (!from) return tl::unexpected(from.error());
    if (from->size() != 1) return invalid("property 'from': expected one mail address, found {}", from->size());
    mail.sender = from->front().address;
    mail.headers.add("From", header_text(*from));
    const std::vector<std::tuple<const Value*, const char*, const char*>> kinds{
        {&want.to, "to", "To"},
        {&want.cc, "cc", "Cc"},
        {&want.bcc, "bcc", ""},
        {&want.reply_to, "replyTo", "Reply-To"}};
    for (const auto& [value, property, header] : kinds) {
        const auto boxes = boxes_of(*value, property);
        if (!boxes) return tl::unexpected(boxes.error());
        if (!boxes->empty() && *header != '\0') mail.headers.add(header, header_text(*boxes));
        if (std::string_view(property) == "replyTo") continue;
        for (const Mailbox& box : *boxes) mail.recipients.push_back(box.address);
    }
    if (mail.recipients.empty()) return invalid("property 'to': a recipient is needed");
    return {};
}

Result<void> add_headers(const MailProperties& want, plugin::TaskContext& context, net::OutgoingMail& mail) {
    if (breaks_line(want.subject)) return invalid("property 'subject': it holds a line break");
    mail.headers.add("Subject", header_text(want.subject));
    // The database's clock, as for everything that somebody may compare.
    const auto date = context.render("{{ now() | date(\"EEE, dd MMM yyyy HH:mm:ss Z\", timeZone=\"UTC\") }}");
    if (!date) return tl::unexpected(date.error());
    mail.headers.add("Date", *date);
    const plugin::TaskPlace& place = context.place();
    mail.headers.add("Message-ID", fmt::format("<{}.{}.{}@{}>", place.execution_id, place.task_run_id, place.attempt,
                                               mail.sender.substr(mail.sender.rfind('@') + 1)));
    mail.headers.add("Auto-Submitted", "auto-generated");
    return {};
}

}  // namespace mail_message

std::string address_list(const Value& value) {
    if (value.is_null()) return "";
    const List* list = value.if_list();
    if (list == nullptr) return plugin::text_of(value);
    std::string out;
    for (const Value& one : *list) out += (out.empty() ? "" : "; ") + plugin::text_of(one);
    return out;
}

std::vector<flow::Property> mail_attachment_fields() {
    using flow::Shape;
    return {{.name = "name", .shape = Shape::Text, .description = "Name of the file", .required = true},
            {.name = "uri", .shape = Shape::Text, .description = "Address in the internal storage", .required = true},
            {.name = "contentType",
             .shape = Shape::Text,
             .description = "What it is",
             .default_text = "application/octet-stream"}};
}

Result<std::vector<MailAttachment>> mail_attachments(const Value& list, std::string_view property) {
    std::vector<MailAttachment> out;
    Value read = list;
    if (const std::string* text = list.if_string()) {
        if (text->find_first_not_of(" \t\r\n") == std::string::npos) return out;
        auto parsed = parse_json(*text);
        if (!parsed) return invalid("property '{}': {}", property, parsed.error().message);
        read = std::move(*parsed);
    }
    if (read.is_null()) return out;
    if (!read.is_list()) return invalid("property '{}': expected a list of {{name, uri, contentType}}", property);
    for (const Value& one : read.as_list()) {
        MailAttachment file;
        plugin::Fields fields(one, std::string(property));
        fields.take("uri", file.address).take("name", file.name).take("contentType", file.content_type);
        if (const auto done = fields.done(); !done) return tl::unexpected(done.error());
        if (file.address.empty() || file.name.empty()) {
            return invalid("property '{}': each file needs a name and a uri", property);
        }
        if (mail_message::breaks_line(file.name + file.content_type)) {
            return invalid("property '{}': a name or content type holds a line break", property);
        }
        out.push_back(std::move(file));
    }
    return out;
}

Result<Value> send_mail(const MailProperties& want, plugin::TaskContext& context) {
    using namespace mail_message;
    const auto server = server_of(want);
    if (!server) return tl::unexpected(server.error());
    net::OutgoingMail mail;
    if (auto added = add_addresses(want, mail); !added) return tl::unexpected(added.error());
    if (auto added = add_headers(want, context, mail); !added) return tl::unexpected(added.error());
    mail.text = want.text;
    mail.html = want.html;
    auto attachments = files_of(want.attachments, "attachments", false, context);
    if (!attachments) return tl::unexpected(attachments.error());
    mail.attachments = std::move(*attachments);
    auto images = files_of(want.embedded_images, "embeddedImages", true, context);
    if (!images) return tl::unexpected(images.error());
    mail.images = std::move(*images);
    if (auto sent = net::send_mail(*server, mail, context.stop_token()); !sent) return tl::unexpected(sent.error());
    context.log(LogLevel::Debug, fmt::format("the mail server took a mail for {} recipients", mail.recipients.size()));
    return Value();
}

void declare_mail(plugin::TaskTypeMaker<MailProperties>& type) {
    using flow::Shape;
    const flow::Property file{.shape = Shape::Object, .fields = mail_attachment_fields()};
    type.property("host", &MailProperties::host, "The mail server", plugin::required)
        .property("port", &MailProperties::port, "Default: 465 for SMTPS, 587 for SMTP_TLS, 25 for SMTP")
        .property("username", &MailProperties::username, "User of the mail server")
        .property("password", &MailProperties::password, "Password of that user")
        .property("transportStrategy", &MailProperties::transport_strategy,
                  "SMTPS: TLS from the beginning. SMTP_TLS: STARTTLS, or nothing is sent. SMTP: STARTTLS if the server "
                  "offers it, without asking who it is")
        .values({"SMTPS", "SMTP_TLS", "SMTP"})
        .property("sessionTimeout", &MailProperties::session_timeout,
                  "Milliseconds for a connection, for an answer, and without progress")
        .property("verifyServerIdentity", &MailProperties::verify_server_identity,
                  "The certificate must be trusted, and be of this host")
        .property("trustedHosts", &MailProperties::trusted_hosts, "Hosts that are trusted with any certificate")
        .property("from", &MailProperties::from, "Sender: an address, or Name <address>", plugin::required)
        .shape(Shape::TextOrList)
        .property("to", &MailProperties::to, "Recipients: a list, or a text with ; or , between the addresses",
                  plugin::required)
        .shape(Shape::TextOrList)
        .property("cc", &MailProperties::cc, "Who gets a copy")
        .shape(Shape::TextOrList)
        .property("bcc", &MailProperties::bcc, "Who gets a copy that the others don't see")
        .shape(Shape::TextOrList)
        .property("replyTo", &MailProperties::reply_to, "Where answers go")
        .shape(Shape::TextOrList)
        .property("subject", &MailProperties::subject, "Subject")
        .property("htmlTextContent", &MailProperties::html, "The mail as HTML")
        .property("plainTextContent", &MailProperties::text, "The mail as plain text; with both, readers choose")
        .property("attachments", &MailProperties::attachments, "Files of the internal storage")
        .shape(Shape::ListOrText)
        .items(file)
        .property("embeddedImages", &MailProperties::embedded_images,
                  "Images that the HTML shows by <img src=\"cid:name\">")
        .shape(Shape::ListOrText)
        .items(file);
}

}  // namespace sluice::tasks
