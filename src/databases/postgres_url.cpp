#include "databases/postgres_url.h"

#include <libpq-fe.h>
#include <memory>

namespace sluice::databases {
namespace {

struct Renamed {
    std::string_view theirs, ours;
};
/// Parameters of the JDBC driver and what libpq calls them.
constexpr Renamed kRenamed[] = {{"ApplicationName", "application_name"}, {"connectTimeout", "connect_timeout"},
                                {"loginTimeout", "connect_timeout"},     {"kerberosServerName", "krbsrvname"},
                                {"channelBinding", "channel_binding"},   {"gssEncMode", "gssencmode"}};
/// They tune the driver, and change nothing of what a statement means.
constexpr std::string_view kTuning[] = {"prepareThreshold",
                                        "preparedStatementCacheQueries",
                                        "preparedStatementCacheSizeMiB",
                                        "reWriteBatchedInserts",
                                        "defaultRowFetchSize",
                                        "binaryTransfer",
                                        "binaryTransferEnable",
                                        "binaryTransferDisable",
                                        "preferQueryMode",
                                        "stringtype",
                                        "assumeMinServerVersion",
                                        "autosave",
                                        "cleanupSavepoints",
                                        "databaseMetadataCacheFields",
                                        "databaseMetadataCacheFieldsMiB",
                                        "disableColumnSanitiser",
                                        "loadBalanceHosts",
                                        "hostRecheckSeconds",
                                        "logUnclosedConnections",
                                        "socketTimeout",
                                        "cancelSignalTimeout",
                                        "unknownLength",
                                        "receiveBufferSize",
                                        "sendBufferSize",
                                        "maxResultBuffer",
                                        "adaptiveFetch",
                                        "escapeSyntaxCallMode",
                                        "quoteReturningIdentifiers",
                                        "readOnlyMode",
                                        "tcpNoDelay",
                                        "loggerLevel"};

std::string session_attrs(std::string_view type) {
    if (type == "master" || type == "primary") return "primary";
    if (type == "slave" || type == "secondary") return "standby";
    if (type == "preferSlave" || type == "preferSecondary") return "prefer-standby";
    return "any";
}

struct Query {
    std::string text{};     // as libpq reads it
    std::string options{};  // of the session, encoded
    bool asks_for_tls = false;
};

/// One parameter of a JDBC URL; values stay percent-encoded.
void take(std::string_view name, std::string_view value, Query& to, std::vector<std::string>& ignored) {
    const auto add = [&](std::string_view ours, std::string_view text) {
        to.text.append(to.text.empty() ? "?" : "&").append(ours).append("=").append(text);
    };
    const auto option = [&](std::string_view text) {
        if (!to.options.empty()) to.options += "%20";
        to.options += text;
    };
    if (name == "currentSchema") return option("-csearch_path%3D" + std::string(value));
    if (name == "options") {
        std::string text;
        for (const char c : value) text += c == '=' ? std::string("%3D") : std::string(1, c);  // libpq wants it encoded
        return option(text);
    }
    if (name == "readOnly") {
        if (value == "true") option("-cdefault_transaction_read_only%3Don");
        return;
    }
    if (name == "ssl") {
        to.asks_for_tls = value.empty() || value == "true";
        return;
    }
    if (name == "tcpKeepAlive") return add("keepalives", value == "true" ? "1" : "0");
    if (name == "targetServerType") return add("target_session_attrs", session_attrs(value));
    if (std::find(std::begin(kTuning), std::end(kTuning), name) != std::end(kTuning)) return;
    for (const auto& [theirs, ours] : kRenamed) {
        if (name == theirs) return add(ours, value);
    }
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> known(PQconndefaults(), &PQconninfoFree);
    for (const PQconninfoOption* one = known.get(); one != nullptr && one->keyword != nullptr; ++one) {
        if (name == one->keyword) return add(name, value);
    }
    ignored.emplace_back(name);
}

Query libpq_query(std::string_view text, std::vector<std::string>& ignored) {
    Query out;
    while (!text.empty()) {
        const std::string_view one = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), one.size() + 1));
        const std::size_t equals = one.find('=');
        const std::string_view value = equals == std::string_view::npos ? "" : one.substr(equals + 1);
        if (!one.empty()) take(one.substr(0, equals), value, out, ignored);
    }
    if (!out.options.empty()) out.text += (out.text.empty() ? "?options=" : "&options=") + out.options;
    return out;
}

/// The URL without its parameters, as libpq reads it. "jdbc:postgresql:name" has no host.
std::string libpq_base(std::string_view base) {
    constexpr std::string_view kScheme = "postgresql:";
    if (base.starts_with("postgres://")) return "postgresql://" + std::string(base.substr(11));
    if (base.starts_with("postgresql://") || !base.starts_with(kScheme)) return std::string(base);
    base.remove_prefix(kScheme.size());
    if (base.starts_with('/')) base.remove_prefix(1);
    return "postgresql:///" + std::string(base);
}

}  // namespace

Result<std::string> ssl_mode_of(std::string_view word) {
    std::string mode;
    for (const char c : word) mode += c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (const std::string_view known : {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}) {
        if (mode == known) return mode;
    }
    return invalid("property 'sslMode': expected DISABLE, ALLOW, PREFER, REQUIRE, VERIFY_CA or VERIFY_FULL, found '{}'",
                   word);
}

Result<PostgresWords> read_postgres_url(std::string_view url) {
    PostgresWords out;
    const bool is_jdbc = url.starts_with("jdbc:");
    if (is_jdbc) url.remove_prefix(5);
    if (!url.starts_with("postgresql:") && !url.starts_with("postgres://")) {
        return invalid(
            "property 'url': expected jdbc:postgresql://host:port/database or postgresql://host:port/database");
    }
    const std::size_t mark = url.find('?');
    const std::string_view parameters = mark == std::string_view::npos ? "" : url.substr(mark + 1);
    Query query;
    if (is_jdbc)
        query = libpq_query(parameters, out.ignored);
    else if (!parameters.empty())
        query.text = "?" + std::string(parameters);
    char* wrong = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> read(
        PQconninfoParse((libpq_base(url.substr(0, mark)) + query.text).c_str(), &wrong), &PQconninfoFree);
    PQfreemem(wrong);  // it may repeat the URL, with a password in it
    if (!read) {
        return invalid(
            "property 'url': it can't be read; expected jdbc:postgresql://host:port/database?name=value, with "
            "special characters percent-encoded");
    }
    for (const PQconninfoOption* one = read.get(); one->keyword != nullptr; ++one) {
        if (one->val != nullptr && *one->val != '\0') out.words[one->keyword] = one->val;
    }
    if (query.asks_for_tls && !out.words.contains("sslmode")) out.words["sslmode"] = "verify-full";
    return out;
}

}  // namespace sluice::databases
