"""TLS in the web server: handshakes, certificates that change under open connections, certificates of clients."""
import http.client
import json
import pathlib
import signal
import ssl
import subprocess

from cluster import PASSWORD, USER, free_port, wait_for
from openid_provider import openssl

PAUSES = "id: pauses\nnamespace: tls\ntasks:\n  - {id: wait, type: core.flow.Pause}\n  - {id: say, type: core.log.Log, message: hello}\n"


class TlsRig:
    """A web server of the cluster that speaks TLS, by certificates of an authority of its own."""

    def __init__(self, api):
        self.api, self.folder = api, pathlib.Path(api.cluster.folder) / "tls"
        self.folder.mkdir(exist_ok=True)
        self.authority("ca")
        self.authority("others")
        self.certificate("server")
        self.port = free_port()
        self.configure()
        self.process = api.cluster.start("webserver", "--port", str(self.port), "--config", str(self.folder / "sluice.yaml"))
        wait_for("the web server with TLS", self.answers, 30)

    def path(self, name):
        return str(self.folder / name)

    def authority(self, name):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                "-keyout", self.path(f"{name}.key"), "-out", self.path(f"{name}.pem"))

    def certificate(self, name, authority="ca", days="2"):
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", self.path(f"{name}.key"), "-out", self.path("request"))
        openssl("x509", "-req", "-in", self.path("request"), "-CA", self.path(f"{authority}.pem"), "-CAkey", self.path(f"{authority}.key"),
                "-days", days, "-copy_extensions", "copy", "-out", self.path(f"{name}.pem"))

    def configure(self, **more):
        keys = {"certificate": self.path("server.pem"), "key": self.path("server.key"), **more}
        (self.folder / "sluice.yaml").write_text("http:\n  tls:\n" + "".join(f"    {name}: {value}\n" for name, value in keys.items()))

    def reload(self, event):
        seen = self.process.log.read_text().count(event)
        self.process.send(signal.SIGHUP)
        wait_for(event, lambda: self.process.log.read_text().count(event) > seen, 10)

    def context(self, client=None):
        context = ssl.create_default_context(cafile=self.path("ca.pem"))
        context.set_alpn_protocols(["h2", "http/1.1"])
        if client:
            context.load_cert_chain(self.path(f"{client}.pem"), self.path(f"{client}.key"))
        return context

    def connect(self, context=None):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=context or self.context())
        connection.connect()
        return connection

    def ask(self, path, method="GET", body=None, headers=None, context=None):
        connection = self.connect(context)
        connection.request(method, path, body, {"Authorization": self.api.basic, **(headers or {})})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer, content

    def serial(self):
        connection = self.connect()
        serial = connection.sock.getpeercert()["serialNumber"]
        connection.close()
        return serial

    def answers(self):
        assert self.process.child.poll() is None, self.process.log.read_text()[-2000:]
        try:
            return self.ask("/ping")[1] == b"pong"
        except OSError:
            return False

    def is_let_in(self, client):
        try:
            return self.ask("/ping", context=self.context(client))[0].status == 200
        except (ssl.SSLError, ConnectionError):
            return False


def tls_is_new_enough_and_verified(rig):
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = rig.context()
        context.minimum_version = context.maximum_version = version
        socket = rig.connect(context).sock
        assert (socket.selected_alpn_protocol(), socket.version()) == ("http/1.1", version.name.replace("_", ".")), socket.version()
        socket.close()
    old = rig.context()
    old.set_ciphers("ALL:@SECLEVEL=0")  # or this client would refuse it by itself
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    only_h2 = rig.context()
    only_h2.set_alpn_protocols(["h2"])
    for context, expected in ((old, "PROTOCOL_VERSION"), (only_h2, "NO_APPLICATION_PROTOCOL")):
        try:
            rig.connect(context)
            raise AssertionError(f"it was taken, expected {expected}")
        except ssl.SSLError as refused:
            assert expected in str(refused).upper().replace(" ", "_"), refused


