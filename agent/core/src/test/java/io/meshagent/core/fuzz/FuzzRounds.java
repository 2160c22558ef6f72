package io.meshagent.core.fuzz;

import io.meshagent.core.config.PropertiesFuzz;
import io.meshagent.core.directory.SnapshotFuzz;
import io.meshagent.core.registry.etcd.EtcdEntriesFuzz;
import io.meshagent.core.registry.local.LocalEntriesFuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Feeds hostile inputs to every decoder of what others wrote; each seed gives the same ones. */
public final class FuzzRounds {

  static final Map<String, Supplier<FuzzTarget>> TARGETS =
      new TreeMap<>(
          Map.of(
              "etcd", EtcdEntriesFuzz::new,
              "local", LocalEntriesFuzz::new,
              "properties", PropertiesFuzz::new,
              "snapshot", SnapshotFuzz::new));

  private FuzzRounds() {}

  /** One target and one seed. */
  static void run(String target, long seed, int inputs, Path folder) throws IOException {
    Random random = new Random(seed);
    FuzzTarget fuzzed = TARGETS.get(target).get();
    HostileBytes hostile = new HostileBytes(random, fuzzed.samples());
    for (int i = 0; i < inputs; i++) {
      byte[] input = hostile.next();
      try {
        fuzzed.take(input, random, folder);
      } catch (RuntimeException | Error e) {
        throw new AssertionError(target + ", seed " + seed + ", input " + i, e);
      }
    }
    fuzzed.end();
  }

  private static void clear(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
          Files.delete(path);
        }
      }
    }
    Files.createDirectories(folder);
  }

  /**
   * Runs with new seeds, and says which ones failed.
   *
   * @param args seconds of processor time, the first seed, and a folder for files
   */
  public static void main(String[] args) throws IOException {
    double seconds = Double.parseDouble(args[0]);
    long seed = Long.parseLong(args[1]);
    Path folder = Path.of(args[2]);
    List<String> targets = List.copyOf(TARGETS.keySet());
    long rounds = 0;
    int failed = 0;
    double saidAt = 0;
    for (double used = 0; used < seconds && failed < 20; used = cpuSeconds()) {
      for (String target : targets) {
        clear(folder);
        double began = cpuSeconds();
        try {
          run(target, seed, 200, folder);
        } catch (AssertionError e) {
          failed++;
          print("FAILED " + e.getMessage() + ": " + e.getCause());
          e.printStackTrace(System.out);
        } catch (IOException e) {
          throw new UncheckedIOException(target + ", seed " + seed, e);
        }
        double took = cpuSeconds() - began;
        if (took > 5) {
          print("SLOW " + target + ", seed " + seed + ": " + took + " s");
        }
      }
      rounds++;
      seed++;
      if (cpuSeconds() - saidAt > 60) {
        saidAt = cpuSeconds();
        print((long) saidAt + " s, " + rounds + " rounds, next seed " + seed);
      }
    }
    print((long) cpuSeconds() + " s, " + rounds + " rounds, " + failed + " failed");
  }

  private static double cpuSeconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }

  private static void print(String line) {
    System.out.println(line);
  }
}
