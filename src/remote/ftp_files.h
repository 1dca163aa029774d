#pragma once
#include <curl/curl.h>
#include <memory>
#include <stop_token>

#include "remote/connect.h"
#include "remote/files.h"

namespace sluice::remote {

struct FtpTarget {
    Address address{"", 21};
    std::string user{};
    std::string password{};
    enum class Tls { None, Explicit, Implicit } tls = Tls::None;
    bool insecure_tls = false;
    std::string ca_pem{};
    bool passive = true;
    std::optional<net::Proxy> proxy{};
    Duration connect_timeout = 30s;
    Duration idle_timeout = 5min;
};

/// Files by FTP and FTPS. The connection is kept between calls.
class FtpFiles : public Files {
  public:
    FtpFiles(FtpTarget target, std::stop_token stop);

    Result<Entry> info(const std::string& path) override;
    Result<std::vector<Entry>> list(const std::string& folder) override;
    Result<void> read(const std::string& path, const Take& take) override;
    Result<void> write(const std::string& path, net::Source& content) override;
    Result<void> make_folder(const std::string& path) override;
    Result<void> remove(const Entry& entry) override;
    Result<void> rename(const std::string& from, const std::string& to) override;

  private:
    struct Call;
    std::string url_of(const std::string& path, bool is_folder) const;
    void prepare(const std::string& url, Call& call);
    Result<void> perform(std::string_view doing, const std::string& path, Call& call);
    Result<void> commands(std::string_view doing, const std::string& path, const std::vector<std::string>& lines);
    Result<void> check_folder(const std::string& folder);
    Error explain(CURLcode code, std::string_view doing, const std::string& path, const Call& call) const;
    template <class T>
    void set(CURLoption option, T value);

    FtpTarget target_;
    std::stop_token stop_;
    std::unique_ptr<CURL, void (*)(CURL*)> handle_;
    bool knows_mlsd_ = true;
};

}  // namespace sluice::remote
