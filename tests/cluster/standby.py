"""A standby of a Postgres, and the failover to it."""
import os
import pwd

from cluster import Postgres, wait_for

APPLICATION = "standby"


class Standby(Postgres):
    def __init__(self, primary, folder, port, hba, synchronous=True):  # noqa: the parent's makes a new database
        self.bin, self.as_user, self.folder, self.port = primary.bin, primary.as_user, folder, port
        self.folder.mkdir(parents=True)
        if self.as_user:
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, pwd.getpwnam("postgres").pw_gid)
        self._run("pg_basebackup", "-D", self.data, "-R", "-X", "stream", "-c", "fast", "--no-sync", "-d",
                  f"host=127.0.0.1 port={primary.port} user=sluice application_name={APPLICATION}")
        own = (f"port = {port}", f"unix_socket_directories = '{folder}'", "wal_retrieve_retry_interval = 200ms")
        self.settings = "\n".join([*(line for line in primary.settings.splitlines()
                                     if line.split(" = ")[0] not in ("port", "unix_socket_directories",
                                                                     "wal_retrieve_retry_interval")), *own]) + "\n"
        (self.folder / "data" / "pg_hba.conf").write_text(hba)
        self.start()
        wait_for("the standby follows", lambda: primary.sql(
            "select count(*) from pg_stat_replication where state = 'streaming'") == "1")
        if not synchronous:
            return
        primary.sql(f"alter system set synchronous_standby_names = '{APPLICATION}'")
        primary.sql("select pg_reload_conf()")
        wait_for("the standby is synchronous", lambda: is_synchronous(primary))

    def promote(self):
        self._run("pg_ctl", "-D", self.data, "-w", "promote")


def is_synchronous(primary):
    return primary.sql("select count(*) from pg_stat_replication where sync_state = 'sync'") == "1"
