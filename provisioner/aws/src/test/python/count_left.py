"""What is left in an account, counted through boto3: the second opinion on the adapter's own sweep.

Prints {kind: [names]} as JSON. With --event only what carries the tag spike:event=NAME; without, everything that an
account does not have from the start. --plain leaves out what moto alone cannot list.
"""

import argparse
import json
import sys

import boto3
from botocore.config import Config


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--endpoint", required=True)
    arguments.add_argument("--region", default="us-east-1")
    arguments.add_argument("--event")
    arguments.add_argument("--plain", action="store_true")
    options = arguments.parse_args()
    count = Count(options)
    json.dump({kind: sorted(names) for kind, names in sorted(count.everything().items()) if names}, sys.stdout)


class Count:
    def __init__(self, options):
        self.options = options
        session = boto3.session.Session(
            aws_access_key_id="AKIACOUNT00000000000", aws_secret_access_key="count", region_name=options.region
        )
        # S3 by path: the emulator has one address only.
        config = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1})
        for name in ("ec2", "elbv2", "elasticache", "secretsmanager", "s3"):
            setattr(self, name, session.client(name, endpoint_url=options.endpoint, config=config))

    def everything(self):
        left = {}
        for part in (self.machines, self.networks, self.balancers, self.caches, self.secrets, self.objects):
            left.update(part())
        return left

    def ours(self, tags):
        if self.options.event is None:
            return True
        return any(tag.get("Key") == "spike:event" and tag.get("Value") == self.options.event for tag in tags or [])

    def pages(self, client, operation, member, **arguments):
        if client.can_paginate(operation):
            for page in client.get_paginator(operation).paginate(**arguments):
                yield from page.get(member) or []
        else:
            yield from getattr(client, operation)(**arguments).get(member) or []

    def tagged(self, client, operation, member, name, unless=lambda entry: False):
        return [
            entry[name]
            for entry in self.pages(client, operation, member)
            if self.ours(entry.get("Tags") or entry.get("TagSet")) and not unless(entry)
        ]

    def machines(self):
        reservations = self.pages(self.ec2, "describe_instances", "Reservations")
        left = {
            "instance": [
                instance["InstanceId"]
                for reservation in reservations
                for instance in reservation["Instances"]
                if instance["State"]["Name"] not in ("shutting-down", "terminated") and self.ours(instance.get("Tags"))
            ],
            "volume": self.tagged(self.ec2, "describe_volumes", "Volumes", "VolumeId"),
            "launch-template": self.tagged(self.ec2, "describe_launch_templates", "LaunchTemplates", "LaunchTemplateName"),
        }
        left["launch-template-version"] = [
            f"{name} {version['VersionNumber']}"
            for name in left["launch-template"]
            for version in self.pages(self.ec2, "describe_launch_template_versions", "LaunchTemplateVersions", LaunchTemplateName=name)
        ]
        if not self.options.plain:
            ended = ("cancelled", "expired", "failed", "unsupported")
            left["placement-group"] = self.tagged(self.ec2, "describe_placement_groups", "PlacementGroups", "GroupName")
            left["capacity-reservation"] = self.tagged(
                self.ec2, "describe_capacity_reservations", "CapacityReservations", "CapacityReservationId",
                lambda reservation: reservation["State"] in ended,
            )
        return left

    def networks(self):
        vpcs = list(self.pages(self.ec2, "describe_vpcs", "Vpcs"))
        given = {vpc["VpcId"] for vpc in vpcs if vpc.get("IsDefault")}

        def first(entry):
            return entry.get("VpcId") in given

        def main_table(entry):
            return any(association.get("Main") for association in entry.get("Associations", []))

        ec2 = self.ec2
        return {
            "vpc": [vpc["VpcId"] for vpc in vpcs if vpc["VpcId"] not in given and self.ours(vpc.get("Tags"))],
            "subnet": self.tagged(ec2, "describe_subnets", "Subnets", "SubnetId", lambda entry: entry.get("DefaultForAz")),
            "route-table": self.tagged(ec2, "describe_route_tables", "RouteTables", "RouteTableId", main_table),
            "vpc-endpoint": self.tagged(ec2, "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId", lambda entry: entry.get("State") == "deleted"),
            "internet-gateway": self.tagged(ec2, "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
            "security-group": self.tagged(
                ec2, "describe_security_groups", "SecurityGroups", "GroupId", lambda entry: entry["GroupName"] == "default"
            ),
            "network-interface": self.tagged(ec2, "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
        }

    def balancers(self):
        arns = {
            "balancer": [entry["LoadBalancerArn"] for entry in self.pages(self.elbv2, "describe_load_balancers", "LoadBalancers")],
            "target-group": [entry["TargetGroupArn"] for entry in self.pages(self.elbv2, "describe_target_groups", "TargetGroups")],
            "listener": [],
        }
        for balancer in arns["balancer"]:
            arns["listener"] += [
                entry["ListenerArn"]
                for entry in self.pages(self.elbv2, "describe_listeners", "Listeners", LoadBalancerArn=balancer)
            ]
        return {kind: [arn for arn in listed if self.ours(self.balancer_tags(arn))] for kind, listed in arns.items()}

    def balancer_tags(self, arn):
        return self.elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"]

    def caches(self):
        cache = self.elasticache
        listed = {
            "cache": [(entry["ReplicationGroupId"], entry["ARN"]) for entry in self.pages(cache, "describe_replication_groups", "ReplicationGroups")],
            "cache-subnet-group": [
                (entry["CacheSubnetGroupName"], entry["ARN"])
                for entry in self.pages(cache, "describe_cache_subnet_groups", "CacheSubnetGroups")
            ],
        }
        if not self.options.plain:
            listed["cache-parameter-group"] = [
                (entry["CacheParameterGroupName"], entry["ARN"])
                for entry in self.pages(cache, "describe_cache_parameter_groups", "CacheParameterGroups")
            ]
        return {
            kind: [name for name, arn in entries if self.ours(cache.list_tags_for_resource(ResourceName=arn)["TagList"])]
            for kind, entries in listed.items()
        }

    def secrets(self):
        entries = self.pages(self.secretsmanager, "list_secrets", "SecretList", IncludePlannedDeletion=True)
        return {"secret": [entry["Name"] for entry in entries if self.ours(entry.get("Tags"))]}

    def objects(self):
        """Objects carry the event in their key as well: a tag can be lost in an overwrite, a key cannot."""
        left = []
        for bucket in self.s3.list_buckets()["Buckets"]:
            for entry in self.pages(self.s3, "list_objects_v2", "Contents", Bucket=bucket["Name"]):
                if self.options.event is None or f"/{self.options.event}/" in f"/{entry['Key']}":
                    left.append(f"{bucket['Name']}/{entry['Key']}")
        return {"object": left}


main()
