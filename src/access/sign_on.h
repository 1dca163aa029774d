#pragma once
#include "pg/pg.h"

namespace sluice::access {

/// Whom an OpenID provider vouches for, and what may be made of it.
struct SignOn {
    std::string issuer{};
    std::string subject{};  // the user's for ever, at that issuer
    std::string name{};     // of a new user; who is known keeps his
    bool owns_name = true;  // else it makes nobody, and links nobody
    std::string full_name{};
    bool may_create = false;
    bool may_link = false;                       // a user of that name who was made by hand
    std::string default_role{};                  // of new users, everywhere; empty: none
    std::vector<std::string> followed_groups{};  // whose members the provider decides
    std::vector<std::string> groups{};           // those of them that he is in
};

struct SignedOn {
    std::string username{};
    std::vector<std::string> missing_groups{};  // that nobody has made here
};

/// The user who logs in so, made or changed as the provider says.
///
/// He is known by issuer and subject, never by his name alone: whoever gets a name that somebody had before, or that an
/// administrator has here, does not become him.
/// Errors  Forbidden, kinds "disabled", "unverified", "unknown user", "unfit name", "name taken"; NotFound:
/// default_role
Result<SignedOn> sign_on(pg::Transaction& tx, const SignOn& who);

/// Who could come in by the provider.
struct SignOnRules {
    std::string issuer{};
    std::vector<std::string> followed_groups{};
    std::string default_role{};
    bool may_create = false;
    bool may_link = false;
};

/// Could somebody who may administer users log in so? When nobody can, passwords must not be switched off.
/// Errors  Conflict: nobody, and how it becomes possible
Result<void> hold_way_in(pg::Pool& pool, const SignOnRules& rules);

}  // namespace sluice::access
