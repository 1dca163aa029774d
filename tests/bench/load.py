"""HTTP load on one thread: many kept-alive connections, requests that differ in nothing. Only the standard library.

The client takes CPU from what it measures, so it does as little as it can: bytes out, bytes in, one look for the
length of the answer.
"""
import heapq
import random
import re
import selectors
import socket
import time

LENGTH = re.compile(rb"[Cc]ontent-[Ll]ength: (\d+)")
ID = re.compile(rb'"id":"([0-9A-Za-z]+)"')


class Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.received = b""
        self.sent_at = 0.0
        self.due_at = 0.0

    def answer(self):
        """The answer once it is whole, else None."""
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError("the server closed a connection")
        self.received += piece
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        length = LENGTH.search(self.received, 0, end)
        if len(self.received) < end + 4 + (int(length.group(1)) if length else 0):
            return None
        whole, self.received = self.received, b""
        return whole


class Outcome:
    """Of a load: `started` maps execution ids to the wall-clock time, in seconds, at which they were asked for."""

    def __init__(self):
        self.started = {}
        self.call_seconds = []
        self.refused = 0
        self.seconds = 0.0

    def take(self, connection, answer, asked_at):
        self.call_seconds.append(time.monotonic() - connection.sent_at)
        found = ID.search(answer)
        if answer.startswith(b"HTTP/1.1 200") and found:
            self.started[found.group(1).decode()] = asked_at
        else:
            self.refused += 1


def request_of(port, method, path, headers=(), body=b""):
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def receive(selector, seconds, outcome, idle):
    """Waits for answers; whose is whole is idle again. Returns how many."""
    count = 0
    for key, _ in selector.select(seconds):
        answer = key.data.answer()
        if answer is not None:
            outcome.take(key.data, answer, key.data.due_at)
            idle.append(key.data)
            count += 1
    return count


def finish(selector, outcome, begun):
    outcome.seconds = time.monotonic() - begun
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    return outcome


def closed(port, request, connections, seconds, may_send=lambda: True):
    """Each connection sends its next request when its last is answered; `may_send` holds all of them back."""
    outcome, selector = Outcome(), selectors.DefaultSelector()
    idle = [Connection(port) for _ in range(connections)]
    for one in idle:
        selector.register(one.socket, selectors.EVENT_READ, one)
    begun = time.monotonic()
    busy = 0
    while True:
        now = time.monotonic()
        if now - begun < seconds and may_send():
            while idle:
                one = idle.pop()
                one.sent_at, one.due_at = time.monotonic(), time.time()
                one.socket.sendall(request)
                busy += 1
        elif busy == 0 and now - begun >= seconds:
            break
        busy -= receive(selector, 0.01, outcome, idle)
    return finish(selector, outcome, begun)


def paced(port, request, rate, seconds, seed=1):
    """Requests at random times (Poisson), `rate` a second on average, whether or not earlier ones are answered.

    A time counts from the moment at which the request was due, so that a late client does not flatter the server.
    """
    outcome, selector, numbers = Outcome(), selectors.DefaultSelector(), random.Random(seed)
    idle, due, at = [], [], 0.0
    while at < seconds:
        at += numbers.expovariate(rate)
        heapq.heappush(due, at)
    begun, wall, busy = time.monotonic(), time.time(), 0
    while due or busy:
        now = time.monotonic() - begun
        while due and due[0] <= now:
            if not idle:
                fresh = Connection(port)
                selector.register(fresh.socket, selectors.EVENT_READ, fresh)
                idle.append(fresh)
            one, planned = idle.pop(), heapq.heappop(due)
            one.sent_at, one.due_at = begun + planned, wall + planned
            one.socket.sendall(request)
            busy += 1
        pause = max(0.0, due[0] - (time.monotonic() - begun)) if due else 0.05
        busy -= receive(selector, min(pause, 0.05), outcome, idle)
    return finish(selector, outcome, begun)
