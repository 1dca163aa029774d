"""Log-in by an OpenID provider. The browser is played by http.client, the provider runs in the test."""
import http.client
import json
import pathlib
import re
import time
import urllib.parse
from http.cookies import SimpleCookie

from cluster import PASSWORD, USER, free_port, wait_for
from openid_provider import CLIENT, SECRET, Key, Provider, signed_with_what_is_public


class Browser:
    def __init__(self, port):
        self.port, self.cookies, self.attributes = port, {}, {}

    def get(self, url, method="GET"):
        """(status, Location, body) of one request; cookies are kept and sent as their paths say."""
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection("127.0.0.1", parts.port or self.port, timeout=30)
        ours = parts.port in (None, self.port)
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items() if parts.path.startswith(self.attributes[name]["path"]))
        connection.request(method, parts.path + ("?" + parts.query if parts.query else ""), headers={"Cookie": sent} if ours and sent else {})
        answer = connection.getresponse()
        body = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies.pop(name, None)
                self.attributes[name] = morsel
                if morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
        connection.close()
        return answer.status, answer.headers.get("Location", ""), body

    def begin(self, start=""):
        """The address at the provider."""
        status, there, body = self.get("/api/v1/login/oidc" + start)
        assert status == 302, body
        return there

    def log_in(self, start=""):
        """Where it ends."""
        _, back, _ = self.get(self.begin(start))
        status, end, body = self.get(back)
        assert status == 302, body
        return end

    def me(self):
        status, _, body = self.get("/api/v1/main/me")
        return (status, body)


class Rig:
    """A second web server of the cluster, which trusts the provider."""

    def __init__(self, api):
        folder = pathlib.Path(api.cluster.folder) / "keys"
        folder.mkdir(exist_ok=True)
        self.api, self.folder, self.provider = api, folder, Provider(folder)
        (folder / "secret").write_text(SECRET + "\n")
        self.settings = {
            "SLUICE_OIDC_ISSUER": self.provider.issuer, "SLUICE_OIDC_CLIENT_ID": CLIENT,
            "SLUICE_OIDC_CLIENT_SECRET_FILE": str(folder / "secret"), "SLUICE_OIDC_GROUPS": '{"it-ops": "operators", "none": "not.there"}',
            "SLUICE_OIDC_GROUPS_CLAIM": "realm.roles", "SLUICE_OIDC_END_SESSION": "true", "SLUICE_OIDC_LABEL": "Log in with ACME"}
        self.port = free_port()
        self.process = api.cluster.start(
            "webserver", "--port", str(self.port), **self.settings)
        wait_for("the second web server", self.answers, 30)

    def answers(self):
        try:
            return Browser(self.port).get("/ping")[0] == 200
        except OSError:
            return False

    def browser(self, subject="s-1", name="ada.lovelace", groups=(), **more):
        self.provider.person = {"sub": subject, "preferred_username": name, "name": "Ada Lovelace", "realm": {"roles": list(groups)}, **more}
        self.provider.change, self.provider.sign = lambda header, claims: None, None
        return Browser(self.port)

    def refused(self, browser, start=""):
        """The page's word for why nobody is in."""
        end = browser.log_in(start)
        assert end.startswith("/ui/login?refused="), end
        assert "SLUICE_SESSION" not in browser.cookies and browser.me()[0] == 401
        return end.partition("=")[2]


def who_the_provider_knows_comes_in(rig):
    browser = rig.browser()
    there = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.begin()).query))
    assert (there["response_type"], there["scope"], there["code_challenge_method"]) == ("code", "openid profile email", "S256"), there
    assert there["client_id"] == CLIENT and len({there["state"], there["nonce"], there["code_challenge"]}) == 3
    kept = browser.attributes["SLUICE_SIGN_ON"]
    assert kept["httponly"] and kept["samesite"] == "Lax" and kept["path"] == "/api/v1/login/oidc", kept
    assert browser.log_in("?from=/ui/flows%3Fq%3Da%26x%3D1") == "/ui/flows?q=a&x=1"
    status, body = browser.me()
    assert status == 200 and '"username":"ada.lovelace"' in body and '"SESSION"' in body, body
    assert "SLUICE_SIGN_ON" not in browser.cookies and browser.attributes["SLUICE_SESSION"]["httponly"]
    user = next(one for one in rig.api.ok("GET", "/users?q=ada").json["results"])
    assert (user["username"], user["fullName"]) == ("ada.lovelace", "Ada Lovelace") and "lastLogin" in user
    found = [(one["act"], one["resource"], one["user"], one["via"], one["remote"])
             for one in rig.api.ok("GET", "/auditlogs/search?size=100&filters[user][EQUALS]=ada.lovelace").json["results"]]
    assert ("LOGIN", "USER", "ada.lovelace", "PAGE", "127.0.0.1") in found and ("CREATE", "USER", "ada.lovelace", "PAGE", "127.0.0.1") in found, found
    # Nobody has a password for him, whatever he tries.
    for password in ("none", ""):
        assert rig.api.ask("POST", "/login", {"username": "ada.lovelace", "password": password}, anonymous=True, root="/api/v1").status == 401


