"""Runs a command and writes what it took to a file: ``launch.py FILE COMMAND...``.

A process of its own, and a small one: a system counts the memory of the process that starts a
command as the command's, up to the moment when that begins. So this imports next to nothing.
"""

import os
import sys
import time

began = time.perf_counter()
process = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(process, 0)
wall = time.perf_counter() - began
code = os.waitstatus_to_exitcode(status)
with open(sys.argv[1], "w", encoding="ascii") as file:
    file.write(f"{code} {wall} {used.ru_utime + used.ru_stime} {used.ru_maxrss}")
