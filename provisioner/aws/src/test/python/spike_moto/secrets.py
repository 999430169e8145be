"""Secrets Manager: a name stays blocked after a deletion that can be recovered from, with AWS's own error."""

from moto.secretsmanager.responses import SecretsManagerResponse

from .actions import extend, fail

ORIGINAL = SecretsManagerResponse.create_secret


def create_secret(self):
    name = self._get_param("Name")
    if name in self.backend.secrets and self.backend.secrets[name].is_deleted():
        fail("InvalidRequestException", "You can't create this secret because a secret with this name is already scheduled for deletion.")
    return ORIGINAL(self)


def register():
    extend(SecretsManagerResponse, [create_secret])
