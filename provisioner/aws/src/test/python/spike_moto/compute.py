"""EC2: placement groups, capacity reservations, honoured client tokens, fleets that fall short, deletions that are blocked."""

import hashlib
import json
import time
from datetime import datetime, timedelta

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_fleet_id
from moto.moto_api._internal import mock_random

from .actions import attribute_fits, extend, fail, tags_fit, tags_of
from .faults import RULES
from .world import WORLD

RUNNING = ("pending", "running", "stopping", "stopped")
ENDED = ("cancelled", "expired", "failed", "unsupported")
# What EC2 asks of reservations for a later day.
AHEAD_MIN, AHEAD_MAX, COMMITMENT_MIN = timedelta(days=5), timedelta(days=120), timedelta(days=14)
VCPUS_MIN, FAMILIES = 32, "cgimrt"
# What else takes a client token; moto reads none of them.
TOKENED = ("create_launch_template", "create_launch_template_version", "create_route_table", "create_vpc_endpoint")
ORIGINAL = {name: getattr(EC2Response, name) for name in (
    "run_instances", "create_fleet", "delete_fleets", "delete_security_group", "delete_subnet",
    "create_tags", "delete_tags") + TOKENED}


def key(response, *parts):
    return (response.current_account, response.region, *parts)


def identity(prefix):
    return f"{prefix}-0{mock_random.get_random_hex(16)}"


# Placement groups.

def create_placement_group(self):
    name, strategy = self._get_param("GroupName"), self._get_param("Strategy") or "cluster"
    if key(self, name) in WORLD.placement_groups:
        fail("InvalidPlacementGroup.Duplicate", f"The placement group {name} already exists.")
    group = {
        "GroupName": name,
        "GroupId": identity("pg"),
        "State": "available",
        "Strategy": strategy,
        "GroupArn": f"arn:aws:ec2:{self.region}:{self.current_account}:placement-group/{name}",
        "Tags": tags_of(self._get_param("TagSpecifications"), "placement-group"),
    }
    if strategy == "partition":
        group["PartitionCount"] = int(self._get_param("PartitionCount") or 2)
        if not 1 <= group["PartitionCount"] <= 7:
            fail("InvalidParameterValue", "A partition placement group has between 1 and 7 partitions.")
    if strategy == "spread":
        group["SpreadLevel"] = self._get_param("SpreadLevel") or "rack"
    WORLD.placement_groups[key(self, name)] = group
    return ActionResult({"PlacementGroup": group})


def describe_placement_groups(self):
    names, identities, filters = (self._get_param(name) or [] for name in ("GroupNames", "GroupIds", "Filters"))
    for name in names:
        if key(self, name) not in WORLD.placement_groups:
            fail("InvalidPlacementGroup.Unknown", f"The Placement Group '{name}' is unknown.")
    groups = [
        group
        for (account, region, name), group in WORLD.placement_groups.items()
        if (account, region) == key(self)
        and (not names or name in names)
        and (not identities or group["GroupId"] in identities)
        and tags_fit(group["Tags"], filters)
        and attribute_fits(filters, group_name=name, state=group["State"], strategy=group["Strategy"])
    ]
    return ActionResult({"PlacementGroups": groups})


def delete_placement_group(self):
    name = self._get_param("GroupName")
    if key(self, name) not in WORLD.placement_groups:
        fail("InvalidPlacementGroup.Unknown", f"The Placement Group '{name}' is unknown.")
    for instance in running(self):
        if WORLD.placed.get(instance.id) == name:
            fail("InvalidPlacementGroup.InUse", f"The placement group {name} is in use and may not be deleted.")
    del WORLD.placement_groups[key(self, name)]
    return ActionResult({})


# Capacity reservations.

def create_capacity_reservation(self):
    return once(self, "CreateCapacityReservation", reserve, lambda reservation: reservation["State"] in ENDED)


