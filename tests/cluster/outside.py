"""What servers talk to outside, as far as the test runs it: a Vault that answers like one, and receivers of log lines."""
import http.server
import json
import socket
import ssl
import subprocess
import threading


class Served:
    """An HTTP server on loopback whose answers are `answer(method, path, headers, body)` -> (status, JSON or None)."""

    def __init__(self, answer, certificate=None):
        outer = self
        self.asked = []  # (method, path), in turn
        self.is_closed = False

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                if outer.is_closed:  # also on connections that were kept
                    self.close_connection = True
                    return
                outer.asked.append((self.command, self.path))
                status, value = answer(self.command, self.path, self.headers, body)
                data = b"" if value is None else json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            do_GET = do_POST = handle_any

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.is_closed = True
        self.server.shutdown()
        self.server.server_close()


def certificate_for_loopback(folder):
    """A PEM file with key and certificate, which vouches for itself."""
    file = folder / "loopback.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(file), "-out",
                    str(file.with_suffix(".crt"))], check=True, capture_output=True)
    file.write_text(file.read_text() + file.with_suffix(".crt").read_text())
    return file


class VaultLike:
    """KV of either version at `secret`, an AppRole at `approle`. What tests change: `data`, `sealed`, `denied`, `tokens`."""

    def __init__(self, version, certificate=None):
        self.version, self.data, self.sealed, self.denied = version, {}, False, set()
        self.tokens, self.lease, self.made, self.renewed = {"root-token"}, 3600, 0, 0
        self.served = Served(self.answer, certificate)
        self.url = self.served.url

    def answer(self, method, path, headers, body):
        if self.sealed:
            return 503, {"errors": ["Vault is sealed"]}
        path = path.removeprefix("/v1/")
        if path == "auth/approle/login":
            if json.loads(body) != {"role_id": "sluice", "secret_id": "of-the-role"}:
                return 400, {"errors": ["invalid role or secret ID"]}
            self.made += 1
            self.tokens.add(f"token-{self.made}")
            return 200, {"auth": {"client_token": f"token-{self.made}", "lease_duration": self.lease, "renewable": True}}
        if headers.get("X-Vault-Token") not in self.tokens or path in self.denied:
            return 403, {"errors": ["permission denied"]}
        if path == "auth/token/lookup-self":
            return 200, {"data": {"id": "told"}}
        if path == "auth/token/renew-self":
            self.renewed += 1
            return 200, {"auth": {"client_token": headers["X-Vault-Token"], "lease_duration": self.lease, "renewable": True}}
        place = path.removeprefix("secret/data/" if self.version == 2 else "secret/")
        if place not in self.data:
            return 404, {"errors": []}
        return 200, {"data": {"data": self.data[place], "metadata": {"version": 1}} if self.version == 2 else self.data[place]}

    def reads(self):
        return [path for method, path in self.served.asked if method == "GET"]


class LineReceiver:
    """Takes JSON lines by HTTP. `plan`: statuses that it answers first."""

    def __init__(self):
        self.lines, self.plan, self.too_large = [], [], None
        self.served = Served(self.answer)
        self.url = self.served.url + "/lines"

    def answer(self, method, path, headers, body):
        lines = [json.loads(line) for line in body.splitlines()]
        if self.plan:
            return self.plan.pop(0), {"error": "not now"}
        if self.too_large and any(self.too_large in line["message"] for line in lines):
            return 413, {"error": "too large"}
        assert headers["Content-Type"] == "application/x-ndjson"
        self.lines += lines
        return 200, None

    def messages(self):
        return [line["message"] for line in self.lines]


class Datagrams:
    """A syslog by UDP, or by a socket in the file system."""

    def __init__(self, path=None):
        self.socket = socket.socket(socket.AF_UNIX if path else socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(str(path) if path else ("127.0.0.1", 0))
        self.address = f"unix://{path}" if path else f"udp://127.0.0.1:{self.socket.getsockname()[1]}"
        self.got = []
        threading.Thread(target=self.take, daemon=True).start()

    def take(self):
        while True:
            self.got.append(self.socket.recv(65536).decode())


class Stream:
    """A syslog by TCP: frames that begin with their length."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.server.getsockname()[1]}"
        self.got, self.connections = [], []
        threading.Thread(target=self.take, daemon=True).start()

    def take(self):
        while True:
            connection, _ = self.server.accept()
            self.connections.append(connection)
            threading.Thread(target=self.read, args=(connection,), daemon=True).start()

    def read(self, connection):
        with connection.makefile("rb") as stream:
            while True:
                length = b""
                while not length.endswith(b" "):
                    byte = stream.read(1)
                    if not byte:
                        return
                    length += byte
                self.got.append(stream.read(int(length)).decode())
