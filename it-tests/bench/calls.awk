# The tables of calls.sh, of lines "VARIANT KEY VALUE" that are sorted by all three; the same as JSON into the file json, if there is one.
{
  values[$1, $2, ++count[$1, $2]] = $3
  if (!($2 in known)) { known[$2]; keys[++n] = $2 }
}
function median(variant, key, n) {
  n = count[variant, key]
  if (!n) return ""
  return n % 2 ? values[variant, key, (n + 1) / 2] : (values[variant, key, n / 2] + values[variant, key, n / 2 + 1]) / 2
}
function shown(variant, key, unit, format, own, base) {
  own = median(variant, key)
  if (own == "") return " - |"
  base = median(variants[1], key)
  return sprintf(format, own / unit) (variant != variants[1] && base > 0 ? sprintf(" (%.2f)", own / base) : "") " |"
}
function table(heading, key, unit, format,  i, j, row) {
  print "\n" heading "\n\n| | unary, 1 in flight | 16 | 64 | a message there and back |\n|---|---|---|---|---|"
  for (i = 1; i <= total; i++) {
    row = "| " variants[i] " |"
    for (j = 1; j <= 4; j++) row = row " " shown(variants[i], loads[j] "." key, unit, format)
    print row
  }
}
function pair(variant, key, unit, format) {
  return " " sprintf(format, median(variant, "client." key) / unit) " / " sprintf(format, median(variant, "server." key) / unit) " |"
}
END {
  split("unary-1 unary-16 unary-64 messages", loads, " ")
  asked = split(order, named, " ")
  for (i = 1; i <= asked; i++) if (count[named[i], "unary-1.cpu"]) variants[++total] = named[i]
  if (!total) exit 1
  print "Medians of " turns " turns of " rounds " rounds, in brackets the ratio to " variants[1] "; " jdk "; " machine "."
  table("Bytes allocated per call, both JVMs:", "bytes", 1, "%.0f")
  table("CPU per call of all threads but the JIT's and the collector's, both JVMs, us:", "cpu", 1000, "%.1f")
  print "\nCPU per call of the JIT's threads / of the collector's, us:\n\n| | unary, 1 in flight | 16 | 64 | a message there and back |\n|---|---|---|---|---|"
  for (i = 1; i <= total; i++) {
    row = "| " variants[i] " |"
    for (j = 1; j <= 4; j++) row = row sprintf(" %.0f / %.1f |", median(variants[i], loads[j] ".jit") / 1000, median(variants[i], loads[j] ".gc") / 1000)
    print row
  }
  table("Time per call, us (wall clock over calls; with n in flight a caller waits n times that):", "wall", 1000, "%.1f")
  print "\nAt rest, client / server:\n\n| | heap, MB | metaspace, MB | compiled code, MB | Java threads | CPU, ms/s |\n|---|---|---|---|---|---|"
  for (i = 1; i <= total; i++) {
    v = variants[i]
    print "| " v " |" pair(v, "heap", 1048576, "%.1f") pair(v, "metaspace", 1048576, "%.1f") pair(v, "code", 1048576, "%.1f") pair(v, "threads", 1, "%.0f") pair(v, "idle", 1000000, "%.2f")
  }
  if (json == "") exit
  printf "{\"turns\": %d, \"rounds\": %d, \"java\": \"%s\", \"machine\": \"%s\", \"unit\": \"ns, bytes\", \"variants\": {", turns, rounds, jdk, machine > json
  for (i = 1; i <= total; i++) {
    printf "%s\n  \"%s\": {", (i > 1 ? "," : ""), variants[i] > json
    for (j = 1; j <= n; j++) if (count[variants[i], keys[j]])
      printf "%s\n    \"%s\": {\"median\": %.3f, \"least\": %.3f, \"most\": %.3f}", (j > 1 ? "," : ""), keys[j], median(variants[i], keys[j]), values[variants[i], keys[j], 1], values[variants[i], keys[j], count[variants[i], keys[j]]] > json
    printf "\n  }" > json
  }
  print "\n}}" > json
}
