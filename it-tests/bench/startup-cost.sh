#!/usr/bin/env bash
# What the agent costs a program that has no gRPC: CPU seconds of whole JVMs, in turns: no agent, no agent again
# (the control), the agent. Prints medians and ratios. Usage: it-tests/bench/startup-cost.sh [RUNS]
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-15}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
agent=agent/target/mesh-agent.jar
programs=$(ls it-tests/programs/target/mesh-agent-it-programs-*.jar | head -1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
TIMEFORMAT='%U %S'

one() { # NAME ARGUMENT...
  local name=$1
  shift
  { time "$java" "$@" -cp "$programs" io.meshagent.it.programs.NoGrpc >/dev/null 2>&1; } 2>"$work/time"
  awk '{ print $1 + $2 }' "$work/time" >>"$work/$name"
}
median() { sort -n "$work/$1" | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

for _ in 1 2; do one warm; one warm -javaagent:$agent; done
for _ in $(seq "$runs"); do
  one none
  one control
  one agent -javaagent:$agent
done
none=$(median none) control=$(median control) with=$(median agent)
awk -v n="$none" -v c="$control" -v a="$with" -v r="$runs" 'BEGIN {
  printf "no agent %.0f ms, control %.0f ms (ratio %.2f), agent %.0f ms (ratio %.2f): %+.0f ms of CPU, medians of %d runs\n",
    n * 1000, c * 1000, c / n, a * 1000, a / n, (a - n) * 1000, r }'
