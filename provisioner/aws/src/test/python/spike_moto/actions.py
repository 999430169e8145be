"""What the added actions share."""

from .faults import Refused


def extend(response_class, functions):
    """Makes each function an action of moto's class; moto finds actions by their method's name."""
    for function in functions:
        setattr(response_class, function.__name__, function)


def fail(code, message):
    """Leaves moto altogether: the gate words the error as the service would."""
    raise Refused(code, message)


def tags_of(specifications, resource_type):
    """[{Key, Value}] for one type out of EC2's TagSpecifications."""
    return [
        {"Key": tag["Key"], "Value": tag["Value"]}
        for specification in specifications or []
        if specification["ResourceType"] == resource_type
        for tag in specification.get("Tags", [])
    ]


def tags_fit(tags, filters):
    """EC2's filters tag:K and tag-key; other names are the caller's."""
    values = {tag["Key"]: tag["Value"] for tag in tags}
    for entry in filters or []:
        name, wanted = entry["Name"], entry.get("Values", [])
        if name.startswith("tag:") and values.get(name[4:]) not in wanted:
            return False
        if name == "tag-key" and not set(wanted) & set(values):
            return False
    return True


def attribute_fits(filters, **attributes):
    for entry in filters or []:
        name = entry["Name"].replace("-", "_")
        if name in attributes and attributes[name] not in entry.get("Values", []):
            return False
    return True
