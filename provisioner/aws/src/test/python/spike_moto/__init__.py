"""moto's server with what AWS does and moto does not.

Started by the tests as ``python -m spike_moto``; with ``--plain`` it is moto's server as it comes.
Otherwise it adds the actions that moto lacks (registered on moto's own response classes, so that moto
parses and serialises them by AWS's models), behaves as AWS does where moto does not, records every call,
and injects the faults that a test asks for over ``/spike/...``.
"""
