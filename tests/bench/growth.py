"""How the time of one execution grows with its size."""
import time

import flows
from measure import Meter, quantile, spread_ms


def seen_over(bed, execution):
    """The state of an execution, as soon as another session sees that it is over."""
    while True:
        state = bed.ask(f"select state from sluice.executions where id = '{execution}' and ended_at is not null")
        if state:
            return state
        time.sleep(0.002)


def grow(suite, name, flow_of, sizes, more):
    """sizes: (task runs, times); more: task runs besides"""
    with suite.bed() as bed:
        bed.standalone()
        medians = {}
        for count, times in sizes:
            flow = flow_of(count)
            bed.save(flow)
            seconds = []
            with Meter(bed) as meter:
                for _ in range(times):
                    began = time.monotonic()
                    execution = bed.run(flow.split()[1], "bench")
                    state = seen_over(bed, execution)
                    seconds.append(time.monotonic() - began)
                    assert state == "SUCCESS", state
            medians[count] = quantile(seconds, 0.5)
            suite.emit(f"{name}_{count}", seconds=round(medians[count], 3), ms_per_task_run=round(1000 * medians[count] / count, 4),
                       to_finished=spread_ms(seconds), **meter.figures(times, times * (count + more)))
        for small, large in zip(list(medians)[1:], list(medians)[2:]):
            suite.emit(f"{name}_growth_{large}", size=round(large / small, 2), time=round(medians[large] / medians[small], 2),
                       beyond_linear=round(medians[large] / medians[small] / (large / small), 2))


def foreach(suite):
    """One execution of a ForEach over light tasks."""
    grow(suite, "foreach", flows.for_each, ((100, 9), (1000, 5), (10000, 3), (100000, 1)), 1)


def sequence(suite):
    """One execution of light tasks, one after the other."""
    grow(suite, "sequence", flows.sequence, ((10, 9), (100, 9), (500, 5), (2000, 3)), 0)


def nested(suite):
    """One execution of tasks in tasks in tasks."""
    grow(suite, "nested", flows.nested, ((10, 9), (50, 9), (100, 5)), 0)
