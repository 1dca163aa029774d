"""Secrets of a Vault and of files; log lines that are shipped. Tests of tests/cluster/run."""
import concurrent.futures
import json
import re
import signal

from cluster import Cluster, free_port, wait_for
from outside import Datagrams, LineReceiver, Stream, VaultLike, certificate_for_loopback

READS = "id: {0}\nnamespace: {1}\ntasks:\n  - {{id: out, type: core.debug.Return, format: \"{{{{ secret('{2}') == '{3}' }}}}\"}}\n"


def standalone(cluster, **environment):
    cluster.port = free_port()
    process = cluster.start("standalone", "--port", str(cluster.port), **environment)
    cluster.wait_for_ping(process)
    return process


def ended(cluster, flow, namespace):
    """(state, output of its task or what went wrong)"""
    execution = cluster.run(flow, namespace)
    wait_for(f"{execution} is over", lambda: cluster.sql(
        f"select state in ('SUCCESS', 'FAILED') from sluice.executions where id = '{execution}'") == "t", 30)
    state = cluster.sql(f"select state from sluice.executions where id = '{execution}'")
    if state == "SUCCESS":
        return state, cluster.sql(f"select outputs ->> 'value' from sluice.task_runs where execution_id = '{execution}'")
    return state, cluster.sql(f"select message from sluice.logs where execution_id = '{execution}' and level = 4 order by seq limit 1")


def secrets_come_from_a_vault_with_an_app_role_and_tls(binary):
    with Cluster(binary) as cluster:
        certificate = certificate_for_loopback(cluster.folder)
        vault = VaultLike(2, certificate)
        vault.lease = 3  # renewed after two seconds
        vault.data = {"company": {"DB_PASSWORD": "of-the-company", "ONLY_ABOVE": "from-above"},
                      "company/team": {"db_password": "of-the-team", "json": {"a": 1}}}
        folder = cluster.folder / "secrets"
        (folder / "company").mkdir(parents=True)
        (folder / "company" / "IN_A_FILE").write_text("of-a-file\n")
        (folder / "FOR_ALL").write_text("for-all")
        process = standalone(cluster, SLUICE_SECRETS_VAULT_ADDRESS=vault.url, SLUICE_SECRETS_VAULT_ROLE_ID="sluice",
                             SLUICE_SECRETS_VAULT_SECRET_ID="of-the-role", SLUICE_SECRETS_VAULT_CA_FILE=str(certificate),
                             SLUICE_SECRETS_VAULT_CACHE="1s", SLUICE_SECRETS_FOLDER=str(folder))
        for number, (place, key, value) in enumerate((
                ("company.team", "DB_PASSWORD", "of-the-team"), ("company.team.x", "DB_PASSWORD", "of-the-team"),
                ("company.other", "DB_PASSWORD", "of-the-company"), ("company.team", "only_above", "from-above"),
                ("company.team", "in_a_file", "of-a-file"), ("elsewhere", "FOR_ALL", "for-all"))):
            cluster.save(READS.format(f"reads{number}", place, key, value))
            assert ended(cluster, f"reads{number}", place) == ("SUCCESS", "true"), (place, key)
        assert vault.made == 1, "one login does for all"
        cluster.save(READS.format("none", "company.team", "NOWHERE", ""))
        assert "Cannot find secret for key 'NOWHERE'" in ended(cluster, "none", "company.team")[1]
        cluster.save(READS.format("sly", "company.team", "../../sys/x", ""))
        assert "Cannot find secret" in ended(cluster, "sly", "company.team")[1]
        assert not [path for path in vault.reads() if ".." in path or "sys" in path], vault.reads()

        # Another value is seen when what is remembered is old; a token that was revoked is drawn anew.
        vault.data["company/team"]["db_password"] = "changed"
        vault.tokens.clear()
        cluster.save(READS.format("again", "company.team", "DB_PASSWORD", "changed"))
        wait_for("the new value", lambda: ended(cluster, "again", "company.team") == ("SUCCESS", "true"), 15)
        assert vault.made == 2
        wait_for("the token is renewed", lambda: vault.renewed > 0, 15)

        vault.denied.add("secret/data/company/team")
        wait_for("it is denied", lambda: "denies secret/data/company/team" in ended(cluster, "again", "company.team")[1], 15)
        vault.sealed = True
        wait_for("it is sealed", lambda: "can't answer now: Vault is sealed" in ended(cluster, "again", "company.team")[1], 15)
        everything = process.log.read_text() + cluster.sql("select string_agg(message, '') from sluice.logs")
        assert "of-the-team" not in everything and "of-the-role" not in everything and "token-1" not in everything


