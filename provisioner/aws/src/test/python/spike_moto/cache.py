"""Caches: parameter groups, the deletion of subnet groups, endpoints that appear late, groups that are in use."""

from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.responses import ElastiCacheResponse

from .actions import extend, fail
from .compute import key
from .world import WORLD

ORIGINAL = {name: getattr(ElastiCacheResponse, name) for name in (
    "create_replication_group", "describe_replication_groups", "delete_replication_group", "list_tags_for_resource")}


def create_cache_parameter_group(self):
    name = self._get_param("CacheParameterGroupName")
    if key(self, name) in WORLD.parameter_groups:
        fail("CacheParameterGroupAlreadyExists", f"CacheParameterGroup {name} already exists.")
    arn = f"arn:aws:elasticache:{self.region}:{self.current_account}:parametergroup:{name}"
    group = {
        "CacheParameterGroupName": name,
        "CacheParameterGroupFamily": self._get_param("CacheParameterGroupFamily"),
        "Description": self._get_param("Description"),
        "IsGlobal": False,
        "ARN": arn,
        "values": {},
    }
    WORLD.parameter_groups[key(self, name)] = group
    self.elasticache_backend.add_tags_to_resource(arn, [dict(tag) for tag in self._get_param("Tags") or []])
    return ActionResult({"CacheParameterGroup": group})


def describe_cache_parameter_groups(self):
    name = self._get_param("CacheParameterGroupName")
    if name:
        return ActionResult({"CacheParameterGroups": [parameter_group(self)]})
    groups = [group for (account, region, _), group in WORLD.parameter_groups.items() if (account, region) == key(self)]
    return ActionResult({"CacheParameterGroups": groups})


def describe_cache_parameters(self):
    group = parameter_group(self)
    parameters = [
        {"ParameterName": name, "ParameterValue": value, "Source": "user", "IsModifiable": True, "DataType": "string"}
        for name, value in sorted(group["values"].items())
    ]
    return ActionResult({"Parameters": parameters})


def modify_cache_parameter_group(self):
    group = parameter_group(self)
    entries = self._get_param("ParameterNameValues") or []
    if not 1 <= len(entries) <= 20:
        fail("InvalidParameterValue", "Between 1 and 20 parameters can be modified in one request.")
    for entry in entries:
        group["values"][entry["ParameterName"]] = entry["ParameterValue"]
    return ActionResult({"CacheParameterGroupName": group["CacheParameterGroupName"]})


def delete_cache_parameter_group(self):
    group = parameter_group(self)
    name = group["CacheParameterGroupName"]
    if any(cache.cache_parameter_group_name == name for cache in self.elasticache_backend.replication_groups.values()):
        fail("InvalidCacheParameterGroupState", f"One or more cache clusters use the parameter group {name}.")
    del WORLD.parameter_groups[key(self, name)]
    return EmptyResult()


def parameter_group(self):
    name = self._get_param("CacheParameterGroupName")
    if key(self, name) not in WORLD.parameter_groups:
        fail("CacheParameterGroupNotFound", f"CacheParameterGroup {name} not found.")
    return WORLD.parameter_groups[key(self, name)]


def delete_cache_subnet_group(self):
    name = self._get_param("CacheSubnetGroupName")
    backend = self.elasticache_backend
    if name not in backend.cache_subnet_groups:
        fail("CacheSubnetGroupNotFoundFault", f"CacheSubnetGroup {name} not found.")
    if any(cache.cache_subnet_group_name == name for cache in backend.replication_groups.values()):
        fail("CacheSubnetGroupInUse", f"Cache subnet group {name} is in use by a cache.")
    backend.cache_subnet_groups.pop(name)
    return EmptyResult()


def create_replication_group(self):
    if self._get_param("CacheParameterGroupName", "default.").split(".")[0] != "default":
        parameter_group(self)
    ORIGINAL["create_replication_group"](self)
    name = self._get_param("ReplicationGroupId")
    cache = self.elasticache_backend.replication_groups[name]
    WORLD.caches[key(self, name)] = {"endpoint": getattr(cache, "configuration_endpoint", None), "describes": 0}
    advance(self, name, cache)
    return ActionResult({"ReplicationGroup": cache})


def advance(self, name, cache):
    """A new cache becomes available, and a deleted one vanishes, by being described. False once it is gone."""
    state = WORLD.caches.get(key(self, name))
    if state is None:
        return True
    if cache.status == "deleting":
        if state["describes"] >= WORLD.settings["cacheDescribesUntilGone"]:
            del self.elasticache_backend.replication_groups[name]
            del WORLD.caches[key(self, name)]
            return False
    else:
        available = state["describes"] >= WORLD.settings["cacheDescribesUntilAvailable"]
        cache.status = "available" if available else "creating"
        cache.configuration_endpoint = state["endpoint"] if available else None
    state["describes"] += 1
    return True


def describe_replication_groups(self):
    wanted = self._get_param("ReplicationGroupId")
    for name, cache in list(self.elasticache_backend.replication_groups.items()):
        if wanted in (None, name):
            advance(self, name, cache)
    return ORIGINAL["describe_replication_groups"](self)


def delete_replication_group(self):
    name = self._get_param("ReplicationGroupId")
    cache = self.elasticache_backend.replication_groups.get(name)
    if cache is not None and cache.status in ("creating", "deleting"):
        fail("InvalidReplicationGroupState", f"Replication group {name} is {cache.status}.")
    answer = ORIGINAL["delete_replication_group"](self)
    if key(self, name) in WORLD.caches:
        WORLD.caches[key(self, name)]["describes"] = 0
    return answer


def list_tags_for_resource(self):
    arn = self._get_param("ResourceName")
    kind, name = arn.split(":")[5], arn.split(":")[6]
    backend = self.elasticache_backend
    known = {
        "replicationgroup": lambda: name in backend.replication_groups,
        "subnetgroup": lambda: name in backend.cache_subnet_groups,
        "parametergroup": lambda: key(self, name) in WORLD.parameter_groups,
    }
    if kind in known and not known[kind]():
        fault = {"replicationgroup": "ReplicationGroupNotFoundFault", "subnetgroup": "CacheSubnetGroupNotFoundFault", "parametergroup": "CacheParameterGroupNotFound"}[kind]
        fail(fault, f"{name} not found.")
    if kind == "parametergroup":
        return ActionResult({"TagList": backend.tagging_service.list_tags_for_resource(arn)["Tags"]})
    return ORIGINAL["list_tags_for_resource"](self)


def register():
    extend(ElastiCacheResponse, [
        create_cache_parameter_group, describe_cache_parameter_groups, describe_cache_parameters,
        modify_cache_parameter_group, delete_cache_parameter_group, delete_cache_subnet_group,
        create_replication_group, describe_replication_groups, delete_replication_group, list_tags_for_resource,
    ])
