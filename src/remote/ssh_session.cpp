#include "remote/ssh_session.h"

#include <array>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <libssh/callbacks.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sluice::remote {
namespace {

using Key = std::unique_ptr<ssh_key_struct, void (*)(ssh_key)>;
using Channel = std::unique_ptr<ssh_channel_struct, CloseChannel>;
using Event = std::unique_ptr<ssh_event_struct, void (*)(ssh_event)>;

constexpr int kLookEveryMs = 200;
constexpr std::size_t kReadBytes = 32 * 1024;

void initialise_libssh() {
    static const int code = ::ssh_init();
    if (code != SSH_OK) throw OutsideError("libssh does not start");
}

std::string fingerprint_of(ssh_key key) {
    unsigned char* hash = nullptr;
    std::size_t size = 0;
    if (::ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &size) != 0) return "?";
    char* text = ::ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size);
    const std::string out = text == nullptr ? "?" : text;
    ::ssh_string_free_char(text);
    ::ssh_clean_pubkey_hash(&hash);
    return out;
}

/// The known hosts as libssh wants them: one file. It is gone with this.
class KnownHostsFile {
  public:
    KnownHostsFile(const std::string& lines, const std::string& more) {
        std::string pattern = std::filesystem::temp_directory_path() / "sluice-known-hosts-XXXXXX";
        const FileDescriptor file(::mkstemp(pattern.data()));
        if (!file) throw OutsideError(fmt::format("no temporary file: {}", std::strerror(errno)));
        path_ = pattern;
        std::ofstream out(path_);
        out << lines << '\n';
        if (std::ifstream in(more); !more.empty() && in && in.peek() != std::ifstream::traits_type::eof())
            out << in.rdbuf();
    }
    ~KnownHostsFile() { ::unlink(path_.c_str()); }
    KnownHostsFile(const KnownHostsFile&) = delete;
    KnownHostsFile& operator=(const KnownHostsFile&) = delete;
    const std::string& path() const { return path_; }

  private:
    std::string path_{};
};

/// How a command ended, as the server tells it while its output is read.
struct EndWatch {
    SshSession::Ended ended{.exit_code = -1};
    bool known = false;

    static void on_status(ssh_session, ssh_channel, int status, void* self) {
        auto& watch = *static_cast<EndWatch*>(self);
        watch.ended.exit_code = status;
        watch.known = true;
    }
    static void on_signal(ssh_session, ssh_channel, const char* signal, int, const char*, const char*, void* self) {
        auto& watch = *static_cast<EndWatch*>(self);
        watch.ended.signal = signal;
        watch.known = true;
    }
};

/// Servers that ask for the password in a dialogue of their own (PAM).
int answer_questions(ssh_session session, const std::string& password) {
    int answer = ::ssh_userauth_kbdint(session, nullptr, nullptr);
    while (answer == SSH_AUTH_INFO) {
        const int questions = ::ssh_userauth_kbdint_getnprompts(session);
        for (int i = 0; i < questions; ++i) {
            ::ssh_userauth_kbdint_setanswer(session, static_cast<unsigned>(i), password.c_str());
        }
        answer = ::ssh_userauth_kbdint(session, nullptr, nullptr);
    }
    return answer;
}

}  // namespace

void CloseSession::operator()(ssh_session session) const {
    if (::ssh_is_connected(session) != 0) ::ssh_disconnect(session);
    ::ssh_free(session);
}
void CloseChannel::operator()(ssh_channel channel) const {
    ::ssh_channel_free(channel);
}

SshSession::~SshSession() {
    cut_.reset();
}

Error SshSession::failure(std::string_view doing) const {
    if (stop_.stop_requested()) return {ErrorCode::Cancelled, fmt::format("stopped while {}", doing)};
    const char* reason = session_ ? ::ssh_get_error(session_.get()) : "";
    return {ErrorCode::Unavailable, fmt::format("{} on {} failed: {}", doing, target_.address.text(), reason)};
}

Result<std::unique_ptr<SshSession>> SshSession::open(const SshTarget& target, std::stop_token stop) {
    initialise_libssh();
    std::unique_ptr<SshSession> out(new SshSession(target, std::move(stop)));
    const KnownHostsFile known_hosts(target.known_hosts, target.known_hosts_file);
    if (auto connected = out->connect(known_hosts.path()); !connected) return tl::unexpected(connected.error());
    if (auto known = out->check_host_key(); !known) return tl::unexpected(known.error());
    if (auto in = out->authenticate(); !in) return tl::unexpected(in.error());
    return out;
}

