#pragma once
#include <memory>
#include <string>

#include "pg/pool.h"

namespace sluice::test {

/// A database of a test's own, with the schema, on one private PostgreSQL that the test binary starts and ends.
/// Tests of statements that must meet nobody else's rows make one each; it takes some 100 ms.
class Database {
  public:
    Database();
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Without the proxy.
    const std::string& url() const { return url_; }
    /// With SLUICE_TEST_POOLER set, through PgBouncer, which pools transactions.
    pg::Pool& pool() { return *pool_; }

    /// The first column of the first row; "" if there is none, or it is null.
    std::string one(const std::string& sql);
    void run(const std::string& sql);

  private:
    std::string name_;
    std::string url_;
    std::unique_ptr<pg::Pool> pool_;
};

}  // namespace sluice::test
