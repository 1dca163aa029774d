"""The life of an installation on a fresh Debian 12, step by step: installed, secured, run, watched, upgraded, rolled back, removed.

The database is another machine to it: by its name, with TLS that is verified, a role that owns the schema and one that only
runs servers.
"""
import http.server
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import machine
from machine import wait_for

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cluster"))
from api import Api
from cluster import PASSWORD, USER, Postgres, free_port

ROLES = ("webserver", "executor", "worker", "scheduler")
ALL = [f"sluice@{role}.service" for role in ROLES]
FLOW = """id: work
namespace: packaged
tasks:
  - id: begin
    type: core.log.Log
    message: begun
  - id: shell
    type: scripts.shell.Commands
    commands:
      - id -un > user.txt
      - touch /etc/x /var/lib/sluice/x 2>/dev/null || true
      - secrets=$(cat /etc/sluice/* /etc/default/sluice /run/credentials/*/* /proc/*/environ 2>/dev/null | grep -ac secret || true)
      - echo "::{\\"outputs\\":{\\"user\\":\\"$(cat user.txt)\\",\\"secrets\\":\\"$secrets\\"}}::"
"""
# What it does outside is heard by the test: who did it twice, or not, is found.
MANY = """id: many
namespace: packaged
tasks:
  - id: sleep
    type: core.flow.Sleep
    duration: PT1.5S
  - id: mark
    type: scripts.shell.Commands
    commands:
      - sleep 0.2
  - id: tell
    type: core.http.Request
    uri: "{{ envs.marks }}/{{ execution.id }}"
  - id: end
    type: core.log.Log
    message: done
"""


class Ear:
    """What executions of MANY tell: their ids, in the order of their coming."""

    def __init__(self):
        heard = self.heard = {"original": [], "restored": []}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                _, whose, execution = self.path.split("/")
                heard[whose].append(execution)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Installation:
    """What the steps share."""

    def __init__(self, build, older, newer, folder):
        self.build, self.older, self.newer, self.folder = build, older, newer, folder
        folder.chmod(0o755)
        self.port = free_port()
        self.started = 0
        self.machine = self.postgres = None
        self.ear = Ear()

    def prepare(self):
        versions = [version_of(package) for package in (self.older, self.newer)]
        assert subprocess.run(["dpkg", "--compare-versions", versions[0], "lt", versions[1]], check=False).returncode == 0, (
            f"an upgrade goes from {versions[0]} to {versions[1]}, which is not newer: commit first, or name another by --from")
        print(f"  upgraded from {versions[0]} to {versions[1]}", flush=True)
        self.postgres = database_with_tls(self.folder)
        base = machine.fresh_root(self.build / "packaging-root")
        self.machine = machine.Machine(base, self.folder / "machine", "sluice-packaging")
        self.machine.run("apt-get", "update")
        self.api = Api(self)

    def pids(self):
        return {unit: self.machine.property(unit, "MainPID") for unit in ALL}

    def are_ready(self):
        return all(self.machine.property(unit, "ActiveState") == "active" and
                   self.machine.property(unit, "StatusText") == "ready" for unit in ALL)

    def install(self, package, *more):
        self.machine.write("/root/sluice.deb", "")
        target = self.machine.root / "root/sluice.deb"
        target.write_bytes(package.read_bytes())
        # What the administrator wrote stays, as in an unattended upgrade: nobody is there to be asked.
        return self.machine.run("apt-get", "install", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", *more,
                                "/root/sluice.deb")

    def ended(self, database="sluice"):
        return int(self.postgres.sql("select count(*) from sluice.executions where flow_id = 'many' and state = 'SUCCESS'",
                                     database))

    def start_many(self, count):
        self.started += count
        self.postgres.sql(f"select count(sluice.start_execution('packaged', 'many')) from generate_series(1, {count})")

    def all_have_ended(self):
        count = int(self.postgres.sql("select count(*) from sluice.executions where flow_id = 'many'"))
        assert count == self.started, (count, self.started)
        return self.ended() == self.started

    def each_was_done_once(self):
        """By the rows, and by what they did outside: no task had a second attempt, nothing was told twice."""
        rows = self.postgres.sql("select count(*), count(distinct (execution_id, task_id)), count(*) filter (where jsonb_array_length(attempts) > 1) "
                                 "from sluice.task_runs where flow_id = 'many' and state = 'SUCCESS'")
        assert rows == f"{4 * self.started}|{4 * self.started}|0", rows
        marks = self.ear.heard["original"]
        wanted = set(self.postgres.sql("select id from sluice.executions where flow_id = 'many'").split())
        assert len(marks) == len(set(marks)) == self.started and set(marks) == wanted, (len(marks), len(set(marks)), self.started)

    def migrations(self):
        return set(self.postgres.sql("select name from sluice.schema_migrations where name like 'migrations/%'").split())

    def migrate(self, sluice):
        return self.machine.run(sluice, "migrate", "--grant", "sluice_app", "--database", f"postgresql://sluice_owner@{self.place}",
                                SLUICE_DATABASE_PASSWORD_FILE="/root/owner")

    @property
    def place(self):
        return f"db.sluice.test:{self.postgres.port}/sluice?sslrootcert=/etc/sluice/ca.pem"


