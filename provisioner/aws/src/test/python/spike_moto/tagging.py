"""The list of everything with a tag, which goes on showing what was deleted a while ago."""

import sys

from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend
from moto.resourcegroupstaggingapi.responses import ResourceGroupsTaggingAPIResponse

from .actions import extend
from .world import WORLD

ORIGINAL = ResourceGroupsTaggingAPIResponse.get_resources
PAGE = ResourceGroupsTaggingAPIBackend.get_resources


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


def page(self, tags_per_page, **values):
    """Ends at a number of resources; moto ends it at a hundred tags too, which AWS does only for who asks for that."""
    return PAGE(self, tags_per_page=sys.maxsize, **values)


def fits(entry, filters):
    values = {tag["Key"]: tag["Value"] for tag in entry["Tags"]}
    return all(values.get(wanted["Key"]) in wanted.get("Values", []) for wanted in filters)


def register():
    extend(ResourceGroupsTaggingAPIResponse, [get_resources])
    ResourceGroupsTaggingAPIBackend.get_resources = page
