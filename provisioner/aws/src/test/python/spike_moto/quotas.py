"""Service quotas: the codes that a preflight reads, with the values of an account that never asked for more."""

import json

from moto.core.exceptions import JsonRESTError
from moto.servicequotas.responses import ServiceQuotasResponse

from .actions import extend
from .world import WORLD

# (service, code) -> (name, value of a new account); the reserved units may be granted, here they are not.
DEFAULTS = {
    ("ec2", "L-1216C47A"): ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 5.0),
    ("elasticloadbalancing", "L-723DCCB6"): ("Reserved Network Load Balancer Capacity Units per Region", 0.0),
    ("elasticloadbalancing", "L-7C45F98A"): ("Reserved Capacity Units per Network Load Balancer per Availability Zone", 0.0),
    ("elasticloadbalancing", "L-69A177A2"): ("Network Load Balancers per Region", 50.0),
    ("elasticloadbalancing", "L-57A373D6"): ("Listeners per Network Load Balancer", 50.0),
    ("elasticloadbalancing", "L-B211E961"): ("Targets per Availability Zone per Network Load Balancer", 500.0),
    ("elasticloadbalancing", "L-EEF1AD04"): ("Targets per Network Load Balancer", 3000.0),
    ("elasticloadbalancing", "L-A0D0B863"): ("Targets per Target Group per Region", 1000.0),
    ("elasticache", "L-DFE45DF3"): ("Nodes per Region", 300.0),
    ("elasticache", "L-AF354865"): ("Nodes per cluster (cluster mode enabled)", 90.0),
    ("vpc", "L-F678F1CE"): ("VPCs per Region", 5.0),
    ("vpc", "L-A4707A72"): ("Internet gateways per Region", 5.0),
}
ORIGINAL = ServiceQuotasResponse.get_service_quota


def quota_value(service, code):
    return float(WORLD.settings["quotas"].get(code, DEFAULTS[(service, code)][1]))


def quota(service, code, value):
    return {"ServiceCode": service, "QuotaCode": code, "QuotaName": DEFAULTS[(service, code)][0], "Value": value, "Adjustable": True, "GlobalQuota": False}


def get_service_quota(self):
    service, code = self._get_param("ServiceCode"), self._get_param("QuotaCode")
    if (service, code) not in DEFAULTS:
        return ORIGINAL(self)
    # AWS answers here only for quotas that were changed or are applied; the others have a default only.
    if code not in WORLD.settings["quotas"]:
        raise JsonRESTError("NoSuchResourceException", f"No applied value for the quota {code}.")
    return json.dumps({"Quota": quota(service, code, quota_value(service, code))})


def get_aws_default_service_quota(self):
    service, code = self._get_param("ServiceCode"), self._get_param("QuotaCode")
    if (service, code) not in DEFAULTS:
        raise JsonRESTError("NoSuchResourceException", f"No quota {code} of {service}.")
    return json.dumps({"Quota": quota(service, code, DEFAULTS[(service, code)][1])})


def register():
    extend(ServiceQuotasResponse, [get_service_quota, get_aws_default_service_quota])
