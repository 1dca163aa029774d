#include "tasks/email/report_mail.h"

namespace sluice::tasks {
namespace report_mail {

std::string for_html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\n':
                out += "<br>";
                break;
            default:
                out += c;
        }
    }
    return out;
}

}  // namespace report_mail

std::string report_as_html(const ExecutionReport& report) {
    using report_mail::for_html;
    std::string out = fmt::format(
        "<!doctype html><html><body style=\"font-family:sans-serif\">"
        "<h2 style=\"border-left:6px solid #{};padding-left:10px\">{}</h2>",
        report.color(), for_html(report.headline));
    if (!report.message.empty()) out += "<p>" + for_html(report.message) + "</p>";
    out += "<table>";
    for (const auto& [name, value] : report.facts) {
        out += fmt::format(
            "<tr><th style=\"text-align:left;vertical-align:top;padding-right:16px\">{}</th><td>{}</td></tr>",
            for_html(name), for_html(value));
    }
    out += "</table>";
    if (!report.link.empty()) out += fmt::format("<p><a href=\"{}\">Open the execution</a></p>", for_html(report.link));
    return out + "</body></html>";
}

}  // namespace sluice::tasks
