# Shared by the benchmarks beside it; sourced after lib.sh, never run.
# shellcheck shell=bash

quick='' json='' only=''
bench_options() { # ARGUMENTS...
  while [ $# -gt 0 ]; do
    case $1 in
      --quick) quick=yes; shift ;;
      --json) json=${2:-}; [ -n "$json" ] || die 64 "--json needs a file."; shift 2 ;;
      --rows) only=${2:-}; [[ $only =~ ^[1-9][0-9]{6,7}$ ]] || die 64 "--rows needs a number of rows, 1000000 to 99999999."; shift 2 ;;
      *) die 64 "unknown option '$1'; known are --quick, --json FILE and, for plan, --rows N: that size alone." ;;
    esac
  done
}

# The middle of the numbers in a file, one a line.
median() { # FILE
  sort -n "$1" | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

samples() { # FILE
  sort -n "$1" | paste -sd, -
}

calculated() { # AWK-EXPRESSION
  awk "BEGIN { printf \"%.6g\", $1 }"
}

# One row: a line of the table on stdout, and the JSON for result. A peer is NAME=FILE or nothing; a target a number or nothing.
rows=()
row() { # ID TITLE UNIT lower|higher FILE PEER TARGET METHOD
  local ours peer peers='{}' shown='' target=null met=null
  ours=$(median "$5")
  if [ -n "$6" ]; then
    peer=$(median "${6#*=}")
    peers=$(printf '{"%s":%s}' "${6%%=*}" "$peer")
    shown="${6%%=*} $peer"
  fi
  if [ -n "$7" ]; then
    target=$7
    met=$(awk -v ours="$ours" -v target="$7" -v better="$4" 'BEGIN { print (better == "lower" ? ours <= target : ours >= target) ? "true" : "false" }')
  fi
  printf '%-30s %12s %-9s %-22s target %-10s met %s\n' "$1" "$ours" "$3" "$shown" "$target" "$met"
  rows+=("$(printf '{"id":"%s","title":"%s","unit":"%s","better":"%s","ours":%s,"peers":%s,"target":%s,"met":%s,"samples":[%s],"method":"%s"}' \
    "$1" "$2" "$3" "$4" "$ours" "$peers" "$target" "$met" "$(samples "$5")" "$8")")
}

# Writes the rows where --json says.
result() { # COMMAND
  local cpu joined
  [ -n "$json" ] || return 0
  cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1 | tr -d '"\\')
  joined=$(IFS=,; printf '%s' "${rows[*]}")
  printf '{"machine":{"cores":%s,"cpu":"%s","kernel":"%s"},"command":"%s","rows":[%s]}\n' \
    "$(nproc)" "$cpu" "$(uname -r)" "$1" "$joined" >"$json" || die 73 "the result could not be written to $json."
}
