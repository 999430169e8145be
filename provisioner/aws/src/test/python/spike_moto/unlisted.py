"""Things of EC2 that are there and in no list yet, as EC2 is at times after a creation.

A list without them has neither them nor what it says within them; what a call does to one by its id has its effect.
"""

import re
import time
from xml.etree import ElementTree

from .faults import RULES
from .world import WORLD

# How the answer to a creation, and lists, name what it made. A template's version has no id of its own.
NAMES = {
    "CreateFleet": r"<item>(i-[0-9a-f]+)</item>",
    "CreateCapacityReservation": r"<capacityReservationId>([^<]+)<",
    "CreateLaunchTemplate": r"<launchTemplateId>([^<]+)<",
    "CreateLaunchTemplateVersion": r"<versionDescription>([^<]+)<",
    "CreateRouteTable": r"<routeTableId>([^<]+)<",
    "CreateVpcEndpoint": r"<vpcEndpointId>([^<]+)<",
    "CreateVpc": r"<vpcId>([^<]+)<",
    "CreateSubnet": r"<subnetId>([^<]+)<",
    "CreateInternetGateway": r"<internetGatewayId>([^<]+)<",
}
# Whoever asks for these again gets another, or is refused; what was made first is then seen in its time.
TOKENLESS = ("CreateVpc", "CreateSubnet", "CreateInternetGateway", "CreateLaunchTemplate")


def made(call, body):
    """Remembers what a creation made last; where that is hidden and comes again, it will be seen."""
    if call.service != "ec2" or call.action not in NAMES:
        return
    if call.action in TOKENLESS:
        for rule in RULES.unlisted():
            if rule.values["action"] == call.action and rule.created is None:
                rule.created = time.monotonic()
    names = re.findall(NAMES[call.action], body.decode())
    if not names:
        return
    for rule in RULES.unlisted():
        if rule.values["action"] == call.action and names == WORLD.made.get(call.action):
            rule.created = rule.created or time.monotonic()
    if not any(rule.values["action"] == call.action for rule in RULES.unlisted()):
        WORLD.made[call.action] = names


def hidden():
    now = time.monotonic()
    return {
        name
        for rule in RULES.unlisted()
        if rule.created is None or now - rule.created < rule.values["seconds"]
        for name in WORLD.made.get(rule.values["action"], [])
    }


def listed(call, body):
    """The answer to a call that lists, without what is hidden."""
    if call.service != "ec2" or not call.action.startswith("Describe"):
        return body
    names = hidden()
    if not any(name.encode() in body for name in names):
        return body
    root = ElementTree.fromstring(body)
    if root.tag.startswith("{"):
        ElementTree.register_namespace("", root.tag[1:].partition("}")[0])
    prune(root, names)
    return ElementTree.tostring(root)


def prune(element, names):
    """Takes out the items that have such a name directly; true when this element has one."""
    for child in list(element):
        if prune(child, names) and child.tag.endswith("item"):
            element.remove(child)
    return any(not len(child) and child.text in names for child in element)