Result<void> SshSession::connect(const std::string& known_hosts) {
    auto socket = connect_to(target_.address, target_.connect_timeout, stop_);
    if (!socket) return tl::unexpected(socket.error());
    session_.reset(::ssh_new());
    if (!session_) throw std::bad_alloc();
    const auto set = [&](ssh_options_e option, const void* value) {
        const int done = ::ssh_options_set(session_.get(), option, value);
        ensure(done == 0, "libssh refuses option {}: {}", static_cast<int>(option), ::ssh_get_error(session_.get()));
    };
    const unsigned port = static_cast<unsigned>(target_.address.port);
    const int no_configuration = 0;
    const long seconds = std::chrono::ceil<std::chrono::seconds>(target_.connect_timeout).count();
    set(SSH_OPTIONS_HOST, target_.address.host.c_str());
    set(SSH_OPTIONS_PORT, &port);
    set(SSH_OPTIONS_USER, target_.user.c_str());
    set(SSH_OPTIONS_PROCESS_CONFIG, &no_configuration);
    set(SSH_OPTIONS_TIMEOUT, &seconds);
    set(SSH_OPTIONS_KNOWNHOSTS, known_hosts.c_str());  // before the handshake: a kind of key that is known is asked for
    set(SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
    socket_ = socket->release();
    set(SSH_OPTIONS_FD, &socket_);
    same_socket_ = FileDescriptor(::fcntl(socket_, F_DUPFD_CLOEXEC, 0));
    if (!same_socket_) throw OutsideError(fmt::format("no descriptor for a connection: {}", std::strerror(errno)));
    cut_.emplace(stop_, [fd = same_socket_.get()] { ::shutdown(fd, SHUT_RDWR); });
    if (::ssh_connect(session_.get()) != SSH_OK) return tl::unexpected(failure("the SSH handshake"));
    return {};
}

/// Known is what the caller's lines or the file say.
Result<void> SshSession::check_host_key() {
    if (!target_.check_host_key) return {};
    const ssh_known_hosts_e answer = ::ssh_session_is_known_server(session_.get());
    if (answer == SSH_KNOWN_HOSTS_OK) return {};
    if (answer == SSH_KNOWN_HOSTS_ERROR) return tl::unexpected(failure("checking the host key"));
    const bool changed = answer == SSH_KNOWN_HOSTS_CHANGED || answer == SSH_KNOWN_HOSTS_OTHER;
    ssh_key raw = nullptr;
    if (::ssh_get_server_publickey(session_.get(), &raw) != SSH_OK)
        return tl::unexpected(failure("reading the host key"));
    const Key key(raw, ::ssh_key_free);
    char* line = nullptr;
    ::ssh_session_export_known_hosts_entry(session_.get(), &line);
    std::string entry = line == nullptr ? "" : line;
    ::ssh_string_free_char(line);
    while (entry.ends_with('\n')) entry.pop_back();
    if (changed) {
        return refuse(
            ErrorCode::Unauthorized,
            "{} shows another host key than the known one: {}. Either it was set up anew, or somebody stands in "
            "between; when you are sure, replace its line among the known hosts by: {}",
            target_.address.text(), fingerprint_of(raw), entry);
    }
    return refuse(
        ErrorCode::Unauthorized,
        "the host key of {} is not known: {}. When it is the right one, add this line to the property knownHosts, "
        "or to the file of tasks.ssh.known-hosts: {} (strictHostKeyChecking: no skips this check)",
        target_.address.text(), fingerprint_of(raw), entry);
}

Result<bool> SshSession::accepted(int answer, std::string_view how) {
    switch (answer) {
        case SSH_AUTH_SUCCESS:
            return true;
        case SSH_AUTH_DENIED:
            return false;
        case SSH_AUTH_PARTIAL:
            return false;
        default:
            return tl::unexpected(failure(fmt::format("logging in by {}", how)));
    }
}

Result<bool> SshSession::try_private_key() {
    ssh_key raw = nullptr;
    // A key that was pasted into YAML may have lost its last line break, without which it can't be read.
    std::string text = target_.private_key;
    if (!text.ends_with('\n')) text += '\n';
    const char* passphrase = target_.passphrase.empty() ? nullptr : target_.passphrase.c_str();
    if (::ssh_pki_import_privkey_base64(text.c_str(), passphrase, nullptr, nullptr, &raw) != SSH_OK) {
        return invalid(
            "the private key can't be read: expected a PEM or OpenSSH private key with its first and last line{}",
            passphrase == nullptr ? "; does it need a passphrase?" : ", and its passphrase");
    }
    const Key key(raw, ::ssh_key_free);
    return accepted(::ssh_userauth_publickey(session_.get(), nullptr, raw), "key");
}

Result<void> SshSession::authenticate() {
    // Which methods there are is told after the first try only.
    auto in = accepted(::ssh_userauth_none(session_.get(), nullptr), "nothing");
    if (!in) return tl::unexpected(in.error());
    const int methods = ::ssh_userauth_list(session_.get(), nullptr);
    const auto offered = [&](unsigned method) { return (static_cast<unsigned>(methods) & method) != 0; };
    std::vector<std::string> tried;
    if (!*in && !target_.private_key.empty()) {
        tried.emplace_back("the private key");
        in = try_private_key();
        if (!in) return tl::unexpected(in.error());
    }
    if (!*in && target_.own_keys) {
        tried.emplace_back("the keys of the user that runs this server");
        in = accepted(::ssh_userauth_publickey_auto(session_.get(), nullptr, nullptr), "key");
        if (!in) return tl::unexpected(in.error());
    }
    if (!*in && !target_.password.empty()) {
        tried.emplace_back("the password");
        if (offered(SSH_AUTH_METHOD_PASSWORD)) {
            in = accepted(::ssh_userauth_password(session_.get(), nullptr, target_.password.c_str()), "password");
        }
        if (in && !*in && offered(SSH_AUTH_METHOD_INTERACTIVE)) {
            in = accepted(answer_questions(session_.get(), target_.password), "password");
        }
        if (!in) return tl::unexpected(in.error());
    }
    if (*in) return {};
    return refuse(ErrorCode::Unauthorized, "{} does not let '{}' in{}{}", target_.address.text(), target_.user,
                  tried.empty() ? ": give a password or a private key" : " with ", fmt::join(tried, " and "));
}

Result<SshSession::Ended> SshSession::run(const std::string& command, const Output& out, const Output& err) {
    EndWatch watch;
    ssh_channel_callbacks_struct callbacks{};
    callbacks.userdata = &watch;
    callbacks.channel_exit_status_function = &EndWatch::on_status;
    callbacks.channel_exit_signal_function = &EndWatch::on_signal;
    ssh_callbacks_init(&callbacks);
    const Channel channel(::ssh_channel_new(session_.get()));
    if (!channel || ::ssh_channel_open_session(channel.get()) != SSH_OK)
        return tl::unexpected(failure("opening a channel"));
    ::ssh_set_channel_callbacks(channel.get(), &callbacks);
    if (::ssh_channel_request_exec(channel.get(), command.c_str()) != SSH_OK)
        return tl::unexpected(failure("starting the command"));
    cut_.reset();  // from here on it is ended in good order
    ::ssh_channel_send_eof(channel.get());
    if (auto read = read_all(channel.get(), out, err, watch.known); !read) return tl::unexpected(read.error());
    return watch.ended;
}

Result<void> SshSession::read_all(ssh_channel channel, const Output& out, const Output& err, const bool& ended) {
    // Not ssh_channel_poll_timeout(): after the end of the output it reads nothing more, also not the exit status.
    const Event event(::ssh_event_new(), ::ssh_event_free);
    if (!event || ::ssh_event_add_session(event.get(), session_.get()) != SSH_OK)
        return tl::unexpected(failure("waiting for the command"));
    std::array<char, kReadBytes> buffer{};
    const auto drain = [&](bool is_error) {
        int n = 0;
        while ((n = ::ssh_channel_read_nonblocking(channel, buffer.data(), buffer.size(), is_error ? 1 : 0)) > 0) {
            (is_error ? err : out)({buffer.data(), static_cast<std::size_t>(n)});
        }
    };
    while (true) {
        if (stop_.stop_requested()) {
            ::ssh_channel_request_send_signal(channel, "TERM");
            ::ssh_channel_close(channel);
            return refuse(ErrorCode::Cancelled, "the command was stopped");
        }
        ::ssh_event_dopoll(event.get(), kLookEveryMs);
        drain(false);
        drain(true);
        const bool over = ::ssh_channel_is_closed(channel) != 0 || (::ssh_channel_is_eof(channel) != 0 && ended);
        if (over && (ended || ::ssh_is_connected(session_.get()) != 0)) return {};
        if (::ssh_is_connected(session_.get()) == 0) return tl::unexpected(failure("the command"));
    }
}

}  // namespace sluice::remote
