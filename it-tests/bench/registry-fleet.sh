#!/usr/bin/env bash
# What a fleet of agents asks of etcd: at rest, while a tenth of it is replaced, and after etcd was away for a minute.
# The agent's own registration and mirrors of AGENTS agents, which know ENTRIES entries, on a clock that jumps and an
# etcd that is numbers; WIPED agents where etcd comes back empty. Then, with "real", 40 whole registries and a real etcd
# (or ETCD) on a wire that counts, for ten minutes. Prints Markdown. Time and memory grow with AGENTS * AGENTS: 3,000
# take some minutes.
# Needs a build (./mvnw verify -DskipTests -DskipITs). Usage: it-tests/bench/registry-fleet.sh [AGENTS ENTRIES WIPED | real]
set -eu
cd "$(dirname "$0")/../.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
path=agent/core/target/test-classes:agent/core/target/classes
fleet=io.meshagent.core.registry.etcd.fleet
[ -f agent/core/target/test.classpath ] || { echo "registry-fleet.sh: nothing is built yet" >&2; exit 2; }
path=$path:$(cat agent/core/target/test.classpath)
if [ "${1:-}" = real ]; then
  exec "$java" -Xmx2g -cp "$path" $fleet.RealFleet 40 10000 300
fi
exec "$java" -Xmx6g -cp "$path" $fleet.FleetOnEtcd "${1:-3000}" "${2:-10000}" "${3:-1000}"
