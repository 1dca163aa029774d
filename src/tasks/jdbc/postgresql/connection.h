#pragma once
#include "databases/postgres_session.h"
#include "plugin/task_type.h"

namespace sluice::tasks {

/// How a PostgreSQL is reached.
struct PostgresConnection {
    std::string url, username, password;
    bool ssl = false;
    std::string ssl_mode, ssl_root_cert, ssl_cert, ssl_key, ssl_key_password;
};

/// Errors  Invalid, Unavailable, Cancelled. Notices of the server go into the task's log.
Result<std::unique_ptr<databases::PostgresSession>> connect(const PostgresConnection& want,
                                                            const std::string& time_zone, plugin::TaskContext& context);

template <class P>
void declare_postgres(plugin::TaskTypeMaker<P>& type) {
    type.property("url", &P::url,
                  "jdbc:postgresql://host:5432/database, with the parameters of the JDBC driver, or "
                  "postgresql://host:5432/database, with those of libpq",
                  plugin::required)
        .property("username", &P::username, "Who connects")
        .property("password", &P::password, "Better `{{ secret('…') }}`")
        .property("ssl", &P::ssl, "TLS; without `sslMode` the server's certificate and name are checked")
        .property("sslMode", &P::ssl_mode, "How much of TLS is asked for; default: what the URL says, else PREFER")
        .values({"DISABLE", "ALLOW", "PREFER", "REQUIRE", "VERIFY_CA", "VERIFY_FULL"})
        .property("sslRootCert", &P::ssl_root_cert, "Authorities that are trusted, as PEM text; default: the system's")
        .property("sslCert", &P::ssl_cert, "The client's certificate, as PEM text")
        .property("sslKey", &P::ssl_key, "Its key, as PEM text")
        .property("sslKeyPassword", &P::ssl_key_password, "Password of that key");
}

}  // namespace sluice::tasks
