#include "process/line_splitter.h"
#include "remote/ssh_session.h"
#include "tasks/catalog.h"
#include "tasks/scripts/output_protocol.h"
#include "tasks/settings.h"

namespace sluice::tasks {
namespace ssh_command {

constexpr std::size_t kLongestLine = 1024 * 1024;

struct Properties {
    std::string host;
    std::int64_t port = 22;
    std::string username;
    std::string auth_method = "PASSWORD";
    std::string password;
    std::string private_key;
    std::string private_key_passphrase;
    std::string known_hosts;
    std::string strict_host_key_checking = "yes";
    std::string open_ssh_config_path;
    std::vector<std::string> commands;
    std::map<std::string, std::string> env;
    bool warning_on_std_err = true;
};

Result<remote::SshTarget> target_of(const Properties& want, const Settings& settings) {
    remote::SshTarget out;
    if (want.port < 1 || want.port > 65535) return invalid("property 'port': {} is no port", want.port);
    out.address = {want.host, static_cast<int>(want.port)};
    out.user = want.username;
    out.check_host_key = want.strict_host_key_checking != "no" && want.strict_host_key_checking != "false";
    out.known_hosts = want.known_hosts;
    out.known_hosts_file = settings.known_hosts_file;
    if (want.auth_method == "PASSWORD") {
        if (want.password.empty()) return invalid("property 'password': a password is needed for authMethod PASSWORD");
        out.password = want.password;
    } else if (want.auth_method == "PUBLIC_KEY") {
        if (want.private_key.empty())
            return invalid("property 'privateKey': a key is needed for authMethod PUBLIC_KEY");
        out.private_key = want.private_key;
        out.passphrase = want.private_key_passphrase;
    } else if (want.auth_method == "OPEN_SSH") {
        out.own_keys = true;
        out.password = want.password;
    } else {
        return invalid("property 'authMethod': '{}' is not one of PASSWORD, PUBLIC_KEY, OPEN_SSH", want.auth_method);
    }
    return out;
}

/// One stream of the command: lines of the protocol become outputs, others go to the log.
class Stream {
  public:
    Stream(plugin::TaskContext& context, OutputProtocol& protocol, LogLevel level)
        : context_(context), protocol_(protocol), level_(level) {}

    void feed(std::string_view bytes) {
        splitter_.feed(bytes, [this](std::string&& line, bool continues) { take(std::move(line), continues); });
    }
    void finish() {
        splitter_.finish([this](std::string&& line, bool continues) { take(std::move(line), continues); });
    }
    std::int64_t lines() const { return lines_; }

  private:
    void take(std::string&& line, bool continues) {
        if (!continues) ++lines_;
        if (!continues && protocol_.take(line)) return;
        context_.log(level_, std::move(line));
    }

