package io.meshagent.it.demo;

import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.tools.Places;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two greeter servers and a client that was built for an address where nobody listens, all under
 * the agent. One server is killed and started again. Exits with 0 only if the client found them and
 * lost no call but one that was in flight on the killed server.
 */
public final class Demo {

  private static final String DEAD_TARGET = "localhost:1";
  private static final Pattern SUMMARY = Pattern.compile("summary: ok=(\\d+) failed=(\\d+).*");

  private final DemoRegistry registry;

  private Demo(DemoRegistry registry) {
    this.registry = registry;
  }

  public static void main(String[] args) {
    boolean well;
    try (DemoRegistry registry = DemoRegistry.choose()) {
      title("Registry: " + registry.describe());
      well = new Demo(registry).run();
    } catch (AssertionError | RuntimeException e) {
      print("The demo could not be run to its end: " + e.getMessage());
      well = false;
    }
    System.exit(well ? 0 : 1);
  }

  private boolean run() {
    try (Jvm a = server("greeter-a");
        Jvm b = server("greeter-b")) {
      title(
          "Two servers, started as: java -javaagent:mesh-agent.jar -jar greeter-server.jar 0 NAME");
      int portA = a.awaitPort();
      int portB = b.awaitPort();
      print("greeter-a is process " + a.pid() + " on port " + portA);
      print("greeter-b is process " + b.pid() + " on port " + portB);
      title("What is registered");
      registry.awaitInstances(portA, portB).forEach(Demo::print);

      title(
          "A client with the hard-coded target "
              + DEAD_TARGET
              + ", where nobody listens: 20 calls a second");
      try (Jvm client = client()) {
        client.follow(line -> print("client | " + line));
        awaitSecond(client, 4);
        title("kill -9 of greeter-a; the client goes on with greeter-b");
        a.kill9();
        awaitSecond(client, 8);
        title("greeter-a is started again, on another port; the client finds it");
        try (Jvm again = server("greeter-a")) {
          int port = again.awaitPort();
          registry.awaitInstances(port, portB).forEach(Demo::print);
          return judge(client);
        }
      }
    }
  }

  private boolean judge(Jvm client) {
    client.awaitExit(Duration.ofSeconds(60));
    String summary = client.await("summary: ");
    Matcher counts = SUMMARY.matcher(summary);
    if (!counts.matches()) {
      throw new AssertionError(summary);
    }
    int ok = Integer.parseInt(counts.group(1));
    int failed = Integer.parseInt(counts.group(2));
    // The client makes one call at a time, so one can have been in flight on the killed server.
    boolean nothingLost = ok > 0 && failed <= 1;
    boolean bothBefore = answered(client, 2, 4, "greeter-a") && answered(client, 2, 4, "greeter-b");
    boolean bothAfter = answered(client, 10, 16, "greeter-a");
    title("Result");
    print(
        ok
            + " calls answered, "
            + failed
            + " failed ("
            + (failed <= 1 ? "at most the one in flight on the killed server" : "too many")
            + ")");
    if (!bothBefore) {
      print("Not as it should be: the calls were not spread over both servers.");
    }
    if (!bothAfter) {
      print("Not as it should be: the server that was started again got no calls.");
    }
    if (failed > 1) {
      client.stderr().forEach(line -> print("client's stderr | " + line));
    }
    return nothingLost && bothBefore && bothAfter;
  }

  private static boolean answered(Jvm client, int fromSecond, int toSecond, String server) {
    return client.stdout().stream()
        .filter(line -> line.startsWith("second ") && line.contains(server + "="))
        .mapToInt(line -> Integer.parseInt(line.substring(7, line.indexOf(':'))))
        .anyMatch(second -> second >= fromSecond && second <= toSecond);
  }

  private static void awaitSecond(Jvm client, int second) {
    client.await(line -> line.startsWith("second " + second + ":"), Duration.ofSeconds(60));
  }

  private Jvm server(String name) {
    return registry.use(Jvm.named(name)).jar(Places.greeterServerJar()).args(0, name).start();
  }

  private Jvm client() {
    JvmBuilder client = registry.use(Jvm.named("client")).jar(Places.greeterClientJar());
    return client.args("--rate", 20, "--seconds", 16, "--target", DEAD_TARGET).start();
  }

  static void title(String text) {
    System.out.println();
    System.out.println("== " + text);
  }

  static void print(String text) {
    System.out.println("   " + text);
  }
}
