"""What moto works out anew at every call and at every reset although it never changes, worked out once.

Its answers stay the same.
"""

import functools
import gc

from moto.core import base_backend, responses, utils
from moto.ec2 import utils as ec2_utils
from moto.ec2.models.core import TaggedEC2Resource
from moto.moto_server import werkzeug_app

# By the names of their hosts, with botocore's of their models.
SERVICES = {
    "ec2": "ec2",
    "elasticloadbalancing": "elbv2",
    "elasticache": "elasticache",
    "iam": "iam",
    "kms": "kms",
    "s3": "s3",
    "secretsmanager": "secretsmanager",
    "servicequotas": "service-quotas",
    "ssm": "ssm",
    "sts": "sts",
    "tagging": "resourcegroupstaggingapi",
}


def keep():
    """Once for each process, before its first call."""
    dispatcher = werkzeug_app.DomainDispatcherApplication
    search = dispatcher.get_backend_for_host
    backends = {}

    def get_backend_for_host(self, host):
        if host not in backends:
            backends[host] = search(self, host)
        return backends[host]

    dispatcher.get_backend_for_host = get_backend_for_host
    responses.method_names_from_class = functools.cache(responses.method_names_from_class)

    generate = base_backend.AccountSpecificBackend._generate_regions.__wrapped__
    regions = {}

    def generate_regions(self, service_name):
        if service_name not in regions:
            regions[service_name] = generate(self, service_name)
        return list(regions[service_name])

    base_backend.AccountSpecificBackend._generate_regions = generate_regions
    TaggedEC2Resource.get_tags = get_tags


def get_tags(self):
    """As moto's own, which for this looks through the tags of everything that there is."""
    types = ec2_utils.EC2_PREFIX_TO_RESOURCE
    tags = self.ec2_backend.tags.get(self.id, {}) if self.id else {}
    return [
        {"resource_id": self.id, "key": key, "value": value, "resource_type": types.get(ec2_utils.get_prefix(self.id), "")}
        for key, value in tags.items()
    ]


def load(application):
    """Reads what the services of the tests need, so that every copy of this process has it already."""
    for host, model in SERVICES.items():
        backend = application.get_backend_for_host(f"{host}.us-east-1.amazonaws.com")
        application.app_instances[backend] = application.create_app(backend)
        utils.get_service_model(model)
    # What is there now stays for good: copies share its memory only as long as no collection writes to it.
    gc.collect()
    gc.freeze()
