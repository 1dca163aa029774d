"""What a server tells systemd, by a socket as systemd has it. Tests of tests/cluster/run."""
import signal
import socket
import time

from cluster import Cluster, wait_for


class Systemd:
    """Takes what the process tells: one datagram after the other."""

    def __init__(self, folder):
        self.path = str(folder / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(30)

    def until(self, what):
        """Everything up to the first that begins with `what`."""
        told = []
        while not told or not told[-1].startswith(what):
            told.append(self.socket.recv(4096).decode())
        return told

    def forget(self):
        self.socket.setblocking(False)
        try:
            while True:
                self.socket.recv(4096)
        except BlockingIOError:
            pass
        self.socket.settimeout(30)


def systemd_is_told_when_it_is_ready_alive_reloads_and_stops(binary):
    with Cluster(binary) as cluster:
        systemd = Systemd(cluster.folder)
        file = cluster.folder / "sluice.yaml"
        file.write_text("worker:\n  slots: 2\n")
        process = cluster.start("standalone", "--config", str(file), "--port", "0", NOTIFY_SOCKET=systemd.path,
                                WATCHDOG_USEC="2000000")
        before = systemd.until("READY=1")
        assert not any(one.startswith("STATUS=ready") for one in before), before
        assert cluster.sql("select state from sluice.services") == "RUNNING"
        systemd.until("WATCHDOG=1")

        # A reload: what can be taken over is, and the log says what can't.
        file.write_text("worker:\n  slots: 3\nlog:\n  level: DEBUG\n")
        process.send(signal.SIGHUP)
        systemd.until("RELOADING=1")
        systemd.until("READY=1")
        assert "need_a_restart=worker.slots" in process.log.read_text()
        file.write_text("worker:\n  slot: 3\n")
        process.send(signal.SIGHUP)
        systemd.until("READY=1")
        assert "did you mean 'worker.slots'" in process.log.read_text()

        # The database is away for longer than the watchdog waits: it tells so, and that it is alive.
        cluster.postgres.stop("immediate")
        systemd.until("STATUS=the")
        systemd.forget()
        end = time.monotonic() + 3
        while time.monotonic() < end:
            systemd.until("WATCHDOG=1")
        cluster.postgres.start()
        wait_for("it is ready again", lambda: systemd.until("STATUS=")[-1] == "STATUS=ready", 30)

        process.send(signal.SIGTERM)
        systemd.until("STOPPING=1")
        systemd.until("EXTEND_TIMEOUT_USEC=")
        assert process.child.wait(30) == 0
        assert cluster.sql("select state from sluice.services") == "STOPPED"


TESTS = [systemd_is_told_when_it_is_ready_alive_reloads_and_stops]
