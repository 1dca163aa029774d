"""Servers on loopback that take what tasks send, for cases_talk.py: HTTP, SMTP, git over HTTP."""
import base64
import email
import email.policy
import http.server
import json
import logging
import os
import ssl
import subprocess
import sys
import threading
import warnings

sys.path.append("/usr/lib/python3/dist-packages")  # Debian's, also for another Python that comes first in PATH
from aiosmtpd.controller import Controller  # noqa: E402
from aiosmtpd.smtp import AuthResult  # noqa: E402
from cluster import free_port  # noqa: E402

logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # clients that end a connection are what some cases want
warnings.filterwarnings("ignore", module="aiosmtpd")


class HttpSink:
    """Keeps every request; answers as `answers` says for its path, else 200 "ok"."""

    def __init__(self):
        self.requests, self.answers, self.lock = [], {}, threading.Lock()
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                with sink.lock:
                    sink.requests.append({"path": self.path, "headers": dict(self.headers), "body": body})
                    planned = sink.answers.get(self.path) or []
                    status, headers, text = planned.pop(0) if len(planned) > 1 else planned[0] if planned else (200, {}, "ok")
                data = (text if isinstance(text, str) else json.dumps(text)).encode()
                self.send_response(status)
                for name, value in {"Content-Length": str(len(data)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path, *answers):
        """In turn (status, headers, text or JSON); the last one for ever."""
        with self.lock:
            self.answers[path] = list(answers)

    def posts(self, path):
        with self.lock:
            return [one for one in self.requests if one["path"] == path]

    def json(self, path):
        """The body of the only request to this path."""
        posts = self.posts(path)
        assert len(posts) == 1, posts
        return json.loads(posts[0]["body"])

    def end(self):
        self.server.shutdown()
        self.server.server_close()


class MailSink:
    """An SMTP server; `security` is "plain", "starttls" or "tls". With user and password nobody sends without."""

    def __init__(self, security, context=None, user="", password=""):
        self.mails = []

        class Handler:
            async def handle_DATA(_, server, session, envelope):
                self.mails.append((envelope, email.message_from_bytes(envelope.content, policy=email.policy.default)))
                return "250 taken"

            async def handle_RCPT(_, server, session, envelope, address, options):
                if address.startswith("nobody@"):
                    return "550 there is no such mailbox"
                envelope.rcpt_tos.append(address)
                return "250 yes"

        def authenticate(server, session, envelope, mechanism, data):
            right = data.login == user.encode() and data.password == password.encode()
            return AuthResult(success=right, handled=right)

        more = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": security == "starttls"} if user else {}
        if security == "starttls":
            more |= {"tls_context": context, "require_starttls": True}
        self.port = free_port()
        self.controller = Controller(Handler(), hostname="127.0.0.1", port=self.port, **more,
                                     **({"ssl_context": context} if security == "tls" else {}))
        self.controller.start()

    def end(self):
        self.controller.stop()


def certificate(folder, host="localhost"):
    """A self-signed one: (context of a server, file of the certificate)"""
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                    "2", "-keyout", key, "-out", cert, "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


class GitServer:
    """Bare repositories of a folder over HTTP, by git's own CGI program, for one user."""

    def __init__(self, folder, user, password):
        expected = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        backend = subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout.strip()

        class Handler(http.server.BaseHTTPRequestHandler):
            def serve(self):
                if self.headers.get("Authorization") != expected:
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="git"')
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                path, _, query = self.path.partition("?")
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                environment = {"PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": str(folder), "GIT_HTTP_EXPORT_ALL": "1",
                               "PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": self.command,
                               "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
                               "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""), "REMOTE_USER": user,
                               "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""), "GIT_CONFIG_COUNT": "1",
                               "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
                done = subprocess.run([f"{backend}/git-http-backend"], input=body, capture_output=True, env=environment,
                                      check=False)
                head, _, answer = done.stdout.partition(b"\r\n\r\n")
                fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
                self.send_response(int(fields.pop("Status", "200").split()[0]))
                for name, value in fields.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = serve

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def end(self):
        self.server.shutdown()
        self.server.server_close()


class Repository:
    """A bare repository, and a clone to change it from outside."""

    def __init__(self, folder, name):
        self.bare, self.clone = folder / f"{name}.git", folder / name
        self._git("init", "-q", "--bare", "-b", "main", str(self.bare), cwd=folder)
        self._git("-C", str(self.bare), "config", "http.receivepack", "true", cwd=folder)
        self._git("clone", "-q", str(self.bare), str(self.clone), cwd=folder)
        self._git("checkout", "-q", "-B", "main")

    def _git(self, *words, cwd=None):
        identity = ["-c", "user.name=tester", "-c", "user.email=tester@example.org", "-c", "safe.directory=*"]
        done = subprocess.run(["git", *identity, *words], cwd=cwd or self.clone, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout

    def put(self, files, message="change"):
        """Files by path; None removes one. Pushed as one commit."""
        for path, text in files.items():
            file = self.clone / path
            if text is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self._git("add", "-A")
        self._git("commit", "-q", "-m", message)
        self._git("push", "-q", "origin", "HEAD:main")
        return self._git("rev-parse", "HEAD").strip()

    def files(self, branch="main"):
        """What the bare repository has, by path."""
        names = self._git("-C", str(self.bare), "ls-tree", "-r", "--name-only", branch).split()
        return {name: self._git("-C", str(self.bare), "show", f"{branch}:{name}") for name in names}

    def log(self, branch="main"):
        return self._git("-C", str(self.bare), "log", "--format=%H|%an|%ae|%s", branch).splitlines()
