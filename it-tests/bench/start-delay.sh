#!/usr/bin/env bash
# How much later a Spring Boot program has its port open with the agent: whole JVMs in turns, without the agent, again without
# (the control) and with it. For each the time from its start until its server has started, the CPU of the process so far, and
# that of its main thread. Prints medians and ratios, and the load of the machine.
# The fat jar is built by SpringIT, or by Maven from a copy of it-tests/frameworks/spring. Registry: etcd if ETCD_ENDPOINT says
# where one runs, else a directory. Needs Linux. Usage: it-tests/bench/start-delay.sh [RUNS] [JAR] [JVM OPTION...]
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-7}
jar=${2:-it-tests/target/frameworks/spring/target/devh3.jar}
shift $(($# < 2 ? $# : 2))
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
agent=${AGENT:-agent/target/mesh-agent.jar}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -n "${ETCD_ENDPOINT:-}" ]; then registry=-Dmesh.etcd.endpoints=$ETCD_ENDPOINT; else registry=-Dmesh.registry.local.dir=$work/registry; fi

millis() { # PROC-STAT: user and system time
  awk -v tick="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) * 1000 / tick }' "$1"
}
one() { # NAME OPTION...
  local name=$1 began line pid
  shift
  began=$(date +%s%N)
  exec 3< <(exec "$java" "$@" -jar "$jar" --greeter.name=bench 2>/dev/null </dev/null)
  pid=$!
  while read -r line <&3; do
    case $line in "port "*) break ;; esac
  done
  echo "$((($(date +%s%N) - began) / 1000000)) $(millis /proc/$pid/stat) $(millis "/proc/$pid/task/$(ls /proc/$pid/task | sort -n | sed -n 2p)/stat")" >>"$work/$name"
  kill -9 "$pid"
  wait "$pid" 2>/dev/null || true
  exec 3<&-
}
median() { # NAME COLUMN
  cut -d' ' -f"$2" "$work/$1" | sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

one warm "$@"
one warm -javaagent:"$agent" "$registry" "$@"
echo "load before: $(cut -d' ' -f1-3 /proc/loadavg)"
for _ in $(seq "$runs"); do
  one none "$@"
  one control "$@"
  one agent -javaagent:"$agent" "$registry" "$@"
done
echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
echo "medians of $runs runs, ratio to no agent: until the port is open; CPU of the process; CPU of its main thread"
for name in none control agent; do
  printf '%-8s' "$name"
  for column in 1 2 3; do
    awk -v n="$(median none $column)" -v m="$(median $name $column)" 'BEGIN { printf " %7.0f ms (%.2f)", m, m / n }'
  done
  echo
done
