"""What the extension remembers: one world a server, emptied by a reset."""

import threading
import time

# What tests may set over POST /spike/settings, with the value that a reset brings back.
DEFAULTS = {
    # Throttle by AWS's documented token buckets; see buckets.py.
    "buckets": False,
    # How many describes a new cache is still "creating" in, and a deleted one still "deleting".
    "cacheDescribesUntilAvailable": 0,
    "cacheDescribesUntilGone": 0,
    # How many describes a balancer's new capacity is still "pending" in, and what it becomes.
    "balancerCapacityDescribes": 0,
    "balancerCapacityState": "provisioned",
    # How many describes a capacity reservation is still "pending" in, and what it becomes.
    "reservationDescribes": 0,
    "reservationState": "active",
    # The present for reservations of a later day, as an ISO instant; None for the machine's.
    "now": None,
    # After how many describes AWS has answered one ("assessing" for ever where that is the answer), and what it is at
    # its time: active, delayed or failed. A capacity rule for its zone and type makes the answer "unsupported".
    "futureDescribes": 0,
    "futureState": "scheduled",
    "futureDelivery": "active",
    # How long a deleted balancer's interfaces stay.
    "balancerInterfaceSeconds": 0.0,
    # Quota code -> value, over the defaults of quotas.py.
    "quotas": {},
    # Node commands: the first entry that fits answers; see nodes.py. Without one the node does, as in machine.py.
    "answers": [],
    # How many live connections each node says it has, and what its card says of tracked ones.
    "connectionsPerNode": 0,
    "trackingAllowance": {},
    # How many commands a new machine misses before it has registered with SSM.
    "commandsUntilRegistered": 0,
    # Instances that never registered with SSM.
    "missingNodes": [],
    # Whether the list over all services goes on showing what it showed once and was deleted since.
    "taggingRemembersDeleted": False,
    # How many calls an invocation is unknown in, and then in progress, after it was sent.
    "invocationsLate": 0,
    "invocationsSlow": 0,
}


class World:
    def __init__(self):
        # Effects one after the other: moto's own lists are not made for threads.
        self.lock = threading.RLock()
        self.clear()

    def clear(self):
        self.settings = dict(DEFAULTS)
        self.placement_groups = {}
        self.placed = {}
        self.capacity_reservations = {}
        self.reserved = {}
        self.balancer_capacity = {}
        self.parameter_groups = {}
        self.caches = {}
        self.tokens = {}
        self.made = {}
        self.commands = {}
        self.nodes = {}
        self.tagged = {}
        self.unregistered = {}
        self.balancer_interfaces = {}
        self.passing_interfaces = {}

    def set(self, values):
        unknown = sorted(set(values) - set(DEFAULTS))
        if unknown:
            raise ValueError(f"no such settings: {', '.join(unknown)}")
        self.settings.update(values)

    def expire_interfaces(self, backends):
        """Removes the interfaces whose time is over."""
        now = time.monotonic()
        for interface, (until, account, region) in list(self.passing_interfaces.items()):
            if until <= now:
                del self.passing_interfaces[interface]
                backends[account][region].enis.pop(interface, None)


WORLD = World()
