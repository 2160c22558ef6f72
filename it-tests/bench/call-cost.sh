#!/usr/bin/env bash
# What the agent adds to a unary call over loopback: bytes allocated and time, client and server in one JVM, in
# turns: no agent, no agent again (the control), the agent. Usage: it-tests/bench/call-cost.sh [RUNS]
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-5}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
agent=agent/target/mesh-agent.jar
path=$(ls it-tests/programs/target/mesh-agent-it-programs-*.jar | head -1):sample-greeter/target/greeter-server.jar
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

one() { # NAME ARGUMENT...
  local name=$1
  shift
  "$java" -Xmx512m "$@" -cp "$path" io.meshagent.it.programs.CallCost 2>/dev/null >>"$work/$name"
}
median() { sed -E "s/.*$2=([0-9.]+).*/\1/" "$work/$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

for _ in $(seq "$runs"); do
  one none
  one control
  one agent -javaagent:$agent -Dmesh.registry.local.dir="$work/registry" -Dmesh.admin.port=0
done
for what in none control agent; do
  echo "$what: $(median $what bytes) bytes, $(median $what micros) microseconds per call (medians of $runs runs)"
done