    plugin::TaskContext& context_;
    OutputProtocol& protocol_;
    LogLevel level_;
    process::LineSplitter splitter_{kLongestLine};
    std::int64_t lines_ = 0;
};

Result<Value> run(const Settings& settings, const Properties& want, plugin::TaskContext& context) {
    const auto target = target_of(want, settings);
    if (!target) return tl::unexpected(target.error());
    auto session = remote::SshSession::open(*target, context.stop_token());
    if (!session) return tl::unexpected(session.error());
    // A server takes only the names of its AcceptEnv, so the shell sets them; exported, as they would be.
    std::string script;
    for (const auto& [name, value] : want.env) {
        std::string quoted;
        for (const char c : value) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
        if (!std::all_of(name.begin(), name.end(),
                         [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; })) {
            return invalid("property 'env': '{}' is no name of a variable", name);
        }
        script += fmt::format("export {}='{}'\n", name, quoted);
    }
    script += fmt::format("{}", fmt::join(want.commands, "\n"));
    OutputProtocol protocol(context);
    Stream out(context, protocol, LogLevel::Info);
    Stream err(context, protocol, LogLevel::Error);
    const auto ended = (*session)->run(
        script, [&](std::string_view bytes) { out.feed(bytes); }, [&](std::string_view bytes) { err.feed(bytes); });
    out.finish();
    err.finish();
    if (!ended) return tl::unexpected(ended.error());
    Value outputs{{"exitCode", Value(ended->exit_code)},
                  {"stdOutLineCount", Value(out.lines())},
                  {"stdErrLineCount", Value(err.lines())},
                  {"vars", Value(protocol.outputs())}};
    if (ended->exit_code != 0) {
        context.keep_outputs(std::move(outputs));
        if (!ended->signal.empty())
            return refuse(ErrorCode::Unavailable, "the command was ended by the signal {}", ended->signal);
        return refuse(ErrorCode::Unavailable, "the command failed with exit code {}", ended->exit_code);
    }
    if (err.lines() > 0 && want.warning_on_std_err) context.end_as(State::Warning);
    return outputs;
}

}  // namespace ssh_command

plugin::TaskType fs_ssh_command(const Settings& settings) {
    using namespace ssh_command;
    return plugin::task_type<Properties>("fs.ssh.Command",
                                         [settings](const Properties& want, plugin::TaskContext& context) {
                                             return run(settings, want, context);
                                         })
        .title("Runs commands on another machine by SSH.")
        .description(
            "They are one script of the user's login shell there; its exit code decides. Output goes to the log while "
            "it "
            "comes, and lines of the form `::{\"outputs\": {…}}::` become `vars`. When the task is killed the commands "
            "get "
            "SIGTERM and their channel is closed. The host key must be known: from `knownHosts`, or from the file of "
            "`tasks.ssh.known-hosts`.")
        .example("Restart a service with a key", R"(id: ssh
namespace: company.team
tasks:
  - id: restart
    type: io.kestra.plugin.fs.ssh.Command
    host: app.example.com
    username: deploy
    authMethod: PUBLIC_KEY
    privateKey: "{{ secret('DEPLOY_KEY') }}"
    knownHosts: "{{ secret('APP_HOST_KEY') }}"
    commands:
      - systemctl --user restart app
      - echo '::{"outputs":{"restarted":true}}::'
)")
        .property("host", &Properties::host, "Name or address of the server", plugin::required)
        .property("port", &Properties::port, "Port of the server")
        .property("username", &Properties::username, "Who logs in", plugin::required)
        .property("authMethod", &Properties::auth_method,
                  "PASSWORD, PUBLIC_KEY, or OPEN_SSH: the keys and the agent of the user that runs this worker")
        .values({"PASSWORD", "PUBLIC_KEY", "OPEN_SSH"})
        .property("password", &Properties::password, "Password")
        .property("privateKey", &Properties::private_key, "Private key as text, PEM or OpenSSH")
        .property("privateKeyPassphrase", &Properties::private_key_passphrase, "Of the private key")
        .also_called("passphrase")
        .property("knownHosts", &Properties::known_hosts, "Host keys that are trusted, as lines of a known_hosts file")
        .property("strictHostKeyChecking", &Properties::strict_host_key_checking,
                  "no accepts any host key: whoever stands in between reads and changes everything")
        .values({"yes", "no", "ask"})
        .property("openSSHConfigPath", &Properties::open_ssh_config_path,
                  "Has no effect: keys are those of ~/.ssh and the agent")
        .property("commands", &Properties::commands, "Lines of a script", plugin::required)
        .property("env", &Properties::env, "Variables of the commands")
        .property("warningOnStdErr", &Properties::warning_on_std_err, "Output on the error stream makes it a warning")
        .output("exitCode", "Of the script", flow::Shape::Integer)
        .output("stdOutLineCount", "Lines of output", flow::Shape::Integer)
        .output("stdErrLineCount", "Lines on the error stream", flow::Shape::Integer)
        .output("vars", "What the commands put out", flow::Shape::Map);
}

}  // namespace sluice::tasks