def reserve(self):
    zone, instance_type = self._get_param("AvailabilityZone"), self._get_param("InstanceType")
    identities = {entry.zone_id: entry.name for entry in self.ec2_backend.describe_availability_zones()}
    zone = zone or identities.get(self._get_param("AvailabilityZoneId"))
    if zone not in identities.values():
        fail("InvalidAvailabilityZone", f"The availability zone {zone} does not exist.")
    code = None if self._get_param("StartDate") else RULES.capacity(zone, instance_type)
    if code:
        fail(code, f"We currently do not have sufficient {instance_type} capacity in {zone}.")
    future = moment(self._get_param("StartDate"))
    if future:
        check_ahead(self, future)
    reservation = {
        "CapacityReservationId": identity("cr"),
        "OwnerId": self.current_account,
        "CapacityReservationArn": f"arn:aws:ec2:{self.region}:{self.current_account}:capacity-reservation/",
        "InstanceType": instance_type,
        "InstancePlatform": self._get_param("InstancePlatform"),
        "AvailabilityZone": zone,
        "Tenancy": "default",
        "TotalInstanceCount": int(self._get_param("InstanceCount")),
        "AvailableInstanceCount": int(self._get_param("InstanceCount")),
        "State": "assessing" if future else "pending",
        "StartDate": future or utcnow(),
        "EndDateType": self._get_param("EndDateType") or "unlimited",
        "EndDate": moment(self._get_param("EndDate")),
        "InstanceMatchCriteria": self._get_param("InstanceMatchCriteria") or "open",
        "CreateDate": utcnow(),
        "Tags": tags_of(self._get_param("TagSpecifications"), "capacity-reservation"),
        "describes": 0,
    }
    reservation["CapacityReservationArn"] += reservation["CapacityReservationId"]
    if future:
        reservation["DeliveryPreference"] = "incremental"
        reservation["CommitmentInfo"] = {
            "CommittedInstanceCount": reservation["TotalInstanceCount"],
            "CommitmentEndDate": future + timedelta(seconds=int(self._get_param("CommitmentDuration"))),
        }
    settle(self, reservation)
    WORLD.capacity_reservations[key(self, reservation["CapacityReservationId"])] = reservation
    return reservation


