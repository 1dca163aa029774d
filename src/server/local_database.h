#pragma once
#include <filesystem>
#include <string>
#include <sys/types.h>

#include "base/error.h"

namespace sluice::server {

struct LocalDatabaseConfig {
    std::filesystem::path folder{};       // of the data; made when it is missing
    bool durable = true;                  // false: for tests, whose data nobody wants back
    std::vector<std::string> settings{};  // more "name=value" for the server
};

/// A private PostgreSQL: made, started, stopped and recovered in one folder, reached by a unix socket only.
///
/// It is a child of this process and stops when this process ends, however that happens; after kill -9 the next start
/// recovers what was committed. As root it runs as the user `postgres` (or `nobody`), because PostgreSQL refuses root.
/// Threads  the one that made it: the kernel ties the child's life to that thread
class LocalDatabase {
  public:
    /// Starts it, and makes it first if the folder is new.
    /// Errors  Conflict: another process uses the folder; NotFound: PostgreSQL is not installed; Invalid: a folder that
    ///         its user can't reach; Unavailable: it did not come up, with the last lines of its log
    static Result<std::unique_ptr<LocalDatabase>> start(const LocalDatabaseConfig& config);
    /// Stops it in good order.
    ~LocalDatabase();
    LocalDatabase(const LocalDatabase&) = delete;
    LocalDatabase& operator=(const LocalDatabase&) = delete;

    /// For libpq: "host=… user=sluice dbname=…"
    std::string url(const std::string& database = "sluice") const;
    bool is_new() const { return is_new_; }
    pid_t pid() const { return pid_; }

    /// The address of the database in a folder, whether it runs or not: for `sluice psql --data`.
    static std::string url_in(const std::filesystem::path& folder);

  private:
    LocalDatabase() = default;
    Result<void> lock();
    Result<void> find_programs();
    Result<void> find_user();
    Result<void> make();
    Result<void> launch();
    void stop_leftover() const;
    std::vector<std::string> as_user(std::vector<std::string> command) const;
    Result<std::string> run(const std::vector<std::string>& command) const;
    std::string log_tail() const;

    LocalDatabaseConfig config_{};
    std::filesystem::path programs_{};
    std::string user_{};  // empty: whoever we are
    int lock_ = -1;
    pid_t pid_ = -1;
    bool is_new_ = false;
};

}  // namespace sluice::server
