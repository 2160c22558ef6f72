#!/usr/bin/env bash
# repeat.sh [CLASS...] [-n RUNS] [--load PROCESSES] [--ring first|thorough|long] [--no-build]
#
# Runs classes of scenarios (DiscoveryIT; none is all of the ring) again and again, 20 times unless told otherwise. With
# --load every second run has so many busy processes beside it. Prints each run and, at the end, what failed how often;
# exit status 0 only if nothing did. The logs of what failed are in it-tests/target/failures.
set -eu
cd "$(dirname "$0")/.."
ring=first
build=yes
words=()
while [ $# -gt 0 ]; do
  case $1 in
    --ring) ring=$2; shift 2 ;;
    --no-build) build=no; shift ;;
    -h|--help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) words+=("$1"); shift ;;
  esac
done
case $ring in
  first) words+=(--exclude thorough,long) ;;
  thorough) words+=(--exclude long) ;;
  long) ;;
  *) echo "repeat.sh: no ring is called '$ring': first, thorough or long" >&2; exit 2 ;;
esac
[ $build = no ] || (cd .. && ./mvnw -q verify -DskipTests -DskipITs)
[ -f target/test.classpath ] || { echo "repeat.sh: nothing is built yet; leave out --no-build" >&2; exit 2; }
exec java -Dmesh.ring="$ring" -classpath "target/test-classes:$(cat target/test.classpath)" \
  io.meshagent.it.repeat.Repeat "${words[@]}"
