"""An OpenID provider for tests: it lets everybody in at once, as whom it was told, and lies where it is told to.

Signatures are made by the openssl program; nothing else beside the standard library is needed.
"""
import base64
import hashlib
import hmac
import http.server
import json
import subprocess
import threading
import time
import urllib.parse

CLIENT, SECRET = "sluice at home", "s3cret+/:&"


def encoded(data):
    if isinstance(data, dict):
        data = json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*words, given=b""):
    return subprocess.run(["openssl", *words], input=given, capture_output=True, check=True).stdout


class Key:
    """A key for signatures: RS256, PS256 or ES256."""

    def __init__(self, folder, name, algorithm="RS256"):
        self.name, self.algorithm, self.path = name, algorithm, str(folder / f"{name}.pem")
        kind = ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"] if algorithm == "ES256" else ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
        openssl("genpkey", "-algorithm", *kind, "-out", self.path)

    def public(self):
        """As the provider publishes it."""
        if self.algorithm == "ES256":
            point = openssl("pkey", "-in", self.path, "-pubout", "-outform", "DER")[-64:]
            return {"kty": "EC", "crv": "P-256", "kid": self.name, "use": "sig", "x": encoded(point[:32]), "y": encoded(point[32:])}
        modulus = openssl("rsa", "-in", self.path, "-noout", "-modulus").decode().strip().partition("=")[2]
        return {"kty": "RSA", "kid": self.name, "use": "sig", "n": encoded(bytes.fromhex(modulus)), "e": "AQAB"}

    def sign(self, text):
        padding = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"] if self.algorithm == "PS256" else []
        signature = openssl("dgst", "-sha256", *padding, "-sign", self.path, given=text)
        if self.algorithm != "ES256":
            return signature
        numbers, at = [], 2  # of the DER sequence: the two numbers, 32 bytes each
        for _ in range(2):
            size = signature[at + 1]
            numbers.append(int.from_bytes(signature[at + 2:at + 2 + size], "big").to_bytes(32, "big"))
            at += 2 + size
        return b"".join(numbers)


class Provider:
    """`person`: the claims of whoever logs in. `change(header, claims)` lies. `sign(text, header)` replaces the signature."""

    def __init__(self, folder):
        self.key = Key(folder, "first")
        self.published = [self.key]
        self.person, self.user_info = {}, {}
        self.change, self.sign, self.broken = lambda header, claims: None, None, False
        self.codes, self.asked, self.tried = {}, [], []
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):  # noqa: N802
                self.answer(*provider.get(urllib.parse.urlsplit(self.path), self.headers))

            def do_POST(self):  # noqa: N802
                form = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.answer(*provider.token(dict(urllib.parse.parse_qsl(form)), self.headers))

            def answer(self, status, body, headers=None):
                body = json.dumps(body).encode()
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/realm"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def get(self, url, headers):
        path = url.path.removeprefix("/realm")
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return 200, {"issuer": self.issuer, "authorization_endpoint": self.issuer + "/authorize", "token_endpoint": self.issuer + "/token",
                         "jwks_uri": self.issuer + "/keys", "userinfo_endpoint": self.issuer + "/userinfo",
                         "end_session_endpoint": self.issuer + "/end"}
        if path == "/keys":
            return 200, {"keys": [{"kty": "oct", "k": "AAAA", "kid": "odd"}] + [one.public() for one in self.published]}
        if path == "/userinfo":
            assert headers["Authorization"] == "Bearer opaque", headers["Authorization"]
            return 200, {"sub": self.person["sub"], **self.user_info}
        assert path == "/authorize", path
        asked = dict(urllib.parse.parse_qsl(url.query))
        code = hashlib.sha256(asked["state"].encode()).hexdigest()
        self.codes[code] = asked
        return 302, {}, {"Location": asked["redirect_uri"] + "?" + urllib.parse.urlencode({"code": code, "state": asked["state"]})}

    def token(self, form, headers):
        self.tried.append(form.get("code"))
        if self.broken:
            return 500, {"message": "out of order"}
        name, _, secret = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode().partition(":")
        if (urllib.parse.unquote_plus(name), urllib.parse.unquote_plus(secret)) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form.get("code"), None)
        if asked is None or asked["redirect_uri"] != form["redirect_uri"] or form["grant_type"] != "authorization_code":
            return 400, {"error": "invalid_grant", "error_description": "the code is used up"}
        if asked["code_challenge_method"] != "S256" or asked["code_challenge"] != encoded(hashlib.sha256(form["code_verifier"].encode()).digest()):
            return 400, {"error": "invalid_grant", "error_description": "the verifier does not fit"}
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])}

    def id_token(self, nonce):
        header = {"alg": self.key.algorithm, "kid": self.key.name}
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": time.time(), "exp": time.time() + 300, "nonce": nonce, **self.person}
        self.change(header, claims)
        text = f"{encoded(header)}.{encoded(claims)}"
        return f"{text}.{encoded((self.sign or (lambda t: self.key.sign(t)))(text.encode()))}"


def signed_with_what_is_public(key):
    """The old trick: HS256, and as the shared secret a key that everybody can read."""
    public = openssl("pkey", "-in", key.path, "-pubout")
    return lambda text: hmac.new(public, text, hashlib.sha256).digest()