def secrets_come_from_a_vault_of_version_1_with_a_path_for_each(binary):
    with Cluster(binary) as cluster:
        vault = VaultLike(1)
        vault.data = {"sluice/company/team/API_KEY": {"value": "seven"}}
        token = cluster.folder / "token"
        token.write_text("root-token\n")
        standalone(cluster, SLUICE_SECRETS_VAULT_ADDRESS=vault.url, SLUICE_SECRETS_VAULT_KV_VERSION="1",
                   SLUICE_SECRETS_VAULT_PATH="sluice/{namespace}/{key}", SLUICE_SECRETS_VAULT_TOKEN_PATH=str(token),
                   SLUICE_SECRETS_VAULT_CACHE="0s", SLUICE_SECRETS_VAULT_TIMEOUT="2s")
        cluster.save(READS.format("reads", "company.team", "API_KEY", "seven"))
        assert ended(cluster, "reads", "company.team") == ("SUCCESS", "true")
        token.write_text("another\n")  # an agent wrote a new one
        assert "the token is not valid" in ended(cluster, "reads", "company.team")[1]
        vault.tokens.add("another")
        assert ended(cluster, "reads", "company.team") == ("SUCCESS", "true")
        vault.served.close()
        assert "Vault at http://127.0.0.1" in ended(cluster, "reads", "company.team")[1]


SPEAKS = "id: speaks\nnamespace: test\ntasks:\n  - {id: say, type: core.log.Log, message: [\"{{ inputs.what }}\", 'quoted \"]\\']}\n" \
         "inputs:\n  - {id: what, type: STRING}\n"


def say(cluster, what):
    status, answer = cluster.call("POST", "/executions/test/speaks?wait=true", json.dumps({"what": what}), "application/json")
    assert status == 200 and answer["state"]["current"] == "SUCCESS", answer
    return answer["id"]


