#!/usr/bin/env bash
# repeat.sh [CLASS...] [-n RUNS] [--load PROCESSES] [--side-by-side JVMS] [--ring first|thorough|long] [--no-build]
#
# Runs classes of scenarios (DiscoveryIT; none is all of the ring) or of unit tests (HostNamesTest; agent/core is all of
# that module's) again and again, 20 times unless told otherwise. With --load every second run has so many busy processes
# beside it. With --side-by-side the classes are dealt out to so many test JVMs (8 at most), which do not wait for each
# other and are each other's load. Prints each run and, at the end, what failed how often; exit status 0 only if nothing
# did and each run had a test (a class of the second ring has none in the first). One test is 'DiscoveryIT#name()', one
# with rows 'RestIT#name(java.lang.String)'. The logs of scenarios that failed are in it-tests/target/failures; what unit
# tests print is shown if one of them fails.
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
[ ${#classes[@]} -gt 0 ] || classes=($(basename -s .java src/test/java/io/meshagent/it/*IT.java))
# Their names in full, and the one module that they are of: modules' tests don't run with the same libraries.
cd ..
module=
tests=()
for class in "${classes[@]}"; do
  name=${class%%#*}
  if [ -d "$name/src/test/java" ]; then
    [ "$name" = "$class" ] || { echo "repeat.sh: '$class': $name is a module; name the class whose test it is" >&2; exit 2; }
    files=$(find "$name/src/test/java" -name '*Test.java')
  else
    files=$(find it-tests/src/test/java agent/*/src/test/java -path "*/${name//.//}.java")
  fi
  [ -n "$files" ] || { echo "repeat.sh: no test is called '$class', and no module with tests" >&2; exit 2; }
  for file in $files; do
    of=${file%%/src/test/java/*}
    [ "${module:=$of}" = "$of" ] || { echo "repeat.sh: $class is of $of, others are of $module: one module at a time" >&2; exit 2; }
    full=${file#*/src/test/java/}
    full=${full%.java}
    tests+=("${full//\//.}${class#"$name"}")
  done
done
[ $build = no ] || ./mvnw -q verify -DskipTests -DskipITs
[ -f "$module/target/test.classpath" ] || { echo "repeat.sh: nothing is built yet; leave out --no-build" >&2; exit 2; }
libraries=$PWD/$module/target/test-classes:$PWD/$module/target/classes:$(cat "$module/target/test.classpath")
if [ "$module" != it-tests ]; then
  libraries+=:$(tr : '\n' < it-tests/target/test.classpath | grep junit-platform-launcher)
  words+=(--quiet)
fi
status=0
running=()
directories=("-Dit.root=$PWD" "-Dit.dir=$PWD/it-tests/target")
cd "$module"
for ((jvm = 0; jvm < jvms && jvm < ${#tests[@]}; jvm++)); do
  mine=()
  for ((i = jvm; i < ${#tests[@]}; i += jvms)); do mine+=("${tests[i]}"); done
  java -Dmesh.ring="$ring" -Dit.fork=$((jvm + 1)) "${directories[@]}" -classpath "$libraries" \
    io.meshagent.it.tools.repeat.Repeat "${mine[@]}" "${words[@]}" &
  running+=($!)
done
for each in "${running[@]}"; do wait "$each" || status=1; done
exit $status