def moment(value):
    """A time of a request, which moto gives as a text or parsed, without its zone."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value.replace(tzinfo=None) if value else None


def now():
    return moment(WORLD.settings["now"]) or utcnow().replace(tzinfo=None)


def check_ahead(self, start):
    """What EC2 refuses of a reservation for a later day."""
    instance_type, count = self._get_param("InstanceType"), int(self._get_param("InstanceCount"))
    commitment = timedelta(seconds=int(self._get_param("CommitmentDuration") or 0))
    end = moment(self._get_param("EndDate"))
    wrong = None
    if not now() + AHEAD_MIN <= start <= now() + AHEAD_MAX:
        wrong = f"StartDate {start} is not between 5 and 120 days in advance of {now()}"
    elif commitment < COMMITMENT_MIN:
        wrong = f"CommitmentDuration {commitment} is shorter than 14 days"
    elif self._get_param("DeliveryPreference") != "incremental" or self._get_param("InstanceMatchCriteria") != "targeted":
        wrong = "a future-dated reservation is incremental and targeted"
    elif count * INSTANCE_TYPES[instance_type]["VCpuInfo"]["DefaultVCpus"] < VCPUS_MIN:
        wrong = f"{count} of {instance_type} have fewer than {VCPUS_MIN} vCPUs"
    elif instance_type[0] not in FAMILIES:
        wrong = f"no future-dated reservations of {instance_type}"
    elif end and end < start + commitment:
        wrong = f"EndDate {end} is within the commitment"
    if wrong:
        fail("InvalidParameterValue", wrong)


def settle(self, reservation):
    """Time passes: an immediate one is active, and an answer there, when it was described often enough."""
    settings = WORLD.settings
    if reservation["State"] == "pending" and reservation["describes"] >= settings["reservationDescribes"]:
        reservation["State"] = settings["reservationState"]
    if reservation["State"] == "assessing" and reservation["describes"] > settings["futureDescribes"]:
        code = RULES.capacity(reservation["AvailabilityZone"], reservation["InstanceType"])
        reservation["State"] = "unsupported" if code else settings["futureState"]
    if reservation["State"] == "scheduled" and now() >= reservation["StartDate"]:
        reservation["State"] = settings["futureDelivery"]
        if reservation["State"] != "active":
            reservation["CommitmentInfo"].pop("CommitmentEndDate")
    if reservation["State"] == "active" and reservation["EndDate"] and now() >= reservation["EndDate"]:
        reservation["State"] = "expired"
    reservation["describes"] += 1
    held = [instance for instance in running(self) if WORLD.reserved.get(instance.id) == reservation["CapacityReservationId"]]
    gone = reservation["State"] in ENDED
    reservation["AvailableInstanceCount"] = 0 if gone else max(0, reservation["TotalInstanceCount"] - len(held))


def committed(reservation):
    """Whether it is bound: EC2 then asks for a quote of cancellation charges."""
    if "CommitmentInfo" not in reservation:
        return False
    until = reservation["CommitmentInfo"].get("CommitmentEndDate")
    return reservation["State"] == "scheduled" or (reservation["State"] == "active" and until is not None and now() < until)


def describe_capacity_reservations(self):
    identities, filters = (self._get_param(name) or [] for name in ("CapacityReservationIds", "Filters"))
    for wanted in identities:
        if key(self, wanted) not in WORLD.capacity_reservations:
            fail("InvalidCapacityReservationId.NotFound", f"The capacity reservation {wanted} does not exist.")
    found = []
    for (account, region, name), reservation in WORLD.capacity_reservations.items():
        if (account, region) != key(self) or (identities and name not in identities):
            continue
        settle(self, reservation)
        if tags_fit(reservation["Tags"], filters) and attribute_fits(
            filters,
            state=reservation["State"],
            instance_type=reservation["InstanceType"],
            availability_zone=reservation["AvailabilityZone"],
        ):
            found.append(reservation)
    return ActionResult({"CapacityReservations": found})


def modify_capacity_reservation(self):
    reservation = reservation_of(self)
    if reservation["State"] != "active":
        fail("IncorrectState", f"The capacity reservation is {reservation['State']}.")
    count = self._get_param("InstanceCount")
    if count is not None:
        if committed(reservation) and int(count) < reservation["CommitmentInfo"]["CommittedInstanceCount"]:
            fail("OperationNotPermitted", "The instance count cannot be decreased during the commitment duration.")
        reservation["TotalInstanceCount"] = int(count)
        settle(self, reservation)
    return ActionResult({"Return": True})


def cancel_capacity_reservation(self):
    reservation = reservation_of(self)
    if committed(reservation):
        fail("OperationNotPermitted", "Cancelling the reservation now requires a cancellation quote.")
    if reservation["State"] in ENDED:
        fail("IncorrectState", f"The capacity reservation is {reservation['State']}.")
    reservation["State"] = "cancelled"
    reservation["AvailableInstanceCount"] = 0
    return ActionResult({"Return": True})


def reservation_of(self):
    name = self._get_param("CapacityReservationId")
    if key(self, name) not in WORLD.capacity_reservations:
        fail("InvalidCapacityReservationId.NotFound", f"The capacity reservation {name} does not exist.")
    return WORLD.capacity_reservations[key(self, name)]


# Launching.

def running(self):
    return [instance for instance in self.ec2_backend.all_instances() if instance.state in RUNNING]


def once(self, action, effect, gone):
    """Honours the client token: the same request again has the first one's answer, another is refused."""
    token = self._get_param("ClientToken")
    if not token:
        return ActionResult(strip(effect(self)))
    if len(token) > 64:
        fail("InvalidParameterValue", "ClientToken is longer than 64 characters.")
    digest = hashlib.sha256(json.dumps(plain(self.params), sort_keys=True, default=str).encode()).hexdigest()
    known = WORLD.tokens.get(key(self, action, token))
    if known is None:
        answer = effect(self)
        WORLD.tokens[key(self, action, token)] = (digest, answer)
        return ActionResult(strip(answer))
    if known[0] != digest:
        fail("IdempotentParameterMismatch", "The client token was used before with other parameters.")
    if gone(known[1]):
        fail("IdempotentInstanceTerminated", "The request uses the same client token as an earlier one whose instances have been terminated.")
    return ActionResult(strip(known[1]))


