#include "cli/plugin_probe.h"

#include <fstream>

#include "value/json.h"

namespace sluice::cli {
namespace {

constexpr Duration kLongest = 60s;

/// Files are only pretended: their addresses lead nowhere.
std::string file_answer(const Value& message, const std::filesystem::path& folder) {
    Map answer{{"type", "file"}, {"id", message["id"]}};
    if (message.get("put")) {
        const std::string name = message.text("put");
        if (std::filesystem::exists(folder / name))
            answer.set("uri", "kestra:///conformance/" + name);
        else
            answer.set("error", "there is no file " + name);
    } else {
        const auto path = folder / (message.get("name") ? message.text("name") : "fetched");
        std::ofstream(path) << "a file of the conformance test\n";
        answer.set("path", path.string());
    }
    return to_json(Value(std::move(answer)));
}

}  // namespace

std::string Observation::text() const {
    if (!refused.empty()) return refused;
    std::string out = result ? "its result was " + to_json(*result) : "it gave no result";
    out += outcome.exit_code ? fmt::format(", it ended with exit code {}", *outcome.exit_code)
                             : fmt::format(", it was ended by signal {}", outcome.signal);
    for (std::size_t i = 0; i < errors.size() && i < 5; ++i)
        out += (i == 0 ? "; on standard error: " : " | ") + errors[i];
    return out;
}

std::string PluginProbe::start_message(const std::string& type, const Value& properties, std::int64_t protocol) const {
    return to_json(Value{{"type", "start"},
                         {"protocol", protocol},
                         {"task", Value{{"type", type},
                                        {"id", "conformance"},
                                        {"namespace", "company.team"},
                                        {"flow", "conformance"},
                                        {"execution", "conformance"},
                                        {"attempt", 0}}},
                         {"properties", properties},
                         {"folder", folder_.string()}});
}

Observation PluginProbe::talk(const std::vector<std::string>& lines, Then then) const {
    Observation out;
    std::stop_source asked;
    plugin::Leash leash({.heartbeat = manifest_.heartbeat, .kill_grace = manifest_.kill_grace}, asked.get_token());
    for (const std::string& line : lines) leash.send(line);
    process::Command command;
    command.arguments = manifest_.command;
    command.environment = process::harmless_environment();
    for (const auto& [name, value] : manifest_.environment) command.environment[name] = value;
    command.directory = folder_.string();
    command.input_descriptor = leash.reading_end();
    command.grace = 1s;
    command.limits.wall = kLongest;
    const auto take = [&](process::Line&& line) {
        leash.heard();
        if (line.stream == process::Stream::Error) return out.errors.push_back(std::move(line.text));
        auto message = parse_json(line.text);
        if (!message || !message->is_map() || message->text("type").empty()) {
            if (out.garbage.empty()) out.garbage = line.text.empty() ? "(an empty line)" : line.text.substr(0, 200);
            return;
        }
        if (message->text("type") == "file") leash.send(file_answer(*message, folder_));
        if (message->text("type") == "result" && !out.result) {
            out.result = *message;
            leash.done();
        }
        out.messages.push_back(std::move(*message));
    };
    const auto started = [&](pid_t) {
        leash.started();
        if (then == Then::Kill) asked.request_stop();
        if (then == Then::CloseInput) leash.done();
    };
    const auto ended = processes_.run(command, {.on_line = take, .on_start = started}, leash.process_stop());
    out.ended_by = leash.why();
    if (ended)
        out.outcome = *ended;
    else
        out.refused = ended.error().message;
    return out;
}

}  // namespace sluice::cli