def the_page_offers_it_where_it_is_set_up(rig):
    there, here = Browser(rig.port).get("/api/v1/configs/login")[2], Browser(rig.api.cluster.port)
    assert '"signOn":{"url":"/api/v1/login/oidc","label":"Log in with ACME"}' in there, there
    assert "signOn" not in here.get("/api/v1/configs/login")[2]
    assert here.get("/api/v1/login/oidc")[0] == 404 and here.get("/api/v1/login/oidc/callback?state=x&code=y")[0] == 404


def nobody_is_led_to_another_site(rig):
    for elsewhere in ("https://evil.example/", "//evil.example", "/%5Cevil.example", "javascript:alert(1)", "/%0d%0aSet-Cookie:a=b", ""):
        assert rig.browser().log_in("?from=" + elsewhere) == "/ui/", elsewhere


def a_log_in_belongs_to_the_browser_that_began_it(rig):
    victim, attacker = rig.browser(), rig.browser()
    _, back, _ = attacker.get(attacker.begin())
    for _ in range(2):
        assert victim.get(back)[1] == "/ui/login?refused=again"  # without a cookie, and with one of his own
        victim.begin()
    wrong = re.sub(r"state=\d", "state=9", back)
    assert attacker.get(wrong)[1] == "/ui/login?refused=again"
    assert attacker.get(back.split("&state=")[0])[1] == "/ui/login?refused=again"
    assert attacker.get(back)[1] == "/ui/"


def a_code_counts_once(rig):
    browser = rig.browser()
    _, back, _ = browser.get(browser.begin())
    kept = browser.cookies["SLUICE_SIGN_ON"]
    assert browser.get(back)[1] == "/ui/"
    again = rig.browser()
    again.cookies["SLUICE_SIGN_ON"], again.attributes["SLUICE_SIGN_ON"] = kept, {"path": "/"}
    assert again.get(back)[1] == "/ui/login?refused=refused" and "SLUICE_SESSION" not in again.cookies


LIES = {
    "another nonce": lambda header, claims: claims.update(nonce="other"),
    "no nonce": lambda header, claims: claims.pop("nonce"),
    "expired": lambda header, claims: claims.update(exp=time.time() - 60),
    "without an end": lambda header, claims: claims.pop("exp"),
    "not yet": lambda header, claims: claims.update(nbf=time.time() + 600),
    "made in the future": lambda header, claims: claims.update(iat=time.time() + 600),
    "for others": lambda header, claims: claims.update(aud="others"),
    "for several": lambda header, claims: claims.update(aud=[CLIENT, "others"]),
    "given to others": lambda header, claims: claims.update(azp="others"),
    "by others": lambda header, claims: claims.update(iss="https://evil.example"),
    "about nobody": lambda header, claims: claims.pop("sub"),
    "without a name": lambda header, claims: claims.pop("preferred_username"),
    "by no key": lambda header, claims: header.update(alg="none"),
    "by another kind of key": lambda header, claims: header.update(alg="ES256"),
    "with extensions": lambda header, claims: header.update(crit=["b64"]),
}


def a_token_that_is_not_meant_for_us_now_is_refused(rig):
    for what, lie in LIES.items():
        browser = rig.browser()
        rig.provider.change = lie
        assert rig.refused(browser) == "refused", what
    for what, sign in {"unsigned": lambda text: b"", "garbage": lambda text: b"x" * 256,
                       "shared secret": signed_with_what_is_public(rig.provider.key)}.items():
        browser = rig.browser()
        rig.provider.change = lambda header, claims: header.update(alg="HS256") if what == "shared secret" else None
        rig.provider.sign = sign
        assert rig.refused(browser) == "refused", what
    for what, truth in {"a clock that is a little off": lambda header, claims: claims.update(exp=time.time() - 5),
                        "several, and given to us": lambda header, claims: claims.update(aud=[CLIENT, "others"], azp=CLIENT)}.items():
        browser = rig.browser()
        rig.provider.change = truth
        assert browser.log_in() == "/ui/", what


