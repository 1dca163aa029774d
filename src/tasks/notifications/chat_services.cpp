#include "base/utf8.h"
#include "plugin/convert.h"
#include "tasks/calls/deliver.h"
#include "tasks/notifications/services.h"
#include "value/json.h"

namespace sluice::tasks {
namespace chat_services_table {

using flow::Shape;

std::string cut(const std::string& text, std::size_t longest_bytes) {
    const std::string_view shown = utf8_prefix(text, longest_bytes);
    return shown.size() < text.size() ? std::string(shown) + "…" : text;
}

// ---- Slack and what speaks like it

/// Slack reads <, > and & as its own signs.
std::string for_slack(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else
            out += c;
    }
    return out;
}

Value slack_text(const std::string& text) {
    return Value{{"text", text}};
}

Value slack_report(const ExecutionReport& report, const Value&) {
    List fields;
    for (const auto& [name, value] : report.facts) {
        fields.push_back(Value{{"title", for_slack(name)},
                               {"value", for_slack(value)},
                               {"short", value.size() <= 40 && value.find('\n') == std::string::npos}});
    }
    Map attachment{{"color", "#" + std::string(report.color())},
                   {"fallback", for_slack(report.headline)},
                   {"title", for_slack(report.headline)},
                   {"fields", Value(std::move(fields))}};
    if (!report.link.empty()) attachment.set("title_link", report.link);
    if (!report.message.empty()) attachment.set("pretext", report.message);
    return Value{{"text", for_slack(report.headline)}, {"attachments", Value(List{Value(std::move(attachment))})}};
}

const std::vector<PayloadField>& slack_fields() {
    static const std::vector<PayloadField> all{
        {"channel", {"channel"}, Shape::Text, "Channel, where the webhook allows another than its own"},
        {"username", {"username"}, Shape::Text, "Name of the sender"},
        {"iconUrl", {"icon_url"}, Shape::Text, "Address of the sender's picture"},
        {"iconEmoji", {"icon_emoji"}, Shape::Text, "Emoji as the sender's picture, such as :warning:"},
    };
    return all;
}

AlertService slack() {
    return {
        .name = "Slack",
        .send = "slack.notifications.SlackIncomingWebhook",
        .execution = "slack.notifications.SlackExecution",
        .send_aliases = {"io.kestra.plugin.slack.SlackIncomingWebhook",
                         "io.kestra.plugin.notifications.slack.SlackIncomingWebhook"},
        .execution_aliases = {"io.kestra.plugin.slack.SlackExecution",
                              "io.kestra.plugin.notifications.slack.SlackExecution"},
        .description = "Also for services with webhooks like Slack's: Mattermost, Rocket.Chat.",
        .example =
            "    url: \"{{ secret('SLACK_WEBHOOK') }}\"\n"
            "    messageText: \"{{ flow.id }} failed: {{ execution.id }}\"\n",
        .report_example = "    url: \"{{ secret('SLACK_WEBHOOK') }}\"\n    channel: \"#alerts\"\n",
        .where = {alert_url("The incoming webhook")},
        .fields = slack_fields(),
        .message = slack_text,
        .report = slack_report,
        .destination = to_url,
    };
}

AlertService zulip() {
    return {
        .name = "Zulip",
        .send = "zulip.ZulipIncomingWebhook",
        .execution = "zulip.ZulipExecution",
        .send_aliases = {"io.kestra.plugin.notifications.zulip.ZulipIncomingWebhook"},
        .execution_aliases = {"io.kestra.plugin.notifications.zulip.ZulipExecution"},
        .description = "By the integration for webhooks of Slack's form.",
        .example = "    url: \"{{ secret('ZULIP_WEBHOOK') }}\"\n    messageText: \"{{ flow.id }} failed\"\n",
        .report_example = "    url: \"{{ secret('ZULIP_WEBHOOK') }}\"\n",
        .where = {alert_url("The incoming webhook")},
        .fields = slack_fields(),
        .message = slack_text,
        .report = [](const ExecutionReport& report, const Value&) { return slack_text(report.text()); },
        .destination = to_url,
    };
}

// ---- Discord

constexpr std::size_t kDiscordText = 1900;   // of 2,000 characters
constexpr std::size_t kDiscordValue = 1000;  // of 1,024

std::int64_t number_of_color(const Value& color) {
    const List* parts = color.if_list();
    if (parts == nullptr || parts->size() != 3) return 0;
    std::int64_t out = 0;
    for (const Value& part : *parts) out = out * 256 + std::clamp<std::int64_t>(part.if_integer().value_or(0), 0, 255);
    return out;
}

Value discord_embed(const Value& want) {
    Map out;
    for (const char* name : {"title", "description"}) {
        if (!want.text(name).empty()) out.set(name, want.text(name));
    }
    if (want.get("color")) out.set("color", number_of_color(want["color"]));
    if (!want.text("thumbnail").empty()) out.set("thumbnail", Value{{"url", want.text("thumbnail")}});
    if (!want.text("footer").empty()) out.set("footer", Value{{"text", want.text("footer")}});
    if (!want.text("authorName").empty()) {
        Map author{{"name", want.text("authorName")}};
        if (!want.text("websiteUrl").empty()) author.set("url", want.text("websiteUrl"));
        if (!want.text("avatarUrl").empty()) author.set("icon_url", want.text("avatarUrl"));
        out.set("author", Value(std::move(author)));
    }
    return Value(std::move(out));
}

Value discord_report(const ExecutionReport& report, const Value& properties) {
    List facts = facts_as(report, "name", "value", kDiscordValue);
    for (Value& fact : facts) fact.mutable_map().set("inline", fact.text("value").size() <= 40);
    Map embed{{"title", cut(report.headline, 250)},
              {"color", static_cast<std::int64_t>(std::stol(std::string(report.color()), nullptr, 16))},
              {"fields", Value(std::move(facts))}};
    if (!report.link.empty()) embed.set("url", report.link);
    if (!report.message.empty()) embed.set("description", cut(report.message, kDiscordText));
    List embeds{Value(std::move(embed))};
    const Value more = properties["embedList"];
    for (const Value& one : more.is_list() ? more.as_list() : List()) embeds.push_back(discord_embed(one));
    return Value{{"embeds", Value(std::move(embeds))}};
}

AlertService discord() {
    const flow::Property embed{.shape = Shape::Object,
                               .fields = {alert_text("title", "Title"),
                                          alert_text("description", "Text"),
                                          {.name = "color",
                                           .shape = Shape::List,
                                           .description = "Red, green and blue, each from 0 to 255",
                                           .items = {{.shape = Shape::Integer}}},
                                          alert_text("thumbnail", "Address of a picture"),
                                          alert_text("footer", "Text below"),
                                          alert_text("authorName", "Author"),
                                          alert_text("websiteUrl", "Link of the author's name"),
                                          alert_text("avatarUrl", "Picture of the author")}};
    return {
        .name = "Discord",
        .send = "discord.DiscordIncomingWebhook",
        .execution = "discord.DiscordExecution",
        .send_aliases = {"io.kestra.plugin.notifications.discord.DiscordIncomingWebhook"},
        .execution_aliases = {"io.kestra.plugin.notifications.discord.DiscordExecution"},
        .example = "    url: \"{{ secret('DISCORD_WEBHOOK') }}\"\n    messageText: \"{{ flow.id }} failed\"\n",
        .report_example = "    url: \"{{ secret('DISCORD_WEBHOOK') }}\"\n    username: Sluice\n",
        .where = {alert_url("The webhook")},
        .fields = {{"username", {"username"}, Shape::Text, "Name of the sender"},
                   {"avatarUrl", {"avatar_url"}, Shape::Text, "Address of the sender's picture"},
                   {"content", {"content"}, Shape::Text, "Text above the report"}},
        .more = {{.name = "embedList",
                  .shape = Shape::List,
                  .description = "More boxes, below the report",
                  .items = {embed}}},
        .message =
            [](const std::string& text) {
                return Value{{"content", cut(text, kDiscordText)}};
            },
        .report = discord_report,
        .destination = to_url,
    };
}

// ---- Teams

Value teams_card(List body, List actions) {
    Map card{{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
             {"type", "AdaptiveCard"},
             {"version", "1.4"},
             {"msteams", Value{{"width", "Full"}}},
             {"body", Value(std::move(body))}};
    if (!actions.empty()) card.set("actions", Value(std::move(actions)));
    return Value{{"type", "message"},
                 {"attachments", Value(List{Value{{"contentType", "application/vnd.microsoft.card.adaptive"},
                                                  {"content", Value(std::move(card))}}})}};
}

Value teams_line(const std::string& text) {
    return Value{{"type", "TextBlock"}, {"text", text}, {"wrap", true}};
}

Value teams_report(const ExecutionReport& report, const Value& properties) {
    const std::string title = properties.text("activityTitle");
    List body;
    Value head = teams_line(title.empty() ? report.headline : title);
    head.mutable_map().set("size", "Large");
    head.mutable_map().set("weight", "Bolder");
    head.mutable_map().set("color", report.is_bad() ? "Attention" : "Good");
    body.push_back(std::move(head));
    if (!properties.text("activitySubtitle").empty()) body.push_back(teams_line(properties.text("activitySubtitle")));
    if (!report.message.empty()) body.push_back(teams_line(report.message));
    body.push_back(Value{{"type", "FactSet"}, {"facts", Value(facts_as(report, "title", "value", 2000))}});
    List actions;
    if (!report.link.empty()) {
        actions.push_back(Value{{"type", "Action.OpenUrl"}, {"title", "Open the execution"}, {"url", report.link}});
    }
    return teams_card(std::move(body), std::move(actions));
}

AlertService teams() {
    return {
        .name = "Microsoft Teams",
        .send = "microsoft365.teams.TeamsIncomingWebhook",
        .execution = "microsoft365.teams.TeamsExecution",
        .send_aliases = {"io.kestra.plugin.notifications.teams.TeamsIncomingWebhook",
                         "io.kestra.plugin.teams.TeamsIncomingWebhook"},
        .execution_aliases = {"io.kestra.plugin.notifications.teams.TeamsExecution",
                              "io.kestra.plugin.teams.TeamsExecution"},
        .description = "Writes Adaptive Cards, which workflows with a webhook and the older connectors both take.",
        .example = "    url: \"{{ secret('TEAMS_WEBHOOK') }}\"\n    messageText: \"{{ flow.id }} failed\"\n",
        .report_example = "    url: \"{{ secret('TEAMS_WEBHOOK') }}\"\n    activityTitle: Nightly load\n",
        .where = {alert_url("The webhook")},
        .more = {alert_text("activityTitle", "Title; default: what became of the execution"),
                 alert_text("activitySubtitle", "Line below the title"),
                 {.name = "themeColor",
                  .shape = Shape::Text,
                  .description = "Has no effect: Adaptive Cards have no such color",
                  .deprecated = true}},
        .message = [](const std::string& text) { return teams_card({teams_line(text)}, {}); },
        .report = teams_report,
        .destination = to_url,
    };
}

// ---- Google Chat, Telegram, WhatsApp, LINE: a text

Value plain_text(const std::string& text) {
    return Value{{"text", cut(text, 4000)}};
}

AlertService google_chat() {
    return {
        .name = "Google Chat",
        .send = "googleworkspace.chat.GoogleChatIncomingWebhook",
        .execution = "googleworkspace.chat.GoogleChatExecution",
        .send_aliases = {"io.kestra.plugin.notifications.google.GoogleChatIncomingWebhook"},
        .execution_aliases = {"io.kestra.plugin.notifications.google.GoogleChatExecution"},
        .example = "    url: \"{{ secret('CHAT_WEBHOOK') }}\"\n    messageText: \"{{ flow.id }} failed\"\n",
        .report_example = "    url: \"{{ secret('CHAT_WEBHOOK') }}\"\n",
        .where = {alert_url("The webhook of a space")},
        .fields = {{"text", {"text"}, Shape::Text, "Instead of the text that is made"}},
        .message = plain_text,
        .report = [](const ExecutionReport& report, const Value&) { return plain_text(report.text()); },
        .destination = to_url,
    };
}

Result<Destination> to_telegram(const Value& properties, const Value& payload) {
    const auto token = needed_text(properties, "token");
    if (!token) return tl::unexpected(token.error());
    const auto chat = needed_text(properties, "channel");
    if (!chat) return tl::unexpected(chat.error());
    std::string base = properties.text("endpointOverride");
    if (base.empty()) base = "https://api.telegram.org";
    while (base.ends_with('/')) base.pop_back();
    Map body{{"chat_id", *chat}, {"text", payload["text"]}};
    if (!properties.text("parseMode").empty()) body.set("parse_mode", properties.text("parseMode"));
    return Destination{fmt::format("{}/bot{}/sendMessage", base, *token), {}, to_json(Value(std::move(body)))};
}

AlertService telegram() {
    return {
        .name = "Telegram",
        .send = "telegram.TelegramSend",
        .execution = "telegram.TelegramExecution",
        .send_aliases = {"io.kestra.plugin.notifications.telegram.TelegramSend"},
        .execution_aliases = {"io.kestra.plugin.notifications.telegram.TelegramExecution"},
        .example =
            "    token: \"{{ secret('TELEGRAM_TOKEN') }}\"\n    channel: \"@team\"\n"
            "    payload: \"{{ flow.id }} failed\"\n",
        .report_example = "    token: \"{{ secret('TELEGRAM_TOKEN') }}\"\n    channel: \"@team\"\n",
        .where = {alert_text("token", "The bot's token", true), alert_text("channel", "Who gets it: id or @name", true),
                  alert_text("parseMode", "How the text is written: MarkdownV2 or HTML; default: plain"),
                  alert_text("endpointOverride", "Another server than https://api.telegram.org")},
        .payload_is_text = true,
        .message = plain_text,
        .report = [](const ExecutionReport& report, const Value&) { return plain_text(report.text()); },
        .destination = to_telegram,
    };
}

Value whatsapp_text(const std::string& text) {
    return Value{{"messaging_product", "whatsapp"}, {"type", "text"}, {"text", Value{{"body", cut(text, 4000)}}}};
}

Value whatsapp_report(const ExecutionReport& report, const Value& properties) {
    const std::string own = properties.text("textBody");
    return whatsapp_text(own.empty() ? report.text() : own);
}

Result<Destination> to_whatsapp(const Value& properties, const Value& payload) {
    Value body = payload;
    std::vector<std::string> ids;
    if (auto read = plugin::convert(properties["whatsAppIds"], ids); !read && !properties["whatsAppIds"].is_null()) {
        return invalid("property 'whatsAppIds': {}", read.error().message);
    }
    const std::string recipient = properties.text("recipientId");
    if (!recipient.empty()) ids = {recipient};
    if (ids.size() > 1) {
        return invalid(
            "property 'whatsAppIds': one message has one recipient; send more with a ForEach around this task");
    }
    if (ids.size() == 1 && body.is_map() && !body.get("to")) body.mutable_map().set("to", ids.front());
    return to_url(properties, body);
}

AlertService whatsapp() {
    return {
        .name = "WhatsApp",
        .send = "meta.whatsapp.WhatsAppIncomingWebhook",
        .execution = "meta.whatsapp.WhatsAppExecution",
        .send_aliases = {"io.kestra.plugin.notifications.whatsapp.WhatsAppIncomingWebhook"},
        .execution_aliases = {"io.kestra.plugin.notifications.whatsapp.WhatsAppExecution"},
        .description =
            "By the Cloud API: `url` is the address for messages of your number, the token goes to "
            "`options.auth` (BEARER).",
        .example =
            "    url: https://graph.facebook.com/v20.0/1234/messages\n    recipientId: \"491701234567\"\n"
            "    messageText: \"{{ flow.id }} failed\"\n    options:\n      auth:\n"
            "        type: BEARER\n        token: \"{{ secret('WHATSAPP_TOKEN') }}\"\n",
        .report_example =
            "    url: https://graph.facebook.com/v20.0/1234/messages\n"
            "    recipientId: \"491701234567\"\n",
        .where = {alert_url("The address for messages"),
                  alert_text("recipientId", "Phone number of the recipient"),
                  {.name = "whatsAppIds", .shape = Shape::TextOrList, .description = "The same, as a list of one"}},
        .more = {alert_text("textBody", "Instead of the text that is made"),
                 alert_text("from", "Has no effect: the address says whose number it is"),
                 alert_text("profileName", "Has no effect"), alert_text("messageId", "Has no effect")},
        .message = whatsapp_text,
        .report = whatsapp_report,
        .destination = to_whatsapp,
    };
}

Value line_text(const std::string& text) {
    return Value{{"messages", Value(List{Value{{"type", "text"}, {"text", cut(text, 4000)}}})}};
}

Result<Destination> to_line(const Value& properties, const Value& payload) {
    const auto token = needed_text(properties, "channelAccessToken");
    if (!token) return tl::unexpected(token.error());
    const std::string url = properties.text("url");
    return Destination{url.empty() ? "https://api.line.me/v2/bot/message/broadcast" : url,
                       {{"Authorization", "Bearer " + *token}},
                       to_json(payload)};
}

AlertService line() {
    return {
        .name = "LINE",
        .execution = "line.LineExecution",
        .execution_aliases = {"io.kestra.plugin.notifications.line.LineExecution"},
        .report_example = "    channelAccessToken: \"{{ secret('LINE_TOKEN') }}\"\n",
        .where = {alert_url("Default: a message to all friends of the channel", false),
                  alert_text("channelAccessToken", "The channel's token", true)},
        .more = {alert_text("message", "Instead of the text that is made")},
        .message = line_text,
        .report =
            [](const ExecutionReport& report, const Value& properties) {
                const std::string own = properties.text("message");
                return line_text(own.empty() ? report.text() : own);
            },
        .destination = to_line,
    };
}

}  // namespace chat_services_table

std::vector<AlertService> chat_services() {
    using namespace chat_services_table;
    return {slack(), discord(), teams(), google_chat(), telegram(), zulip(), whatsapp(), line()};
}

}  // namespace sluice::tasks
