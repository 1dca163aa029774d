#include "access/sign_on.h"

#include "access/accounts.h"
#include "access/act.h"
#include "pg/actor.h"
#include "support/database.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::access;
using namespace sluice::test;

namespace {

struct SignOnRig : Database {
    Result<SignedOn> log_in(const SignOn& who) {
        return in_act(pool(), [&](pg::Transaction& tx) { return sign_on(tx, who); });
    }
    void make_user(const std::string& name, bool is_service = false) {
        const NewUser user{.name = name, .password = is_service ? "" : "A-password-1", .is_service = is_service};
        CHECK(in_act(pool(), [&](pg::Transaction& tx) { return add_user(tx, user); }).has_value());
    }
    std::string subject_of(const std::string& name) {
        return one("select subject from sluice.users where username = '" + name + "'");
    }
};

SignOn somebody(const std::string& subject, const std::string& name) {
    return {.issuer = "https://login.example.com", .subject = subject, .name = name};
}

}  // namespace

TEST_CASE("where users are made by hand, only they come in, and only where a name may link them") {
    SignOnRig rig;
    rig.make_user("ada");
    rig.make_user("robot", true);
    SignOn ada = somebody("1", "ada");
    CHECK(failure(rig.log_in(ada)).kind == "name taken");
    CHECK(rig.subject_of("ada").empty());
    ada.may_link = true;
    CHECK(ok(rig.log_in(ada)).username == "ada");
    CHECK(rig.subject_of("ada") == "1");
    SignOn other = somebody("2", "ada");
    other.may_link = other.may_create = true;
    CHECK(failure(rig.log_in(other)).kind == "name taken");  // he is somebody's already
    other.name = "robot";
    CHECK(failure(rig.log_in(other)).kind == "name taken");  // a service account is nobody
    other.name = "grace";
    other.may_create = false;
    CHECK(failure(rig.log_in(other)).kind == "unknown user");
    other.may_create = true;
    CHECK(ok(rig.log_in(other)).username == "grace");
    // The same subject of another issuer is another one.
    SignOn elsewhere = somebody("1", "linus");
    elsewhere.issuer = "https://other.example.com";
    CHECK(failure(rig.log_in(elsewhere)).kind == "unknown user");
}

TEST_CASE("an address that nobody vouches for makes and links nobody; who is known already comes in") {
    SignOnRig rig;
    rig.make_user("ada@example.com");
    SignOn ada = somebody("1", "ada@example.com");
    ada.may_create = ada.may_link = true;
    ada.owns_name = false;
    CHECK(failure(rig.log_in(ada)).kind == "unverified");
    CHECK(rig.subject_of("ada@example.com").empty());
    ada.name = "grace@example.com";
    CHECK(failure(rig.log_in(ada)).kind == "unverified");
    CHECK(rig.one("select count(*) from sluice.users where username = 'grace@example.com'") == "0");
    ada.name = "ada@example.com";
    ada.owns_name = true;
    CHECK(ok(rig.log_in(ada)).username == "ada@example.com");
    ada.owns_name = false;
    CHECK(ok(rig.log_in(ada)).username == "ada@example.com");
}

TEST_CASE("the audit names the user here, whatever the provider calls him by now") {
    SignOnRig rig;
    SignOn ada = somebody("1", "ada");
    ada.may_create = true;
    pg::set_actor(pg::Actor{"ada", "PAGE", "192.0.2.1", "LOGIN"});
    CHECK(ok(rig.log_in(ada)).username == "ada");
    rig.run("insert into sluice.groups (group_name) values ('operators')");
    ada.name = "root";
    ada.full_name = "Ada";
    ada.followed_groups = ada.groups = {"operators"};
    pg::set_actor(pg::Actor{"root", "PAGE", "192.0.2.1", "LOGIN"});
    CHECK(ok(rig.log_in(ada)).username == "ada");
    pg::set_actor({});
    CHECK(rig.one("select count(*) from sluice.audit_log where actor = 'root'") == "0");
    CHECK(rig.one("select count(*) from sluice.audit_log where actor = 'ada' and resource <> 'USER'") == "1");
}

TEST_CASE("a log-in that is refused leaves nothing, and one that is not changes what the provider says") {
    SignOnRig rig;
    SignOn ada = somebody("1", "ada");
    ada.may_create = true;
    ada.default_role = "no.such.role";
    CHECK(failure(rig.log_in(ada)).code == ErrorCode::NotFound);
    CHECK(rig.one("select count(*) from sluice.users where username = 'ada'") == "0");
    ada.default_role = "viewer";
    ada.full_name = "Ada L.";
    CHECK(ok(rig.log_in(ada)).username == "ada");
    ada.full_name = "Ada Lovelace";
    CHECK(ok(rig.log_in(ada)).username == "ada");
    CHECK(rig.one("select full_name from sluice.users where username = 'ada'") == "Ada Lovelace");
    CHECK(rig.one("select count(*) from sluice.role_bindings where username = 'ada' and role = 'viewer'") == "1");
    rig.run("update sluice.users set disabled = true where username = 'ada'");
    CHECK(failure(rig.log_in(ada)).kind == "disabled");
}
