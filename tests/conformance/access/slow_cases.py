"""Clients that are slow on purpose, against a web server with short limits: none of them may cost it more than its limit, and
whoever is quick is answered meanwhile."""
import contextlib
import http.client
import re
import select
import socket
import time

from api import multipart
from cluster import Cluster, free_port, wait_for

LIMIT = 0.5  # seconds, of each of its limits
SLACK = 15.0  # for a machine that is busy
MOST = 120   # connections
SIZE = 24 << 20  # more than two sockets hold


class SlowRig:
    """A web server that has little patience."""

    def __init__(self, api):
        self.api, self.port = api, free_port()
        limit = f"{int(LIMIT * 1000)}ms"
        self.process = api.cluster.start(
            "webserver", "--port", str(self.port), SLUICE_HTTP_MAX_CONNECTIONS=str(MOST), SLUICE_HTTP_TIMEOUTS_HEADER=limit,
            SLUICE_HTTP_TIMEOUTS_IDLE=limit, SLUICE_HTTP_TIMEOUTS_STALL=limit, SLUICE_HTTP_TIMEOUTS_BODY_GRACE=limit,
            SLUICE_HTTP_MAX_BODY="128KiB")
        wait_for("the impatient web server", lambda: self.ping() == 200, 30)

    def ping(self):
        """Its status, or None when nobody answers in time."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            connection.request("GET", "/ping", headers={"Connection": "close"})
            return connection.getresponse().status
        return None

    def connect(self, window=0):
        one = socket.socket()
        if window:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        one.connect(("127.0.0.1", self.port))
        one.setblocking(False)
        return one

    def count(self, metric):
        text = Cluster.call_text(self, "/metrics")
        return float(re.search(rf"^sluice_{metric} (\S+)$", text, re.M)[1])

    def ends(self, clients, feed=lambda client: None):
        """What each was told before it was cut off. `feed` is called now and then; meanwhile others must be answered."""
        told, left, since = {one: b"" for one in clients}, set(clients), time.monotonic()
        while left:
            took = time.monotonic() - since
            assert took < LIMIT + SLACK, f"{len(left)} of {len(clients)} slow clients are still connected after {took:.1f} s"
            for one in list(left):
                with contextlib.suppress(BlockingIOError, BrokenPipeError, ConnectionResetError):
                    feed(one)
            for one in select.select(list(left), [], [], 0.05)[0]:
                try:
                    piece = one.recv(4096)
                except ConnectionResetError:
                    piece = b""
                told[one] += piece
                if not piece:
                    left.discard(one)
                    one.close()
            assert self.ping() == 200, "a quick client was not answered"
        return list(told.values())


def headers_that_never_end_are_cut_off(rig):
    before = rig.count("http_connections_timed_out_total")
    clients = [rig.connect() for _ in range(60)]
    for one in clients:
        one.send(b"GET /ping HTTP/1.1\r\nHost: x\r\n")
    told = rig.ends(clients, lambda one: one.send(b"X-A: b\r\n"))
    assert all(text.startswith(b"HTTP/1.1 408") for text in told), told[0]
    assert rig.count("http_connections_timed_out_total") - before == len(clients)


def bodies_that_drip_are_cut_off(rig):
    clients = [rig.connect() for _ in range(40)]
    for one in clients:
        one.send(b"POST /api/v1/main/flows HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-yaml\r\nContent-Length: 100000\r\n"
                 b"Authorization: " + rig.api.basic.encode() + b"\r\n\r\n")
    told = rig.ends(clients, lambda one: one.send(b"a"))
    assert all(text.startswith(b"HTTP/1.1 408") for text in told), told[0]
    # A body that is larger than was configured is refused before any of it has come.
    large = rig.connect()
    large.send(b"POST /api/v1/main/flows HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\nAuthorization: " + rig.api.basic.encode() + b"\r\n\r\n")
    assert rig.ends([large])[0].startswith(b"HTTP/1.1 413")


def answers_that_nobody_reads_are_given_up(rig):
    rig.api.save("id: big\nnamespace: slow\ntasks:\n  - {id: say, type: core.log.Log, message: hello}\n")
    body, headers = multipart({}, [("fileContent", "big", b"x" * SIZE)])
    rig.api.ok("POST", "/namespaces/slow/files?path=/big", body, headers=headers)
    before = rig.count("http_slow_readers_closed_total")
    clients = [rig.connect(window=4096) for _ in range(8)]
    for one in clients:
        one.send(b"GET /api/v1/main/namespaces/slow/files?path=/big HTTP/1.1\r\nHost: x\r\nAuthorization: " + rig.api.basic.encode() + b"\r\n\r\n")
    wait_for("they are given up", lambda: rig.count("http_slow_readers_closed_total") - before == len(clients), LIMIT + SLACK)
    assert rig.ping() == 200
    for one in clients:
        one.close()


def many_idle_connections_lock_nobody_out(rig):
    clients = [rig.connect() for _ in range(MOST)]
    wait_for("one too many is told so", lambda: rig.ping() in (503, None), LIMIT + SLACK)
    wait_for("idle ones make room", lambda: rig.ping() == 200, LIMIT + SLACK)
    assert rig.ends(clients) == [b""] * MOST
    assert rig.count("http_connections_refused_total") > 0


SLOW_CASES = [headers_that_never_end_are_cut_off, bodies_that_drip_are_cut_off, answers_that_nobody_reads_are_given_up,
              many_idle_connections_lock_nobody_out]
