# Shared by the scripts beside it; sourced, never run.
# shellcheck shell=bash

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dist=$root/cli/target/dist

# One sentence on stderr, then the exit code of docs/exit-codes.md.
die() { # CODE SENTENCE
  printf '%s: %s\n' "${0##*/}" "$2" >&2
  exit "$1"
}

say() { printf '%s\n' "$*" >&2; }

# The feature release of the java in a JDK's home; nothing when it is no JDK.
jdk_release() { # HOME
  [ -x "$1/bin/javac" ] && [ -x "$1/bin/java" ] || return 0
  if [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
  else
    "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'
  fi
}

# Prints the home of the first JDK 25: JAVA_HOME, the one on PATH, the system's JVM directories.
find_jdk() {
  local candidate javac
  if [ -n "${JAVA_HOME:-}" ] && [ "$(jdk_release "$JAVA_HOME")" = 25 ]; then
    printf '%s\n' "$JAVA_HOME"
    return 0
  fi
  if javac=$(command -v javac); then
    candidate=$(dirname "$(dirname "$(readlink -f "$javac")")")
    if [ "$(jdk_release "$candidate")" = 25 ]; then
      printf '%s\n' "$candidate"
      return 0
    fi
  fi
  for candidate in /usr/lib/jvm/* /usr/java/* /opt/jdk* /opt/java/* "${HOME:-/nonexistent}"/.sdkman/candidates/java/*; do
    if [ "$(jdk_release "$candidate")" = 25 ]; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  return 1
}

# Exports JAVA_HOME and puts its programs first on PATH.
use_jdk() {
  JAVA_HOME=$(find_jdk) || die 69 "no JDK 25 found; run scripts/setup as root, or unpack a JDK 25 (for instance Temurin, https://adoptium.net) and set JAVA_HOME to it."
  export JAVA_HOME PATH="$JAVA_HOME/bin:$PATH"
}

# True when dist is missing or older than a source it was made from.
build_needed() {
  [ -e "$dist/.built" ] || return 0
  [ -n "$(find "$root/pom.xml" "$root/.mvn" "$root/bpf" "$root/cli" "$root/provisioner" "$root/ws-runtime" "$root/templates" \
    -name target -prune -o -type f -path '*/src/test/*' -prune -o -type f -newer "$dist/.built" -print -quit)" ]
}

# Every namespace, process, link, nftables table, mount and pin that still belongs to an event, one a line.
leftovers() { # EVENT
  local event=$1 namespace process
  for namespace in /run/netns/spike."$event".*; do
    [ -e "$namespace" ] && printf 'namespace %s\n' "${namespace##*/}"
  done
  for process in /proc/[0-9]*; do
    if tr '\0' '\n' 2>/dev/null <"$process/environ" | grep -qx "SPIKE_EVENT=$event"; then
      printf 'process %s %s\n' "${process#/proc/}" "$(tr '\0' ' ' 2>/dev/null <"$process/cmdline" | cut -c1-100)"
    fi
  done
  if [ "$(id -u)" = 0 ]; then
    ip -o link show 2>/dev/null | grep -F "spike.$event" | sed 's/^/link /' || true
    nft list tables 2>/dev/null | grep -F "$event" | sed 's/^/nftables /' || true
  fi
  grep -F "/spike/$event" /proc/self/mountinfo | awk '{print "mount " $5}' || true
  [ -d "/sys/fs/bpf/spike/$event" ] && find "/sys/fs/bpf/spike/$event" | sed 's/^/pin /'
  [ -e "/run/spike/$event" ] && printf 'folder /run/spike/%s\n' "$event"
  return 0
}

# The namespaces' identities of an event, one a line: what its processes are found by when names are gone.
namespace_identities() { # EVENT
  local namespace
  for namespace in /run/netns/spike."$1".*; do
    [ -e "$namespace" ] && stat -L -c %i "$namespace"
  done
  return 0
}

# The processes that still live in one of the namespaces given on stdin, one a line.
processes_in() {
  local identities process
  identities=" $(tr '\n' ' ') "
  for process in /proc/[0-9]*; do
    local identity
    identity=$(stat -L -c %i "$process/ns/net" 2>/dev/null) || continue
    if [[ $identities == *" $identity "* ]]; then
      printf 'process %s in a namespace of the event\n' "${process#/proc/}"
    fi
  done
}

# A name for an event that no other run has.
unique_event() { # PREFIX
  printf '%s-%x%s\n' "$1" "$$" "$(od -An -N2 -tx1 /dev/urandom | tr -d ' ')"
}

# The value of a member that is a number or a text, from one JSON object of ours on stdin.
json_value() { # NAME
  sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" | head -n 1
}

# Seconds with one decimal since a `date +%s%N`.
seconds_since() { # NANOS
  awk -v from="$1" -v to="$(date +%s%N)" 'BEGIN { printf "%.1f", (to - from) / 1e9 }'
}
