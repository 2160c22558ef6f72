#!/usr/bin/env bash
# What a large directory costs a client's JVM: 10,000 instances of 200 services, and 10,000 of one, in an etcd of
# the script's own, against a directory of one service with one instance. And what a program pays that calls 200
# services of 50 instances, each over a channel of its own. Prints two tables.
# Needs etcd (or ETCD) and 11,000 open files a process (ulimit -n).
# Usage: it-tests/bench/directory-scale.sh [RUNS [relist]]; with "relist" it waits for the full list of every five
# minutes too.
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-3}
relist=${2:-}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
agent=agent/target/mesh-agent.jar
path=$(ls it-tests/programs/target/mesh-agent-it-programs-*.jar | head -1):sample-greeter/target/greeter-server.jar
scale=io.meshagent.it.programs
work=$(mktemp -d)
free_port() {
  local port
  while port=$((20000 + RANDOM)) && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}
client=http://127.0.0.1:$(free_port)
peer=http://127.0.0.1:$(free_port)
"${ETCD:-etcd}" --data-dir="$work/etcd" --listen-client-urls="$client" --advertise-client-urls="$client" \
  --listen-peer-urls="$peer" --initial-advertise-peer-urls="$peer" --initial-cluster=default="$peer" \
  --log-level=error >"$work/etcd.log" 2>&1 &
etcd=$!
trap 'kill $etcd; wait $etcd || true; rm -rf "$work"' EXIT

fill() { # PREFIX SERVICES INSTANCES
  "$java" -cp "$path" $scale.DirectoryScale fill "$client" "$@"
}
measure() { # PREFIX SERVICES INSTANCES WHAT
  "$java" -Xmx512m -XX:+UseSerialGC -javaagent:$agent -Dmesh.etcd.endpoints="$client" -Dmesh.etcd.prefix="$1" \
    -Dmesh.admin.port=0 -cp "$path" $scale.DirectoryScale measure "$client" "$1" "$2" "$3" "$work$1.stderr" "$4" \
    2>"$work$1.stderr" >>"$work$1"
}
until fill /one 1 1 2>/dev/null; do sleep 0.2; done
fill /many 200 50
fill /large 1 10000
for _ in $(seq "$runs"); do
  measure /one 1 1 changes
  measure /many 200 50 changes
  measure /large 1 10000 changes
done
if [ -n "$relist" ]; then
  measure /one 1 1 relist &
  measure /many 200 50 relist
  wait $!
fi
mkfifo "$work/stdin"
"$java" -Xmx1g -cp "$path" $scale.ChannelScale serve "$client" /channels 200 50 <"$work/stdin" >"$work/serving" &
exec 7>"$work/stdin"
until grep -q ready "$work/serving"; do sleep 0.2; done
for channels in 1 20 200; do
  "$java" -Xmx1g -XX:+UseSerialGC -javaagent:$agent -Dmesh.etcd.endpoints="$client" -Dmesh.etcd.prefix=/channels \
    -Dmesh.admin.port=0 -cp "$path" $scale.ChannelScale client $channels 2>/dev/null >>"$work/channels"
done
exec 7>&-
median() { sed -n "s/^$2=//p" "$work$1" | sort -n | awk '{ v[NR] = $1 } END { print NR ? v[int((NR + 1) / 2)] : "-" }'; }
printf '%-24s %12s %12s %12s\n' "medians of $runs runs" '1 of 1' '50 of 200' '10,000 of 1'
for what in $(sed 's/=.*//' "$work/many" | awk '!seen[$0]++'); do
  printf '%-24s %12s %12s %12s\n' "$what" "$(median /one "$what")" "$(median /many "$what")" "$(median /large "$what")"
done
echo
cat "$work/channels"
