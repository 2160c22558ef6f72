#!/usr/bin/env bash
# What single steps of a call take, by JMH, which is fetched: finding its plan (PlanCost), each stage alone (StageCost: metrics, breaker,
# limits, a trace of which 1 % are sampled …) and a pick (PickCost). Prints Markdown: bytes, which are exact on any machine, and nanoseconds,
# which count what others on the machine take. Arguments are JMH's own; JSON=FILE has the same. --classpath compiles and says the
# class path, and no more. Needs a build (./mvnw verify -DskipTests -DskipITs); some 9 minutes for all, of which 3 are StageCost's.
# Usage: it-tests/bench/jmh.sh [PlanCost|StageCost|PickCost] [JMH OPTION...]
set -eu
cd "$(dirname "$0")/../.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
jmh=it-tests/target/jmh
[ -f agent/core/target/test.classpath ] || { echo "jmh.sh: nothing is built yet" >&2; exit 2; }
for artifact in org.openjdk.jmh:jmh-core:1.37 org.openjdk.jmh:jmh-generator-annprocess:1.37 \
  net.sf.jopt-simple:jopt-simple:5.0.4 org.apache.commons:commons-math3:3.6.1; do
  name=${artifact#*:}
  [ -f "$jmh/${name/:/-}.jar" ] || ./mvnw -q -N dependency:copy -Dartifact=$artifact -DoutputDirectory="$PWD/$jmh" >&2
done
path="agent/core/target/classes:agent/core/target/test-classes:agent/grpc/target/classes:$jmh/*:$(cat agent/core/target/test.classpath)"
rm -rf "$jmh/classes"
mkdir -p "$jmh/classes"
"${java}c" -nowarn -d "$jmh/classes" -cp "$path" it-tests/bench/jmh/*.java
path=$jmh/classes:$path
if [ "${1:-}" = --classpath ]; then
  echo "$path"
  exit
fi
csv=$(mktemp)
trap 'rm -f "$csv"' EXIT
"$java" -cp "$path" org.openjdk.jmh.Main -prof gc -rf csv -rff "$csv" "$@" >&2
echo '| | | bytes | ns |'
echo '|---|---|---|---|'
LC_ALL=C awk -F, -v json="${JSON:-}" '{
    gsub(/["\r]/, "")
    if ($1 == "Benchmark") { for (i = 1; i <= NF; i++) if ($i ~ /^Param: /) first = first ? first : i; next }
    parts = split($1, name, /[.]/)
    if (match($1, /:.*gc.alloc.rate.norm$/)) { bytes[row] = $5; next }
    if ($1 ~ /:/) next
    row = ++rows
    what[row] = name[parts - 1] "." name[parts]
    for (i = first; first && i <= NF; i++) if ($i != "") with[row] = with[row] (with[row] != "" ? ", " : "") $i
    nanos[row] = $5
  }
  END {
    for (i = 1; i <= rows; i++) {
      printf "| %s | %s | %.0f | %.1f |\n", what[i], with[i], bytes[i], nanos[i]
      if (json != "") printf "%s\n  {\"what\": \"%s\", \"with\": \"%s\", \"bytes\": %.3f, \"nanos\": %.3f}", (i > 1 ? "," : "["), what[i], with[i], bytes[i], nanos[i] >json
    }
    if (json != "" && rows) print "\n]" >json
  }' "$csv"
