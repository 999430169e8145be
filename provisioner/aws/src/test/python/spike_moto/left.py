"""What exists in the account beyond what it has from the start, read out of moto's own lists: {kind: [names]}.

The same answer as count_left.py gives through boto3, in milliseconds; a test holds the two together.
"""

from .compute import ENDED, RUNNING
from .world import WORLD


def left(account, region):
    from moto.ec2.models import ec2_backends
    from moto.elasticache.models import elasticache_backends
    from moto.elbv2.models import elbv2_backends
    from moto.s3.models import s3_backends
    from moto.secretsmanager.models import secretsmanager_backends

    ec2 = ec2_backends[account][region]
    found = {**machines(ec2), **networks(ec2)}
    balancing = elbv2_backends[account][region]
    found["balancer"] = list(balancing.load_balancers)
    found["target-group"] = list(balancing.target_groups)
    found["listener"] = [arn for balancer in balancing.load_balancers.values() for arn in balancer.listeners]
    caches = elasticache_backends[account][region]
    found["cache"] = list(caches.replication_groups)
    found["cache-subnet-group"] = list(caches.cache_subnet_groups)
    found["cache-parameter-group"] = [name for (_, _, name) in WORLD.parameter_groups]
    found["secret"] = list(secretsmanager_backends[account][region].secrets)
    found["object"] = [
        f"{bucket.name}/{key}" for bucket in s3_backends[account]["aws"].buckets.values() for key in bucket.keys
    ]
    return {kind: sorted(names) for kind, names in sorted(found.items()) if names}


def machines(ec2):
    return {
        "instance": [instance.id for instance in ec2.all_instances() if instance.state in RUNNING],
        "volume": list(ec2.volumes),
        "launch-template": [template.name for template in ec2.launch_templates.values()],
        "launch-template-version": [
            f"{template.name} {version.number}" for template in ec2.launch_templates.values() for version in template.versions
        ],
        "placement-group": [name for (_, _, name) in WORLD.placement_groups],
        "capacity-reservation": [
            name
            for (_, _, name), reservation in WORLD.capacity_reservations.items()
            if reservation["State"] not in ENDED
        ],
    }


def networks(ec2):
    given = {vpc.id for vpc in ec2.vpcs.values() if vpc.is_default}
    return {
        "vpc": [name for name in ec2.vpcs if name not in given],
        "subnet": [
            subnet.id
            for subnets in ec2.subnets.values()
            for subnet in subnets.values()
            if not subnet.default_for_az
        ],
        "route-table": [table.id for table in ec2.route_tables.values() if table.main_association_id is None],
        "vpc-endpoint": [
            endpoint.id for endpoint in ec2.vpc_end_points.values() if endpoint.state != "deleted"
        ],
        "internet-gateway": list(ec2.internet_gateways),
        "security-group": [
            group.id for groups in ec2.groups.values() for group in groups.values() if group.name != "default"
        ],
        "network-interface": list(ec2.enis),
    }
