#pragma once
#include <chrono>
#include <memory>

#include "access/capability.h"
#include "pg/pg.h"

namespace sluice::access {

/// A user as the present bindings and roles make him.
struct Account {
    std::string name{};
    bool disabled = false;
    bool is_service = false;
    Grants grants{};
};
/// Empty: there is no such user
std::optional<Account> load_account(pg::Pool& pool, const std::string& username);

// What administrators do. Each runs in the caller's transaction; rows of the audit come by triggers.

struct UserRow {
    std::string name{};
    std::string kind{};  // PERSON, SERVICE
    std::string full_name{};
    bool disabled = false;
    bool locked = false;  // after wrong passwords, for a while
    Timestamp created_at{};
    std::optional<Timestamp> last_login_at{};
    std::vector<std::string> groups{};
};
std::vector<UserRow> list_users(pg::Connection& connection, const std::string& after, const std::string& words,
                                std::size_t most);

struct NewUser {
    std::string name{};
    std::string password{};  // empty: of a service account, which has tokens only
    std::string full_name{};
    bool is_service = false;
};
/// Errors  Invalid, with the name
Result<void> check_username(const std::string& name);
/// Errors  Invalid: the name or the password; Conflict: the name is taken
Result<void> add_user(pg::Transaction& tx, const NewUser& user);

/// What is empty stays.
struct UserChange {
    std::optional<std::string> password{};
    std::optional<std::string> full_name{};
    std::optional<bool> disabled{};
};
/// Errors  Invalid: the password; NotFound; Conflict: nobody would be left who can administrate
Result<void> change_user(pg::Transaction& tx, const std::string& name, const UserChange& change);
Result<void> delete_user(pg::Transaction& tx, const std::string& name);
/// Ends the user's sessions, but for the one whose cookie is `kept`.
void end_sessions(pg::Transaction& tx, const std::string& name, const std::string& kept = "");

struct RoleRow {
    std::string name{};
    std::string description{};
    std::vector<std::string> capabilities{};
    bool builtin = false;
};
std::vector<RoleRow> list_roles(pg::Connection& connection);
/// Errors  Invalid: the name or a capability; Conflict: built in, or somebody has it, or nobody could administrate
Result<void> put_role(pg::Transaction& tx, const RoleRow& role);
Result<void> delete_role(pg::Transaction& tx, const std::string& name);

struct GroupRow {
    std::string name{};
    std::string description{};
    std::vector<std::string> members{};
};
std::vector<GroupRow> list_groups(pg::Connection& connection);
/// Errors  Invalid: the name; NotFound: a member is no user; Conflict
Result<void> put_group(pg::Transaction& tx, const GroupRow& group);
Result<void> delete_group(pg::Transaction& tx, const std::string& name);

struct Binding {
    std::int64_t id = 0;
    std::string user{};  // one of these two
    std::string group{};
    std::string role{};
    std::string name_space{};  // "": everywhere
};
std::vector<Binding> list_bindings(pg::Connection& connection);
/// Errors  Invalid, NotFound: the user, group or role; Conflict: it is there
Result<std::int64_t> put_binding(pg::Transaction& tx, const Binding& binding);
Result<void> delete_binding(pg::Transaction& tx, std::int64_t id);

struct TokenRow {
    std::int64_t id = 0;
    std::string name{};
    std::string beginning{};
    std::string role{};        // "": all that the user may
    std::string name_space{};  // "": everywhere
    Timestamp created_at{};
    std::optional<Timestamp> expires_at{};
    std::optional<Timestamp> last_used_at{};
};
std::vector<TokenRow> tokens_of(pg::Connection& connection, const std::string& username);
/// Returns the token itself, which is nowhere else. `row` gets its id.
/// Errors  Invalid: the name or the expiry; NotFound: the role; Conflict: the name is taken
Result<std::string> add_token(pg::Transaction& tx, const std::string& username, TokenRow& row);
Result<void> revoke_token(pg::Transaction& tx, const std::string& username, std::int64_t id);

/// Every token begins so: searches for leaked ones find it.
inline constexpr std::string_view kTokenPrefix = "sluice_";

}  // namespace sluice::access
