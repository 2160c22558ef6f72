#!/usr/bin/env bash
# What a call costs from end to end: a client's JVM and a server's over loopback, fresh ones for each variant, in turns:
#   none, control     no agent, and no agent again: how far two of the same are apart
#   empty             interceptors on both sides that do nothing
#   libraries         a rate limit, a circuit breaker, a deadline and metrics by hand: bucket4j, resilience4j, simpleclient
#   agent             the agent with what is on by default
#   traced, sampled   and with tracing, 1 % and all of the traces sampled
#   every             and with every policy that lets every call through; every-traced: and with tracing, 1 %
#   otel              OpenTelemetry's agent, 1 %, its metrics and logs off (fetched once)
# Loads: unary calls, 1, 16 and 64 in flight, and messages there and back on 16 bidirectional streams. Spans go to a JVM of its own that
# throws them away. Per call (or message), both JVMs together: bytes allocated by Java threads; CPU of all threads but the JIT's and the
# collector's, whose own is shown apart; time. Then heap, metaspace and compiled code after collections, threads, and the CPU of each JVM
# while nothing happens. Prints Markdown, medians of all rounds of all turns; JSON=FILE has them, too. A variant that fails or hangs is left
# out, and said so; then the end is 1. ONLY='none agent' chooses variants, CALLS (20000) says how many make a round, ROUNDS (3) how many rounds a load has in a turn, IDLE (10) how
# many seconds nothing happens, LIMIT (120) how many any step may take. AGENT is another jar; ETCD_ENDPOINT has the agents use that etcd and not a directory; GRPC_PATH is the class path of a greeter and another gRPC.
# Needs Linux and a build (./mvnw verify -DskipTests -DskipITs); some 30 s a variant and turn on an idle machine. Usage: it-tests/bench/calls.sh [TURNS] [JVM OPTION...]
set -eu
cd "$(dirname "$0")/../.."
turns=${1:-3}
shift $(($# < 1 ? $# : 1))
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
agent=${AGENT:-agent/target/mesh-agent.jar}
only=${ONLY:-none control empty libraries agent traced sampled every every-traced otel}
calls=${CALLS:-20000} rounds=${ROUNDS:-3} idle=${IDLE:-10} limit=${LIMIT:-120}
main=io.meshagent.it.programs.cost
[ -f it-tests/programs/target/libraries.classpath ] || { echo "calls.sh: nothing is built yet" >&2; exit 2; }
path=$(ls it-tests/programs/target/mesh-agent-it-programs-*.jar | head -1):${GRPC_PATH:-sample-greeter/target/greeter-server.jar}
path=$path:$(cat it-tests/programs/target/libraries.classpath)
# Few kinds of threads, all of which live on, so that what they use can be told apart.
options=(-Xms256m -Xmx256m -XX:+UseSerialGC -XX:-UseDynamicNumberOfCompilerThreads "$@")
work=$(mktemp -d)
declare -A pid in out said
ended=

kill_all() {
  for name in "${!pid[@]}"; do
    kill -9 "${pid[$name]}" || true
    wait "${pid[$name]}" || true
  done 2>/dev/null
}
trap 'kill_all; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

begin() { # NAME JVM-ARGUMENT...: a program that is told what to do, until it says its first line
  local name=$1 i o
  shift
  rm -f "$work/$name".*
  mkfifo "$work/$name.in" "$work/$name.out"
  exec {i}<>"$work/$name.in" {o}<>"$work/$name.out"
  in[$name]=$i out[$name]=$o
  # It has no end of a pipe but its own, so that it ends when this script does, however that ends.
  (
    for fd in "${in[@]}" "${out[@]}"; do exec {fd}<&-; done
    exec "$java" "${options[@]}" "$@"
  ) <"$work/$name.in" >"$work/$name.out" 2>"$work/$name.err" &
  pid[$name]=$!
  hear "$name"
}
hear() { # NAME: its next line is in said[NAME]
  local line=
  if ! read -r -t "$limit" -u "${out[$1]}" line || [[ $line != [a-z]* || $line == failed* ]]; then
    echo "calls.sh: $1 of $variant said ${line:-nothing for $limit s}: $(tail -n 2 "$work/$1.err" | tr '\n' ' ')" >&2
    return 1
  fi
  said[$1]=$line
}
ask() { # NAME COMMAND
  echo "$2" >&"${in[$1]}" && hear "$1"
}
finish() { # NAME: ends it, by force if it does not go
  local name=$1 i=${in[$1]} o=${out[$1]} tries=0
  echo quit >&"$i"
  while kill -0 "${pid[$name]}" 2>/dev/null && [ $((tries += 1)) -lt 100 ]; do sleep 0.1; done
  kill -9 "${pid[$name]}" 2>/dev/null || true
  wait "${pid[$name]}" 2>/dev/null || true
  exec {i}<&- {o}<&-
  unset "pid[$name]" "in[$name]" "out[$name]"
}
of() { # KEY NAME: the number that it said of that
  local after=${said[$2]#*"$1"=}
  echo "${after%% *}"
}
usage() { # of both JVMs, in used_bytes …
  local key
  ask client usage && ask server usage || return 1
  for key in bytes cpu jit gc; do eval "used_$key=$(($(of $key client) + $(of $key server)))"; done
}
load() { # NAME COMMAND-OF-THE-CLIENT...: rounds of it, in the work's figures
  local load=$1 key bytes cpu jit gc
  for _ in $(seq "$rounds"); do
    usage || return 1
    bytes=$used_bytes cpu=$used_cpu jit=$used_jit gc=$used_gc
    ask client "$2" || return 1
    [ "$(of failed client)" = 0 ] || { echo "calls.sh: $load of $variant failed $(of failed client) times" >&2; return 1; }
    echo "$variant $load.wall $(of nanos client) $(of turns client)" >>"$work/new"
    local done; done=$(of turns client)
    usage || return 1
    for key in bytes cpu jit gc; do eval "echo \"$variant $load.$key \$((used_$key - $key)) $done\"" >>"$work/new"; done
  done
}
at_rest() { # what both keep, and what they do while nothing happens
  local name key cpu
  for name in client server; do
    ask $name memory || return 1
    for key in heap metaspace code threads; do echo "$variant $name.$key $(of $key $name) 1" >>"$work/new"; done
  done
  for name in client server; do ask $name usage && eval "local ${name}_cpu=$(of cpu $name)" || return 1; done
  sleep "$idle"
  for name in client server; do
    ask $name usage || return 1
    cpu=${name}_cpu
    echo "$variant $name.idle $(($(of cpu $name) - ${!cpu})) $idle" >>"$work/new"
  done
}
measured() { # KIND OPTION...
  local kind=$1
  shift
  begin server "$@" -cp "$path" $main.CostServer "$kind" || return 1
  begin client "$@" -cp "$path" $main.CostClient "$kind" "${said[server]#port }" || return 1
  ask client "unary 64 $((2 * calls))" && ask client "chat 16 $((2 * calls))" && ask client "unary 1 $((calls / 2))" || return 1
  load unary-1 "unary 1 $((calls / 2))" && load unary-16 "unary 16 $calls" && load unary-64 "unary 64 $calls" &&
    load messages "chat 16 $((2 * calls))" && at_rest
}
governs() { # both have an agent and it is at work
  grep -q 'governs gRPC' "$work/server.err" && grep -q 'governs gRPC' "$work/client.err" ||
    { echo "calls.sh: $variant is not governed" >&2; return 1; }
}
spans() { # bytes of spans that the collector has got so far
  ask sink bytes && sent=$(of bytes sink)
}
one() { # VARIANT KIND OPTION...
  variant=$1
  local before name whole=1
  case " $only " in *" $variant "*) ;; *) return 0 ;; esac
  shift
  : >"$work/new"
  spans
  before=$sent
  measured "$@" || whole=
  case "$variant" in agent | traced | sampled | every*) [ -z "$whole" ] || governs || whole= ;; esac
  for name in client server; do [ -z "${pid[$name]:-}" ] || finish $name; done
  case "$variant" in traced | sampled | every-traced | otel)
    spans
    [ "$sent" -gt "$before" ] || { echo "calls.sh: $variant sent no spans" >&2; whole=; } ;;
  esac
  if [ -n "$whole" ]; then cat "$work/new" >>"$work/figures"; else ended=1; fi
}

