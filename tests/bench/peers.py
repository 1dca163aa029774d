"""The peers and the limit of the database, on a database of the same settings, in the same run."""
import json
import os
import shutil
import stat
import subprocess

from cluster import Cluster
from suite import DATABASE_SETTINGS, FOLDER, ROOT

SOURCE = ROOT.parent / "shared" / "peers"
ALL = "graphile-worker,pg-boss,dbos,openworkflow,restate,limit"


def run(suite, names):
    if not SOURCE.exists():
        print("the peers are not here: only Sluice was measured")
        return
    folder = FOLDER / "peers"
    shutil.copytree(SOURCE, folder, dirs_exist_ok=True, copy_function=copy_writable)
    with Cluster(suite.binary, durable=True, database_settings=DATABASE_SETTINGS) as cluster:
        cluster.sql("create role postgres superuser login")
        done = subprocess.run(["./run.sh", cluster.postgres.url, "--quick", "--peers", names], cwd=folder, text=True, stdout=subprocess.PIPE)
        for line in done.stdout.splitlines():
            if line.startswith("{"):
                suite.keep(json.loads(line))
        if done.returncode:
            print(f"the peers ended with {done.returncode}")


def copy_writable(source, target):
    """The originals may be read-only; the next run writes over the copies."""
    shutil.copy(source, target)
    os.chmod(target, os.stat(target).st_mode | stat.S_IWUSR)
