#include "access/accounts.h"

#include "access/act.h"
#include "access/passwords.h"
#include "sql/access.h"

namespace sluice::access {
namespace {

constexpr std::size_t kLongestName = 128;

/// Of users, groups, roles and tokens: they stand in addresses and headers.
Result<void> check_name(const char* what, const std::string& name, std::string_view also) {
    const auto fits = [&](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || also.find(c) != std::string_view::npos;
    };
    if (!name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), fits)) return {};
    return invalid("the name of a {} has 1 to {} letters, digits and characters of '{}', found '{}'", what,
                   kLongestName, also, name);
}

std::optional<std::string> if_any(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

/// Whatever was changed, somebody must be able to change it back.
Result<void> keep_an_admin(pg::Transaction& tx) {
    if (tx.run(sql::count_admins)[0].integer() > 0) return {};
    return conflict("nobody would be left who may administrate: give another user the role admin first");
}

}  // namespace

Error refusal_of(const pg::StatementError& refused) {
    constexpr std::string_view kForeignKeyViolation = "23503";
    // What our functions raise, and checks of what people give.
    constexpr std::string_view kNoData = "P0002", kInvalidValue = "22023", kCheckViolation = "23514";
    if (refused.sqlstate() == kNoData) return {ErrorCode::NotFound, refused.what(), {}, {}, ""};
    if (refused.sqlstate() == kInvalidValue || refused.sqlstate() == kCheckViolation)
        return {ErrorCode::Invalid, refused.what(), {}, {}, ""};
    if (refused.sqlstate() == pg::kUniqueViolation) return {ErrorCode::Conflict, "the name is taken", {}, {}, ""};
    if (refused.sqlstate() != kForeignKeyViolation) throw refused;
    if (refused.statement() == sql::delete_role.name)
        return {ErrorCode::Conflict, "somebody has this role: remove its bindings and tokens first", {}, {}, ""};
    const std::string& key = refused.constraint();
    const char* what = key.ends_with("role_fkey") ? "role" : key.ends_with("group_fkey") ? "group" : "user";
    return {ErrorCode::NotFound, fmt::format("there is no such {}", what), {}, {}, ""};
}

std::optional<Account> load_account(pg::Pool& pool, const std::string& username) {
    std::optional<Account> out;
    for (pg::Row row : pool.run(sql::grants_of, username)) {
        if (!out) out.emplace(Account{.name = username});
        out->disabled = row.boolean();
        out->is_service = row.text() == "SERVICE";
        const auto name_space = row.maybe_text();
        if (name_space) out->grants.add(Capabilities::known_of(row.maybe_texts()), *name_space);
    }
    return out;
}

std::vector<UserRow> list_users(pg::Connection& connection, const std::string& after, const std::string& words,
                                std::size_t most) {
    std::vector<UserRow> out;
    for (pg::Row row : connection.run(sql::list_users, after, words, most)) {
        UserRow one;
        one.name = row.text();
        one.kind = row.text();
        one.full_name = row.maybe_text().value_or("");
        one.disabled = row.boolean();
        one.locked = row.boolean();
        one.created_at = row.timestamp();
        one.last_login_at = row.maybe_timestamp();
        one.groups = row.texts();
        out.push_back(std::move(one));
    }
    return out;
}

Result<void> check_username(const std::string& name) {
    return check_name("user", name, "@._+-");
}

Result<void> add_user(pg::Transaction& tx, const NewUser& user) {
    if (auto fits = check_username(user.name); !fits) return fits;
    std::string hash = "none";  // matches nothing
    if (!user.is_service) {
        if (auto fits = check_password(user.name, user.password); !fits) return fits;
        hash = hash_password(user.password);
    }
    const auto added =
        tx.run(sql::insert_user, user.name, hash, user.is_service ? "SERVICE" : "PERSON", if_any(user.full_name));
    if (added.empty()) return conflict("there is a user {} already", user.name);
    return {};
}

Result<void> change_user(pg::Transaction& tx, const std::string& name, const UserChange& change) {
    std::optional<std::string> hash;
    if (change.password) {
        if (auto fits = check_password(name, *change.password); !fits) return fits;
        hash = hash_password(*change.password);
    }
    if (tx.run(sql::change_user, name, hash, change.full_name, change.disabled).affected() == 0)
        return not_found("there is no user {}", name);
    if (change.password || change.disabled.value_or(false)) end_sessions(tx, name);
    return keep_an_admin(tx);
}

Result<void> delete_user(pg::Transaction& tx, const std::string& name) {
    if (tx.run(sql::delete_user, name).affected() == 0) return not_found("there is no user {}", name);
    return keep_an_admin(tx);
}

void end_sessions(pg::Transaction& tx, const std::string& name, const std::string& kept) {
    tx.run(sql::delete_sessions_of, name, kept.empty() ? "" : digest_of(kept));
}