# Not server.shed: it refuses calls while the machine is busy, and the fallback would answer them.
every=(client.timeout=30s client.rate-limit.rate=1000000/s server.rate-limit.rate=1000000/s client.concurrency.limit=10000
  server.concurrency.limit=10000 server.access=allow\ * client.retry.attempts=2 client.fallback=default
  client.breaker.slow-call=30s client.route=x-nobody=1\ -\>\ version=9?)
every=("${every[@]/#/-Dmesh.}")
with=(-javaagent:"$agent" -Dmesh.admin.port=0)
if [ -n "${ETCD_ENDPOINT:-}" ]; then with+=(-Dmesh.etcd.endpoints="$ETCD_ENDPOINT"); else with+=(-Dmesh.registry.local.dir="$work/registry"); fi
variant=all
begin sink -Xms64m -Xmx64m -cp "$path" $main.SpanSink
endpoint=http://127.0.0.1:${said[sink]#port }
traced=(-Dmesh.tracing.otlp.endpoint="$endpoint" -Dmesh.tracing.sampling)
otel=it-tests/target/opentelemetry-javaagent-2.33.1.jar
case " $only " in *' otel '*)
  [ -f $otel ] || ./mvnw -q -N dependency:copy -Dartifact=io.opentelemetry.javaagent:opentelemetry-javaagent:2.33.1 -DoutputDirectory="$PWD/it-tests/target" ;;
esac
of_otel=(-javaagent:$otel -Dotel.service.name=cost -Dotel.exporter.otlp.endpoint="$endpoint" -Dotel.exporter.otlp.protocol=grpc -Dotel.traces.exporter=otlp
  -Dotel.metrics.exporter=none -Dotel.logs.exporter=none -Dotel.traces.sampler=parentbased_traceidratio -Dotel.traces.sampler.arg=0.01)

: >"$work/figures"
load_before=$(cut -d' ' -f1-3 /proc/loadavg)
for _ in $(seq "$turns"); do
  one none none
  one control none
  one empty empty
  one libraries libraries
  one agent none "${with[@]}"
  one traced none "${with[@]}" "${traced[@]/%sampling/sampling=0.01}"
  one sampled none "${with[@]}" "${traced[@]/%sampling/sampling=1}"
  one every none "${with[@]}" "${every[@]}"
  one every-traced none "${with[@]}" "${every[@]}" "${traced[@]/%sampling/sampling=0.01}"
  one otel none "${of_otel[@]}"
done
machine="load average before and after: $load_before; $(cut -d' ' -f1-3 /proc/loadavg)"
jdk=$("$java" -version 2>&1 | head -1 | tr -d '"')

LC_ALL=C awk '{ printf "%s %s %.6f\n", $1, $2, $3 / $4 }' "$work/figures" | LC_ALL=C sort -k1,1 -k2,2 -k3,3g >"$work/sorted"
LC_ALL=C awk -v order="$only" -v turns="$turns" -v rounds="$rounds" -v jdk="$jdk" -v machine="$machine" -v json="${JSON:-}" -f it-tests/bench/calls.awk "$work/sorted"
[ -z "$ended" ]
