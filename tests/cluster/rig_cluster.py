"""The cluster that the fault rig beats: who ends is started again, as systemd does; hosts and a standby where they are possible."""
import pathlib
import shutil
import struct
import subprocess
import threading
import time

import hosts
import probes
from cluster import Cluster, comes_true, free_port, wait_for
from standby import Standby

ROLES = ("webserver", "executor", "executor", "worker", "worker", "scheduler", "scheduler")
ON_HOSTS = ("worker", "scheduler")  # who has a host of its own, to be cut off


class Member:
    """One place in the cluster: a role, on a host or here, and the process that fills it now."""

    def __init__(self, cluster, role, host):
        self.cluster, self.role, self.host = cluster, role, host
        self.guard = threading.Lock()
        self.process = None
        self.pids = []
        self.disk = cluster.small_disk(len(cluster.members)) if role == "worker" and host else None
        self.clock = cluster.folder / f"clock-{len(cluster.members)}"
        self.step_clock(0)
        self.start()

    def step_clock(self, seconds):
        """From now on its time of day is so much wrong."""
        with open(self.clock, "r+b" if self.clock.exists() else "wb") as file:
            file.write(struct.pack("q", seconds))

    def start(self, **more):
        c = self.cluster
        arguments = ("--port", str(c.port)) if self.role == "webserver" else ()
        clock = {"LD_PRELOAD": str(c.clock_library), "CLOCK_STEP": str(self.clock)} if c.clock_library else {}
        disk = {"SLUICE_WORKER_FOLDER": str(self.disk)} if self.disk else {}
        self.process = c.start(self.role, *arguments, prefix=self.host.prefix if self.host else (),
                               SLUICE_DATABASE_URL=c.url_from(self.host), **clock, **disk, **more)
        self.pids.append(self.process.pid)

    def kill_and_restart(self, pause):
        with self.guard:
            self.process.kill()
            time.sleep(pause)
            self.start()

    def die_at(self, probe, patience):
        """Its process is followed by one that dies there. false: it did not get there in time, and was killed so"""
        with self.guard:
            self.process.kill()
            self.start(SLUICE_PROBE=f"{probe}:kill")
            met = comes_true(f"{self.process.name} dies at {probe}", lambda: self.process.child.poll() is not None, patience)
            self.process.kill()
            self.start()
            return met

    def start_again_if_it_ended(self, ended):
        if not self.guard.acquire(blocking=False):
            return
        try:
            if self.process.child.poll() is None:
                return
            log = self.process.log.read_text()
            if "server.started" in log:  # one that finds no database at its start may give up
                ended.append(f"{self.process.name} ended by itself with {self.process.child.returncode}: "
                             f"{' / '.join(log.splitlines()[-3:])}")
            time.sleep(0.1)
            self.start()
        finally:
            self.guard.release()


class RigCluster(Cluster):
    def __init__(self, binary, ended, on_hosts=True, with_standby=True):
        hosts.remove_leftovers()
        self.hosts, self.members, self.disks, self.standby, self.closing = [], [], [], None, threading.Event()
        self.database_guard = threading.Lock()  # one restart or failover at a time
        self.port, self.second_port = free_port(), free_port()
        self.reserve_port = self.second_port
        super().__init__(binary, durable=True, database_settings=(
            "fsync = off", "listen_addresses = '*'", "max_connections = 300", "wal_retrieve_retry_interval = 200ms"))
        self.ports = (self.postgres.port, self.second_port)
        self.effects = self.folder / "effects"
        self.clock_library = made_clock_library(self.folder)
        self.ended = ended
        self.probes = probes.names(self.binary)
        self.with_standby = with_standby
        self.hba = (self.folder / "postgres" / "data" / "pg_hba.conf").read_text() + "host all all 10.213.0.0/16 trust\n"
        try:
            (self.folder / "postgres" / "data" / "pg_hba.conf").write_text(self.hba)
            self.postgres.sql("select pg_reload_conf()")
            if with_standby:
                self.add_standby()
            possible = on_hosts and hosts.are_possible()
            for number, role in enumerate(ROLES):
                host = hosts.Host(number) if possible and role in ON_HOSTS else None
                if host:
                    self.hosts.append(host)
                self.members.append(Member(self, role, host))
            self.wait_for_ping(self.members[0].process)
        except BaseException as failed:
            self.__exit__(type(failed), failed, None)
            raise
        self.keeper = threading.Thread(target=self._keep_alive, daemon=True)
        self.keeper.start()

    def url_from(self, host):
        address = host.ours if host else "127.0.0.1"
        places = ",".join(f"{address}:{port}" for port in (self.ports if self.with_standby else self.ports[:1]))
        return f"postgresql://sluice@{places}/sluice?target_session_attrs=read-write&sslmode=disable"

    def small_disk(self, number):
        disk = self.folder / f"disk-{number}"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], check=True)
        self.disks.append(disk)
        return disk

    def _keep_alive(self):
        while not self.closing.wait(0.2):
            for one in self.members:
                one.start_again_if_it_ended(self.ended)

    def add_standby(self):
        self.standby = Standby(self.postgres, self.folder / f"postgres-{time.monotonic_ns()}", self.reserve_port, self.hba)

    def fail_over(self):
        """The first database dies for good; its place is taken by a new standby."""
        old = self.postgres
        old.stop("immediate")
        self.standby.promote()
        back_at = time.time()
        self.postgres, self.reserve_port = self.standby, old.port
        shutil.rmtree(old.folder, ignore_errors=True)
        self.add_standby()
        return back_at

    def update(self, source):
        def saved():
            try:
                return self.call("PUT", path_of(source), source)[0] == 200
            except OSError:
                return False
        wait_for("the flow is changed", saved, 120)

    def asked(self, statement, other=""):
        """What the database says, or `other` while it says nothing."""
        try:
            return self.sql(statement)
        except AssertionError:
            return other

    def __exit__(self, kind, value, trace):
        self.closing.set()
        if hasattr(self, "keeper"):
            self.keeper.join()
        for host in self.hosts:
            host.mend()
        try:
            for one in self.processes:
                if one.child.poll() is None:
                    one.kill()
            for server in (self.standby, self.postgres):
                if server and (pathlib.Path(server.data) / "postmaster.pid").exists():
                    server.stop("immediate")
        finally:
            for host in self.hosts:
                host.close()
            hosts.remove_leftovers()
            for disk in self.disks:
                subprocess.run(["umount", "--lazy", disk], check=False)
            shutil.rmtree(self.folder, ignore_errors=True)


def path_of(source):
    fields = dict(line.split(": ", 1) for line in source.strip().splitlines()[:2])
    return f"/flows/{fields['namespace']}/{fields['id']}"


def made_clock_library(folder):
    """None where there is no C compiler."""
    library = folder / "clock_step.so"
    source = pathlib.Path(__file__).parent / "clock_step.c"
    try:
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, source, "-ldl"], check=True)
    except FileNotFoundError:
        return None
    return library
