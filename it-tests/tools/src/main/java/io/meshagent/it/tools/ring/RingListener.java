package io.meshagent.it.tools.ring;

import io.meshagent.it.tools.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes down what every test class of this JVM costs, in a file of its own below {@code
 * it-tests/tools/target/ring}, which {@link RingReport} reads. Found by JUnit's launcher; called on
 * the threads of the tests, and looks at their stacks twenty times a second from a thread of its
 * own. Thread-safe.
 */
public final class RingListener implements TestExecutionListener {

  private static final long PERIOD_MILLIS = 50;

  private final Map<String, ClassCost> running = new ConcurrentHashMap<>();
  private final Path file =
      Places.create(Places.root().resolve("it-tests/tools/target/ring"))
          .resolve(ProcessHandle.current().pid() + ".tsv");
  private Thread sampler;

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    sampler = new Thread(this::sample, "ring-sampler");
    sampler.setDaemon(true);
    sampler.start();
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    sampler.interrupt();
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    test.getSource()
        .filter(ClassSource.class::isInstance)
        .map(source -> ((ClassSource) source).getClassName())
        .ifPresent(
            name ->
                running.put(
                    name,
                    new ClassCost(
                        name, Thread.currentThread(), Costs.snapshot(), System.nanoTime())));
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    boolean failed = result.getStatus() != TestExecutionResult.Status.SUCCESSFUL;
    Optional<String> ofMethod =
        test.getSource()
            .filter(MethodSource.class::isInstance)
            .map(source -> ((MethodSource) source).getClassName());
    if (test.isTest() && ofMethod.isPresent()) {
      running.computeIfPresent(
          ofMethod.get(),
          (name, cost) -> {
            cost.ended(failed);
            return cost;
          });
      return;
    }
    test.getSource()
        .filter(ClassSource.class::isInstance)
        .map(source -> running.remove(((ClassSource) source).getClassName()))
        .ifPresent(
            cost -> {
              if (failed) {
                // What goes wrong before the first test or after the last one.
                cost.ended(true);
              }
              write(cost);
            });
  }

  private void write(ClassCost cost) {
    String line;
    synchronized (cost) {
      line = cost.line(Costs.snapshot(), System.nanoTime(), PERIOD_MILLIS / 1_000.0);
    }
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void sample() {
    try {
      while (true) {
        Thread.sleep(PERIOD_MILLIS);
        for (ClassCost cost : running.values()) {
          StackTraceElement[] stack = cost.thread().getStackTrace();
          synchronized (cost) {
            cost.seenIn(stack);
          }
        }
      }
    } catch (InterruptedException e) {
      // The tests are over.
    }
  }
}
