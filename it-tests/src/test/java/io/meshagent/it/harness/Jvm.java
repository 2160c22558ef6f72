package io.meshagent.it.harness;

import io.meshagent.it.tools.Commands;
import io.meshagent.it.tools.ring.Costs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * One running program. Its output is kept; {@link #await} waits for a line of it. Ends with {@link
 * #close} at the latest. Thread-safe.
 */
public final class Jvm implements AutoCloseable {

  /**
   * In the lines that say when a circuit opens and when it is closed, as a scenario means it to.
   */
  public static final String CIRCUIT = "the circuit of ";

  /**
   * Long enough for a JVM that starts on a busy machine; nothing waits that long when all is well.
   */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Pattern ADMIN = Pattern.compile("admin (http://[^ ,]+:\\d+)");

  private final String name;
  private final Process process;
  private final Output stdout;
  private final Output stderr;

  Jvm(String name, Process process) {
    this.name = name;
    this.process = Children.keep(process);
    this.stdout = new Output(process.getInputStream(), name + "-stdout");
    this.stderr = new Output(process.getErrorStream(), name + "-stderr");
    Evidence.of(this);
  }

  /** Where a launch begins; see {@link World} for one with the surroundings of a test. */
  public static JvmBuilder named(String name) {
    return new JvmBuilder(name);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public List<String> stdout() {
    return stdout.lines();
  }

  public List<String> stderr() {
    return stderr.lines();
  }

  /** All that it said, in order, with the time and the stream of each line. */
  List<String> log() {
    return Stream.concat(
            stdout.said().stream().map(each -> Map.entry(each, "out")),
            stderr.said().stream().map(each -> Map.entry(each, "err")))
        .sorted(Comparator.comparingLong(each -> each.getKey().at()))
        .map(
            each ->
                Evidence.time(each.getKey().at())
                    + " "
                    + each.getValue()
                    + " "
                    + each.getKey().line())
        .toList();
  }

  /** Hands every line of stdout on, from a thread of its own. */
  public void follow(Consumer<String> listener) {
    stdout.follow(listener);
  }

  /** Waits for a line on stdout, and fails with all that was said if it does not come. */
  public String await(Predicate<String> wanted, Duration timeout) {
    return orFail(stdout.await(0, wanted, timeout), "no such line on stdout");
  }

  public String await(String part) {
    return orFail(
        stdout.await(0, line -> line.contains(part), PATIENCE), "no '" + part + "' on stdout");
  }

  /** The same on stderr. */
  public String awaitError(Predicate<String> wanted, Duration timeout) {
    return orFail(stderr.await(0, wanted, timeout), "no such line on stderr");
  }

  /** The number at the end of the first line that has one: how the programs say their port. */
  public int awaitPort() {
    String line = await(text -> text.matches(".*port \\d+"), PATIENCE);
    return Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
  }

  /** The agent's admin address, from the line that it says at start. */
  public String admin() {
    String line = awaitError(text -> ADMIN.matcher(text).find(), PATIENCE);
    Matcher matcher = ADMIN.matcher(line);
    if (!matcher.find()) {
      throw new AssertionError(line);
    }
    return matcher.group(1);
  }

  /**
   * For the load client: waits until its directory holds so many instances, services counted each.
   * Makes one call, to a service that does not exist, because the agent says where its page is when
   * the program first uses gRPC.
   */
  public void awaitInstances(int count) {
    load("calls n=1 service=warm.Up");
    awaitDirectory(count);
  }

  /**
   * The same for a program that has used gRPC: that etcd has a key does not mean that this program
   * knows of it.
   */
  public void awaitDirectory(int count) {
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> metrics().sum("mesh_directory_instances") == count);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          described("not " + count + " instances in its directory\n" + metrics().text()), e);
    }
  }

  /**
   * For the load client: waits for a burst of calls that just these servers answered, each of them.
   * A channel calls by the first connection that is up until it has others, and hears of what the
   * directory knows a moment later. No call may fail meanwhile.
   */
  public LoadResult awaitAnswersBy(Set<String> servers, String calls) {
    AtomicReference<LoadResult> last = new AtomicReference<>();
    try {
      return Awaitility.await()
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .until(() -> burst(calls, last), result -> result.okBy().keySet().equals(servers));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          described("'" + calls + "' not answered by " + servers + " but: " + last), e);
    }
  }

  private LoadResult burst(String calls, AtomicReference<LoadResult> last) {
    LoadResult result = load(calls);
    last.set(result);
    if (result.failures() > 0) {
      throw new AssertionError(described("'" + calls + "': " + result));
    }
    return result;
  }

  public Metrics metrics() {
    return Metrics.fetch(admin() + "/metrics");
  }

  /** What the program's wall clock says now, by the date that its admin page carries. */
  public Instant wallClock() {
    return Metrics.dateOf(admin() + "/metrics");
  }

  /** Gives the program a line on stdin. */
  public void say(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(described(line), e);
    }
  }

  /** Gives the program a command and waits for the answer to it: what follows {@code done}. */
  public String ask(String command) {
    return ask(command, PATIENCE);
  }

  public String ask(String command, Duration timeout) {
    int from = stdout.size();
    say(command);
    String answer =
        orFail(
            stdout.await(
                from, line -> line.startsWith("done ") || line.startsWith("failed "), timeout),
            "no answer to '" + command + "'");
    if (!answer.startsWith("done ")) {
      throw new AssertionError(described("'" + command + "': " + answer));
    }
    return answer.substring("done ".length());
  }

  /** A command for the load client, and what it counted. */
  public LoadResult load(String command) {
    return LoadResult.of(ask(command, Duration.ofSeconds(90)));
  }

  /** SIGKILL: no shutdown hook runs. */
  public void kill9() {
    countProcessorTime();
    // By the handle: Process itself would close the streams, and the last words were lost.
    boolean unused = process.toHandle().destroyForcibly();
    awaitExit();
  }

  /** SIGTERM, and waits for the end. */
  public int terminate() {
    countProcessorTime();
    boolean unused = process.toHandle().destroy();
    return awaitExit();
  }

  /** For the ring's report; nobody can say it of a process that is gone. */
  private void countProcessorTime() {
    process
        .toHandle()
        .info()
        .totalCpuDuration()
        .ifPresent(time -> Costs.add("ms of CPU", time.toMillis()));
  }

  /** {@code STOP}, {@code CONT} and the like. */
  public void signal(String signal) {
    Commands.Result result =
        Commands.run(Path.of("."), "kill", "-" + signal, Long.toString(process.pid()));
    if (!result.ok()) {
      throw new AssertionError(described("kill -" + signal + ": " + result.tail()));
    }
  }

  /** Waits for the end; what the program said is then complete. */
  public int awaitExit() {
    return awaitExit(PATIENCE);
  }

  public int awaitExit(Duration timeout) {
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(described("it did not end"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(described("interrupted"), e);
    }
    stdout.awaitEnd(Duration.ofSeconds(5));
    stderr.awaitEnd(Duration.ofSeconds(5));
    return process.exitValue();
  }

  /** A sentence about this program with all that it said. */
  public String described(String what) {
    return name
        + ": "
        + what
        + "\n--- stdout\n"
        + String.join("\n", stdout())
        + "\n--- stderr\n"
        + String.join("\n", stderr());
  }

  /** Where its admin page is, if it has said so. */
  Optional<String> knownAdmin() {
    return stderr().stream()
        .map(ADMIN::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .findFirst();
  }

  String name() {
    return name;
  }

  private String orFail(String line, String what) {
    if (line == null) {
      throw new AssertionError(
          described(what + (isAlive() ? "" : " (it ended with " + process.exitValue() + ")")));
    }
    return line;
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill9();
    }
  }

  @Override
  public String toString() {
    return name + " (" + process.pid() + ")";
  }
}
