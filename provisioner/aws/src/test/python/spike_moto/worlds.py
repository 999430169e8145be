"""The worlds that a program leaves behind when it is killed: one after every call that changes something.

A kept world is a fork of this process, made when the effect of a call was there and its answer was not sent yet.
Nothing that the program does later reaches it: its connections lead to this process. An opened world is a fork
of the kept one that serves on a port of its own, so that one kept world can be opened several times.
"""

import ctypes
import os
import signal
import threading

PR_SET_PDEATHSIG = 1
READS = ("Describe", "Get", "List", "Head", "Search", "Filter")
WORLDS_MAX = 2_000


def reads(action):
    return action.startswith(READS)


class Kept:
    def __init__(self, call, number, pid, ask, tell):
        self.call, self.number, self.pid, self.ask, self.tell = call, number, pid, ask, tell


class Worlds:
    def __init__(self):
        self.serve = None
        self.keeping = False
        self.kept = []
        self.seen = 0

    def begin(self):
        """Forgets the worlds so far and keeps the present one and those from now on."""
        self.clear()
        self.keeping = True
        self.keep("nothing yet")

    def end(self):
        self.keeping = False

    def clear(self):
        self.keeping = False
        self.seen = 0
        for world in self.kept:
            os.close(world.ask)
            os.close(world.tell)
            os.waitpid(world.pid, 0)
        self.kept = []

    def called(self, call):
        """Counts a call after its effect, with the world locked, and keeps the world that it changed."""
        if self.keeping:
            self.seen += 1
            if not reads(call.action):
                self.keep(call.name)

    def keep(self, name):
        if len(self.kept) >= WORLDS_MAX:
            raise ValueError(f"{WORLDS_MAX} worlds are kept already")
        asked, ask = os.pipe()
        tell, told = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                self.wait(asked, told)
            finally:
                os._exit(0)
        os.close(asked)
        os.close(told)
        self.kept.append(Kept(name, self.seen, pid, ask, tell))

    def wait(self, asked, told):
        """In the kept world: sleeps until it is asked to open, or until the process it is of has ended."""
        alone(asked, told)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while os.read(asked, 1):
            if os.fork() == 0:
                ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # it may keep worlds of its own
                os.close(asked)
                self.kept, self.keeping, self.seen = [], False, 0
                self.serve(lambda port: os.write(told, f"{port}\n".encode()))

    def report(self):
        return {"calls": self.seen, "worlds": [{"call": world.call, "number": world.number} for world in self.kept]}

    def open(self, index):
        world = self.kept[index]
        os.write(world.ask, b".")
        port = b""
        while not port.endswith(b"\n"):
            part = os.read(world.tell, 16)
            if not part:
                raise ValueError(f"world {index} has ended")
            port += part
        return int(port)


def alone(*kept):
    """Lets go of every other descriptor: a connection of ours that stays open here would never end for its client."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    low = 3
    for descriptor in sorted(kept):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, os.sysconf("SC_OPEN_MAX"))


WORLDS = Worlds()
# Opening is a talk over two pipes: one at a time.
OPENING = threading.Lock()
