#include "tasks/catalog.h"
#include "tasks/email/mail_message.h"

namespace sluice::tasks {

plugin::TaskType email_mail_send() {
    plugin::TaskTypeMaker<MailProperties> type("email.MailSend", send_mail);
    declare_mail(type);
    return type.title("Sends a mail.")
        .description("Nobody gets it unless the mail server accepts every recipient.")
        .alias("io.kestra.plugin.notifications.mail.MailSend")
        .example("A report with a file", R"(id: mail_report
namespace: company.team
tasks:
  - id: report
    type: io.kestra.plugin.core.storage.Write
    content: "a;b"
    extension: .csv
  - id: send
    type: io.kestra.plugin.email.MailSend
    host: smtp.example.com
    username: "{{ secret('SMTP_USER') }}"
    password: "{{ secret('SMTP_PASSWORD') }}"
    from: Reports <reports@example.com>
    to: anna@example.com; ben@example.com
    subject: "Report of {{ execution.startDate | date('yyyy-MM-dd') }}"
    htmlTextContent: "<p>Here it is.</p>"
    attachments:
      - name: report.csv
        uri: "{{ outputs.report.uri }}"
        contentType: text/csv
)");
}

}  // namespace sluice::tasks
