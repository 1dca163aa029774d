// SendGridMailSend and SendGridMailExecution: one POST.
#include "expr/encoding.h"
#include "storage/storage.h"
#include "tasks/calls/deliver.h"
#include "tasks/catalog.h"
#include "tasks/core/http/http_properties.h"
#include "tasks/email/mail_message.h"
#include "tasks/email/mailbox.h"
#include "tasks/email/report_mail.h"
#include "value/json.h"

namespace sluice::tasks {
namespace sendgrid_mail {

constexpr std::uint64_t kLargestFile = 30 * 1024 * 1024;  // what SendGrid takes in all

struct Properties {
    std::string api_key;
    std::string endpoint = "https://api.sendgrid.com/v3/mail/send";
    Value from;
    Value to;
    Value cc;
    Value bcc;
    std::string subject;
    std::string html;
    std::string text;
    Value attachments;
    Value embedded_images;
    std::string execution_id;
    Value custom_fields;
    std::string custom_message;
};

Value person(const Mailbox& box) {
    Map out{{"email", box.address}};
    if (!box.name.empty()) out.set("name", box.name);
    return Value(std::move(out));
}

Result<List> people(const Value& value, const char* property) {
    const auto boxes = parse_mailboxes(address_list(value));
    if (!boxes) return invalid("property '{}': {}", property, boxes.error().message);
    List out;
    for (const Mailbox& box : *boxes) out.push_back(person(box));
    return out;
}

Result<Value> recipients(const Properties& want) {
    Map out;
    for (const auto& [value, name] : {std::pair{&want.to, "to"}, {&want.cc, "cc"}, {&want.bcc, "bcc"}}) {
        auto found = people(*value, name);
        if (!found) return tl::unexpected(found.error());
        if (!found->empty()) out.set(name, Value(std::move(*found)));
    }
    if (!out.contains("to")) return invalid("property 'to': a recipient is needed");
    return Value(std::move(out));
}

Result<void> add_files(const Value& list, const char* property, bool shown, plugin::TaskContext& context, List& files) {
    const auto attachments = mail_attachments(list, property);
    if (!attachments) return tl::unexpected(attachments.error());
    for (const MailAttachment& one : *attachments) {
        const auto uri = storage::Uri::parse(one.address);
        if (!uri) return tl::unexpected(uri.error());
        const auto content = context.storage().get(*uri, kLargestFile);
        if (!content) return tl::unexpected(content.error());
        Map file{{"content", expr::base64_of(*content)},
                 {"filename", one.name},
                 {"type", one.content_type},
                 {"disposition", shown ? "inline" : "attachment"}};
        if (shown) file.set("content_id", one.name);
        files.push_back(Value(std::move(file)));
    }
    return {};
}

Result<Value> mail_of(const Properties& want, plugin::TaskContext& context) {
    const auto from = people(want.from, "from");
    if (!from) return tl::unexpected(from.error());
    if (from->size() != 1) return invalid("property 'from': expected one mail address, found {}", from->size());
    auto to = recipients(want);
    if (!to) return to;
    List content;
    if (!want.text.empty()) content.push_back(Value{{"type", "text/plain"}, {"value", want.text}});
    if (!want.html.empty()) content.push_back(Value{{"type", "text/html"}, {"value", want.html}});
    if (content.empty()) return invalid("htmlContent or textContent is needed");
    Map out{{"personalizations", Value(List{std::move(*to)})},
            {"from", from->front()},
            {"subject", want.subject},
            {"content", Value(std::move(content))}};
    List files;
    if (auto added = add_files(want.attachments, "attachments", false, context, files); !added) {
        return tl::unexpected(added.error());
    }
    if (auto added = add_files(want.embedded_images, "embeddedImages", true, context, files); !added) {
        return tl::unexpected(added.error());
    }
    if (!files.empty()) out.set("attachments", Value(std::move(files)));
    return Value(std::move(out));
}

Result<Value> send(const Properties& want, plugin::TaskContext& context) {
    const auto mail = mail_of(want, context);
    if (!mail) return mail;
    net::Request request = json_post(want.endpoint, *mail);
    request.headers.add("Authorization", "Bearer " + want.api_key);
    const auto response = deliver({"SendGrid", std::move(request)}, context);
    if (!response) return tl::unexpected(response.error());
    Map headers;
    for (const auto& [name, value] : response->headers) headers.set(name, value);
    return Value{{"statusCode", Value(static_cast<std::int32_t>(response->code))},
                 {"headers", Value(std::move(headers))},
                 {"body", response->body}};
}

Result<Value> send_report(const Properties& want, plugin::TaskContext& context) {
    const auto report = execution_report(Value{{"executionId", want.execution_id},
                                               {"customFields", want.custom_fields},
                                               {"customMessage", want.custom_message}},
                                         context);
    if (!report) return tl::unexpected(report.error());
    Properties mail = want;
    if (mail.subject.empty()) mail.subject = report->headline;
    if (mail.html.empty() && mail.text.empty()) {
        mail.html = report_as_html(*report);
        mail.text = report->text();
    }
    return send(mail, context);
}

plugin::TaskTypeMaker<Properties> declared(std::string_view name, plugin::TaskTypeMaker<Properties>::Run run) {
    using flow::Shape;
    const flow::Property file{.shape = Shape::Object, .fields = mail_attachment_fields()};
    plugin::TaskTypeMaker<Properties> type(name, std::move(run));
    type.property("sendgridApiKey", &Properties::api_key, "Key of the account", plugin::required)
        .property("endpoint", &Properties::endpoint, "Address of the service")
        .property("from", &Properties::from, "Sender: an address, or Name <address>", plugin::required)
        .shape(Shape::TextOrList)
        .property("to", &Properties::to, "Recipients", plugin::required)
        .shape(Shape::TextOrList)
        .property("cc", &Properties::cc, "Who gets a copy")
        .shape(Shape::TextOrList)
        .property("bcc", &Properties::bcc, "Who gets a copy that the others don't see")
        .shape(Shape::TextOrList)
        .property("subject", &Properties::subject, "Subject")
        .property("htmlContent", &Properties::html, "The mail as HTML")
        .also_called("htmlTextContent")
        .property("textContent", &Properties::text, "The mail as plain text")
        .also_called("plainTextContent")
        .property("attachments", &Properties::attachments, "Files of the internal storage")
        .shape(Shape::ListOrText)
        .items(file)
        .property("embeddedImages", &Properties::embedded_images,
                  "Images that the HTML shows by <img src=\"cid:name\">")
        .shape(Shape::ListOrText)
        .items(file)
        .output("statusCode", "Status of the answer", Shape::Integer)
        .output("headers", "Its headers", Shape::Map)
        .output("body", "Its text", Shape::Text);
    return type;
}

}  // namespace sendgrid_mail

plugin::TaskType sendgrid_mail_send() {
    using namespace sendgrid_mail;
    return declared("notifications.sendgrid.SendGridMailSend", send)
        .title("Sends a mail by SendGrid.")
        .description("A service that is busy or away is tried again, up to five times.")
        .alias("io.kestra.plugin.twilio.sendgrid.SendGridMailSend")
        .alias("io.kestra.plugin.sendgrid.SendGridMailSend")
        .example("A mail", R"(id: sendgrid_mail
namespace: company.team
tasks:
  - id: send
    type: io.kestra.plugin.notifications.sendgrid.SendGridMailSend
    sendgridApiKey: "{{ secret('SENDGRID_KEY') }}"
    from: reports@example.com
    to: [anna@example.com]
    subject: The report is ready
    htmlContent: "<p>It is.</p>"
)");
}

plugin::TaskType sendgrid_mail_execution() {
    using namespace sendgrid_mail;
    return declared("notifications.sendgrid.SendGridMailExecution", send_report)
        .title("Tells of an execution by SendGrid.")
        .description("Flow, state, times and link, and what failed, with its last errors.")
        .alias("io.kestra.plugin.twilio.sendgrid.SendGridMailExecution")
        .alias("io.kestra.plugin.sendgrid.SendGridMailExecution")
        .property("executionId", &Properties::execution_id, "Which execution; default: this one")
        .property("customFields", &Properties::custom_fields, "More names and values to tell")
        .shape(flow::Shape::MapOrText)
        .property("customMessage", &Properties::custom_message, "A text of your own, before the rest")
        .example("Tell when this flow fails", R"(id: sendgrid_failures
namespace: company.team
tasks:
  - id: fail
    type: io.kestra.plugin.core.execution.Fail
errors:
  - id: tell
    type: io.kestra.plugin.notifications.sendgrid.SendGridMailExecution
    sendgridApiKey: "{{ secret('SENDGRID_KEY') }}"
    from: sluice@example.com
    to: operators@example.com
)");
}

}  // namespace sluice::tasks
