"""SSM's Run Command: which nodes answer, with what, when, and how much of it the API lets through.

Nodes answer as machine.py says; before that ``answers`` is asked, a list of {instance, contains, output, error, exitCode, status}; the first entry whose
``instance`` (an id, a Name tag, or absent for any) and ``contains`` (in the script) fit is what the node does.
"""

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random
from moto.ssm.responses import SimpleSystemManagerResponse

from . import machine
from .actions import extend, fail
from .compute import RUNNING, key
from .world import WORLD

# What the API lets through, in characters.
OUTPUT_MAX = 24_000
LISTED_OUTPUT_MAX = 2_500
INSTANCES_MAX = 50
PAGE_MAX = 50


def machines(self):
    from moto.ec2.models import ec2_backends

    backend = ec2_backends[self.current_account][self.region]
    return [
        instance
        for instance in backend.all_instances()
        if instance.state in RUNNING and instance.id not in WORLD.settings["missingNodes"]
    ]


def tags_by_name(instance):
    return {tag["key"]: tag["value"] for tag in instance.get_tags()}


def send_command(self):
    identities, targets = self._get_param("InstanceIds") or [], self._get_param("Targets") or []
    if len(identities) > INSTANCES_MAX:
        fail("ValidationException", f"At most {INSTANCES_MAX} instance ids.")
    reachable = machines(self)
    if identities:
        known = {instance.id for instance in reachable}
        if any(name not in known for name in identities):
            fail("InvalidInstanceId", "Instances not in a valid state for account")
        chosen = [instance for instance in reachable if instance.id in identities]
    else:
        chosen = [instance for instance in reachable if all(targeted(instance, target) for target in targets)]
    chosen = [instance for instance in chosen if machine.reached(instance)]
    script = "\n".join((self._get_param("Parameters") or {}).get("commands", []))
    command = {
        "CommandId": str(mock_random.uuid4()),
        "DocumentName": self._get_param("DocumentName"),
        "Comment": self._get_param("Comment") or "",
        "Parameters": self._get_param("Parameters") or {},
        "Targets": targets,
        "InstanceIds": identities,
        "MaxConcurrency": self._get_param("MaxConcurrency") or "50",
        "MaxErrors": self._get_param("MaxErrors") or "0",
        "TimeoutSeconds": int(self._get_param("TimeoutSeconds") or 3600),
        "RequestedDateTime": utcnow(),
        "TargetCount": len(chosen),
        "Status": "Pending",
        "StatusDetails": "Pending",
    }
    WORLD.commands[key(self, command["CommandId"])] = {
        "command": command,
        "invocations": {instance.id: invocation(instance, script, command) for instance in chosen},
        "asked": 0,
    }
    return ActionResult({"Command": command})


def targeted(instance, target):
    if target["Key"] == "InstanceIds":
        return instance.id in target["Values"]
    return target["Key"].startswith("tag:") and tags_by_name(instance).get(target["Key"][4:]) in target["Values"]


def invocation(instance, script, command):
    tags = tags_by_name(instance)
    for entry in WORLD.settings["answers"]:
        if entry.get("instance", instance.id) in (instance.id, tags.get("Name"), tags.get("spike:node")) and entry.get("contains", "") in script:
            break
    else:
        entry = machine.answer(instance, script) or {}
    code = entry.get("exitCode", 0)
    return {
        "CommandId": command["CommandId"],
        "InstanceId": instance.id,
        "InstanceName": tags.get("Name", ""),
        "DocumentName": command["DocumentName"],
        "output": entry.get("output", ""),
        "error": entry.get("error", ""),
        "ResponseCode": code,
        "Status": entry.get("status", "Success" if code == 0 else "Failed"),
    }


def sent(self):
    found = WORLD.commands.get(key(self, self._get_param("CommandId")))
    if found is None:
        fail("InvalidCommandId", "The command id is not valid.")
    found["asked"] += 1
    return found


def progress(found, entry):
    """The status an invocation is told with at this question."""
    late, slow = WORLD.settings["invocationsLate"], WORLD.settings["invocationsSlow"]
    return entry["Status"] if found["asked"] > late + slow else "InProgress"


def list_command_invocations(self):
    found = sent(self)
    if found["asked"] <= WORLD.settings["invocationsLate"]:
        return ActionResult({"CommandInvocations": []})
    entries = list(found["invocations"].values())
    start = int(self._get_param("NextToken") or 0)
    size = min(int(self._get_param("MaxResults") or PAGE_MAX), PAGE_MAX)
    details = str(self._get_param("Details")).lower() == "true"
    listed = []
    for entry in entries[start : start + size]:
        status = progress(found, entry)
        ended = status != "InProgress"
        line = {name: entry[name] for name in ("CommandId", "InstanceId", "InstanceName", "DocumentName")}
        line.update({"Status": status, "StatusDetails": status, "CommandPlugins": []})
        if details:
            line["CommandPlugins"] = [{
                "Name": "aws:runShellScript",
                "Status": status,
                "StatusDetails": status,
                "ResponseCode": entry["ResponseCode"] if ended else -1,
                "Output": (entry["output"] if ended else "")[:LISTED_OUTPUT_MAX],
            }]
        listed.append(line)
    answer = {"CommandInvocations": listed}
    if start + size < len(entries):
        answer["NextToken"] = str(start + size)
    return ActionResult(answer)


def get_command_invocation(self):
    found = sent(self)
    entry = found["invocations"].get(self._get_param("InstanceId"))
    if entry is None or found["asked"] <= WORLD.settings["invocationsLate"]:
        fail("InvocationDoesNotExist", "The command id and instance id do not match any invocation.")
    status = progress(found, entry)
    ended = status != "InProgress"
    return ActionResult({
        "CommandId": entry["CommandId"],
        "InstanceId": entry["InstanceId"],
        "DocumentName": entry["DocumentName"],
        "PluginName": "aws:runShellScript",
        "Status": status,
        "StatusDetails": status,
        "ResponseCode": entry["ResponseCode"] if ended else -1,
        "StandardOutputContent": (entry["output"] if ended else "")[:OUTPUT_MAX],
        "StandardErrorContent": (entry["error"] if ended else "")[:8_000],
    })


def list_commands(self):
    return ActionResult({"Commands": [sent(self)["command"]]})


def cancel_command(self):
    found = sent(self)
    for entry in found["invocations"].values():
        if progress(found, entry) == "InProgress":
            entry["Status"] = "Cancelled"
    return ActionResult({})


def describe_instance_information(self):
    listed = [{"InstanceId": instance.id, "PingStatus": "Online", "ResourceType": "EC2Instance"} for instance in machines(self)]
    return ActionResult({"InstanceInformationList": listed})


def register():
    extend(SimpleSystemManagerResponse, [
        send_command, list_command_invocations, get_command_invocation, list_commands, cancel_command, describe_instance_information,
    ])
