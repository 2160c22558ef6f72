#!/usr/bin/env bash
# A fleet on paper: the agent's own routes, balancers and ejection against servers and a network that are numbers, with
# a clock that jumps from event to event. Prints the tables of agent/docs/traffic.md. Takes half a minute.
# Needs a build (./mvnw verify -DskipTests -DskipITs). Usage: it-tests/bench/fleet.sh
set -eu
cd "$(dirname "$0")/../../agent/core"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
exec "$java" -Xmx1g -cp target/test-classes:target/classes io.meshagent.core.fleet.FleetTables
