"""A database that takes certificates instead of passwords."""
import os
import pathlib
import shutil
import subprocess

from cluster import wait_for


def _demand_certificates(api, tls):
    """The cluster's own database speaks TLS from now on, and to the role `certified` nothing else."""
    data = pathlib.Path(api.cluster.postgres.data)
    for name in ("server.pem", "server.key", "ca.pem"):
        shutil.copy(tls.path(name), data / name)
        os.chmod(data / name, 0o600)
        shutil.chown(data / name, data.owner(), data.group())
    rules = data / "pg_hba.conf"
    rules.write_text("hostssl all certified 127.0.0.1/32 cert\nhostnossl all certified 127.0.0.1/32 reject\n" + rules.read_text())
    for setting, value in {"ssl_ca_file": "ca.pem", "ssl_cert_file": "server.pem", "ssl_key_file": "server.key", "ssl": "on"}.items():
        api.cluster.sql(f"alter system set {setting} = '{value}'")
    api.cluster.sql("select pg_reload_conf()")
    wait_for("the database speaks TLS", lambda: api.cluster.sql("show ssl") == "on", 10)
    api.cluster.sql("create role certified login")


def a_database_that_wants_a_certificate_gets_it(tls):
    api = tls.api
    _demand_certificates(api, tls)
    subprocess.run([api.cluster.binary, "migrate", "--grant", "certified"], env=api.cluster.environment, check=True, capture_output=True)
    tls.certificate("certified")
    subprocess.run(["openssl", "pkey", "-in", tls.path("certified.key"), "-aes256", "-passout", "pass:opens it", "-out", tls.path("locked.key")],
                   check=True, capture_output=True)
    os.chmod(tls.path("locked.key"), 0o600)
    for name, text in (("right", "opens it\n"), ("wrong", "no\n")):
        pathlib.Path(tls.path(name)).write_text(text)
    url = f"postgresql://certified@localhost:{api.cluster.postgres.port}/sluice?sslmode=verify-full&hostaddr=127.0.0.1"
    given = {"CA_FILE": tls.path("ca.pem"), "CERTIFICATE": tls.path("certified.pem"), "KEY": tls.path("locked.key"),
             "KEY_PASSWORD_FILE": tls.path("right")}

    def check(**files):
        environment = dict(os.environ, SLUICE_DATABASE_URL=url) | {f"SLUICE_DATABASE_TLS_{name}": file for name, file in files.items()}
        return subprocess.run([api.cluster.binary, "migrate", "--check"], env=environment, capture_output=True, text=True, timeout=60)

    taken = check(**given)
    assert taken.returncode == 0, taken.stderr
    for what, files, expected in (("without a certificate", {"CA_FILE": given["CA_FILE"]}, "certificate"),
                                  ("by a key that stays locked", given | {"KEY_PASSWORD_FILE": tls.path("wrong")}, "key"),
                                  ("a server of another authority", given | {"CA_FILE": tls.path("others.pem")}, "certificate verify failed")):
        refused = check(**files)
        assert refused.returncode != 0 and expected in refused.stderr, f"{what}: {refused.stderr}"


DATABASE_CASES = [a_database_that_wants_a_certificate_gets_it]
