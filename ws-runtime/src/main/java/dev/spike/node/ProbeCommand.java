package dev.spike.node;

import picocli.CommandLine.Command;

/** {@code probe}: harmless checks from a client's point of view. */
@Command(
    name = "probe",
    description = "Check a tier from a client's point of view; harms nobody.",
    subcommands = {ProbeHandshakeCommand.class, ProbeResumeCommand.class})
final class ProbeCommand {}