def version_of(package):
    return subprocess.run(["dpkg-deb", "--field", package, "Version"], capture_output=True, text=True, check=True).stdout.strip()


def certificates(folder):
    """An authority of our own, and a certificate for the database's name."""
    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj",
            "/CN=test authority")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=database")
    (folder / "names").write_text("subjectAltName=DNS:db.sluice.test\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "names", "-out", "server.pem")


def database_with_tls(folder):
    certificates(folder)
    postgres = Postgres(folder / "postgres", durable=False)
    data = pathlib.Path(postgres.data)
    owner = data.stat()
    for name, mode in (("server.pem", 0o644), ("server.key", 0o600)):
        (data / name).write_bytes((folder / name).read_bytes())
        os.chown(data / name, owner.st_uid, owner.st_gid)
        (data / name).chmod(mode)
    rules = data / "pg_hba.conf"
    rules.write_text("hostssl all sluice_owner,sluice_app 127.0.0.1/32 scram-sha-256\n"
                     "hostnossl all sluice_owner,sluice_app all reject\n" + rules.read_text())
    postgres.settings += "ssl = on\nssl_cert_file = server.pem\nssl_key_file = server.key\n"
    postgres.stop()
    postgres.start()
    for role in ("owner", "app"):
        postgres.sql(f"create role sluice_{role} login password '{role}-secret'")
    postgres.sql("create schema sluice authorization sluice_owner")
    return postgres


def a_fresh_machine_installs_the_package(it):
    it.prepare()
    told = it.install(it.older, "bubblewrap")  # older packages only recommended it
    assert "set database.url in /etc/sluice/sluice.yaml" in told, told[-2000:]
    assert it.machine.run("stat", "-c", "%U:%G %a", "/etc/sluice/sluice.yaml").strip() == "root:sluice 640"
    assert it.machine.run("stat", "-c", "%U %a", "/var/lib/sluice").strip() == "sluice 750"
    assert it.machine.property("sluice.service", "ActiveState") == "inactive"
    without = it.machine.call("sluice", "server", "standalone", "--config", "/etc/sluice/sluice.yaml")
    assert without.returncode == 2 and "which database?" in without.stderr, without


def units_pass_systemds_own_checks(it):
    told = it.machine.run("systemd-analyze", "verify", "--man=no",
                          *[f"/usr/lib/systemd/system/{unit}" for unit in ("sluice.service", *ALL)])
    assert "sluice" not in told, told
    print("\n".join(f"  {unit}: " + it.machine.call("systemd-analyze", "security", "--no-pager", unit).stdout.splitlines()[-1]
                    for unit in ["sluice.service", *ALL]))


def the_owner_migrates_and_lets_a_lesser_role_serve(it):
    it.machine.write("/etc/sluice/ca.pem", (it.folder / "ca.pem").read_text())
    it.machine.write("/root/owner", "owner-secret\n", 0o600)
    unverified = it.machine.call("sluice", "migrate", "--database", f"postgresql://sluice_owner@db.sluice.test:{it.postgres.port}/sluice",
                                 SLUICE_DATABASE_PASSWORD_FILE="/root/owner")
    assert unverified.returncode == 1 and "certificate verify failed" in unverified.stderr, unverified
    assert "database.tls.ca-file" in unverified.stderr, unverified.stderr
    told = it.migrate("sluice")
    assert "sluice_app may run servers" in told, told
    it.machine.write("/etc/sluice/database.password", "app-secret\n", 0o600)
    it.machine.write("/etc/sluice/sluice.yaml", f"""database:
  url: postgresql://sluice_app@{it.place}
storage:
  type: postgres
tasks:
  scripts: {{sandbox: true, sandbox-network: true}}
worker:
  folder: /var/lib/sluice/worker
  slots: 64
log:
  level: INFO
""")
    it.machine.write("/etc/default/sluice", f"SLUICE_HTTP_PORT={it.port}\nSLUICE_ADMIN_USER={USER}\n"
                                            f"SLUICE_ADMIN_PASSWORD={PASSWORD}\nSLUICE_SHUTDOWN_GRACE=20s\n"
                                            f"ENV_MARKS={it.ear.url}/original\n")
    # The watchdog is quicker than in production: what it does is the same.
    drop_in = "[Service]\nLoadCredential=database.password:/etc/sluice/database.password\nWatchdogSec=4\n"
    it.machine.write("/etc/systemd/system/sluice@.service.d/database.conf", drop_in)
    it.machine.run("systemctl", "daemon-reload")
    shown = json.loads(it.machine.run("sluice", "config", "show", "--output", "json", "--config", "/etc/sluice/sluice.yaml"))
    rows = {row["key"]: row for row in shown}
    assert rows["database.url"] == {"key": "database.url", "value": "********", "source": "/etc/sluice/sluice.yaml:2"}, rows


def roles_start_and_run_a_flow(it):
    it.machine.run("systemctl", "start", *ALL)  # comes back when they are ready
    assert it.are_ready(), it.machine.journal("-n", "50")
    assert it.postgres.sql("select string_agg(distinct usename || ' ' || ssl, ',') from pg_stat_activity a join pg_stat_ssl s "
                           "using (pid) where application_name like 'sluice%'") == "sluice_app true"
    it.api.save(FLOW)
    it.api.save(MANY)
    done = it.api.run("packaged", "work")
    assert done["state"]["current"] == "SUCCESS", (done, it.api.get(f"/logs/{done['id']}").text)
    outputs = it.api.ok("GET", f"/executions/{done['id']}").json["taskRunList"][1]["outputs"]["vars"]
    assert outputs == {"user": "sluice", "secrets": "0"}, outputs
    assert not it.machine.succeeds("test", "-e", "/etc/x") and not it.machine.succeeds("test", "-e", "/var/lib/sluice/x")


def the_journal_has_priorities_and_names(it):
    entries = [json.loads(line) for line in it.machine.journal("-o", "json", "-t", "sluice-worker").splitlines()]
    started = [entry for entry in entries if "server.started" in entry["MESSAGE"]]
    assert started and started[0]["PRIORITY"] == "6", entries[-3:]
    assert not any(entry["MESSAGE"].startswith("<") for entry in entries), entries


def a_reload_takes_over_what_can_be_changed(it):
    before = it.pids()
    it.machine.run("sed", "-i", "s/level: INFO/level: DEBUG/; s/slots: 64/slots: 63/", "/etc/sluice/sluice.yaml")
    it.machine.run("systemctl", "reload", "sluice@worker")
    wait_for("it says what needs a restart", lambda: "need_a_restart=worker.slots" in it.machine.journal("-t", "sluice-worker"), 20)
    it.api.run("packaged", "work")
    wait_for("it is debugging", lambda: "task.finished" in it.machine.journal("-t", "sluice-worker", "-p", "7..7"), 30)
    it.machine.run("sh", "-c", "echo 'log: {levl: INFO}' >> /etc/sluice/sluice.yaml")
    it.machine.run("systemctl", "reload", "sluice@worker")
    wait_for("mistakes are refused", lambda: "config.reload_refused" in it.machine.journal("-t", "sluice-worker"), 20)
    it.machine.run("sed", "-i", "$d; s/level: DEBUG/level: INFO/", "/etc/sluice/sluice.yaml")
    it.machine.run("systemctl", "reload", "sluice@worker")
    assert it.pids() == before


def without_its_database_nothing_is_killed(it):
    before = it.pids()
    it.postgres.stop("immediate")
    wait_for("the status says so", lambda: "database" in it.machine.property("sluice@executor.service", "StatusText"), 20)
    since = time.monotonic()
    wait_for("three times the watchdog's patience are over", lambda: time.monotonic() - since > 12, 20)
    it.postgres.start()
    wait_for("all are ready again", it.are_ready, 60)
    assert it.pids() == before, (before, it.pids())
    assert it.api.run("packaged", "work")["state"]["current"] == "SUCCESS"


def one_that_stands_still_is_started_anew(it):
    before = it.machine.property("sluice@scheduler.service", "MainPID")
    os.kill(pid_outside(it, before), signal.SIGSTOP)
    wait_for("the watchdog ends it", lambda: it.machine.property("sluice@scheduler.service", "NRestarts") != "0", 30)
    wait_for("it is ready again", it.are_ready, 60)
    assert "watchdog" in it.machine.journal("-u", "sluice@scheduler").lower()


def pid_outside(it, inside):
    """The number that a process of the machine has on this host."""
    for path in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            text = path.read_text()
        except OSError:
            continue
        numbers = next(line for line in text.splitlines() if line.startswith("NSpid:")).split()[1:]
        if numbers[-1] == inside and len(numbers) > 1 and "\nName:\tsluice\n" in "\n" + text:
            return int(path.parent.name)
    raise AssertionError(f"process {inside} is not to be found")


def an_upgrade_loses_nothing(it):
    """The owner brings the schema up to date by the new program, below the servers of before; then each is replaced."""
    before, schema = it.pids(), it.migrations()
    it.start_many(1000)
    (it.machine.root / "root/newer.deb").write_bytes(it.newer.read_bytes())
    it.machine.run("dpkg-deb", "--extract", "/root/newer.deb", "/root/newer")
    it.migrate("/root/newer/usr/bin/sluice")
    added = it.migrations() - schema
    assert added, f"both have the schema of {max(schema)}: name an older commit by --from"
    assert it.are_ready() and it.pids() == before, it.machine.journal("-n", "30")
    it.install(it.newer)
    wait_for("all run anew", lambda: it.are_ready() and not set(it.pids().values()) & set(before.values()), 90)
    ended = it.ended()
    assert ended < it.started, "they had ended before the upgrade: more are needed"
    wait_for("all have ended well", it.all_have_ended, 240)
    it.each_was_done_once()
    print(f"  {ended} of 1000 executions had ended when all ran anew; migrations of it: {', '.join(sorted(added))}", flush=True)


def a_backup_that_was_taken_meanwhile_goes_on(it):
    """The procedure of packaging/postgresql.md; on the unit that runs everything in one process."""
    it.start_many(200)
    dump, tools = it.folder / "backup", it.postgres.bin
    place = ["-h", "127.0.0.1", "-p", str(it.postgres.port), "-U", "sluice"]
    subprocess.run([tools / "pg_dump", *place, "-Fc", "--schema=sluice", "-f", dump, "sluice"], check=True)
    it.postgres.sql("create database restored", database="postgres")
    subprocess.run([tools / "pg_restore", *place, "--exit-on-error", "-d", "restored", dump], check=True)
    kept = int(it.postgres.sql("select count(*) from sluice.executions where flow_id = 'many'", "restored"))
    assert it.ended("restored") < kept == it.started, (it.ended("restored"), kept)
    url = f"postgresql://sluice@127.0.0.1:{it.postgres.port}/restored"
    it.machine.write("/etc/default/restored", f"SLUICE_DATABASE_URL={url}\nSLUICE_HTTP_PORT={free_port()}\n"
                                              f"SLUICE_WORKER_FOLDER=/var/lib/sluice/restored\nENV_MARKS={it.ear.url}/restored\n")
    it.machine.write("/etc/systemd/system/sluice.service.d/restored.conf",
                     "[Service]\nEnvironmentFile=/etc/default/restored\n")
    it.machine.run("systemctl", "daemon-reload")
    it.machine.run("systemctl", "start", "sluice.service")
    wait_for("all of the backup have ended well", lambda: it.ended("restored") == kept, 120)
    doctor = it.machine.call("sluice", "doctor", "--database", url)
    assert doctor.returncode in (0, 1) and "ERROR" not in doctor.stdout, doctor.stdout + doctor.stderr
    it.machine.run("systemctl", "stop", "sluice.service")
    wait_for("all of the original, too", it.all_have_ended, 120)


def a_rollback_loses_nothing(it):
    """To the version before, on the schema of the newer one."""
    before, schema = it.pids(), it.migrations()
    it.start_many(1000)
    it.install(it.older, "--allow-downgrades")
    wait_for("all run anew", lambda: it.are_ready() and not set(it.pids().values()) & set(before.values()), 90)
    ended = it.ended()
    assert ended < it.started, "they had ended before the rollback: more are needed"
    wait_for("all have ended well", it.all_have_ended, 240)
    it.each_was_done_once()
    assert it.machine.run("dpkg-query", "-W", "-f", "${Version}", "sluice") == version_of(it.older)
    assert it.migrations() == schema
    assert "log:" in it.machine.run("cat", "/etc/sluice/sluice.yaml")  # what was changed is kept
    print(f"  {it.started - ended} executions went on by the version before", flush=True)


def what_is_removed_leaves_its_data(it):
    it.machine.run("apt-get", "remove", "-y", "sluice")
    assert all(it.machine.property(unit, "ActiveState") in ("inactive", "failed") for unit in ALL)
    assert it.postgres.sql("select count(*) from sluice.services where state in ('RUNNING', 'DRAINING')") == "0"
    assert it.machine.succeeds("test", "-d", "/var/lib/sluice/worker") and it.machine.succeeds("test", "-f", "/etc/sluice/sluice.yaml")
    told = it.machine.run("apt-get", "purge", "-y", "sluice")
    assert "the database was not touched" in told, told[-1500:]
    assert it.machine.succeeds("test", "-d", "/var/lib/sluice") and not it.machine.succeeds("test", "-e", "/etc/sluice/sluice.yaml")
    assert it.all_have_ended()


STEPS_IN_ORDER = [a_fresh_machine_installs_the_package, units_pass_systemds_own_checks,
                  the_owner_migrates_and_lets_a_lesser_role_serve, roles_start_and_run_a_flow,
                  the_journal_has_priorities_and_names, a_reload_takes_over_what_can_be_changed,
                  without_its_database_nothing_is_killed, one_that_stands_still_is_started_anew, an_upgrade_loses_nothing,
                  a_backup_that_was_taken_meanwhile_goes_on, a_rollback_loses_nothing, what_is_removed_leaves_its_data]
STEPS = {step.__name__ for step in STEPS_IN_ORDER}
installation = None


def cases(build, older, newer, folder):
    global installation
    installation = Installation(build, older, newer, folder)
    return [(step.__name__, lambda step=step: step(installation)) for step in STEPS_IN_ORDER]


def clean_up():
    if installation is None:
        return
    if installation.machine:
        installation.machine.end()
    if installation.postgres:
        installation.postgres.stop("immediate")