def a_new_key_counts_as_soon_as_it_is_published(rig):
    provider, old = rig.provider, rig.provider.key
    for name, algorithm in (("second", "ES256"), ("third", "PS256")):
        provider.key = Key(rig.folder, name, algorithm)
        assert rig.refused(rig.browser()) == "refused", name
        provider.published = [provider.key]
        assert rig.browser().log_in() == "/ui/", name
    provider.key = old
    assert rig.refused(rig.browser()) == "refused"
    provider.published = [old]
    provider.asked.clear()
    assert rig.browser().log_in() == "/ui/" and rig.browser().log_in() == "/ui/"
    assert provider.asked.count("/keys") == 1, provider.asked


def groups_follow_the_provider(rig):
    api = rig.api
    for group in ("operators", "by.hand"):
        api.ok("PUT", f"/groups/{group}", {"members": []})
    api.ok("POST", "/bindings", {"group": "operators", "role": "viewer"})
    browser = rig.browser("s-2", "grace", ["it-ops", "none", "of no interest"])
    browser.log_in()
    assert browser.get("/api/v1/main/flows/search")[0] == 200
    api.ok("PUT", "/groups/by.hand", {"members": ["grace"]})
    assert "not.there" in rig.process.log.read_text()
    again = rig.browser("s-2", "grace")
    again.log_in()
    assert [one.get("/api/v1/main/flows/search")[0] for one in (again, browser)] == [403, 403]
    assert next(one["groups"] for one in api.ok("GET", "/users?q=grace").json["results"]) == ["by.hand"]
    # A provider that tells groups when it is asked, and not in the token.
    rig.provider.user_info = {"realm": {"roles": ["it-ops"]}}
    asked = rig.browser("s-2", "grace")
    rig.provider.change = lambda header, claims: claims.pop("realm")
    asked.log_in()
    rig.provider.user_info = {}
    assert asked.get("/api/v1/main/flows/search")[0] == 200
    api.ok("DELETE", "/groups/operators")


def a_name_does_not_make_one_somebody_else(rig):
    api = rig.api
    assert rig.refused(rig.browser("s-3", api.cluster.environment["SLUICE_ADMIN_USER"])) == "unknown"
    assert rig.browser("s-4", "first.holder").log_in() == "/ui/"
    assert rig.refused(rig.browser("s-5", "first.holder")) == "unknown"
    renamed = rig.browser("s-4", "new.name")
    assert renamed.log_in() == "/ui/" and '"username":"first.holder"' in renamed.me()[1]
    assert rig.refused(rig.browser("s-6", "<script>")) == "unknown"


def a_disabled_user_stays_out(rig):
    browser = rig.browser("s-7", "soon.gone")
    assert browser.log_in() == "/ui/"
    rig.api.ok("PUT", "/users/soon.gone", {"disabled": True})
    wait_for("his session to be over", lambda: browser.me()[0] == 401, 5)
    assert rig.refused(rig.browser("s-7", "soon.gone")) == "disabled"


def what_the_provider_refuses_or_can_t_do_is_told(rig):
    browser = rig.browser()
    state = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.begin()).query))["state"]
    assert browser.get(f"/api/v1/login/oidc/callback?error=access_denied&state={state}")[1] == "/ui/login?refused=denied"
    rig.provider.broken = True
    assert rig.refused(rig.browser()) == "away"
    rig.provider.broken = False
    reasons = re.findall(r"sign_on\.refused.*reason=(.*)", rig.process.log.read_text())
    assert any("access_denied" in one for one in reasons) and any("answered 500" in one for one in reasons), reasons


