#pragma once
#include "net/smtp.h"
#include "plugin/task_type.h"

namespace sluice::tasks {

/// What a task that sends a mail takes.
struct MailProperties {
    std::string host;
    std::int64_t port = 0;
    std::string username;
    std::string password;
    std::string transport_strategy = "SMTPS";
    std::int64_t session_timeout = 10000;
    bool verify_server_identity = true;
    std::vector<std::string> trusted_hosts;
    Value from;
    Value to;
    Value cc;
    Value bcc;
    Value reply_to;
    std::string subject;
    std::string html;
    std::string text;
    Value attachments;
    Value embedded_images;
    // of MailExecution
    std::string execution_id;
    Value custom_fields;
    std::string custom_message;
};

/// Declares those of them that all such tasks have.
void declare_mail(plugin::TaskTypeMaker<MailProperties>& type);

/// A file that goes with a mail.
struct MailAttachment {
    std::string address{};  // in the internal storage
    std::string name{};
    std::string content_type = "application/octet-stream";
};

/// A list of {name, uri, contentType}, or the JSON text of one.
/// Errors  Invalid: anything else, or a line break where none may be
Result<std::vector<MailAttachment>> mail_attachments(const Value& list, std::string_view property);
std::vector<flow::Property> mail_attachment_fields();

/// The text of a list of addresses, whether it was given as a text or as a list.
std::string address_list(const Value& value);

/// Sends it.
/// Errors  Invalid: an address, a file; as net::send_mail
Result<Value> send_mail(const MailProperties& want, plugin::TaskContext& context);

}  // namespace sluice::tasks
