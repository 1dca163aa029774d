"""A fresh Debian 12 in a folder, and a machine that boots it: systemd as in production, on this host's network."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cluster"))
from cluster import wait_for

SUITE = "bookworm"


def mirror():
    """The mirror that this machine's apt is set to, whatever form its sources have."""
    for path in [pathlib.Path("/etc/apt/sources.list"), *sorted(pathlib.Path("/etc/apt/sources.list.d").glob("*"))]:
        if not path.is_file():
            continue
        for line in path.read_text().splitlines():
            found = re.match(r"(?:URIs:|deb(?:\s+\[[^\]]*\])?)\s+(https?://\S+)", line)
            if found and "security" not in found.group(1):
                return found.group(1)
    raise AssertionError("apt's sources name no mirror")


def missing():
    """Why no machine can be booted here; empty: it can."""
    if os.getuid() != 0:
        return "it takes root"
    for program in ("debootstrap", "systemd-nspawn", "nsenter"):
        if shutil.which(program) is None:
            return f"{program} is not installed: packaging/install-packages packages"
    return ""


def fresh_root(folder):
    """Made once, and used below an overlay; made anew when it is older than a week."""
    done = folder / "etc" / "sluice-test-root"
    if done.exists() and time.time() - done.stat().st_mtime < 7 * 86400:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"  debootstrap {SUITE} (once a week)", flush=True)
    made = subprocess.run(["debootstrap", "--variant=minbase", "--include=systemd,systemd-sysv,dbus,ca-certificates,tzdata",
                           SUITE, str(folder), mirror()], capture_output=True, text=True,
                           errors="backslashreplace", check=False)
    assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-2000:]
    (folder / "etc" / "machine-id").write_text("")
    done.write_text("")
    return folder


class Machine:
    """Boots an overlay of `base`; what it writes is gone at the end."""

    def __init__(self, base, folder, name):
        self.folder, self.name = folder, name
        folder.mkdir()
        self.root = folder / "root"
        for one in ("root", "upper", "work"):
            (folder / one).mkdir()
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o",
                        f"lowerdir={base},upperdir={folder / 'upper'},workdir={folder / 'work'}", str(self.root)], check=True)
        self.use_this_machines_apt()
        with open(self.root / "etc/hosts", "a") as hosts:
            hosts.write("\n127.0.0.1 localhost db.sluice.test\n")
        self.boot()

    def use_this_machines_apt(self):
        for path in ("etc/apt/sources.list", "etc/apt/sources.list.d", "etc/apt/apt.conf.d", "etc/apt/auth.conf.d",
                     "etc/resolv.conf", "etc/ssl/certs", "usr/local/share/ca-certificates", "usr/share/keyrings"):
            there, here = pathlib.Path("/") / path, self.root / path
            if there.exists():
                here.parent.mkdir(parents=True, exist_ok=True)
                links = "--dereference" if there.is_file() else "--no-dereference"
                subprocess.run(["cp", "--recursive", "--remove-destination", "--no-target-directory", links, str(there),
                                str(here)], check=True)

    def boot(self):
        self.log = open(self.folder / "boot.log", "w")
        self.nspawn = subprocess.Popen(
            ["systemd-nspawn", "--quiet", "--directory", str(self.root), "--boot", "--register=no", "--keep-unit",
             "--link-journal=no", "--resolv-conf=off", "--timezone=off", f"--machine={self.name}", "--console=read-only"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)
        wait_for("systemd runs", lambda: self.leader() and self.succeeds("systemctl", "is-system-running", "--wait"), 60)

    def leader(self):
        """The process that is number 1 inside."""
        assert self.nspawn.poll() is None, (self.folder / "boot.log").read_text()
        children = pathlib.Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children").read_text().split()
        for child in children:
            if pathlib.Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                return child
        return ""

    def call(self, *words, **environment):
        clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        for name in ("http_proxy", "https_proxy", "no_proxy"):
            if name in os.environ:
                clean[name] = os.environ[name]
        return subprocess.run(["nsenter", "-t", self.leader(), "-a", "-w/", *words], capture_output=True, text=True,
                              errors="backslashreplace", check=False, env=clean | environment, timeout=300)

    def succeeds(self, *words):
        return self.call(*words).returncode == 0

    def run(self, *words, **environment):
        """What it printed; fails when it does."""
        done = self.call(*words, **environment)
        assert done.returncode == 0, f"{' '.join(words)}: exit {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    def write(self, path, text, mode=0o644):
        file = self.root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)

    def property(self, unit, name):
        return self.run("systemctl", "show", "--value", "-p", name, unit).strip()

    def journal(self, *more):
        return self.run("journalctl", "--no-pager", *more)

    def end(self):
        if self.nspawn.poll() is None:
            self.call("systemctl", "poweroff")
            try:
                self.nspawn.wait(30)
            except subprocess.TimeoutExpired:
                self.nspawn.kill()
                self.nspawn.wait()
        self.log.close()
        subprocess.run(["umount", "--lazy", str(self.root)], check=False)
