#pragma once
#include <libssh/sftp.h>

#include "remote/ssh_session.h"

namespace sluice::remote {

/// Files by SFTP.
class SftpFiles : public Files {
  public:
    static Result<std::unique_ptr<Files>> open(const SshTarget& target, std::stop_token stop);

    Result<Entry> info(const std::string& path) override;
    Result<std::vector<Entry>> list(const std::string& folder) override;
    Result<void> read(const std::string& path, const Take& take) override;
    Result<void> write(const std::string& path, net::Source& content) override;
    Result<void> make_folder(const std::string& path) override;
    Result<void> remove(const Entry& entry) override;
    Result<void> rename(const std::string& from, const std::string& to) override;

  private:
    SftpFiles(std::unique_ptr<SshSession> session, sftp_session sftp)
        : session_(std::move(session)), sftp_(sftp, ::sftp_free) {}
    /// What the server said to the last request.
    Error failure(std::string_view doing, const std::string& path) const;

    std::unique_ptr<SshSession> session_;
    std::unique_ptr<sftp_session_struct, void (*)(sftp_session)> sftp_;
};

}  // namespace sluice::remote
