"""A container engine of the test's own: Podman serving Docker's API on a socket, with an image that the test makes."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import http.client

from cluster import wait_for

IMAGE = "localhost/sluice-tiny:1"
# Containers without cgroups and with limits that a machine within a machine may set.
SETTINGS = """
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
cgroups = "disabled"
netns = "none"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
"""
# In a mount namespace of its own, because runtimes refuse a machine that has both versions of cgroups.
SERVE = """
umount -R /sys/fs/cgroup 2>/dev/null && mount -t cgroup2 none /sys/fs/cgroup
exec "$@"
"""


class SocketConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("engine", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


class Podman:
    """with Podman(folder) as engine: engine.address is what SLUICE_TASKS_DOCKER_HOST wants."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.socket = str(self.folder / "engine.sock")
        self.address = "unix://" + self.socket

    @staticmethod
    def missing():
        """Why there is none on this machine; "" when there may be one."""
        if os.geteuid() != 0:
            return "only root can start containers here"
        wanted = [one for one in ("podman", "crun", "busybox") if shutil.which(one) is None]
        return f"{', '.join(wanted)} is not installed" if wanted else ""

    def command(self, *words):
        return ["podman", "--root", str(self.folder / "root"), "--runroot", str(self.folder / "run"), "--tmpdir",
                str(self.folder / "tmp"), "--storage-driver=vfs", *words]

    def __enter__(self):
        self.folder.mkdir(parents=True)
        (self.folder / "containers.conf").write_text(SETTINGS)
        self.environment = dict(os.environ, CONTAINERS_CONF=str(self.folder / "containers.conf"))
        self.make_image()
        self.log = open(self.folder / "log", "w")
        self.service = subprocess.Popen(
            ["unshare", "-m", "sh", "-c", SERVE, "serve", *self.command("system", "service", "--time=0", self.address)],
            env=self.environment, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)
        wait_for("the container engine answers", self.answers, 20)
        return self

    def make_image(self):
        files = self.folder / "image"
        for name in ("bin", "tmp", "etc"):
            (files / name).mkdir(parents=True)
        (files / "tmp").chmod(0o1777)
        shutil.copy(shutil.which("busybox"), files / "bin/busybox")
        for name in ("sh", "cat", "echo", "env", "false", "id", "ls", "mkdir", "pwd", "sleep", "test", "touch", "true"):
            (files / "bin" / name).symlink_to("busybox")
        subprocess.run(["tar", "-C", str(files), "-cf", str(self.folder / "image.tar"), "."], check=True)
        subprocess.run(self.command("import", str(self.folder / "image.tar"), IMAGE), env=self.environment, check=True,
                       capture_output=True)

    def answers(self):
        try:
            return self.call("GET", "/_ping") is not None
        except OSError:
            return False

    def call(self, method, path):
        connection = SocketConnection(self.socket)
        connection.request(method, path)
        text = connection.getresponse().read().decode()
        connection.close()
        return json.loads(text) if text.startswith(("{", "[")) else text

    def containers(self):
        return {one["Id"]: one for one in self.call("GET", "/v1.40/containers/json?all=1")}

    def __exit__(self, *_):
        for id in self.containers():
            self.call("POST", f"/v1.40/containers/{id}/kill?signal=SIGKILL")
            self.call("DELETE", f"/v1.40/containers/{id}?force=1")
        self.service.send_signal(signal.SIGTERM)
        self.service.wait(20)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
