#include "tasks/jdbc/postgresql/connection.h"

namespace sluice::tasks {

Result<std::unique_ptr<databases::PostgresSession>> connect(const PostgresConnection& want,
                                                            const std::string& time_zone,
                                                            plugin::TaskContext& context) {
    databases::PostgresConfig config{.url = want.url,
                                     .username = want.username,
                                     .password = want.password,
                                     .ssl = want.ssl,
                                     .ssl_mode = want.ssl_mode,
                                     .ssl_root_cert = want.ssl_root_cert,
                                     .ssl_cert = want.ssl_cert,
                                     .ssl_key = want.ssl_key,
                                     .ssl_key_password = want.ssl_key_password,
                                     .time_zone = time_zone};
    config.on_notice = [&context](std::string text) { context.log(LogLevel::Info, std::move(text)); };
    auto session = databases::PostgresSession::connect(config, context.stop_token());
    if (!session) return session;
    for (const std::string& name : (*session)->ignored_parameters()) {
        context.log(LogLevel::Warn,
                    fmt::format("property 'url': the parameter '{}' is not known and has no effect", name));
    }
    return session;
}

}  // namespace sluice::tasks