def lines_are_shipped_to_all_kinds_of_receivers_and_none_is_lost(binary):
    with Cluster(binary) as cluster:
        receiver, udp, stream = LineReceiver(), Datagrams(), Stream()
        file = cluster.folder / "shipped" / "lines.json"
        file.parent.mkdir()
        by_http = {"SLUICE_LOG_SHIPPING_TO": "http", "SLUICE_LOG_SHIPPING_URL": receiver.url, "SLUICE_LOG_SHIPPING_BATCH": "5"}
        first = standalone(cluster, **by_http)
        to_file = cluster.start("executor", SLUICE_LOG_SHIPPING_TO="file", SLUICE_LOG_SHIPPING_PATH=str(file))
        to_syslog = cluster.start("executor", SLUICE_LOG_SHIPPING_TO="syslog", SLUICE_LOG_SHIPPING_ADDRESS=stream.address,
                                  SLUICE_LOG_SHIPPING_FACILITY="local3")
        cluster.wait_for_sql("select count(*) from sluice.log_shipping", "3")
        cluster.save(SPEAKS)
        one = say(cluster, "first")
        wait_for("it came by HTTP", lambda: "first" in receiver.messages(), 20)
        line = next(line for line in receiver.lines if line["message"] == "first")
        assert {"level": "INFO", "namespace": "test", "flowId": "speaks", "executionId": one, "taskId": "say"}.items() <= line.items()

        # The receiver has trouble; a second process stands by and goes on when the first is killed. Lines that it never takes are
        # left out, one by one.
        receiver.plan = [503, 429]
        receiver.too_large = "huge"
        second = cluster.start("executor", **by_http)
        for number in range(4):
            say(cluster, f"line {number}")
        say(cluster, "huge")
        first_lines = lambda: [m for m in receiver.messages() if m.startswith("line ")]  # noqa: E731
        wait_for("the others came", lambda: len(set(first_lines())) == 4, 30)
        assert first_lines() == [f"line {number}" for number in range(4)], first_lines()
        wait_for("one is refused", lambda: cluster.sql("select refused from sluice.log_shipping where receiver = 'http'") == "1", 30)
        assert int(cluster.sql("select failures from sluice.log_shipping where receiver = 'http'")) >= 2
        metrics = lambda: cluster.call_text("/metrics")  # noqa: E731
        wait_for("failures are counted", lambda: re.search(r'sluice_log_shipping_failures_total\{receiver="http"\} [2-9]', metrics()), 10)
        for name in ("lag_seconds", "lag_lines", "lines_total", "refused_lines_total"):
            assert f'sluice_log_shipping_{name}{{receiver="syslog"}}' in metrics(), name

        # Rotation, and a restart: both by itself and by SIGHUP.
        wait_for("it is in the file", lambda: file.exists() and "line 3" in file.read_text(), 20)
        file.rename(file.with_suffix(".1"))
        say(cluster, "rotated")
        wait_for("a new file is there", lambda: file.exists() and "rotated" in file.read_text(), 20)
        file.rename(file.with_suffix(".2"))
        to_file.send(signal.SIGHUP)
        to_file.kill()
        say(cluster, "while nobody ships")
        cluster.sql("update sluice.log_shipping set lease_until = '-infinity' where receiver = 'file'")
        cluster.start("executor", SLUICE_LOG_SHIPPING_TO="file", SLUICE_LOG_SHIPPING_PATH=str(file))
        wait_for("nothing is lost", lambda: file.exists() and "while nobody ships" in file.read_text(), 20)
        written = [json.loads(line)["message"] for part in (".1", ".2", ".json")
                   for line in (file.with_suffix(part).read_text().splitlines() if file.with_suffix(part).exists() else [])]
        told = ["line 0", "line 3", "rotated", "while nobody ships"]
        assert list(dict.fromkeys(m for m in written if m in told)) == told, written  # one may come twice

        # TCP: frames, structured data; a connection that broke is made anew.
        wait_for("it came by TCP", lambda: any("while nobody ships" in frame for frame in stream.got), 20)
        frame = next(frame for frame in stream.got if "first" in frame)
        assert re.match(r'<158>1 \d{4}-\d\d-\d\dT\S+Z \S+ sluice - ' + one + r' \[sluice@32473 namespace="test" flow="speaks" '
                        r'task="say" taskRun="\w+" attempt="0" seq="\d+"\] \ufefffirst$', frame), frame
        for connection in stream.connections:
            connection.shutdown(2)
        say(cluster, "after the break")
        wait_for("it came anew", lambda: any("after the break" in frame for frame in stream.got), 20)

        # The process that shipped by HTTP dies: the other one takes over after its lease.
        leads = cluster.sql("select s.pid from sluice.log_shipping l join sluice.services s using (service_id) where receiver = 'http'")
        assert int(leads) == first.pid
        to_syslog.kill()
        cluster.sql("update sluice.log_shipping set lease_until = '-infinity' where receiver = 'syslog'")
        cluster.start("executor", SLUICE_LOG_SHIPPING_TO="syslog", SLUICE_LOG_SHIPPING_ADDRESS=udp.address)
        first.kill()
        cluster.sql("update sluice.log_shipping set lease_until = '-infinity' where receiver = 'http'")
        cluster.wait_for_sql("select s.pid from sluice.log_shipping l join sluice.services s using (service_id) "
                             "where receiver = 'http'", str(second.pid), 20)
        standalone(cluster)
        say(cluster, "the last")
        wait_for("the other ships", lambda: "the last" in receiver.messages(), 20)
        wait_for("it came by UDP", lambda: any("the last" in datagram for datagram in udp.got), 20)
        assert cluster.sql("select string_agg(finding, E'\\n') from sluice.invariants()") == ""


CASES = [lines_are_shipped_to_all_kinds_of_receivers_and_none_is_lost, secrets_come_from_a_vault_with_an_app_role_and_tls,
         secrets_come_from_a_vault_of_version_1_with_a_path_for_each]


def secrets_come_from_outside_and_lines_go_there(binary):
    """Each on a cluster of its own; they mostly wait, so they do it together."""
    with concurrent.futures.ThreadPoolExecutor(len(CASES)) as pool:
        for case, done in [(case, pool.submit(case, binary)) for case in CASES]:
            done.result()
            print(f"    {case.__name__.replace('_', ' ')}", flush=True)


TESTS = [secrets_come_from_outside_and_lines_go_there]
