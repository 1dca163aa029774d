#include "databases/postgres_url.h"

#include "support/test.h"

namespace sluice::databases {
namespace {

std::string words(const std::string& url) {
    std::string out;
    for (const auto& [name, value] : test::ok(read_postgres_url(url)).words) out += name + "=" + value + " ";
    return out;
}

}  // namespace

TEST_CASE("URLs of the JDBC driver and of libpq are read") {
    CHECK(words("jdbc:postgresql://db:5433/shop") == "dbname=shop host=db port=5433 ");
    CHECK(words("jdbc:postgresql://a:1,b:2/shop?targetServerType=primary") ==
          "dbname=shop host=a,b port=1,2 target_session_attrs=primary ");
    CHECK(words("jdbc:postgresql:shop") == "dbname=shop ");
    CHECK(words("jdbc:postgresql://db/") == "host=db ");
    CHECK(words("postgresql://me:pw@db/shop?sslmode=require") ==
          "dbname=shop host=db password=pw sslmode=require user=me ");
    CHECK(words("postgres://db/shop") == "dbname=shop host=db ");
}

TEST_CASE("parameters of the JDBC driver become those of libpq") {
    CHECK(words("jdbc:postgresql://db/shop?user=me&password=a%26b&ssl=true&ApplicationName=etl&connectTimeout=3") ==
          "application_name=etl connect_timeout=3 dbname=shop host=db password=a&b sslmode=verify-full user=me ");
    CHECK(words("jdbc:postgresql://db/shop?ssl=true&sslmode=require") == "dbname=shop host=db sslmode=require ");
    CHECK(words("jdbc:postgresql://db/shop?currentSchema=facts&options=-c%20work_mem=1MB&readOnly=true") ==
          "dbname=shop host=db options=-csearch_path=facts -c work_mem=1MB -cdefault_transaction_read_only=on ");
    const auto read = test::ok(read_postgres_url("jdbc:postgresql://db/shop?reWriteBatchedInserts=true&colour=red"));
    CHECK(read.ignored == std::vector<std::string>{"colour"});
}

TEST_CASE("what is wrong with a URL is said without its password") {
    for (const char* url : {"mysql://db/shop", "jdbc:mysql://db/shop", "", "jdbc:postgresql://[db/s3cret",
                            "postgresql://me:s3cret@db/shop?nothing=1"}) {
        const Error error = test::failure(read_postgres_url(url));
        CHECK(error.message.find("s3cret") == std::string::npos);
        CHECK(error.message.starts_with("property 'url': "));
    }
    CHECK(test::ok(ssl_mode_of("VERIFY_FULL")) == "verify-full");
    CHECK(test::contains(test::failure(ssl_mode_of("YES")).message, "expected DISABLE"));
}

}  // namespace sluice::databases
