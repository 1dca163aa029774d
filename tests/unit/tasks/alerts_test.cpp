#include "tasks/catalog.h"
#include "tasks/notifications/services.h"
#include "unit/net/loopback_server.h"
#include "unit/tasks/task_rig.h"
#include "value/json.h"

namespace sluice::tasks {
namespace alerts_test {

using test::contains;
using test::LoopbackServer;
using test::Seen;
using test::TaskRig;

LoopbackServer::Handler answering(const std::string& status, const std::string& body = "ok",
                                  const std::string& headers = "") {
    return [=](const Seen&) { return test::Reply{test::response(status, body, headers)}; };
}

void put_failed(TaskRig& rig) {
    plugin::ExecutionSummary summary;
    summary.flow = {"company.team", "load"};
    summary.state = State::Failed;
    summary.started = test::ok(parse_iso("2026-01-31T10:00:00Z"));
    summary.until = summary.started + 3s;
    summary.failed_task = "copy";
    summary.errors = {"disk \"full\"\n<b>&</b>"};
    rig.records.summaries["e1"] = summary;
    rig.names = Value{{"kestra", Value{{"url", "https://sluice.example.org/"}}}};
}

Value sent(const LoopbackServer& server) {
    return test::ok(parse_json(server.seen().back().body));
}

TEST_CASE("a text becomes what each service wants") {
    const LoopbackServer server(answering("200 OK"));
    TaskRig rig;
    const auto send = [&](const std::string& type, const std::string& more = "") {
        test::ok(rig.run(type, "url: " + server.url("/hook") + "\nmessageText: 'a \"b\" <c>'\n" + more));
        return sent(server);
    };
    CHECK(send("slack.notifications.SlackIncomingWebhook") == Value{{"text", "a \"b\" <c>"}});
    CHECK(send("notifications.slack.SlackIncomingWebhook") == Value{{"text", "a \"b\" <c>"}});
    CHECK(send("discord.DiscordIncomingWebhook") == Value{{"content", "a \"b\" <c>"}});
    CHECK(send("googleworkspace.chat.GoogleChatIncomingWebhook") == Value{{"text", "a \"b\" <c>"}});
    CHECK(send("zulip.ZulipIncomingWebhook") == Value{{"text", "a \"b\" <c>"}});
    CHECK(send("opsgenie.OpsgenieAlert", "authorizationToken: k")["message"] == Value("a \"b\" <c>"));
    CHECK(server.seen().back().headers.at("authorization") == "GenieKey k");
    CHECK(send("meta.whatsapp.WhatsAppIncomingWebhook", "recipientId: '49'").text("to") == "49");
    CHECK(server.seen().back().headers.at("content-type") == "application/json");
}

TEST_CASE("a payload is an object or its JSON text, and a broken one is told before anything is sent") {
    const LoopbackServer server(answering("200 OK"));
    TaskRig rig;
    const std::string head = "url: " + server.url("/") + "\n";
    test::ok(rig.run("slack.notifications.SlackIncomingWebhook", head + "payload: {text: hi, n: 3}"));
    CHECK(sent(server) == Value{{"text", "hi"}, {"n", 3}});
    test::ok(
        rig.run("slack.notifications.SlackIncomingWebhook", head + "payload: '{\"text\": \"hi\"}'\nheaders: {X-A: b}"));
    CHECK(sent(server) == Value{{"text", "hi"}});
    CHECK(server.seen().back().headers.at("x-a") == "b");
    const auto count = server.seen().size();
    const Error broken = test::failure(
        rig.run("slack.notifications.SlackIncomingWebhook", head + "payload: |\n  {\"text\": \"two\n  lines\"}"));
    CHECK(contains(broken.message, "toJson"));
    CHECK(contains(test::failure(rig.run("slack.notifications.SlackIncomingWebhook", head)).message, "payload"));
    CHECK(server.seen().size() == count);
}

TEST_CASE("an execution is described in the form of every service") {
    const LoopbackServer server(answering("200 OK"));
    TaskRig rig;
    put_failed(rig);
    for (const auto& services : {chat_services(), incident_services()}) {
        for (const AlertService& service : services) {
            CAPTURE(service.name);
            std::string where = "url: " + server.url("/hook");
            if (service.name == "Telegram") where = "token: t\nchannel: c\nendpointOverride: " + server.url("");
            if (service.name == "LINE") where += "\nchannelAccessToken: t";
            if (service.name == "Sentry") where = "dsn: " + server.url("/hook");
            test::ok(rig.run(service.execution, where + "\ncustomMessage: look\ncustomFields: {team: data}\n"));
            const std::string body = server.seen().back().body;
            CHECK(contains(body, "company.team.load"));
            CHECK(contains(body, "look"));
            CHECK(contains(body, "data"));
            CHECK(contains(body, "copy"));
        }
    }
}

TEST_CASE("the report for Slack has color, link and fields, and what is given as payload wins") {
    const LoopbackServer server(answering("200 OK"));
    TaskRig rig;
    put_failed(rig);
    test::ok(rig.run("slack.notifications.SlackExecution",
                     "url: " + server.url("/") + "\nchannel: '#ops'\niconEmoji: ':fire:'\npayload: {text: mine}"));
    const Value body = sent(server);
    CHECK(body.text("text") == "mine");
    CHECK(body.text("channel") == "#ops");
    CHECK(body.text("icon_emoji") == ":fire:");
    const Value attachment = body["attachments"].as_list().front();
    CHECK(attachment.text("title") == "company.team.load FAILED after 3.0 s");
    CHECK(attachment.text("title_link") == "https://sluice.example.org/ui/main/executions/company.team/load/e1");
    CHECK(contains(to_json(attachment["fields"]), "disk \\\"full\\\"\\n&lt;b&gt;&amp;&lt;/b&gt;"));
}

TEST_CASE("properties of incidents go where their services read them") {
    const LoopbackServer server(answering("202 Accepted"));
    TaskRig rig;
    put_failed(rig);
    const std::string url = "url: " + server.url("/") + "\n";
    test::ok(rig.run("pagerduty.PagerDutyExecution",
                     url + "routingKey: k\ndeduplicationKey: d\npayloadSummary: short\neventAction: resolve"));
    CHECK(sent(server).text("routing_key") == "k");
    CHECK(sent(server).text("event_action") == "resolve");
    CHECK(sent(server)["payload"].text("summary") == "short");
    CHECK(sent(server)["payload"].text("severity") == "error");
    test::ok(rig.run("opsgenie.OpsgenieExecution", url + "responders: {ops: team}\ntags: [a, b]\npriority: P1"));
    CHECK(sent(server)["responders"] == Value(List{Value{{"name", "ops"}, {"type", "team"}}}));
    CHECK(sent(server)["tags"] == Value(List{Value("a"), Value("b")}));
    test::ok(rig.run("zenduty.ZendutyExecution", url + "alertType: CRITICAL"));
    CHECK(sent(server).text("alert_type") == "critical");
    test::ok(rig.run("twilio.notify.TwilioExecution", url + "accountSID: AC\nauthToken: t\ntag: ops\nbody: hi there"));
    CHECK(server.seen().back().body == "Body=hi+there&Tag=ops");
    CHECK(server.seen().back().headers.at("authorization") == "Basic QUM6dA==");
}

TEST_CASE("Sentry gets an envelope at the address that its DSN stands for") {
    const LoopbackServer server(answering("200 OK"));
    TaskRig rig;
    const std::string dsn = "dsn: http://key@127.0.0.1:" + std::to_string(server.port()) + "/42\nmessageText: broken\n";
    test::ok(rig.run("sentry.SentryAlert", dsn));
    CHECK(server.seen().back().target == "/api/42/envelope/");
    CHECK(contains(server.seen().back().headers.at("x-sentry-auth"), "sentry_key=key"));
    CHECK(contains(server.seen().back().body, "{\"type\":\"event\",\"length\":"));
    test::ok(rig.run("sentry.SentryAlert", dsn + "endpointType: STORE"));
    CHECK(server.seen().back().target == "/api/42/store/");
    CHECK(sent(server)["message"].text("formatted") == "broken");
}

TEST_CASE("a refusal is told once, by the service's name and without its address") {
    const LoopbackServer server(answering("400 Bad Request", "invalid_payload"));
    TaskRig rig;
    const Error error = test::failure(
        rig.run("slack.notifications.SlackIncomingWebhook", "url: " + server.url("/s3cret") + "\nmessageText: hi"));
    CHECK(error.message == "Slack answered with status 400: invalid_payload");
    CHECK(server.seen().size() == 1);
}

TEST_CASE("a service that asks for too long a pause is not waited for, and a stop ends the waiting") {
    const LoopbackServer slow(answering("429 Too Many Requests", "later", "Retry-After: 3600\r\n"));
    TaskRig rig;
    const std::string text = "\nmessageText: hi";
    CHECK(contains(
        test::failure(rig.run("slack.notifications.SlackIncomingWebhook", "url: " + slow.url("/") + text)).message,
        "asks to wait for 1 h"));
    CHECK(slow.seen().size() == 1);
    const LoopbackServer busy([&](const Seen&) {
        rig.stop.request_stop();
        return test::Reply{test::response("503 Service Unavailable", "", "Retry-After: 60\r\n")};
    });
    CHECK(test::failure(rig.run("slack.notifications.SlackIncomingWebhook", "url: " + busy.url("/") + text)).code ==
          ErrorCode::Cancelled);
}

TEST_CASE("an execution that is not there is told") {
    TaskRig rig;
    CHECK(test::failure(rig.run("slack.notifications.SlackExecution", "url: http://localhost:1/\nexecutionId: none"))
              .code == ErrorCode::NotFound);
}

}  // namespace alerts_test
}  // namespace sluice::tasks
