#pragma once
#include <filesystem>
#include <string>

namespace sluice::test {

/// PgBouncer in front of a database server, pooling transactions: few sessions of the server for many clients.
class Pooler {
  public:
    /// server  of the private server, in libpq's key=value form; its dbname is left out
    Pooler(std::filesystem::path folder, const std::string& server);
    ~Pooler();
    Pooler(const Pooler&) = delete;
    Pooler& operator=(const Pooler&) = delete;

    std::string url(const std::string& database) const;

  private:
    std::filesystem::path folder_;
    int port_ = 0;
    pid_t pid_ = -1;
};

}  // namespace sluice::test
