"""AWS's price list, which moto has not: a few Regions, in the shape of the real documents.

The figures are of this emulator alone; what is real is the shape, with the entries beside the wanted ones that the
real list has too: other systems, reserved hours at nothing, other engines, tiers.
"""

import json

PREFIX = {"us-east-1": "", "eu-west-1": "EUW1-", "ap-southeast-2": "APS2-"}
FACTOR = {"us-east-1": 1.0, "eu-west-1": 1.12, "ap-southeast-2": 1.25}
PAGE = 2

# instance type -> dollars an hour in us-east-1; the last is not offered in eu-west-1.
NODES = {"c8gn.4xlarge": 0.948, "c8gn.2xlarge": 0.474, "c8g.4xlarge": 0.638, "c8g.2xlarge": 0.319, "m8gn.8xlarge": 2.328}
ABSENT = {"eu-west-1": {"m8gn.8xlarge"}}
CACHES = {("cache.r7g.xlarge", "Valkey"): 0.3496, ("cache.r7g.xlarge", "Redis"): 0.437}


def product(service, family, attributes, dimensions):
    sku = f"SKU{abs(hash((service, json.dumps(attributes, sort_keys=True)))) % 10**10}"
    prices = {
        f"{sku}.JRTCKXETXF.{number}": {"unit": unit, "beginRange": begin, "endRange": end, "pricePerUnit": {"USD": f"{dollars:.10f}"}, "appliesTo": []}
        for number, (unit, begin, end, dollars) in enumerate(dimensions)
    }
    return {
        "product": {"productFamily": family, "sku": sku, "attributes": {"servicecode": service, **attributes}},
        "serviceCode": service,
        "terms": {"OnDemand": {f"{sku}.JRTCKXETXF": {"sku": sku, "priceDimensions": prices}}},
        "version": "20261101000000",
    }


def hourly(dollars):
    return [("Hrs", "0", "Inf", 0.0), ("Hrs", "0", "Inf", dollars)]


def everything():
    for region, factor in FACTOR.items():
        of_region = {"regionCode": region}
        for name, dollars in NODES.items():
            if name in ABSENT.get(region, ()):
                continue
            shared = {**of_region, "instanceType": name, "tenancy": "Shared", "preInstalledSw": "NA", "capacitystatus": "Used"}
            yield product("AmazonEC2", "Compute Instance", {**shared, "operatingSystem": "Linux"}, hourly(dollars * factor))
            yield product("AmazonEC2", "Compute Instance", {**shared, "operatingSystem": "Windows"}, hourly(dollars * factor + 0.7))
            yield product("AmazonEC2", "Compute Instance", {**shared, "operatingSystem": "Linux", "capacitystatus": "UnusedCapacityReservation"}, hourly(9.0))
        for (name, engine), dollars in CACHES.items():
            yield product("AmazonElastiCache", "Cache Instance", {**of_region, "instanceType": name, "cacheEngine": engine}, hourly(dollars * factor))
        network = {"LoadBalancerUsage": ("Hrs", 0.0225), "LCUUsage": ("LCU-Hrs", 0.006), "Outposts-LoadBalancerUsage": ("Hrs", 7.0)}
        for usage, (unit, dollars) in network.items():
            attributes = {**of_region, "productFamily": "Load Balancer-Network", "usagetype": PREFIX[region] + usage}
            yield product("AWSELB", "Load Balancer-Network", attributes, [(unit, "0", "Inf", dollars * factor)])
        out = {"fromRegionCode": region, "transferType": "AWS Outbound", "toLocation": "External", "usagetype": PREFIX[region] + "DataTransfer-Out-Bytes"}
        yield product("AWSDataTransfer", "Data Transfer", out, [("GB", "0", "10240", 0.09 * factor), ("GB", "10240", "51200", 0.085 * factor), ("GB", "51200", "Inf", 0.05 * factor)])


def fits(entry, service, filters):
    attributes = {**entry["product"]["attributes"], "productFamily": entry["product"]["productFamily"]}
    return entry["serviceCode"] == service and all(attributes.get(one["Field"]) == one["Value"] for one in filters)


def answer(call):
    """The answer of GetProducts, a page of it; None for what is not of the price list."""
    if call.name != "pricing:GetProducts":
        return None
    asked = json.loads(call.text)
    found = [json.dumps(entry) for entry in everything() if fits(entry, asked["ServiceCode"], asked.get("Filters", []))]
    start = int(asked.get("NextToken", "0"))
    page = {"FormatVersion": "aws_v1", "PriceList": found[start : start + PAGE]}
    if start + PAGE < len(found):
        page["NextToken"] = str(start + PAGE)
    return json.dumps(page).encode()
