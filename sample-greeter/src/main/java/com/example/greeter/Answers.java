package com.example.greeter;

import io.grpc.Status;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts who answered and what went wrong, and prints it. For one thread. */
final class Answers {

  private final Map<String, Integer> thisSecond = new TreeMap<>();
  private final Map<String, Integer> failures = new TreeMap<>();
  private Set<String> lastSecond = new HashSet<>();
  private int ok;
  private int failed;

  void answeredBy(String server) {
    ok++;
    if (thisSecond.merge(server, 1, Integer::sum) == 1 && !lastSecond.contains(server)) {
      System.out.println("answered by " + server);
    }
  }

  void failed(Status status) {
    failed++;
    thisSecond.merge("failed", 1, Integer::sum);
    // One line for each kind of failure; the summary has how many.
    if (failures.merge(status.getCode().name(), 1, Integer::sum) == 1) {
      System.out.println("failed with " + status.getCode() + ": " + status.getDescription());
    }
  }

  void printSecond(long second) {
    System.out.println("second " + second + ": " + thisSecond);
    lastSecond = new HashSet<>(thisSecond.keySet());
    thisSecond.clear();
  }

  void printSummary() {
    System.out.println("summary: ok=" + ok + " failed=" + failed + " " + failures);
  }
}
