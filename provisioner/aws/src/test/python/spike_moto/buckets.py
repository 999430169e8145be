"""The token buckets by which AWS throttles, from the developer guides of EC2 and Elastic Load Balancing.

Off unless the setting ``buckets`` is on. Written down here again rather than asked of the adapter, which keeps to
its own table: the two are to agree.
"""

import threading
import time

from .faults import THROTTLES, Refused
from .world import WORLD


def ec2(call):
    if call.action.startswith(("Describe", "Get")):
        return [(call.name, 100, 20, 1)]
    if call.action == "CreateFleet":
        return [(call.name, 5, 2, 1), ("launched instances", 1000, 2, number(call, "TotalTargetCapacity="))]
    if call.action == "TerminateInstances":
        return [(call.name, 50, 5, 1), ("ended instances", 1000, 20, call.text.count("InstanceId."))]
    return [(call.name, 50, 5, 1)]


def number(call, name):
    text = call.text.partition(name)[2].partition("&")[0]
    return int(text) if text.isdigit() else 1


def balancing(call):
    own = {"CreateLoadBalancer": (10, 0.2), "RegisterTargets": (20, 4), "DeregisterTargets": (20, 4)}.get(call.action)
    return [("elasticloadbalancing", 40, 10, 1)] + ([(call.name, *own, 1)] if own else [])


TABLES = {"ec2": ec2, "elasticloadbalancing": balancing}


class Buckets:
    def __init__(self):
        self.anew()

    def anew(self):
        self.lock = threading.Lock()
        self.full = {}
        self.throttled = 0
        self.counts = {}

    def take(self, call):
        """Takes a call's tokens; refuses as AWS does where one of its buckets has too few."""
        if not WORLD.settings["buckets"]:
            return
        with self.lock:
            now = time.monotonic()
            wanted = TABLES.get(call.service, lambda call: [])(call)
            left = {name: self.left(name, burst, rate, now) - min(tokens, burst) for name, burst, rate, tokens in wanted}
            if any(tokens < 0 for tokens in left.values()):
                self.throttled += 1
                code, status = THROTTLES[call.service]
                raise Refused(code, "Rate exceeded", status)
            for name, tokens in left.items():
                self.full[name] = (tokens, now)
            for name, burst, rate, tokens in wanted:
                taken = self.counts.get(name, {"tokens": 0})["tokens"]
                self.counts[name] = {"tokens": taken + tokens, "burst": burst, "perSecond": rate}

    def report(self):
        """How many were throttled, and what was taken out of each bucket since the last clearing."""
        with self.lock:
            return {"throttled": self.throttled, "buckets": dict(sorted(self.counts.items()))}

    def clear(self):
        """Forgets what was counted; the buckets stay as full as they are."""
        with self.lock:
            self.throttled, self.counts = 0, {}

    def left(self, name, burst, rate, now):
        tokens, at = self.full.get(name, (burst, now))
        return min(burst, tokens + (now - at) * rate)


BUCKETS = Buckets()