std::vector<RoleRow> list_roles(pg::Connection& connection) {
    std::vector<RoleRow> out;
    for (pg::Row row : connection.run(sql::list_roles)) {
        RoleRow one;
        one.name = row.text();
        one.description = row.maybe_text().value_or("");
        one.capabilities = row.texts();
        one.builtin = row.boolean();
        out.push_back(std::move(one));
    }
    return out;
}

Result<void> put_role(pg::Transaction& tx, const RoleRow& role) {
    if (auto fits = check_name("role", role.name, "._-"); !fits) return fits;
    if (auto known = Capabilities::parse(role.capabilities); !known) return tl::unexpected(known.error());
    if (tx.run(sql::put_role, role.name, if_any(role.description), role.capabilities).affected() == 0)
        return conflict("the role {} is built in; make one of another name", role.name);
    return keep_an_admin(tx);
}

Result<void> delete_role(pg::Transaction& tx, const std::string& name) {
    if (tx.run(sql::delete_role, name).affected() == 0)
        return not_found("there is no role {} that could be deleted; built-in ones stay", name);
    return {};
}

std::vector<GroupRow> list_groups(pg::Connection& connection) {
    std::vector<GroupRow> out;
    for (pg::Row row : connection.run(sql::list_groups)) {
        GroupRow one;
        one.name = row.text();
        one.description = row.maybe_text().value_or("");
        one.members = row.texts();
        out.push_back(std::move(one));
    }
    return out;
}

Result<void> put_group(pg::Transaction& tx, const GroupRow& group) {
    if (auto fits = check_name("group", group.name, "._-"); !fits) return fits;
    tx.run(sql::put_group, group.name, if_any(group.description));
    tx.run(sql::set_members, group.name, group.members);
    return keep_an_admin(tx);
}

Result<void> delete_group(pg::Transaction& tx, const std::string& name) {
    if (tx.run(sql::delete_group, name).affected() == 0) return not_found("there is no group {}", name);
    return keep_an_admin(tx);
}

std::vector<Binding> list_bindings(pg::Connection& connection) {
    std::vector<Binding> out;
    for (pg::Row row : connection.run(sql::list_bindings)) {
        Binding one;
        one.id = row.integer();
        one.user = row.maybe_text().value_or("");
        one.group = row.maybe_text().value_or("");
        one.role = row.text();
        one.name_space = row.text();
        out.push_back(std::move(one));
    }
    return out;
}

Result<std::int64_t> put_binding(pg::Transaction& tx, const Binding& binding) {
    if (binding.user.empty() == binding.group.empty())
        return invalid("a binding names a user or a group, and not both");
    if (!binding.name_space.empty()) {
        if (auto fits = check_name("namespace", binding.name_space, "._-"); !fits) return tl::unexpected(fits.error());
    }
    const auto rows =
        tx.run(sql::put_binding, if_any(binding.user), if_any(binding.group), binding.role, binding.name_space);
    if (rows.empty()) return conflict("this binding is there already");
    return rows[0].integer();
}

Result<void> delete_binding(pg::Transaction& tx, std::int64_t id) {
    if (tx.run(sql::delete_binding, id).affected() == 0) return not_found("there is no binding {}", id);
    return keep_an_admin(tx);
}

std::vector<TokenRow> tokens_of(pg::Connection& connection, const std::string& username) {
    std::vector<TokenRow> out;
    for (pg::Row row : connection.run(sql::tokens_of, username)) {
        TokenRow one;
        one.id = row.integer();
        one.name = row.text();
        one.beginning = row.text();
        one.role = row.maybe_text().value_or("");
        one.name_space = row.text();
        one.created_at = row.timestamp();
        one.expires_at = row.maybe_timestamp();
        one.last_used_at = row.maybe_timestamp();
        out.push_back(std::move(one));
    }
    return out;
}

Result<std::string> add_token(pg::Transaction& tx, const std::string& username, TokenRow& row) {
    if (auto fits = check_name("token", row.name, "._- "); !fits) return tl::unexpected(fits.error());
    if (row.expires_at && *row.expires_at <= tx.now())
        return invalid("a token expires in the future, not at {}", to_iso(*row.expires_at));
    const std::string token = std::string(kTokenPrefix) + random_hex(32);
    row.beginning = token.substr(0, kTokenPrefix.size() + 6);
    const auto rows = tx.run(sql::put_token, username, row.name, digest_of(token), row.beginning, if_any(row.role),
                             row.name_space, row.expires_at);
    pg::Row made = rows[0];
    row.id = made.integer();
    row.created_at = made.timestamp();
    return token;
}

Result<void> revoke_token(pg::Transaction& tx, const std::string& username, std::int64_t id) {
    if (tx.run(sql::delete_token, username, id).affected() == 0) return not_found("{} has no token {}", username, id);
    return {};
}

}  // namespace sluice::access
