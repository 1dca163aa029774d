"""A cluster of real processes on a real PostgreSQL, for tests that kill and stop them. Only what the standard library has.

Every process is started here and ended here, by its pid. Ports are drawn.
"""
import base64
import itertools
import json
import os
import pathlib
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

USER, PASSWORD = "test@sluice.local", "Test-1234-pass"
ENCRYPTION_KEY = "c2x1aWNlLXRlc3Qta2V5LW9mLTMyLWJ5dGVzLWxvbmc="  # of SECRET inputs


def free_port():
    """One that stays free while its server is restarted: the system gives outgoing connections higher ones."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


def wait_for(what, condition, seconds=60.0):
    """The first true answer of `condition`. Fails with `what` when it takes longer."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(0.05)


def comes_true(what, condition, seconds):
    """Whether it does; that it doesn't is for the checker to judge."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    print(f"  not within {seconds:g} s: {what}", flush=True)
    return False


class Postgres:
    """A private server in a folder of its own; `durable` as in production, or quick."""

    def __init__(self, folder, durable=True, more=()):
        self.bin = pathlib.Path(subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True).stdout.strip()
                                or sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1])
        if not (self.bin / "initdb").exists():
            self.bin = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        if self.as_user:
            entry = pwd.getpwnam("postgres")
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        self.port = free_port()
        self._run("initdb", "-D", self.data, "-A", "trust", "-U", "sluice", "--no-sync", "-E", "UTF8")
        quick = [] if durable else ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
        self.settings = "\n".join([f"port = {self.port}", "listen_addresses = '127.0.0.1'",
                                   f"unix_socket_directories = '{self.folder}'", "max_connections = 200", *quick,
                                   *more]) + "\n"
        self.start()
        self.sql("create database sluice", database="postgres")

    @property
    def data(self):
        return str(self.folder / "data")

    @property
    def url(self):
        return f"postgresql://sluice@127.0.0.1:{self.port}/sluice"

    @property
    def pid(self):
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def _run(self, program, *arguments):
        subprocess.run([*self.as_user, str(self.bin / program), *arguments], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.PIPE, cwd="/")

    def start(self):
        options = " ".join(f"-c {line.replace(' = ', '=')}" for line in self.settings.splitlines())
        self._run("pg_ctl", "-D", self.data, "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, mode="fast"):
        self._run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def sql(self, statement, database="sluice"):
        """All rows, columns joined by |."""
        done = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port), "-U",
                               "sluice", database, "-c", statement], capture_output=True, text=True, check=False)
        if done.returncode:
            raise AssertionError(f"{statement}: {done.stderr.strip()}")
        return done.stdout.strip()


class Pooler:
    """PgBouncer in front of a server, pooling transactions: few sessions for many clients."""

    def __init__(self, folder, postgres):
        self.port = free_port()
        folder.mkdir()
        folder.chmod(0o777)
        (folder / "users.txt").write_text('"sluice" ""\n')
        (folder / "pgbouncer.ini").write_text(f"""[databases]
