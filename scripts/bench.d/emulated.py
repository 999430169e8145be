"""What scripts/bench apply asks of the emulator: emulated.py URL give | calls | bound NODES ZONES BALANCERS | stages STEPS | unchanged STEPS."""

import json
import math
import sys
import urllib.request

# What the planner is told of an account that was made ready for the event.
QUOTAS = {code: 10_000_000 for code in ("L-1216C47A", "L-723DCCB6", "L-7C45F98A", "L-AF354865")}
BUCKET = "spike-bench-bucket"
PROFILE = "spike-bench-nodes"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def ask(url, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url + path, data=data), timeout=60) as answer:
        return json.load(answer)


def give(url):
    """Empties the world, then makes what the account's owners give, and says it as provider.aws has it."""
    import boto3
    from botocore.config import Config

    ask(url, "/spike/reset", {})
    ask(url, "/spike/settings", {"quotas": QUOTAS, "buckets": True})
    session = boto3.session.Session(aws_access_key_id="AKIABENCH00000000000", aws_secret_access_key="bench", region_name="us-east-1")
    path_style = Config(s3={"addressing_style": "path"})
    session.client("s3", endpoint_url=url, config=path_style).create_bucket(Bucket=BUCKET)
    secret = session.client("secretsmanager", endpoint_url=url).create_secret(Name="given-certificate", SecretString="a certificate in PEM")
    rights = session.client("iam", endpoint_url=url)
    rights.create_role(RoleName=PROFILE, AssumeRolePolicyDocument=json.dumps(TRUST))
    rights.create_instance_profile(InstanceProfileName=PROFILE)
    rights.add_role_to_instance_profile(InstanceProfileName=PROFILE, RoleName=PROFILE)
    ask(url, "/spike/calls", {})
    print(f"instanceProfile: {PROFILE}, account: '123456789012', region: us-east-1, bucket: {BUCKET}, instanceTypes: [c7gn.2xlarge], secrets: {{certificate: \"{secret['ARN']}\"}}")


def calls(url):
    """Prints how many calls were made and how many were throttled, then what was taken out of each documented bucket
    and how long that takes at least; and forgets them."""
    report = ask(url, "/spike/calls")
    taken = sorted(report["buckets"].items(), key=lambda bucket: (-seconds(**bucket[1]), -bucket[1]["tokens"]))
    print(
        report["total"],
        report["throttled"],
        ", ".join(f"{name} {bucket['tokens']} of {bucket['burst']} + {bucket['perSecond']}/s" for name, bucket in taken[:12]),
    )
    ask(url, "/spike/calls", {})


def seconds(tokens, burst, perSecond):  # noqa: N803 - as the emulator says it
    """How long it takes until so many tokens have come out of a bucket that was full."""
    return max(0, tokens - burst) / perSecond


def bound(nodes, zones, balancers):
    """Seconds that the documented buckets impose on a tier of that size, whoever makes it.

    Every node has to be launched (a fleet call takes at most 100 of a zone) and named by a call of its own: CreateTags
    gives all its resources the same value. Every balancer has to be made, set and given its capacity, a target group
    and a listener, and every node has to be registered with it (at most 100 a call).
    """
    registrations = balancers * math.ceil(nodes / 100)
    print(
        max(
            seconds(nodes, 50, 5),  # CreateTags
            seconds(zones * math.ceil(nodes / zones / 100), 5, 2),  # CreateFleet
            seconds(nodes, 1000, 2),  # instances launched
            seconds(balancers, 10, 0.2),  # CreateLoadBalancer
            seconds(registrations, 20, 4),  # RegisterTargets
            seconds(6 * balancers + registrations, 40, 10),  # all of Elastic Load Balancing
        )
    )


def stages(steps):
    """How long each kind of step took, the longest of its kind: KIND SECONDS, the longest first."""
    longest = {}
    with open(steps) as lines:
        for line in lines:
            entry = json.loads(line)
            if entry.get("type") == "step" and entry.get("state") in ("done", "DONE"):
                kind = entry["resource"].split("/")[0]
                longest[kind] = max(longest.get(kind, 0), entry["seconds"])
    print(", ".join(f"{kind} {took:.1f}" for kind, took in sorted(longest.items(), key=lambda entry: -entry[1])))


def unchanged(steps):
    """Whether a run of these steps took none."""
    with open(steps) as lines:
        return not any(json.loads(line).get("type") == "step" for line in lines)


match sys.argv[1:]:
    case [url, "give"]:
        give(url)
    case [url, "calls"]:
        calls(url)
    case [_, "bound", *counts] if len(counts) == 3:
        bound(*map(int, counts))
    case [_, "stages", steps]:
        stages(steps)
    case [_, "unchanged", steps]:
        sys.exit(0 if unchanged(steps) else 1)
    case _:
        sys.exit(__doc__)
