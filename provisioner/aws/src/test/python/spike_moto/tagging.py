"""The list of everything with a tag, which goes on showing what was deleted a while ago."""

from moto.resourcegroupstaggingapi.responses import ResourceGroupsTaggingAPIResponse

from .actions import extend
from .world import WORLD

ORIGINAL = ResourceGroupsTaggingAPIResponse.get_resources


def get_resources(self):
    answer = ORIGINAL(self)
    listed = answer.result["ResourceTagMappingList"]
    known = {entry["ResourceARN"] for entry in listed}
    if WORLD.settings["taggingRemembersDeleted"] and not answer.result.get("PaginationToken"):
        for arn, entry in WORLD.tagged.items():
            if arn not in known and fits(entry, self._get_param("TagFilters") or []):
                listed.append(entry)
    WORLD.tagged.update({entry["ResourceARN"]: entry for entry in listed})
    return answer


def fits(entry, filters):
    values = {tag["Key"]: tag["Value"] for tag in entry["Tags"]}
    return all(values.get(wanted["Key"]) in wanted.get("Values", []) for wanted in filters)


def register():
    extend(ResourceGroupsTaggingAPIResponse, [get_resources])
