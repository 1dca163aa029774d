#pragma once
#include <libssh/libssh.h>
#include <memory>
#include <optional>
#include <stop_token>

#include "remote/connect.h"
#include "remote/files.h"

namespace sluice::remote {

struct SshTarget {
    Address address{"", 22};
    std::string user{};
    std::string password{};     // empty: not tried
    std::string private_key{};  // text in PEM or OpenSSH form; empty: not tried
    std::string passphrase{};   // of the key
    bool own_keys = false;      // those of the user that runs this program, and its agent
    bool check_host_key = true;
    std::string known_hosts{};       // lines as in ~/.ssh/known_hosts
    std::string known_hosts_file{};  // asked too; empty: none
    Duration connect_timeout = 30s;
};

struct CloseSession {
    void operator()(ssh_session session) const;
};
struct CloseChannel {
    void operator()(ssh_channel channel) const;
};

/// A connection that is authenticated.
/// Threads  one
class SshSession {
  public:
    /// Errors  Unavailable: no connection, no SSH; Unauthorized: the server takes none of the credentials, or its own
    ///         key is not known; Invalid: a key that can't be read
    static Result<std::unique_ptr<SshSession>> open(const SshTarget& target, std::stop_token stop);
    ~SshSession();
    SshSession(const SshSession&) = delete;
    SshSession& operator=(const SshSession&) = delete;

    using Output = std::function<void(std::string_view bytes)>;
    struct Ended {
        int exit_code = 0;     // -1: by a signal, or unknown
        std::string signal{};  // "TERM"
    };
    /// Runs a command with the user's shell. When stopped, it gets SIGTERM and its channel is closed.
    Result<Ended> run(const std::string& command, const Output& out, const Output& err);

    ssh_session raw() const { return session_.get(); }
    /// Why the last call on the session failed.
    Error failure(std::string_view doing) const;
    const SshTarget& target() const { return target_; }

  private:
    SshSession(SshTarget target, std::stop_token stop) : target_(std::move(target)), stop_(std::move(stop)) {}
    Result<void> connect(const std::string& known_hosts);
    Result<void> check_host_key();
    Result<void> authenticate();
    Result<bool> try_private_key();
    Result<void> read_all(ssh_channel channel, const Output& out, const Output& err, const bool& ended);
    Result<bool> accepted(int answer, std::string_view how);

    SshTarget target_;
    std::stop_token stop_;
    int socket_ = -1;               // the session's, which closes it when the connection breaks
    FileDescriptor same_socket_{};  // ours: a number that is nobody else's when a stop cuts the connection
    std::unique_ptr<ssh_session_struct, CloseSession> session_{};
    std::optional<std::stop_callback<std::function<void()>>> cut_{};  // ends what waits for the other side
};

}  // namespace sluice::remote