def tokened(name):
    """An action of moto's that honours its client token; what it made may be gone, and is answered all the same."""
    def act(self):
        return once(self, name, lambda response: ORIGINAL[name](response).result, lambda answer: False)

    act.__name__ = name
    return act


def strip(answer):
    if isinstance(answer, dict) and "CapacityReservationId" in answer:
        return {"CapacityReservation": answer}
    return answer


def plain(values):
    if isinstance(values, dict):
        return {name: plain(value) for name, value in values.items()}
    if isinstance(values, (list, tuple)):
        return [plain(value) for value in values]
    return values


def run_instances(self):
    def launch(self):
        zone = zone_of(self, self._get_param("SubnetId") or subnet_of_interfaces(self._get_param("NetworkInterfaces")))
        template = template_data(self, self._get_param("LaunchTemplate") or {})
        instance_type = self._get_param("InstanceType") or template.get("InstanceType")
        code = RULES.capacity(zone, instance_type)
        if code:
            fail(code, f"We currently do not have sufficient {instance_type} capacity in {zone}.")
        reservation = ORIGINAL["run_instances"](self).result
        complete(self, reservation.instances, {**template, **({"Placement": self._get_param("Placement")} if self._get_param("Placement") else {})})
        return reservation

    return once(self, "RunInstances", launch, lambda answer: answer.instances and all(instance.state not in RUNNING for instance in answer.instances))


def create_fleet(self):
    if self._get_param("Type") != "instant":
        return ORIGINAL["create_fleet"](self)

    def gone(answer):
        states = {instance.id: instance.state for instance in self.ec2_backend.all_instances()}
        launched = [name for entry in answer["Instances"] for name in entry["InstanceIds"]]
        return launched and all(states.get(name) not in RUNNING for name in launched)

    return once(self, "CreateFleet", launch_fleet, gone)


def launch_fleet(self):
    """An instant fleet: pools without room become errors in the same answer, the rest launches."""
    errors, open_configs, configs = [], [], self._get_param("LaunchTemplateConfigs") or []
    for config in configs:
        template = template_data(self, config["LaunchTemplateSpecification"])
        kept = []
        for override in config.get("Overrides") or [{}]:
            zone = override.get("AvailabilityZone") or zone_of(self, override.get("SubnetId"))
            instance_type = override.get("InstanceType") or template.get("InstanceType")
            code = RULES.capacity(zone, instance_type)
            if code:
                errors.append(error_of(config, override, code, f"No room for {instance_type} in {zone}."))
            else:
                kept.append(override)
        if kept:
            open_configs.append({**plain(config), "Overrides": kept})
    target = dict(self._get_param("TargetCapacitySpecification"))
    wanted = int(target["TotalTargetCapacity"])
    cut = RULES.partial() if open_configs else None
    room = room_for(self, open_configs) if open_configs else None
    if room is not None and room < (cut[0] if cut else wanted):
        cut = (room, "ReservationCapacityExceeded")
    count = min(wanted, cut[0]) if cut else wanted
    if cut and count < wanted:
        errors.append(error_of(open_configs[0], open_configs[0]["Overrides"][0], cut[1], f"Room for {count} of {wanted} instances."))
    least = int((self._get_param("OnDemandOptions") or {}).get("MinTargetCapacity") or 0)
    if not open_configs or count == 0 or count < least:
        return {"FleetId": random_fleet_id(), "Instances": [], "Errors": errors}
    target.update({"TotalTargetCapacity": count, "OnDemandTargetCapacity": count, "SpotTargetCapacity": 0})
    self.params["TargetCapacitySpecification"] = target
    self.params["LaunchTemplateConfigs"] = by_priority(open_configs)
    try:
        answer = dict(ORIGINAL["create_fleet"](self).result)
    finally:
        self.params["TargetCapacitySpecification"] = {**target, "TotalTargetCapacity": wanted}
        self.params["LaunchTemplateConfigs"] = configs
    names = [name for entry in answer["Instances"] for name in entry["InstanceIds"]]
    launched = [instance for instance in self.ec2_backend.all_instances() if instance.id in set(names)]
    complete(self, launched, template_data(self, open_configs[0]["LaunchTemplateSpecification"]))
    return {"FleetId": answer["FleetId"], "Instances": grouped(answer["Instances"]), "Errors": errors}


