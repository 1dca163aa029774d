#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sluice::databases {

/// What libpq needs to connect.
struct PostgresWords {
    std::map<std::string, std::string> words{};  // host, port, dbname …
    std::vector<std::string> ignored{};          // parameters of the URL that mean nothing here
};

/// Reads jdbc:postgresql:… with the parameters of the JDBC driver, and postgresql://… with those of libpq.
/// Errors  Invalid: neither; the message has no part of the URL but the names of its parameters
Result<PostgresWords> read_postgres_url(std::string_view url);

/// verify-full, of VERIFY_FULL or verify-full. Errors  Invalid
Result<std::string> ssl_mode_of(std::string_view word);

}  // namespace sluice::databases
