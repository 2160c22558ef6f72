#!/usr/bin/env bash
# What the agent adds to a unary call over loopback: bytes allocated, time and processor time of the Java threads, client
# and server in one JVM, in turns: no agent, no agent again (the control), no agent and a header for a trace that the program makes up itself,
# the agent, the agent with tracing (1 % of traces sampled, the collector away), the agent with every policy that lets
# all calls through; and no agent and every policy again in a program whose calls have a deadline of their own. AGENTS='before=old.jar after=new.jar' compares several, ONLY='none traced' leaves out the other
# variants. Usage: it-tests/bench/call-cost.sh [RUNS]
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-5}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
agents=${AGENTS:-=agent/target/mesh-agent.jar}
only=${ONLY:-none control header agent traced every deadline every-deadline}
path=$(ls it-tests/programs/target/mesh-agent-it-programs-*.jar | head -1):sample-greeter/target/greeter-server.jar
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

one() { # VARIANT NAME OPTION...
  local variant=$1 name=$2
  shift 2
  case " $only " in *" $variant "*) ;; *) return 0 ;; esac
  "$java" -Xmx512m "$@" -cp "$path" io.meshagent.it.programs.CallCost $variant 2>/dev/null >>"$work/$name"
}
median() { sed -E "s/.*$2=([0-9.]+).*/\1/" "$work/$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

every=(client.timeout=10s client.rate-limit.rate=1000000/s server.rate-limit.rate=1000000/s client.concurrency.limit=10000
  server.concurrency.limit=10000 server.access=allow\ * client.retry.attempts=2 client.fallback=default
  client.breaker.slow-call=10s client.route=x-nobody=1\ -\>\ version=9?)
traced=(tracing.otlp.endpoint=http://127.0.0.1:9 tracing.sampling=0.01)

names=(none control header deadline)
for _ in $(seq "$runs"); do
  one none none
  one control control
  one header header
  one deadline deadline
  for agent in $agents; do
    name=${agent%%=*} jar=${agent#*=}
    with=(-javaagent:"$jar" -Dmesh.registry.local.dir="$work/registry$name" -Dmesh.admin.port=0)
    one agent "agent$name" "${with[@]}"
    one traced "traced$name" "${with[@]}" "${traced[@]/#/-Dmesh.}"
    one every "every$name" "${with[@]}" "${every[@]/#/-Dmesh.}"
    one every-deadline "every-deadline$name" "${with[@]}" "${every[@]/#/-Dmesh.}"
  done
done
for agent in $agents; do names+=("agent${agent%%=*}" "traced${agent%%=*}" "every${agent%%=*}" "every-deadline${agent%%=*}"); done
for what in "${names[@]}"; do
  [ ! -e "$work/$what" ] ||
    echo "$what: $(median $what bytes) bytes, $(median $what micros) microseconds, $(median $what cpu) of processor time per call (medians of $runs runs)"
done
