#!/usr/bin/env bash
# repeat.sh [CLASS...] [-n RUNS] [--load PROCESSES] [--side-by-side JVMS] [--ring first|thorough|long] [--no-build]
#
# Runs classes of scenarios (DiscoveryIT; none is all of the ring) again and again, 20 times unless told otherwise. With
# --load every second run has so many busy processes beside it. With --side-by-side the classes are dealt out to so many
# test JVMs (8 at most), which do not wait for each other and are each other's load. Prints each run and, at the end,
# what failed how often; exit status 0 only if nothing did and each run had a test (a class of the second ring has none in
# the first). One scenario is 'DiscoveryIT#name()', one with rows 'RestIT#name(java.lang.String)'. The logs of what failed
# are in it-tests/target/failures.
set -eu
cd "$(dirname "$0")/.."
ring=first
build=yes
jvms=1
classes=()
words=()
while [ $# -gt 0 ]; do
  case $1 in
    --ring) ring=$2; shift 2 ;;
    --side-by-side) jvms=$2; shift 2 ;;
    -n|--load) words+=("$1" "$2"); shift 2 ;;
    --no-build) build=no; shift ;;
    -h|--help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' bench/repeat.sh; exit 0 ;;
    -*) echo "repeat.sh: unknown: $1" >&2; exit 2 ;;
    *) classes+=("$1"); shift ;;
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
[ ${#classes[@]} -gt 0 ] || classes=($(basename -s .java src/test/java/io/meshagent/it/*IT.java))
status=0
running=()
for ((jvm = 0; jvm < jvms && jvm < ${#classes[@]}; jvm++)); do
  mine=()
  for ((i = jvm; i < ${#classes[@]}; i += jvms)); do mine+=("${classes[i]}"); done
  java -Dmesh.ring="$ring" -Dit.fork=$((jvm + 1)) -classpath "$PWD/target/test-classes:$(cat target/test.classpath)" \
    io.meshagent.it.repeat.Repeat "${mine[@]}" "${words[@]}" &
  running+=($!)
done
for each in "${running[@]}"; do wait "$each" || status=1; done
exit $status
