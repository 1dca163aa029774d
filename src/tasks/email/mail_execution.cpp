#include "tasks/catalog.h"
#include "tasks/email/mail_message.h"
#include "tasks/email/report_mail.h"

namespace sluice::tasks {
namespace mail_execution {

Result<Value> run(const MailProperties& want, plugin::TaskContext& context) {
    const auto report = execution_report(Value{{"executionId", want.execution_id},
                                               {"customFields", want.custom_fields},
                                               {"customMessage", want.custom_message}},
                                         context);
    if (!report) return tl::unexpected(report.error());
    MailProperties mail = want;
    if (mail.subject.empty()) mail.subject = report->headline;
    if (mail.html.empty() && mail.text.empty()) {
        mail.html = report_as_html(*report);
        mail.text = report->text();
    }
    return send_mail(mail, context);
}

}  // namespace mail_execution

plugin::TaskType email_mail_execution() {
    using namespace mail_execution;
    plugin::TaskTypeMaker<MailProperties> type("email.MailExecution", run);
    declare_mail(type);
    return type.title("Tells of an execution by mail.")
        .description("Flow, state, times and link, and what failed, with its last errors; as HTML and as plain text.")
        .alias("io.kestra.plugin.notifications.mail.MailExecution")
        .property("executionId", &MailProperties::execution_id, "Which execution; default: this one")
        .property("customFields", &MailProperties::custom_fields, "More names and values to tell")
        .shape(flow::Shape::MapOrText)
        .property("customMessage", &MailProperties::custom_message, "A text of your own, before the rest")
        .example("Tell of every execution that fails", R"(id: mail_failures
namespace: system
tasks:
  - id: tell
    type: io.kestra.plugin.email.MailExecution
    host: smtp.example.com
    transportStrategy: SMTP_TLS
    username: "{{ secret('SMTP_USER') }}"
    password: "{{ secret('SMTP_PASSWORD') }}"
    from: sluice@example.com
    to: operators@example.com
    subject: "Failed: {{ trigger.namespace }}.{{ trigger.flowId }}"
    executionId: "{{ trigger.executionId }}"
triggers:
  - id: failed
    type: io.kestra.plugin.core.trigger.Flow
    conditions:
      - type: io.kestra.plugin.core.condition.ExecutionStatus
        in: [FAILED]
)");
}

}  // namespace sluice::tasks
