package io.meshagent.core.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.telemetry.trace.TestCall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/**
 * What a scraper of a large program takes: 500 methods, of which it calls some and hosts others.
 * All have ended well, every fifth also in failures of one kind, every tenth of two.
 */
class PageSizeTest {

  private static final int RUNS = 21;
  private static final int BLOCKS = 10;
  private static final long MOST_NANOS = 50_000_000;

  private final Metrics metrics = new Metrics("1.2.3");

  PageSizeTest() {
    for (int i = 0; i < 500; i++) {
      Side side = i % 2 == 0 ? Side.CLIENT : Side.SERVER;
      String method = "shop.orders.v1.OrderService/PlaceOrder" + i;
      end(side, method, Code.OK);
      if (i / 2 % 5 == 0) {
        end(side, method, Code.UNAVAILABLE);
      }
      if (i / 2 % 10 == 0) {
        end(side, method, Code.DEADLINE_EXCEEDED);
      }
    }
    // As of breakers, which every method that is called has.
    metrics.gauge(
        "mesh_breaker_state",
        "States.",
        List.of("grpc_method", "state"),
        samples -> {
          for (int i = 0; i < 500; i += 2) {
            for (String state : List.of("closed", "open", "half_open")) {
              samples.add(0, "shop.orders.v1.OrderService/PlaceOrder" + i, state);
            }
          }
        });
    new JvmMetrics(metrics).add();
  }

  private void end(Side side, String method, Code code) {
    for (long nanos : new long[] {400_000, 7_000_000, 93_000_000}) {
      TestCall call = TestCall.of(side, method, metrics.stage(side, method)).admitted();
      call.takes(nanos);
      call.end(code, null);
    }
  }

  @Test
  void it_is_small() throws IOException {
    String page = page();
    assertThat(page.lines().filter(line -> line.contains("_count{")).count()).isGreaterThan(600);
    assertThat(bytes(page).length).as("bytes of the page").isLessThan(1_000_000);
    assertThat(compressed(page)).as("bytes as Prometheus asks for them").isLessThan(60_000);
  }

  /**
   * By the thread's own time, and the best of several medians: a machine that shares its processors
   * with others adds to that, too.
   */
  @Test
  void it_is_quick() throws IOException {
    long best = medianNanos();
    for (int i = 1; i < BLOCKS && best >= MOST_NANOS; i++) {
      best = Math.min(best, medianNanos());
    }
    assertThat(best).as("nanoseconds, the median").isLessThan(MOST_NANOS);
  }

  private long medianNanos() throws IOException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] nanos = new long[RUNS];
    for (int i = 0; i < RUNS; i++) {
      long began = threads.getCurrentThreadCpuTime();
      int unused = bytes(page()).length;
      nanos[i] = threads.getCurrentThreadCpuTime() - began;
    }
    Arrays.sort(nanos);
    return nanos[RUNS / 2];
  }

  private String page() throws IOException {
    StringWriter page = new StringWriter();
    metrics.write(page);
    return page.toString();
  }

  private static byte[] bytes(String page) {
    return page.getBytes(StandardCharsets.UTF_8);
  }

  private static int compressed(String page) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(bytes(page));
    }
    return bytes.size();
  }
}
