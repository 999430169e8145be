"""Refuses what AWS's own service models do not allow: patterns, lengths, values of enumerations, required members.

moto takes nearly everything. The models are botocore's, which its client does not hold requests to either (it looks at
required members, types and least lengths only). Tags are held to the characters that every service takes.
"""

import json
import re
from urllib.parse import parse_qsl

from moto.core.utils import get_service_model

from .faults import Refused
from .kept import SERVICES

# What all services take in a tag, from the reference of each; EC2 alone would take more.
TAG = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"
# The metadata service's, where a launch asks for tags in it (EC2 user guide, instance tags in instance metadata).
METADATA_TAG_KEY = re.compile(r"[0-9A-Za-z\-_+=,.@:]{1,255}")
# Of one filter (EC2 API reference, Filter).
FILTER_VALUES_MAX = 200


def check(call, environ, body):
    """Refuses a request that its service's model does not allow."""
    if call.service in ("unsigned", "s3"):
        return
    service = get_service_model(SERVICES.get(call.service, call.service))
    if call.action not in service.operation_names:
        return
    shape = service.operation_model(call.action).input_shape
    if shape is None:
        return
    values = json.loads(body or b"{}") if environ.get("HTTP_X_AMZ_TARGET") else unflattened(shape, dict(parse_qsl(body.decode(), keep_blank_values=True)), call.service)
    wrong = list(faults(shape, values, call.action))
    if wrong:
        code = "ValidationError" if call.service in ("elasticloadbalancing", "elasticache", "sts", "iam") else "InvalidParameterValue" if call.service == "ec2" else "ValidationException"
        raise Refused(code, "; ".join(wrong), 400)


def faults(shape, value, where):
    match shape.type_name:
        case "structure":
            if not isinstance(value, dict):
                yield f"{where} is no structure"
                return
            for name in shape.required_members:
                if name not in value:
                    yield f"{where} lacks {name}"
            for name, member in value.items():
                if name not in shape.members:
                    yield f"{where} has no member {name}"
                else:
                    yield from faults(shape.members[name], member, f"{where}.{name}")
            if {"Key", "Value"} == set(shape.members):
                yield from tag_faults(value, where)
            if {"Name", "Values"} == set(shape.members) and len(value.get("Values", [])) > FILTER_VALUES_MAX:
                yield f"{where} has more than {FILTER_VALUES_MAX} values"
            if value.get("MetadataOptions", {}).get("InstanceMetadataTags") == "enabled":
                yield from metadata_faults(value, where)
        case "list":
            yield from length_faults(shape, value, where)
            for at, member in enumerate(value, 1):
                yield from faults(shape.member, member, f"{where}.{at}")
        case "map":
            for key, member in value.items():
                yield from faults(shape.key, key, f"{where}.{key}")
                yield from faults(shape.value, member, f"{where}.{key}")
        case "string":
            yield from string_faults(shape, value, where)
        case "integer" | "long":
            low, high = shape.metadata.get("min"), shape.metadata.get("max")
            if not re.fullmatch(r"-?[0-9]+", str(value)) or (low is not None and int(value) < low) or (high is not None and int(value) > high):
                yield f"{where} is {value}, not a number from {low} to {high}"


def string_faults(shape, value, where):
    yield from length_faults(shape, value, where)
    if shape.enum and value not in shape.enum:
        yield f"{where} is '{value}', which is none of the values"
    pattern = shape._shape_model.get("pattern")
    if pattern and not fits(pattern, value):
        yield f"Value '{value}' at '{where}' failed to satisfy constraint: Member must satisfy regular expression pattern: {pattern}"


def fits(pattern, text):
    """Whether all of the text fits a pattern in Java's words; Python has none for a kind of letter."""
    return re.fullmatch(pattern.replace("\\p{L}", "A-Za-z\u00c0-\uffff").replace("\\p{Z}", " ").replace("\\p{N}", "0-9"), text) is not None


def length_faults(shape, value, where):
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if (low is not None and len(value) < low) or (high is not None and len(value) > high):
        yield f"{where} has the length {len(value)}, not {low} to {high}"


def tag_faults(tag, where):
    key, value = tag.get("Key", ""), tag.get("Value", "")
    if not 1 <= len(key) <= 128 or len(value) > 256 or key.lower().startswith("aws:"):
        yield f"{where}: the tag '{key}' is too long or reserved"
    if not fits(TAG, key) or not fits(TAG, value) or value != value.strip() or key != key.strip():
        yield f"{where}: '{key}' = '{value}' has characters that not every service takes in a tag"


def metadata_faults(launch, where):
    for specification in launch.get("TagSpecifications", []):
        for tag in specification.get("Tags", []):
            if not METADATA_TAG_KEY.fullmatch(tag["Key"]):
                yield f"{where}: '{tag['Key']}' is not a valid tag key for instance metadata"


def unflattened(shape, parameters, service):
    """The members of a query request, as the model has them."""
    tree = {}
    for name, value in parameters.items():
        if name not in ("Action", "Version"):
            node = tree
            *path, last = name.split(".")
            for word in path:
                node = node.setdefault(word, {})
            node[last] = value
    return folded(shape, tree, service)


def folded(shape, node, service):
    match shape.type_name:
        case "structure":
            names = {wire_name(member, name, service): name for name, member in shape.members.items()}
            return {names.get(word, word): folded(shape.members[names[word]], value, service) if word in names else value for word, value in node.items()}
        case "list":
            if not isinstance(node, dict):
                return [node] if node else []
            items = node if all(word.isdigit() for word in node) else next(iter(node.values()))
            return [folded(shape.member, items[word], service) for word in sorted(items, key=int)]
        case _:
            return node


def wire_name(member, name, service):
    if service == "ec2":
        if "queryName" in member.serialization:
            return member.serialization["queryName"]
        location = member.serialization.get("name", name)
        return location[0].upper() + location[1:]
    if member.type_name == "list" and member.serialization.get("flattened"):
        return member.member.serialization.get("name", name)
    return member.serialization.get("name", name)
