#!/usr/bin/env bash
# What the agent adds to a unary call over loopback: bytes allocated and time, client and server in one JVM, in
# turns: no agent, no agent again (the control), the agent, the agent with every policy that lets all calls
# through. Usage: it-tests/bench/call-cost.sh [RUNS]
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

every=(client.timeout=10s client.rate-limit.rate=1000000/s server.rate-limit.rate=1000000/s client.concurrency.limit=10000
  server.concurrency.limit=10000 server.shed=on server.access=allow\ * client.retry.attempts=2 client.fallback=default
  client.breaker.slow-call=10s client.route=x-nobody=1\ -\>\ version=9?)

for _ in $(seq "$runs"); do
  one none
  one control
  one agent -javaagent:$agent -Dmesh.registry.local.dir="$work/registry" -Dmesh.admin.port=0
  one every -javaagent:$agent -Dmesh.registry.local.dir="$work/every" -Dmesh.admin.port=0 "${every[@]/#/-Dmesh.}"
done
for what in none control agent every; do
  echo "$what: $(median $what bytes) bytes, $(median $what micros) microseconds per call (medians of $runs runs)"
done
