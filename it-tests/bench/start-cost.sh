#!/usr/bin/env bash
# What the agent costs a plain program at start: CPU of the whole JVM, and time, until a server listens and until a client has its
# first answer, and for a program without gRPC until its end. Fresh JVMs in turns: no agent, no agent again (the control), the agent;
# AGENTS='before=old.jar after=new.jar' compares several. Prints medians, the median of the differences to the JVM without agent of the
# same turn, and ratios, as Markdown. Registry: etcd if ETCD_ENDPOINT says where one runs, else a directory. GRPC_PATH is the
# class path of another gRPC than the sample's. Needs Linux and a JDK. Usage: it-tests/bench/start-cost.sh [TURNS] [JVM OPTION...]
set -eu
cd "$(dirname "$0")/../.."
turns=${1:-11}
shift $(($# < 1 ? $# : 1))
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
agents=${AGENTS:-agent=agent/target/mesh-agent.jar}
programs=$(ls it-tests/programs/target/mesh-agent-it-programs-*.jar | head -1)
path=$programs:${GRPC_PATH:-sample-greeter/target/greeter-server.jar}
work=$(mktemp -d)
peer=
trap 'kill $peer 2>/dev/null || true; rm -rf "$work"' EXIT
main=io.meshagent.it.programs
if [ -n "${ETCD_ENDPOINT:-}" ]; then registry=-Dmesh.etcd.endpoints=$ETCD_ENDPOINT; else registry=-Dmesh.registry.local.dir=$work/registry; fi

millis() { # PROC-STAT: user and system time
  awk -v tick="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) * 1000 / tick }' "$1"
}
until_line() { # NAME LINE COMMAND...: a server or a client until it says the line
  local name=$1 awaited=$2 began line pid
  shift 2
  began=$(date +%s%N)
  exec 3< <(exec "$@" 2>/dev/null <"$work/input")
  pid=$!
  while read -r line <&3; do
    case $line in $awaited*) break ;; esac
  done
  echo "$(millis /proc/$pid/stat) $((($(date +%s%N) - began) / 1000000))" >>"$work/$name"
  kill -9 "$pid"
  wait "$pid" 2>/dev/null || true
  exec 3<&-
}
to_the_end() { # NAME COMMAND...
  local name=$1 began
  shift
  began=$(date +%s%N)
  TIMEFORMAT='%U %S'
  { time "$@" >/dev/null 2>&1 </dev/null; } 2>"$work/time"
  echo "$(awk '{ print ($1 + $2) * 1000 }' "$work/time") $((($(date +%s%N) - began) / 1000000))" >>"$work/$name"
}
one() { # NAME OPTION...
  local name=$1
  shift
  to_the_end "no-gRPC-$name" "$java" "$@" -cp "$path" $main.NoGrpc
  until_line "server-$name" 'port ' "$java" "$@" -cp "$path" $main.FlakyServer
  echo "calls n=1 channel=target:localhost:$port" >&5
  until_line "client-$name" 'done ' "$java" "$@" -cp "$path" $main.LoadClient
}
median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# Open for as long as this runs: a program whose input ends ends, too.
mkfifo "$work/alive" "$work/input"
exec 4<>"$work/alive" 5<>"$work/input"
"$java" -cp "$path" $main.FlakyServer <"$work/alive" >"$work/peer" 2>/dev/null &
peer=$!
until grep -q '^port ' "$work/peer"; do sleep 0.1; done
port=$(sed -n 's/^port //p' "$work/peer")

all() { # NAME-SUFFIX
  one "none$1" "${options[@]}"
  one "control$1" "${options[@]}"
  for agent in $agents; do
    one "${agent%%=*}$1" "${options[@]}" -javaagent:"${agent#*=}" "$registry" -Dmesh.admin.port=0
  done
}
options=(-Xmx512m "$@")
all -warm
echo "load before: $(cut -d' ' -f1-3 /proc/loadavg)"
for _ in $(seq "$turns"); do all ''; done
echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
echo
echo "medians of $turns turns"
echo
echo '| | CPU | more than none in the same turn | ratio | wall clock | ratio |'
echo '|---|---|---|---|---|---|'
for what in no-gRPC server client; do
  for name in none control $(printf '%s\n' $agents | sed 's/=.*//'); do
    cpu=$(cut -d' ' -f1 "$work/$what-$name" | median)
    time=$(cut -d' ' -f2 "$work/$what-$name" | median)
    more=$(paste -d' ' "$work/$what-none" "$work/$what-$name" | awk '{ print $3 - $1 }' | median)
    awk -v w="$what, $name" -v c="$cpu" -v t="$time" -v m="$more" -v nc="$(cut -d' ' -f1 "$work/$what-none" | median)" \
      -v nt="$(cut -d' ' -f2 "$work/$what-none" | median)" 'BEGIN {
        printf "| %s | %.0f ms | %+.0f ms | %.2f | %.0f ms | %.2f |\n", w, c, m, c / nc, t, t / nt }'
  done
done
