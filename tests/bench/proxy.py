"""delay_proxy between server and database: how late what goes by arrives, and what it was."""
import json
import subprocess
import time

from cluster import free_port
from measure import quantile
from suite import built


class Proxy:
    def __init__(self, binary, database_port, micros=0):
        self.database_port, self.micros, self.port = database_port, micros, free_port()
        self.program = built(binary, "delay_proxy")

    @property
    def url(self):
        return f"postgresql://sluice@127.0.0.1:{self.port}/sluice"

    def __enter__(self):
        self.child = subprocess.Popen([self.program, str(self.port), str(self.database_port), str(self.micros)],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.counts()  # it answers when it listens
        return self

    def __exit__(self, *_):
        self.child.stdin.close()
        self.child.wait(10)

    def counts(self):
        self.child.stdin.write("\n")
        self.child.stdin.flush()
        line = self.child.stdout.readline()
        assert line, "delay_proxy has ended"
        return json.loads(line)

    def measured_round_trip(self, postgres, times=200):
        """Seconds that it adds to the round trip of one who asks: the median's difference."""
        return median_round_trip(self.port, times) - median_round_trip(postgres.port, times)


def median_round_trip(port, times):
    child = subprocess.Popen(["psql", "-XAtq", f"postgresql://sluice@127.0.0.1:{port}/sluice"], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)
    seconds = []
    for _ in range(times + 1):
        began = time.monotonic()
        child.stdin.write("select 1;\n")
        child.stdin.flush()
        assert child.stdout.readline() == "1\n", "no answer through the proxy"
        seconds.append(time.monotonic() - began)
    child.stdin.close()
    child.wait(10)
    return quantile(seconds[1:], 0.5)
