"""Runs a command in a pseudo-terminal, for tests. Arguments: COLUMNS ROWS COMMAND...

Standard input: one JSON a line: {"send": TEXT}, {"resize": [COLUMNS, ROWS]}, {"signal": NUMBER}.
Standard output: what the command wrote, as it is; the exit code is the command's, 128 + n after signal n.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios


def resize(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def main():
    columns, rows, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    resize(fd, columns, rows)
    asked = b""
    inputs = [fd, 0]
    while True:
        ready, _, _ = select.select(inputs, [], [])
        if fd in ready:
            try:
                data = os.read(fd, 65536)
            except OSError:
                data = b""
            if not data:
                break
            os.write(1, data)
        if 0 in ready:
            data = os.read(0, 65536)
            if not data:
                inputs.remove(0)
                os.kill(pid, 15)
                continue
            asked += data
            *lines, asked = asked.split(b"\n")
            for line in lines:
                wanted = json.loads(line)
                if "send" in wanted:
                    os.write(fd, wanted["send"].encode())
                elif "resize" in wanted:
                    resize(fd, *wanted["resize"])
                elif "signal" in wanted:
                    os.kill(pid, wanted["signal"])
    _, status = os.waitpid(pid, 0)
    sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


main()
