#include "access/sign_on.h"

#include "access/accounts.h"
#include "sql/access.h"

namespace sluice::access {
namespace {

tl::unexpected<Error> shut_out(std::string message, std::string kind) {
    return tl::unexpected(Error{ErrorCode::Forbidden, std::move(message), {}, {}, std::move(kind)});
}

Result<void> link(pg::Transaction& tx, const SignOn& who) {
    const pg::Rows rows = tx.run(sql::user_to_link, who.name);
    if (rows.empty())
        return shut_out(fmt::format("there is no user {}; make one, or set oidc.create-users", who.name),
                        "unknown user");
    pg::Row row = rows[0];
    const bool is_free = row.boolean();
    if (row.boolean()) return shut_out(fmt::format("the user {} is disabled", who.name), "disabled");
    if (!is_free || !who.may_link)
        return shut_out(fmt::format("the name {} is another user's here{}", who.name,
                                    is_free ? "; if both are one, set oidc.link-users" : ""),
                        "name taken");
    tx.run(sql::link_user, who.name, who.issuer, who.subject);
    return {};
}

Result<void> create(pg::Transaction& tx, const SignOn& who) {
    if (auto fits = check_username(who.name); !fits) return shut_out(fits.error().message, "unfit name");
    constexpr const char* kNoPassword = "none";  // matches nothing
    if (tx.run(sql::insert_user, who.name, kNoPassword, "PERSON", std::optional<std::string>()).empty())
        return link(tx, who);
    tx.run(sql::link_user, who.name, who.issuer, who.subject);
    if (who.default_role.empty()) return {};
    const auto bound = put_binding(tx, {.user = who.name, .role = who.default_role});
    return bound ? Result<void>() : tl::unexpected(bound.error());
}

}  // namespace

Result<SignedOn> sign_on(pg::Transaction& tx, const SignOn& who) {
    SignedOn out{.username = who.name};
    if (const pg::Rows known = tx.run(sql::user_of_subject, who.issuer, who.subject); !known.empty()) {
        pg::Row row = known[0];
        out.username = row.text();
        if (row.boolean()) return shut_out(fmt::format("the user {} is disabled", out.username), "disabled");
        tx.run(sql::act_as, out.username);  // the audit names users, not what a provider calls them now
    } else if (!who.owns_name) {
        return shut_out(fmt::format("the provider does not say whether the e-mail address {} is verified; have it send "
                                    "email_verified, or set oidc.accept-unverified-email",
                                    who.name),
                        "unverified");
    } else if (auto done = who.may_create ? create(tx, who) : link(tx, who); !done) {
        return tl::unexpected(done.error());
    }
    if (!who.full_name.empty()) tx.run(sql::rename_user, out.username, who.full_name);
    for (pg::Row row : tx.run(sql::follow_groups, out.username, who.followed_groups, who.groups))
        out.missing_groups.push_back(row.text());
    tx.run(sql::note_login, out.username);
    return out;
}

Result<void> hold_way_in(pg::Pool& pool, const SignOnRules& rules) {
    const pg::Rows found = pool.run(sql::may_administrator_sign_on, rules.issuer, rules.followed_groups,
                                    rules.default_role, rules.may_create, rules.may_link);
    if (found[0].boolean()) return {};
    return conflict(
        "admin.password-login is off, and nobody who may administer users could log in by the provider {}. With it on, "
        "log "
        "in by the provider once and give that user the role admin; or bind the role to a group of oidc.groups",
        rules.issuer);
}

}  // namespace sluice::access
