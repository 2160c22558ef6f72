package io.meshagent.it.programs;

import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A service of very many instances that change all the time, called at a steady rate. To be run
 * with the agent on an etcd that it fills itself; all instances are addresses of one server on this
 * machine. Prints {@code name=value} lines: calls, failures, connections and heap before and after,
 * and how long after a change of an instance in etcd the last call went to it.
 *
 * <p>{@code Churn ETCD PREFIX PORT INSTANCES SECONDS CALLS_PER_SECOND TIMES}: so many changes of an
 * instance that is called, one after the other, for the last of these.
 */
public final class Churn {

  private static final int CHANGES_PER_SECOND = 10;
  private static final long SETTLED_MILLIS = 800;

  private final Fleet fleet;
  private final int port;
  private final int instances;
  private final int rate;
  private final Random random = new Random(7);
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final Map<Status.Code, AtomicInteger> failures = new ConcurrentHashMap<>();

  /** When the last call to each address was given its way, by {@link System#nanoTime}. */
  private final Map<String, Long> called = new ConcurrentHashMap<>();

  private final ManagedChannel channel =
      ManagedChannelBuilder.forAddress("localhost", 1).usePlaintext().build();
  private int next;

  /** Volatile: set by the main thread, read by that of the calls. */
  private volatile boolean over;

  private Churn(String[] args) {
    fleet = new Fleet(args[0], args[1]);
    port = Integer.parseInt(args[2]);
    instances = Integer.parseInt(args[3]);
    rate = Integer.parseInt(args[5]);
  }

  public static void main(String[] args) throws Exception {
    Churn churn = new Churn(args);
    churn.fill();
    churn.run(Integer.parseInt(args[4]), Integer.parseInt(args[6]));
    // The channel's threads would keep it from ending.
    System.exit(0);
  }

  private String address(int number) {
    return "127.1." + number / 200 % 250 + "." + (1 + number % 200) + ":" + port;
  }

  private void fill() throws IOException {
    for (next = 0; next < instances; next++) {
      fleet.put(0, address(next), 100);
    }
    fleet.flush();
  }

  private void run(int seconds, int times) throws Exception {
    Thread calls = new Thread(this::call, "calls");
    calls.setDaemon(true);
    calls.start();
    while (answered.get() < 5 * rate) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    say("failed_at_start", failed.getAndSet(0));
    failures.clear();
    answered.set(0);
    say("heap_before_kb", heap());
    say("connections_before", connections());
    churn(seconds);
    TimeUnit.SECONDS.sleep(2);
    say("answered", answered.get());
    say("failed", failed.get());
    System.out.println("failures=" + failures);
    say("connections_after", connections());
    say("heap_after_kb", heap());
    if (times > 0) {
      latency(times);
    }
    over = true;
    System.out.println("done");
  }

  /** One goes and another one comes, ten times a second; those that are called go, too. */
  private void churn(int seconds) throws Exception {
    List<String> there = new ArrayList<>();
    for (int i = 0; i < instances; i++) {
      there.add(address(i));
    }
    long began = System.nanoTime();
    for (int change = 0; change < seconds * CHANGES_PER_SECOND; change++) {
      long left =
          began + change * TimeUnit.SECONDS.toNanos(1) / CHANGES_PER_SECOND - System.nanoTime();
      if (left > 0) {
        TimeUnit.NANOSECONDS.sleep(left);
      }
      String gone = there.get(random.nextInt(there.size()));
      if (change % 10 == 0) {
        List<String> used = new ArrayList<>(called.keySet());
        used.retainAll(there);
        gone = used.isEmpty() ? gone : used.get(random.nextInt(used.size()));
      }
      there.remove(gone);
      called.remove(gone);
      fleet.delete(0, gone);
      String comes = address(next++);
      there.add(comes);
      fleet.put(0, comes, 100);
      fleet.flush();
    }
    say("changes_took_ms", (System.nanoTime() - began) / 1e6);
  }

  /** Who is called most lately weighs nothing from now on: how long do calls go there? */
  private void latency(int times) throws Exception {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String who = Collections.max(called.entrySet(), Map.Entry.comparingByValue()).getKey();
      fleet.put(0, who, 0);
      fleet.flush();
      long written = System.nanoTime();
      TimeUnit.MILLISECONDS.sleep(SETTLED_MILLIS);
      Long last = called.remove(who);
      millis.add(last == null ? 0 : Math.max(0, (last - written) / 1e6));
      fleet.put(0, who, 100);
      fleet.flush();
      TimeUnit.MILLISECONDS.sleep(SETTLED_MILLIS);
    }
    Collections.sort(millis);
    say("in_picker_p50_ms", millis.get(times / 2));
    say("in_picker_p99_ms", millis.get(Math.max(0, times * 99 / 100 - 1)));
    say("in_picker_max_ms", millis.get(times - 1));
  }

  private void call() {
    long began = System.nanoTime();
    for (long i = 0; !over; i++) {
      long left = began + i * TimeUnit.SECONDS.toNanos(1) / rate - System.nanoTime();
      try {
        if (left > 0) {
          TimeUnit.NANOSECONDS.sleep(left);
        }
      } catch (InterruptedException e) {
        return;
      }
      callOnce();
    }
  }

  private void callOnce() {
    ClientCall<HelloRequest, HelloReply> call =
        channel.newCall(
            Named.sayHello(Fleet.service(0)),
            CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS));
    long began = System.nanoTime();
    call.start(
        new ClientCall.Listener<HelloReply>() {
          @Override
          public void onHeaders(Metadata headers) {
            SocketAddress to = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
            if (to instanceof InetSocketAddress) {
              InetSocketAddress at = (InetSocketAddress) to;
              called.merge(at.getAddress().getHostAddress() + ":" + at.getPort(), began, Math::max);
            }
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            if (status.isOk()) {
              answered.incrementAndGet();
            } else {
              failed.incrementAndGet();
              failures
                  .computeIfAbsent(status.getCode(), unused -> new AtomicInteger())
                  .incrementAndGet();
            }
          }
        },
        new Metadata());
    call.request(2);
    call.sendMessage(HelloRequest.getDefaultInstance());
    call.halfClose();
  }

  /** Established ones from this process to the server's port. */
  private int connections() throws IOException {
    String remote = String.format(":%04X", port);
    int count = 0;
    for (String table : new String[] {"/proc/self/net/tcp", "/proc/self/net/tcp6"}) {
      Path path = Paths.get(table);
      if (!Files.exists(path)) {
        continue;
      }
      try (Stream<String> lines = Files.lines(path)) {
        count +=
            (int)
                lines
                    .map(line -> line.trim().split("\\s+", -1))
                    .filter(words -> words.length > 3 && words[2].endsWith(remote))
                    .filter(words -> words[3].equals("01"))
                    .count();
      }
    }
    return count;
  }

  private static double heap() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(200);
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least / 1024.0;
  }

  private static void say(String name, double value) {
    System.out.println(name + "=" + String.format(Locale.ROOT, "%.1f", value));
  }
}
