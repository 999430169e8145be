"""What a node does: it boots from its user data, keeps its state, and answers ``node/run`` as spike-node would.

A node has booted once its configuration and secrets are there. Its server is cold until it is told to warm itself; its
router is there once it was fed a configuration that lists it, with the table of that moment, until it is fed again.
"""

import base64
import gzip
import hashlib
import json
import re

from .world import WORLD

RUN = re.compile(r"^/opt/spike/node/run ([A-Za-z0-9+/=]+)$")


class Failure(Exception):
    """What a command ends with instead of its result."""

    def __init__(self, error, next_step, code=1):
        super().__init__(error)
        self.error, self.next_step, self.code = error, next_step, code


def answer(instance, script):
    """{output, error, exitCode} of a script on a machine; None when the machine is not one of ours."""
    script = script.strip()
    settings = boot_settings(instance)
    if settings is None:
        return None
    node = WORLD.nodes.setdefault(instance.id, {"commands": 0, "warm": False, "installed": False, "off": False, "table": ""})
    node["commands"] += 1
    found = RUN.match(script)
    if not found or not booted(instance, settings):
        return {"error": f"sh: {script.split(' ')[0]}: not found", "exitCode": 127}
    words = base64.b64decode(found[1]).decode().split("\0")[:-1]
    try:
        code, result = 0, command(instance, settings, node, words)
    except Failure as failure:
        code, result = failure.code, {"error": failure.error, "next": failure.next_step}
    content = base64.b64encode(gzip.compress(json.dumps(result).encode(), mtime=0)).decode()
    digest = hashlib.sha256(content.encode()).hexdigest()
    return {"output": f"spike/1 {code} {len(content)} {digest} {content}\n", "exitCode": 0}


def reached(instance):
    """Whether the machine has registered: it misses as many commands as the test says."""
    missed = WORLD.settings["commandsUntilRegistered"]
    if not missed:
        return True
    count = WORLD.unregistered.get(instance.id, 0)
    WORLD.unregistered[instance.id] = count + 1
    return count >= missed


def boot_settings(instance):
    """The settings that the first-boot script writes, out of the machine's user data."""
    data = instance.user_data
    if not data:
        return None
    text = data.decode() if isinstance(data, bytes) else str(data)
    if "SPIKE_EVENT" not in text:
        text = base64.b64decode(text).decode()
    values = dict(re.findall(r"^(SPIKE_[A-Z_]+)=(.*)$", text, re.MULTILINE))
    return values if "SPIKE_CONFIGURATION" in values else None


def tier(settings):
    from moto.s3.models import s3_backends

    for account in s3_backends.values():
        for backend in account.values():
            bucket = backend.buckets.get(settings["SPIKE_BUCKET"])
            stored = bucket.keys.get(settings["SPIKE_CONFIGURATION"]) if bucket else None
            if stored is not None:
                return json.loads(stored.value)
    return None


def booted(instance, settings):
    from moto.secretsmanager.models import secretsmanager_backends

    known = [
        name
        for account in secretsmanager_backends.values()
        for backend in account.values()
        for secret in backend.secrets.values()
        for name in (secret.arn, secret.name)
    ]
    secrets = [settings[f"SPIKE_{purpose}_SECRET"] for purpose in ("CERTIFICATE", "CACHE", "FLEET")]
    return name_of(instance) != "" and all(secret in known for secret in secrets) and tier(settings) is not None


def name_of(instance):
    return next((tag["value"] for tag in instance.get_tags() if tag["key"] == "spike:node"), "")


