#!/usr/bin/env bash
# What one pick takes by each balancer among 3, 100 and 10,000 connected instances, in nanoseconds of processor time: a
# table of medians, each row from a JVM of its own. With "jmh" and JMH's own options it is JMH's benchmark, which wants a
# quiet machine. JMH is fetched in either case.
# Needs a build (./mvnw verify -DskipTests -DskipITs). Usage: it-tests/bench/pick-cost.sh [jmh [-f 3 …]]
set -eu
cd "$(dirname "$0")/../.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
jmh=it-tests/target/jmh
for artifact in org.openjdk.jmh:jmh-core:1.37 org.openjdk.jmh:jmh-generator-annprocess:1.37 \
  net.sf.jopt-simple:jopt-simple:5.0.4 org.apache.commons:commons-math3:3.6.1; do
  name=${artifact#*:}
  [ -f "$jmh/${name/:/-}.jar" ] || ./mvnw -q -N dependency:copy -Dartifact=$artifact -DoutputDirectory="$PWD/$jmh"
done
path="agent/core/target/classes:$jmh/*"
rm -rf "$jmh/classes"
mkdir -p "$jmh/classes"
"${java}c" -nowarn -d "$jmh/classes" -cp "$path" it-tests/bench/pick/PickCost.java
if [ "${1:-}" = jmh ]; then
  shift
  exec "$java" -cp "$jmh/classes:$path" org.openjdk.jmh.Main "$@"
fi
echo '| balancer | of 3 | of 100 | of 10,000 |'
echo '|---|---|---|---|'
for balancer in P2C ROUND_ROBIN RANDOM LEAST_REQUEST CONSISTENT_HASH; do
  "$java" -Xmx1g -cp "$jmh/classes:$path" io.meshagent.bench.PickCost $balancer
done