def target_of(template):
    """The reservation that launches from a template take their room from, or None."""
    target = (template.get("CapacityReservationSpecification") or {}).get("CapacityReservationTarget") or {}
    return target.get("CapacityReservationId")


def room_for(self, configs):
    """How many instances the reservation that is aimed at has room for; None without one."""
    wanted = target_of(template_data(self, configs[0]["LaunchTemplateSpecification"]))
    if wanted is None:
        return None
    reservation = WORLD.capacity_reservations.get(key(self, wanted))
    if reservation is None or reservation["State"] != "active":
        return 0
    settle(self, reservation)
    return reservation["AvailableInstanceCount"]


def by_priority(configs):
    """moto launches from the first override; AWS from the one of the best priority."""
    return [
        {**config, "Overrides": sorted(config["Overrides"], key=lambda override: float(override.get("Priority") or 0))}
        for config in configs
    ]


def grouped(entries):
    """One entry a pool, as AWS answers; moto makes one an instance."""
    pools = {}
    for entry in entries:
        pool = json.dumps([entry["InstanceType"], plain(entry.get("LaunchTemplateAndOverrides"))], sort_keys=True, default=str)
        pools.setdefault(pool, {**entry, "InstanceIds": []})["InstanceIds"] += entry["InstanceIds"]
    return list(pools.values())


def error_of(config, override, code, message):
    return {
        "LaunchTemplateAndOverrides": {"LaunchTemplateSpecification": config["LaunchTemplateSpecification"], "Overrides": override},
        "Lifecycle": "on-demand",
        "ErrorCode": code,
        "ErrorMessage": message,
    }


def template_data(self, specification):
    backend = self.ec2_backend
    if specification.get("LaunchTemplateId"):
        template = backend.get_launch_template(template_id=specification["LaunchTemplateId"])
    elif specification.get("LaunchTemplateName"):
        template = backend.get_launch_template_by_name(name=specification["LaunchTemplateName"])
    else:
        return {}
    version = specification.get("Version") or "$Default"
    number = {"$Latest": template.latest_version_number, "$Default": template.default_version_number}.get(version, version)
    return template.get_version(int(number)).data


def subnet_of_interfaces(interfaces):
    return next((interface["SubnetId"] for interface in interfaces or [] if interface.get("SubnetId")), None)


def zone_of(self, subnet):
    return self.ec2_backend.get_subnet(subnet).availability_zone if subnet else None


def complete(self, instances, template):
    """What moto leaves out of a launch from a template: groups, tags of interfaces, the placement group."""
    interface = next(iter(template.get("NetworkInterfaces") or []), {})
    groups = [
        self.ec2_backend.get_security_group_from_id(group)
        for group in interface.get("Groups") or template.get("SecurityGroupIds") or []
    ]
    interface_tags = {
        tag["Key"]: tag["Value"] for tag in tags_of(template.get("TagSpecifications"), "network-interface")
    }
    placement = (template.get("Placement") or {}).get("GroupName")
    target = target_of(template)
    for instance in instances:
        if target:
            WORLD.reserved[instance.id] = target
        if placement:
            if key(self, placement) not in WORLD.placement_groups:
                fail("InvalidPlacementGroup.Unknown", f"The Placement Group '{placement}' is unknown.")
            WORLD.placed[instance.id] = placement
        for device in instance.nics.values():
            device.delete_on_termination = True
            device.add_tags(interface_tags)
            for group in groups:
                if group is not None and group not in device._group_set:
                    device._group_set.append(group)
        for group in groups:
            if group is not None and group not in instance.security_groups:
                instance.security_groups.append(group)