def command(instance, settings, node, words):
    match words:
        case ["status", "--fleet-secret", "/run/spike/secrets/fleet"]:
            return status(instance, settings, node)
        case ["status"]:
            return {"node": name_of(instance), "ready": node["warm"], "reason": ""}
        case ["warm", "--fleet-secret", "/run/spike/secrets/fleet"]:
            node["warm"] = True
            return {"node": name_of(instance), "warm": True, "handshakes": 200, "firstMicros": 90_000, "lastMicros": 700}
        case ["logs"]:
            return {"log": f"2031-05-30T19:00:00+0000 ip-10-64-0-9 spike-serve[7]: {name_of(instance)} serves\n"}
        case ["feed", *how]:
            return feed(instance, settings, node, how == ["install"])
        case ["router", verb, "--config", "/run/spike/conf/router.json"] if verb in ("status", "on", "off"):
            if not node["installed"]:
                raise Failure("cannot read /run/spike/conf/router.json", "check the paths in the configuration")
            if verb != "status":
                node["off"] = verb == "off"
            return router_status(settings, node)
        case ["cache-lag", "--config", "/run/spike/conf/serve.json", "--samples", samples]:
            return {"samples": int(samples), "p50Micros": 420.0, "p99Micros": 1900.0}
        case ["probe", "resume", *options]:
            return resume(dict(zip(options[::2], options[1::2])))
    raise Failure(f"unknown command: {' '.join(words)}", "see spike-node --help", 64)


def status(instance, settings, node):
    shared = tier(settings)
    name = name_of(instance)
    reason = "" if node["warm"] else "cold: the self-warm has not run; use spike-node warm"
    told = {
        "node": name, "zone": name.rsplit("-", 1)[0], "ready": node["warm"], "reason": reason, "warm": node["warm"], "draining": False,
        "connections": WORLD.settings["connectionsPerNode"], "sessions": WORLD.settings["connectionsPerNode"], "handshakesPending": 0,
        "cache": {"reachable": True}, "router": {"loadMapped": node["installed"]},
        "profile": {"connections": shared["connectionsPerNode"]}, "tls": "BoringSSL", "version": "0.1.0", "uptimeSeconds": 60,
    }
    if WORLD.settings["trackingAllowance"]:
        told["trackingAllowance"] = WORLD.settings["trackingAllowance"]
    return told


def feed(instance, settings, node, install):
    shared = tier(settings)
    listed = {entry["name"]: entry for entry in shared["nodes"]}.get(name_of(instance))
    if listed is None:
        raise Failure("the tier's configuration does not list this node", "Run spike warm with this plan again.")
    if listed["address"] != instance.private_ip:
        raise Failure(f"{listed['address']} is not an address of this node", "Run spike warm with this plan again.")
    if install or node["installed"]:
        node["installed"] = True
        node["table"] = hashlib.sha256(json.dumps(shared["nodes"], sort_keys=True).encode()).hexdigest()
        node["peers"] = len(shared["nodes"]) - 1
    return router_status(settings, node)


def router_status(settings, node):
    if not node["installed"]:
        return {"installed": False, "mode": "none", "program": {}, "egress": False, "layout": 1}
    return {
        "installed": True, "mode": "native", "program": {"id": 7, "tag": "1f2e"}, "egress": True, "layout": 1, "tableDigest": node["table"],
        "agentFresh": True, "off": node["off"], "runtimeFresh": True, "draining": False, "pins": 0,
        "peers": node["peers"], "peersReachable": node["peers"], "gatewayKnown": True, "counters": {},
    }


def resume(options):
    ready = {f"{machine['address']}:8443": machine["name"] for machine in report() if machine["warm"]}
    ends = options.get("--from"), options.get("--to")
    if any(end not in ready for end in ends):
        raise Failure(f"one of {ends} does not answer", "see the logs of both nodes")
    messages = int(options["--messages"])
    return {
        "resumed": True, "recovered": True, "fromNode": ready[ends[0]], "toNode": ready[ends[1]],
        "received": messages, "lost": 0, "repeated": 0, "resumeMillis": 4.0,
    }


def report():
    """Every running node with its state, for a test and for its clients."""
    from moto.ec2.models import ec2_backends

    nodes = []
    for account in ec2_backends.values():
        for backend in account.values():
            for instance in backend.all_instances():
                if instance.state == "running" and name_of(instance):
                    state = WORLD.nodes.get(instance.id, {"warm": False, "installed": False, "off": False, "commands": 0})
                    nodes.append({"instance": instance.id, "name": name_of(instance), "address": instance.private_ip, **state})
    return sorted(nodes, key=lambda node: node["name"])
