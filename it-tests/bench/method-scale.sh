#!/usr/bin/env bash
# What a method takes of the heap that was called once: clients of 500 methods and of one, and the server that they
# call, without an agent and with ours, in turns; heap after collections. Prints one Markdown table.
# Needs a build (./mvnw verify -DskipTests -DskipITs). Usage: it-tests/bench/method-scale.sh [RUNS]
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-3}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
path=$(ls it-tests/programs/target/mesh-agent-it-programs-*.jar | head -1):sample-greeter/target/greeter-server.jar
scale=io.meshagent.it.programs.cost.MethodScale
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
with=(-javaagent:agent/target/mesh-agent.jar -Dmesh.admin.port=0 -Dmesh.registry.local.dir="$work/registry")

one() { # NAME METHODS OPTION...
  local name=$1 methods=$2 port server
  shift 2
  coproc serving { exec "$java" -Xmx256m -XX:+UseSerialGC "$@" -cp "$path" $scale serve 2>>"$work/stderr"; }
  server=$serving_PID
  exec 7<&"${serving[0]}" 8>&"${serving[1]}"
  # Its stdin ends when nobody has it any more.
  eval "exec ${serving[0]}<&- ${serving[1]}>&-"
  read -r port <&7
  "$java" -Xmx256m -XX:+UseSerialGC "$@" -cp "$path" $scale call "$port" "$methods" 2>>"$work/stderr" \
    >>"$work/client-$name-$methods"
  echo >&8
  read -r heap <&7
  echo "$heap" >>"$work/server-$name-$methods"
  exec 7<&- 8>&-
  wait "$server" || true
}
for _ in $(seq "$runs"); do
  for methods in 1 500; do
    one none "$methods"
    one agent "$methods" "${with[@]}"
  done
done
median() { sort -n "$work/$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
echo "| medians of $runs | heap, 1 method | 500 methods | so a method |"
echo "|---|---|---|---|"
for side in client server; do
  for name in none agent; do
    a=$(median "$side-$name-1") b=$(median "$side-$name-500")
    echo "| $side, $name | $((a / 1024)) KB | $((b / 1024)) KB | $(((b - a) / 499)) bytes |"
  done
done
