"""Hosts in one machine: a network namespace each, with one cable to us, which can be cut in two ways. Needs root.

Silently: both ends send to a network card that nobody has. With a reset: the host believes that our address is its own,
so that its kernel answers every packet to us with RST.
"""
import os
import pathlib
import subprocess
import threading

NAMES = "sluice-"


def ip(*arguments, check=True, program="ip"):
    try:
        done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError as missing:
        done = subprocess.CompletedProcess(arguments, 127, "", str(missing))
    if check and done.returncode:
        raise RuntimeError(f"{program} {' '.join(arguments)}: {done.stderr.strip()}")
    return done


def tc(*arguments, check=True):
    return ip(*arguments, check=check, program="tc")


def namespaces():
    return [line.split()[0] for line in ip("netns", "list", check=False).stdout.splitlines() if line.startswith(NAMES)]


def remove_leftovers():
    """Those of runs that died: sluice-<pid of the run>-<number>."""
    for name in namespaces():
        pid = name.split("-")[1]
        if not pathlib.Path(f"/proc/{pid}").exists():
            ip("netns", "delete", name, check=False)


def are_possible():
    if os.getuid() != 0:
        return False
    try:
        Host(99).close()
        return True
    except (OSError, RuntimeError):
        return False


class Host:
    def __init__(self, number):
        self.name = f"{NAMES}{os.getpid()}-{number}"
        self.guard = threading.Lock()  # one fault of it at a time
        place = (os.getpid() * 8 + number) % 16384
        network = f"10.213.{place // 64}.{place % 64 * 4}"
        first = int(network.split(".")[3])
        self.ours = network.rsplit(".", 1)[0] + f".{first + 1}"
        self.theirs = network.rsplit(".", 1)[0] + f".{first + 2}"
        self.near = f"sl{os.getpid() % 1000000}h{number}"
        self.prefix = ("ip", "netns", "exec", self.name)
        ip("netns", "add", self.name)
        try:
            ip("link", "add", self.near, "type", "veth", "peer", "name", "far", "netns", self.name)
            ip("address", "add", f"{self.ours}/30", "dev", self.near)
            ip("link", "set", self.near, "up")
            self._there("address", "add", f"{self.theirs}/30", "dev", "far")
            self._there("link", "set", "far", "up")
            self._there("link", "set", "lo", "up")
        except RuntimeError:
            self.close()
            raise

    def _there(self, *arguments, check=True):
        return ip("-n", self.name, *arguments, check=check)

    def cut_silently(self):
        nobody = ("lladdr", "02:00:00:00:00:99", "nud", "permanent")
        ip("neighbour", "replace", self.theirs, *nobody, "dev", self.near)
        self._there("neighbour", "replace", self.ours, *nobody, "dev", "far")

    def cut_with_reset(self):
        self._there("address", "add", f"{self.ours}/32", "dev", "lo")

    def delay(self, milliseconds, loss_percent):
        """Both ways, from now on."""
        shape = ("netem", "delay", f"{milliseconds}ms", f"{milliseconds // 4}ms", "loss", f"{loss_percent}%")
        tc("qdisc", "replace", "dev", self.near, "root", *shape)
        tc("-n", self.name, "qdisc", "replace", "dev", "far", "root", *shape)

    def can_delay(self):
        try:
            self.delay(1, 0)
            self.mend()
            return True
        except RuntimeError:
            return False

    def mend(self):
        tc("qdisc", "delete", "dev", self.near, "root", check=False)
        tc("-n", self.name, "qdisc", "delete", "dev", "far", "root", check=False)
        ip("neighbour", "delete", self.theirs, "dev", self.near, check=False)
        self._there("neighbour", "delete", self.ours, "dev", "far", check=False)
        self._there("address", "delete", f"{self.ours}/32", "dev", "lo", check=False)

    def close(self):
        ip("netns", "delete", self.name, check=False)
        ip("link", "delete", self.near, check=False)
