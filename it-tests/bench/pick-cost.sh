#!/usr/bin/env bash
# What one pick takes by each balancer among 3, 100 and 10,000 connected instances, in nanoseconds of processor time: a
# table of medians, each row from a JVM of its own. With "jmh" and JMH's own options it is JMH's benchmark, which wants a
# quiet machine. JMH is fetched in either case.
# Needs a build (./mvnw verify -DskipTests -DskipITs). Usage: it-tests/bench/pick-cost.sh [jmh [-f 3 …]]
set -eu
cd "$(dirname "$0")/../.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
if [ "${1:-}" = jmh ]; then
  shift
  exec it-tests/bench/jmh.sh PickCost "$@"
fi
path=$(it-tests/bench/jmh.sh --classpath)
echo '| balancer | of 3 | of 100 | of 10,000 |'
echo '|---|---|---|---|'
for balancer in P2C ROUND_ROBIN RANDOM LEAST_REQUEST CONSISTENT_HASH; do
  "$java" -Xmx1g -cp "$path" io.meshagent.bench.PickCost $balancer
done
