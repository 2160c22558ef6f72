package io.meshagent.it.programs;

import com.example.greeter.api.HelloRequest;
import com.sun.management.ThreadMXBean;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadInfo;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a large directory costs the JVM of one client, measured in it. To be run with the agent,
 * whose stderr is in a file, on an etcd that it fills itself. Prints {@code name=value} lines.
 *
 * <p>{@code fill ETCD PREFIX SERVICES INSTANCES_OF_EACH} writes the entries; {@code measure ETCD
 * PREFIX SERVICES INSTANCES_OF_EACH STDERR [changes|relist]} measures.
 */
public final class DirectoryScale {

  private static final Pattern ADMIN = Pattern.compile("admin (http://[^ ,]+:\\d+)");
  private static final Pattern KNOWN = Pattern.compile("(?m)^mesh_directory_instances ([0-9.]+)");
  private static final Pattern TOLD =
      Pattern.compile("(?m)^mesh_directory_updates_total ([0-9.]+)");
  private static final int CHANGES = 200;
  private static final int BURST = 1_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Fleet fleet;
  private final int services;
  private final int each;
  private final Path stderr;
  private String admin;

  private DirectoryScale(String[] args) {
    fleet = new Fleet(args[1], args[2]);
    services = Integer.parseInt(args[3]);
    each = Integer.parseInt(args[4]);
    stderr = args.length > 5 ? Paths.get(args[5]) : null;
  }

  public static void main(String[] args) throws Exception {
    DirectoryScale scale = new DirectoryScale(args);
    String what = args.length > 6 ? args[6] : "";
    if (args[0].equals("fill")) {
      scale.fill();
      return;
    }
    scale.first();
    if (what.equals("changes")) {
      scale.changes();
      scale.burst();
    } else if (what.equals("relist")) {
      scale.relist();
    }
  }

  private void fill() throws IOException {
    for (int service = 0; service < services; service++) {
      for (int instance = 0; instance < each; instance++) {
        fleet.put(service, Fleet.address(service, instance), 1);
      }
    }
    fleet.flush();
  }

  /** From the first touch of gRPC, which starts the engine, to the whole directory. */
  private void first() throws Exception {
    long began = System.nanoTime();
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("localhost", 1).usePlaintext().build();
    try {
      // One of the services, so that every change of it goes the whole way to the channel.
      ClientCalls.blockingUnaryCall(
          channel,
          Named.sayHello(Fleet.service(0)),
          CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
          HelloRequest.getDefaultInstance());
    } catch (StatusRuntimeException expected) {
      // Nobody listens where its instances are said to be.
    }
    awaitAdmin();
    awaitKnown(services * each);
    say("first_list_ms", (System.nanoTime() - began) / 1e6);
    say("first_list_cpu_ms", cpu() / 1e6);
    long heap = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(300);
      MemoryUsage usage = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
      heap = Math.min(heap, usage.getUsed());
    }
    say("heap_kb", heap / 1024.0);
    say("rss_kb", residentKilobytes());
    say("agent_threads", (double) agentThreads());
  }

  /** One change at a time: how soon it is seen, and what it costs. */
  private void changes() throws Exception {
    long[] nanos = new long[CHANGES];
    for (int i = 0; i < CHANGES; i++) {
      String address = Fleet.address(i % services, each + i);
      long began = System.nanoTime();
      fleet.put(i % services, address, 1);
      fleet.flush();
      awaitKnown(services * each + 1);
      nanos[i] = System.nanoTime() - began;
      fleet.delete(i % services, address);
      fleet.flush();
      awaitKnown(services * each);
    }
    Arrays.sort(nanos);
    say("seen_p50_ms", nanos[CHANGES / 2] / 1e6);
    say("seen_p99_ms", nanos[CHANGES * 99 / 100] / 1e6);
    long before = cpu();
    long bytes = allocated();
    for (int i = 0; i < CHANGES; i++) {
      fleet.put(i % services, Fleet.address(i % services, i % each), 2 + i);
      fleet.flush();
      TimeUnit.MILLISECONDS.sleep(60);
    }
    say("change_cpu_us", (cpu() - before) / 1e3 / CHANGES);
    say("change_allocated_kb", (allocated() - bytes) / 1024.0 / CHANGES);
  }

  /** A thousand new instances at once. */
  private void burst() throws Exception {
    double told = metric(TOLD);
    long cpu = cpu();
    long began = System.nanoTime();
    for (int i = 0; i < BURST; i++) {
      fleet.put(i % services, Fleet.address(i % services, each + i), 1);
    }
    fleet.flush();
    say("burst_written_ms", (System.nanoTime() - began) / 1e6);
    awaitKnown(services * each + BURST);
    say("burst_seen_ms", (System.nanoTime() - began) / 1e6);
    say("burst_cpu_ms", (cpu() - cpu) / 1e6);
    say("burst_updates", metric(TOLD) - told);
    for (int i = 0; i < BURST; i++) {
      fleet.delete(i % services, Fleet.address(i % services, each + i));
    }
    fleet.flush();
    awaitKnown(services * each);
  }

  /** Waits for the next full list, some five minutes, and takes the CPU used at once for it. */
  private void relist() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(315);
    long largest = 0;
    long before = cpu();
    while (System.nanoTime() < end) {
      TimeUnit.SECONDS.sleep(1);
      long now = cpu();
      largest = Math.max(largest, now - before);
      before = now;
    }
    say("relist_cpu_ms", largest / 1e6);
  }

  private void awaitAdmin() throws Exception {
    while (admin == null) {
      Matcher line = ADMIN.matcher(new String(Files.readAllBytes(stderr), StandardCharsets.UTF_8));
      if (line.find()) {
        admin = line.group(1);
      } else {
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
  }

  private void awaitKnown(int instances) throws Exception {
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (metric(KNOWN) != instances) {
      if (System.nanoTime() > patience) {
        throw new IllegalStateException(metric(KNOWN) + " instances are known, not " + instances);
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  private double metric(Pattern pattern) throws IOException {
    StringBuilder page = new StringBuilder();
    char[] buffer = new char[8_192];
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new URL(admin + "/metrics").openStream(), StandardCharsets.UTF_8))) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        page.append(buffer, 0, n);
      }
    }
    Matcher line = pattern.matcher(page);
    return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
  }

  /** The agent's threads but for those of the admin page, which this program keeps busy itself. */
  private long[] ids() {
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(thread -> thread != null && isCounted(thread))
        .mapToLong(ThreadInfo::getThreadId)
        .toArray();
  }

  private static boolean isCounted(ThreadInfo thread) {
    String name = thread.getThreadName();
    return name.startsWith("mesh-agent-") && !name.startsWith("mesh-agent-admin");
  }

  private long agentThreads() {
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(thread -> thread != null && thread.getThreadName().startsWith("mesh-agent-"))
        .count();
  }

  private long cpu() {
    return Arrays.stream(threads.getThreadCpuTime(ids())).filter(nanos -> nanos > 0).sum();
  }

  private long allocated() {
    return Arrays.stream(threads.getThreadAllocatedBytes(ids())).filter(bytes -> bytes > 0).sum();
  }

  private static double residentKilobytes() throws IOException {
    for (String line : Files.readAllLines(Paths.get("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Double.parseDouble(line.replaceAll("[^0-9]", ""));
      }
    }
    return Double.NaN;
  }

  private static void say(String name, double value) {
    System.out.println(name + "=" + String.format(Locale.ROOT, "%.2f", value));
  }
}
