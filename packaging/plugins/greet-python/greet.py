#!/usr/bin/env python3
"""Greets somebody, and keeps the greeting as a file: a plugin of Sluice in thirty lines."""
import json, os, pathlib, sys, threading  # noqa: E401


def tell(type_, **more):
    print(json.dumps({"type": type_, **more}), flush=True)


def listen():
    for line in sys.stdin:
        answers.append(json.loads(line))
        if answers[-1]["type"] == "kill":
            os._exit(1)
        answered.set()


start, answers, answered = json.loads(sys.stdin.readline()), [], threading.Event()
name = start["properties"].get("name")
if start["protocol"] != 1 or not name:
    sys.exit(tell("result", state="FAILED", message="expected protocol 1 and a property 'name'"))
threading.Thread(target=listen, daemon=True).start()
tell("log", level="INFO", message=f"greeting {name[:100]}")
pathlib.Path(start["folder"], "greeting.txt").write_text(f"Hello {name}!\n")
tell("file", id=1, put="greeting.txt")
answered.wait()
tell("metric", name="greetings", kind="counter", value=1)
tell("result", outputs={"greeting": f"Hello {name}!", "uri": answers[0].get("uri")})
