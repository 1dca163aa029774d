#pragma once
#include "cli/options.h"
#include "net/client.h"

namespace sluice::cli {

/// Talks to a server's API with the credentials of options or environment (SLUICE_USER, SLUICE_PASSWORD), or those that
/// a local server keeps in ./data.
class ApiClient {
  public:
    static void add_options(Options& options);
    explicit ApiClient(const Options& options);

    /// A request below /api/v1/main; the parsed answer, null when it is empty.
    /// Errors  the server's message with the mistakes that it names; Unavailable: no server there
    Result<Value> send(const std::string& method, const std::string& path, const std::string& body = "",
                       const std::string& content_type = "application/json");
    /// An answer that never ends by itself, line by line; `line` returns false to end it.
    Result<void> stream(const std::string& path, const std::function<bool(std::string_view line)>& line);

    bool wants_json() const { return json_; }

  private:
    net::Request request(const std::string& method, const std::string& path) const;

    net::Client client_{};
    std::string server_{};
    std::string ca_file_{};
    std::string user_{};
    std::string password_{};
    bool json_ = false;
};

}  // namespace sluice::cli
