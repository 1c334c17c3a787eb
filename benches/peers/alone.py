"""One statement in a process of its own: prints the most memory that the process had, in MB."""

import json
import re
import sys

import facts

path, asked = sys.argv[1], json.load(sys.stdin)
facts.connect(path).execute(asked["sql"], asked["params"]).fetchall()
status = open("/proc/self/status").read()
print(int(re.search(r"VmHWM:\s+(\d+)", status)[1]) >> 10)