* = host=127.0.0.1 port={postgres.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {self.port}
unix_socket_dir =
auth_type = trust
auth_file = {folder / "users.txt"}
pool_mode = transaction
max_client_conn = 500
default_pool_size = 8
""")
        user = ["-u", "postgres"] if os.getuid() == 0 else []  # it refuses root
        self.process = Process(["pgbouncer", *user, str(folder / "pgbouncer.ini")], folder / "log", dict(os.environ))
        wait_for("pgbouncer listens", self.listens, 10)

    def listens(self):
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def url(self):
        return f"postgresql://sluice@127.0.0.1:{self.port}/sluice"


class Process:
    def __init__(self, command, log, environment):
        self.log = log
        self.child = subprocess.Popen(command, stdout=open(log, "w"), stderr=subprocess.STDOUT, env=environment,
                                      start_new_session=True)
        self.pid = self.child.pid

    def send(self, number):
        os.kill(self.pid, number)

    def kill(self):
        if self.child.poll() is None:  # it may have ended already
            self.send(signal.SIGKILL)
        self.child.wait()

    def end(self):
        if self.child.poll() is None:
            self.send(signal.SIGCONT)
            self.send(signal.SIGTERM)
            try:
                self.child.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


class Cluster:
    def __init__(self, binary, durable=False, database_settings=()):
        self.binary = str(pathlib.Path(binary).resolve())
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-cluster-"))
        self.folder.chmod(0o755)
        self.processes, self.numbers = [], itertools.count()
        self.postgres = Postgres(self.folder / "postgres", durable, database_settings)
        self.environment = dict(os.environ, SLUICE_DATABASE_URL=self.postgres.url, SLUICE_ADMIN_USER=USER,
                                SLUICE_ADMIN_PASSWORD=PASSWORD, SLUICE_STORAGE_PATH=str(self.folder / "storage"),
                                SLUICE_WORKER_FOLDER=str(self.folder / "work"), SLUICE_SHUTDOWN_GRACE="PT2S",
                                SLUICE_ENCRYPTION_SECRET_KEY=ENCRYPTION_KEY)
        try:
            if os.environ.get("SLUICE_TEST_POOLER"):
                self.pooler = Pooler(self.folder / "pooler", self.postgres)
                self.processes.append(self.pooler.process)
                self.environment |= {"SLUICE_DATABASE_URL": self.pooler.url, "SLUICE_DATABASE_POOLED": "true",
                                     "SLUICE_DATABASE_DIRECT_URL": self.postgres.url}
            # tests/run upgrade: a server of the version before is there first, and stays.
            self.old_binary = os.environ.get("SLUICE_TEST_OLD_BINARY")
            self.migrate(self.old_binary or self.binary)
        except BaseException:
            self.postgres.stop("immediate")  # nobody leaves a context that was never entered
            raise

    def __enter__(self):
        return self

    def migrate(self, binary):
        migrated = subprocess.run([binary, "migrate"], env=self.environment, capture_output=True, text=True)
        assert migrated.returncode == 0, migrated.stderr

    def start_old(self, arguments, environment):
        """The version before serves, and the schema is brought up to date below it."""
        process = Process([self.old_binary, "server", "standalone", *arguments, "--port", str(free_port())], self.folder / "old.log",
                          dict(self.environment, **environment))
        process.name = "old"
        self.processes.append(process)
        self.wait_for_sql("select count(*) from sluice.services where state = 'RUNNING'", "1")
        self.migrate(self.binary)

    def shares(self):
        """Task runs by the version whose worker did them."""
        return self.sql("select coalesce(string_agg(version || ': ' || n, ', ' order by version), '') from (select s.version, count(*) as n "
                        "from sluice.task_runs t join sluice.services s on s.service_id = t.worker_id group by 1) v")

    def __exit__(self, kind, value, trace):
        if self.old_binary and kind is None:
            print(f"task runs by version: {self.shares()}")
        if kind is not None:
            for one in self.processes:
                print(f"    --- {one.log.name}")
                print("".join("    " + line for line in one.log.read_text().splitlines(keepends=True)[-12:]))
        for one in self.processes:
            one.end()
        if (pathlib.Path(self.postgres.data) / "postmaster.pid").exists():
            self.postgres.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, role, *arguments, prefix=(), **environment):
        if self.old_binary and role == "standalone" and not self.processes:
            self.start_old(arguments, environment)
        name = f"{role}-{next(self.numbers)}"
        process = Process([*prefix, self.binary, "server", role, *arguments], self.folder / f"{name}.log",
                          dict(self.environment, **environment))
        process.name = name
        self.processes.append(process)
        return process

    def web(self):
        self.port = free_port()
        process = self.start("webserver", "--port", str(self.port))
        self.wait_for_ping(process)
        return process

    def wait_for_ping(self, process):
        def answers():
            assert process.child.poll() is None, process.log.read_text()[-2000:]
            try:
                return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ping", timeout=2).status == 200
            except (urllib.error.URLError, OSError):
                return False
        wait_for("the web server answers", answers)

    def call(self, method, path, body=None, content_type="application/x-yaml"):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/v1/main{path}", method=method,
                                         data=body.encode() if body is not None else None)
        request.add_header("Authorization",
                           "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode())
        if body is not None:
            request.add_header("Content-Type", content_type)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read().decode()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as refused:
            text = refused.read().decode()
            return refused.code, json.loads(text) if text.startswith("{") else text

    def call_text(self, path):
        """What is open, as it is."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.read().decode()

    def save(self, source):
        status, answer = self.call("POST", "/flows", source)
        assert status == 200, answer
        return answer

    def run(self, flow, namespace="test"):
        status, answer = self.call("POST", f"/executions/{namespace}/{flow}", "{}", "application/json")
        assert status == 200, answer
        return answer["id"]

    def sql(self, statement):
        return self.postgres.sql(statement)

    def command(self, *words):
        """A command of the binary, as a person calls it on this cluster."""
        environment = dict(self.environment, SLUICE_SERVER=f"http://127.0.0.1:{self.port}", SLUICE_USER=USER,
                           SLUICE_PASSWORD=PASSWORD)
        return subprocess.run([self.binary, *words], env=environment, capture_output=True, text=True, timeout=60)

    def wait_for_sql(self, statement, expected, seconds=60.0):
        wait_for(f"{statement} = {expected!r}; it was {self.sql(statement)!r}",
                 lambda: self.sql(statement) == expected, seconds)

    def leader(self):
        """pid of the scheduler that leads"""
        found = self.sql("select s.pid from sluice.leadership l join sluice.services s using (service_id) "
                         "where l.role = 'scheduler' and s.state = 'RUNNING'")
        return int(found) if found else 0