def the_audit_names_the_user_here(rig):
    api = rig.api
    assert rig.browser("s-8", "known.here").log_in() == "/ui/"
    api.ok("PUT", "/groups/operators", {"members": []})
    assert rig.browser("s-8", "admin.there", ["it-ops"]).log_in() == "/ui/"
    rows = api.ok("GET", "/auditlogs/search?size=100&filters[user][EQUALS]=known.here").json["results"]
    assert any(one["resource"] != "USER" for one in rows), rows
    assert not api.ok("GET", "/auditlogs/search?size=100&filters[user][EQUALS]=admin.there").json["results"]
    api.ok("DELETE", "/groups/operators")


def an_empty_code_is_nobody_s(rig):
    browser = rig.browser()
    state = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.begin()).query))["state"]
    before = len(rig.provider.tried)
    for code in ("", "&code="):
        assert browser.get(f"/api/v1/login/oidc/callback?state={state}{code}")[1] == "/ui/login?refused=refused"
    assert len(rig.provider.tried) == before


def who_tries_codes_waits(rig):
    """Last: the address has to wait after it."""
    browser = rig.browser()
    state = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(browser.begin()).query))["state"]
    words = [browser.get(f"/api/v1/login/oidc/callback?state={state}&code=guess")[1].partition("=")[2] for _ in range(32)]
    assert words[0] == "refused" and words[-1] == "away", words
    before = len(rig.provider.tried)
    browser.get(f"/api/v1/login/oidc/callback?state={state}&code=guess")
    assert len(rig.provider.tried) == before


def who_logs_out_is_sent_to_the_provider_s_end(rig):
    browser = rig.browser()
    browser.log_in()
    status, _, body = browser.get("/api/v1/logout", "POST")
    assert status == 200 and f'"endSessionUrl":"{rig.provider.issuer}/end?client_id=sluice%20at%20home' in body, body
    assert browser.me()[0] == 401


def passwords_can_be_switched_off_when_somebody_else_lets_an_administrator_in(rig):
    api, port = rig.api, free_port()
    without = rig.settings | {"SLUICE_ADMIN_PASSWORD_LOGIN": "false"}
    alone = api.cluster.start("webserver", "--port", str(port), SLUICE_ADMIN_PASSWORD_LOGIN="false")
    assert alone.child.wait(30) == 1 and "a password is the only way in" in alone.log.read_text(), alone.log.read_text()
    nobody = api.cluster.start("webserver", "--port", str(port), **without)
    assert nobody.child.wait(30) not in (0, None) and "nobody who may administer users could log in" in nobody.log.read_text(), nobody.log.read_text()
    # Somebody of the provider's who may administer, by his own binding.
    rig.browser("s-9", "joan").log_in()
    binding = api.ok("POST", "/bindings", {"username": "joan", "role": "admin"}).json["id"]
    token = api.ok("POST", "/users/joan/api-tokens", {"name": "robot"}).json["token"]
    served = api.cluster.start("webserver", "--port", str(port), **without)
    main, rig.port = rig.port, port
    try:
        wait_for("the web server without passwords", rig.answers, 30)
        browser = Browser(port)
        assert '"passwords":false' in browser.get("/api/v1/configs/login")[2]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

        def asked(headers, method="GET", path="/api/v1/main/me", body=None):
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        status, text = asked({"Authorization": api.basic})
        assert status == 401 and "admin.password-login" in text, text
        login = json.dumps({"username": USER, "password": PASSWORD})
        assert asked({"Content-Type": "application/json"}, "POST", "/api/v1/login", login)[0] == 401
        assert asked({"Authorization": f"Bearer {token}"})[0] == 200
        browser = rig.browser("s-9", "joan")
        assert browser.log_in() == "/ui/" and browser.me()[0] == 200
    finally:
        rig.port = main
        served.end()
        api.ok("DELETE", f"/bindings/{binding}")


SIGN_ON_CASES = [who_the_provider_knows_comes_in, the_page_offers_it_where_it_is_set_up, nobody_is_led_to_another_site,
                 a_log_in_belongs_to_the_browser_that_began_it, a_code_counts_once, a_token_that_is_not_meant_for_us_now_is_refused,
                 a_new_key_counts_as_soon_as_it_is_published, groups_follow_the_provider, a_name_does_not_make_one_somebody_else,
                 a_disabled_user_stays_out, what_the_provider_refuses_or_can_t_do_is_told, who_logs_out_is_sent_to_the_provider_s_end,
                 passwords_can_be_switched_off_when_somebody_else_lets_an_administrator_in,
                 the_audit_names_the_user_here, an_empty_code_is_nobody_s, who_tries_codes_waits]
