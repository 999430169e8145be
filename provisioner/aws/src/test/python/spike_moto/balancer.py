"""Balancers: reserved capacity, and an interface a zone, which outlives its balancer."""

import time

from moto.core.responses import ActionResult
from moto.elbv2.responses import ELBV2Response

from .actions import extend, fail
from .compute import balancer_interfaces
from .quotas import quota_value
from .world import WORLD

DECREASES_A_DAY = 2
ORIGINAL = {name: getattr(ELBV2Response, name) for name in ("create_load_balancer", "create_listener", "delete_load_balancer")}


def balancer_of(self):
    arn = self._get_param("LoadBalancerArn")
    balancer = self.elbv2_backend.load_balancers.get(arn)
    if balancer is None:
        fail("LoadBalancerNotFound", f"Load balancer '{arn}' not found")
    return balancer


def capacity_of(arn):
    return WORLD.balancer_capacity.setdefault(arn, {"units": 0, "describes": 0, "decreases": DECREASES_A_DAY})


def modify_capacity_reservation(self):
    balancer = balancer_of(self)
    capacity = capacity_of(balancer.arn)
    if any(listener.protocol == "TLS" for listener in balancer.listeners.values()):
        fail("InvalidConfigurationRequest", "A load balancer with a TLS listener cannot reserve capacity.")
    reset = str(self._get_param("ResetCapacityReservation") or "").lower() == "true"
    units = 0 if reset else int((self._get_param("MinimumLoadBalancerCapacity") or {}).get("CapacityUnits") or 0)
    others = sum(other["units"] for arn, other in WORLD.balancer_capacity.items() if arn != balancer.arn)
    if units + others > quota_value("elasticloadbalancing", "L-723DCCB6"):
        fail("CapacityUnitsLimitExceeded", "The maximum number of reserved capacity units of this account is reached.")
    if units < capacity["units"] and not reset:
        if capacity["decreases"] == 0:
            fail("CapacityDecreaseRequestsLimitExceeded", "No decrease request is left for today.")
        capacity["decreases"] -= 1
    if capacity["units"] != units:
        capacity.update({"units": units, "describes": 0})
    return ActionResult(answer(balancer, capacity))


def describe_capacity_reservation(self):
    balancer = balancer_of(self)
    capacity = capacity_of(balancer.arn)
    capacity["describes"] += 1
    return ActionResult(answer(balancer, capacity))


def answer(balancer, capacity):
    pending = capacity["describes"] <= WORLD.settings["balancerCapacityDescribes"]
    state = "pending" if pending and WORLD.settings["balancerCapacityDescribes"] else WORLD.settings["balancerCapacityState"]
    zones = zone_names(balancer)
    result = {"DecreaseRequestsRemaining": capacity["decreases"], "CapacityReservationState": []}
    if capacity["units"]:
        result["MinimumLoadBalancerCapacity"] = {"CapacityUnits": capacity["units"]}
        result["CapacityReservationState"] = [
            {
                "AvailabilityZone": zone,
                "EffectiveCapacityUnits": capacity["units"] / len(zones) if state == "provisioned" else 0.0,
                "State": {"Code": state, "Reason": "" if state == "provisioned" else f"capacity is {state}"},
            }
            for zone in zones
        ]
    return result


def zone_names(balancer):
    return [getattr(subnet, "availability_zone", subnet) for subnet in balancer.subnets]


def create_load_balancer(self):
    before = set(self.elbv2_backend.load_balancers)
    name = self._get_param("Name")
    for known in self.elbv2_backend.load_balancers.values():
        if known.name == name:
            if {getattr(subnet, "id", subnet) for subnet in known.subnets} != set(self._get_param("Subnets") or []):
                fail("DuplicateLoadBalancerName", f"A load balancer with the name {name} already exists.")
            return ActionResult({"LoadBalancers": [known]})
    result = ORIGINAL["create_load_balancer"](self)
    for arn in set(self.elbv2_backend.load_balancers) - before:
        balancer = self.elbv2_backend.load_balancers[arn]
        WORLD.balancer_interfaces[arn] = balancer_interfaces(self.current_account, self.region, balancer)
    return result


def create_listener(self):
    balancer = balancer_of(self)
    for known in balancer.listeners.values():
        if int(known.port) == int(self._get_param("Port")):
            fail("DuplicateListener", "A listener already exists on this port for this load balancer.")
    return ORIGINAL["create_listener"](self)


def delete_load_balancer(self):
    """Its interfaces stay for a while."""
    arn = self._get_param("LoadBalancerArn")
    result = ORIGINAL["delete_load_balancer"](self)
    WORLD.balancer_capacity.pop(arn, None)
    until = time.monotonic() + WORLD.settings["balancerInterfaceSeconds"]
    for interface in WORLD.balancer_interfaces.pop(arn, []):
        WORLD.passing_interfaces[interface] = (until, self.current_account, self.region)
    return result


def register():
    extend(ELBV2Response, [modify_capacity_reservation, describe_capacity_reservation, create_load_balancer, create_listener, delete_load_balancer])
