#!/usr/bin/env bash
# What the agent costs a program that has no gRPC: CPU seconds of whole JVMs, in turns: no agent, no agent again
# (the control), an agent that does nothing (what the JVM itself takes for one), ours. Prints medians and ratios.
# Needs a JDK. Usage: it-tests/bench/startup-cost.sh [RUNS]
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-15}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
agent=agent/target/mesh-agent.jar
programs=$(ls it-tests/programs/target/mesh-agent-it-programs-*.jar | head -1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/source"
cat >"$work/source/Empty.java" <<'EOF'
public class Empty {
  public static void premain(String argument, java.lang.instrument.Instrumentation unused) {}
}
EOF
printf 'Premain-Class: Empty\nCan-Retransform-Classes: true\n' >"$work/manifest"
(cd "$work/source" && "${java%java}javac" --release 8 -Xlint:-options Empty.java && "${java%java}jar" cfm ../empty.jar ../manifest Empty.class)
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
  one empty -javaagent:"$work/empty.jar"
  one agent -javaagent:$agent
done
report() { # NAME
  awk -v n="$(median none)" -v w="$(median "$1")" -v name="$1" 'BEGIN {
    printf "%-8s %4.0f ms of CPU, ratio %.2f, %+.0f ms\n", name, w * 1000, w / n, (w - n) * 1000 }'
}
echo "medians of $runs runs against no agent:"
for what in none control empty agent; do report $what; done
