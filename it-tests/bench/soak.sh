#!/usr/bin/env bash
# soak.sh [LENGTH]: everything that comes and goes in the life of programs, again and again, for an hour unless told
# otherwise (2m, 30m, 8h): instances, rules, faults, channels, calls that end in every way, etcd itself. Prints what heap
# after a collection, metaspace, threads, open files, calls under way and watches were, and by how much they rise; exit
# status 0 only if all of it is flat. It is the scenario SoakIT.
# Needs a build (./mvnw verify -DskipTests -DskipITs).
set -eu
cd "$(dirname "$0")/.."
[ -f target/test.classpath ] || { echo "soak.sh: nothing is built yet" >&2; exit 2; }
status=0
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" -Dmesh.ring=thorough -Dit.fork=8 -Dmesh.soak="${1:-1h}" -classpath "$PWD/target/test-classes:$(cat target/test.classpath)" \
  io.meshagent.it.tools.repeat.Repeat io.meshagent.it.SoakIT -n 1 --exclude long || status=$?
grep 'a soak of' target/reliability.md | tail -1 | tr ';' '\n'
exit $status
