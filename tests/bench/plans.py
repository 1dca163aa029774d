"""What auto_explain wrote about statements, in a few words."""
import re

BLOCK = re.compile(r"duration: ([\d.]+) ms  plan:\n(.*?)(?=\n\d{4}-\d\d-\d\d |\Z)", re.S)
NODE = re.compile(r"(Seq Scan|Index Only Scan|Index Scan|Bitmap Heap Scan|Bitmap Index Scan|Function Scan)(?: Backward)?(?: using (\S+))? on (\S+)")
CANCELED = re.compile(r"canceling statement due to statement timeout\n\S+ \S+ \S+ \[\d+\] STATEMENT:  (.{1,60})")


def named(what):
    return re.sub(r"_\d{4}w\d\d", "", what)  # of partitions: the parent


def plan_in_words(log):
    """The statement that took longest and where it looked, and how many were given up because they took too long."""
    out = []
    blocks = sorted(((float(took), text) for took, text in BLOCK.findall(log)), key=lambda block: -block[0])
    # Functions tell what they ask; what calls them tells nothing.
    blocks = [block for block in blocks if NODE.search(block[1])]
    if blocks:
        took, text = blocks[0]
        statement = " ".join(re.search(r"Query Text:\s*(.{1,200})", text, re.S).group(1).split())[:70]
        nodes = dict.fromkeys(f"{kind} {named(index) + ' of ' if index else ''}{named(table)}" for kind, index, table in NODE.findall(text))
        out.append(f"`{statement}…` {took:.0f} ms: {', '.join(list(nodes)[:3])}")
    canceled = len(CANCELED.findall(log))
    if canceled:
        out.append(f"{canceled} × not counted to the end, but estimated")
    return "; ".join(out) or "no statement took long"