def delete_fleets(self):
    """An instant fleet's instances end with it, which is why nothing may call this before a teardown."""
    names = self._get_param("FleetIds") or []
    backend = self.ec2_backend
    doomed = [
        instance["instance"].id
        for name in names
        if name in backend.fleets and backend.fleets[name].fleet_type == "instant"
        for instance in backend.fleets[name].on_demand_instances
    ]
    answer = ORIGINAL["delete_fleets"](self)
    alive = {instance.id for instance in running(self)}
    doomed = [name for name in doomed if name in alive]
    if doomed:
        backend.terminate_instances(doomed)
    return answer


# Deletions that something else blocks.

def delete_security_group(self):
    group = self._get_param("GroupId")
    for interface in self.ec2_backend.enis.values():
        attached = interface.instance is None or interface.instance.state in RUNNING
        if attached and group in [held.id for held in interface.group_set]:
            fail("DependencyViolation", f"resource {group} has a dependent object")
    for groups in self.ec2_backend.groups.values():
        for other in groups.values():
            rules = other.ingress_rules + other.egress_rules
            if other.id != group and any(rule.source_group.get("GroupId") == group for rule in rules):
                fail("DependencyViolation", f"resource {group} has a dependent object")
    return ORIGINAL["delete_security_group"](self)


def delete_subnet(self):
    subnet = self._get_param("SubnetId")
    for interface in self.ec2_backend.enis.values():
        attached = interface.instance is None or interface.instance.state in RUNNING
        if attached and interface.subnet.id == subnet:
            fail("DependencyViolation", f"The subnet '{subnet}' has dependencies and cannot be deleted.")
    return ORIGINAL["delete_subnet"](self)


def balancer_interfaces(account, region, balancer):
    """Gives a network balancer its interface in each zone; returns their ids."""
    from moto.ec2.models import ec2_backends

    backend = ec2_backends[account][region]
    interfaces = []
    for number, subnet in enumerate(balancer.subnets, 1):
        interface = backend.create_network_interface(
            getattr(subnet, "id", subnet), [], group_ids=list(balancer.security_groups),
            description="ELB " + balancer.arn.split("loadbalancer/")[1],
        )
        interface.requester_managed = True
        interface.status = "in-use"
        if balancer.scheme == "internet-facing":
            interface.public_ip = f"203.0.113.{len(WORLD.balancer_interfaces) * 8 + number}"
        interfaces.append(interface.id)
    return interfaces


# Tags of what only the extension knows.

def tagged(self):
    owned = {group["GroupId"]: group for (account, region, _), group in WORLD.placement_groups.items() if (account, region) == key(self)}
    owned.update({name: reservation for (account, region, name), reservation in WORLD.capacity_reservations.items() if (account, region) == key(self)})
    return owned


def create_tags(self):
    return change_tags(self, "create_tags", lambda tags, changes: [tag for tag in tags if tag["Key"] not in {change["Key"] for change in changes}] + [dict(change) for change in changes])


def delete_tags(self):
    return change_tags(self, "delete_tags", lambda tags, changes: [tag for tag in tags if tag["Key"] not in {change["Key"] for change in changes}])


def change_tags(self, name, change):
    owned = tagged(self)
    resources = self._get_param("Resources") or []
    for resource in resources:
        if resource in owned:
            owned[resource]["Tags"] = change(owned[resource]["Tags"], self._get_param("Tags") or [])
    others = [resource for resource in resources if resource not in owned]
    if not others:
        return ActionResult({})
    self.params["Resources"] = others
    return ORIGINAL[name](self)


def register():
    extend(EC2Response, [
        create_placement_group, describe_placement_groups, delete_placement_group,
        create_capacity_reservation, describe_capacity_reservations, modify_capacity_reservation, cancel_capacity_reservation,
        run_instances, create_fleet, delete_fleets, delete_security_group, delete_subnet, create_tags, delete_tags,
        *map(tokened, TOKENED),
    ])