def answers_by_tls_say_so(rig):
    answer, _ = rig.ask("/ping")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    answer, _ = rig.ask("/api/v1/login", "POST", json.dumps({"username": USER, "password": PASSWORD}), {"Content-Type": "application/json"})
    assert answer.status == 200 and "Secure" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in rig.api.get("/flows/search").headers
    shown = subprocess.run([rig.api.cluster.binary, "flow", "list", "--server", f"https://localhost:{rig.port}", "--ca-file", rig.path("ca.pem"),
                            "--user", f"{USER}:{PASSWORD}"], capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr


def much_goes_through_tls_in_both_directions(rig):
    content = bytes(i * 7 % 251 for i in range(65536)) * 48 + b"end"
    form = b'--x\r\nContent-Disposition: form-data; name="fileContent"; filename="big"\r\n\r\n' + content + b"\r\n--x--\r\n"
    put, text = rig.ask("/api/v1/main/namespaces/tls/files?path=/big", "POST", form, {"Content-Type": "multipart/form-data; boundary=x"})
    assert put.status == 200, text
    connection = rig.connect()
    for _ in range(3):  # one after the other on one connection
        connection.request("GET", "/api/v1/main/namespaces/tls/files?path=/big", headers={"Authorization": rig.api.basic})
        assert connection.getresponse().read() == content
    connection.close()


def a_new_certificate_counts_for_new_connections_and_old_ones_go_on(rig):
    rig.api.save(PAUSES)
    run = rig.api.ok("POST", "/executions/tls/pauses").json["id"]
    rig.api.wait_state(run, "PAUSED")
    stream = rig.connect()
    stream.request("GET", f"/api/v1/main/executions/{run}/follow", headers={"Authorization": rig.api.basic})
    events = stream.getresponse()
    assert events.status == 200 and any(b"PAUSED" in line for line in events if line.startswith(b"data:"))
    before = rig.serial()
    rig.certificate("server")
    rig.reload("tls.reloaded")
    assert rig.serial() != before
    rig.api.ok("POST", f"/executions/{run}/resume")
    assert any(b'"SUCCESS"' in line for line in events if line.startswith(b"data:")), "the stream ended before its execution"
    stream.close()


def a_certificate_that_is_no_good_changes_nothing(rig):
    before, key = rig.serial(), pathlib.Path(rig.path("server.key")).read_text()
    pathlib.Path(rig.path("server.key")).write_text(pathlib.Path(rig.path("ca.key")).read_text())
    rig.reload("tls.reload_refused")
    assert "does not belong to the certificate" in rig.process.log.read_text()
    assert rig.serial() == before
    pathlib.Path(rig.path("server.key")).write_text(key)
    started = subprocess.run([rig.api.cluster.binary, "server", "webserver", "--port", "0"], capture_output=True, text=True, timeout=60, env=dict(
        rig.api.cluster.environment, SLUICE_HTTP_TLS_CERTIFICATE=rig.path("server.pem"), SLUICE_HTTP_TLS_KEY=rig.path("nothing.key")))
    assert started.returncode != 0 and "nothing.key can't be read" in started.stderr, started.stderr
    pathlib.Path(rig.path("half.yaml")).write_text("http: {tls: {certificate: server.pem}}")
    half = subprocess.run([rig.api.cluster.binary, "config", "check", rig.path("half.yaml")], capture_output=True, text=True)
    assert half.returncode != 0 and "http.tls.key" in half.stdout + half.stderr, half.stdout + half.stderr


def clients_show_a_certificate_where_that_is_wanted(rig):
    rig.certificate("friend")
    rig.certificate("stranger", "others")
    assert rig.is_let_in(None)
    rig.configure(**{"client-ca": rig.path("ca.pem")})
    rig.reload("tls.reloaded")
    assert [rig.is_let_in(client) for client in ("friend", "stranger", None)] == [True, False, False]
    answer, _ = rig.ask("/api/v1/main/flows/search", headers={"Authorization": ""}, context=rig.context("friend"))
    assert answer.status == 401  # it opens the line, and stands for nobody
    rig.configure()
    rig.reload("tls.reloaded")
    assert rig.is_let_in(None)


TLS_CASES = [tls_is_new_enough_and_verified, answers_by_tls_say_so, much_goes_through_tls_in_both_directions,
             a_new_certificate_counts_for_new_connections_and_old_ones_go_on, a_certificate_that_is_no_good_changes_nothing,
             clients_show_a_certificate_where_that_is_wanted]
