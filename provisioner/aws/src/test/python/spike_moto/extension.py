"""Registers the added actions on moto's own response classes."""

from . import balancer, cache, compute, nodes, quotas, secrets, tagging


def register():
    for part in (compute, balancer, cache, nodes, quotas, secrets, tagging):
        part.register()
