package io.meshagent.core.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SpanDeliveryTest {

  @Test
  void drops_and_counts_what_finds_no_room_without_blocking() {
    CompletableResultCode never = new CompletableResultCode();
    SpanDelivery delivery = new SpanDelivery(new RecordingExporter(() -> never));

    end(delivery, SpanDelivery.MOST_PENDING + 100);

    assertThat(delivery.dropped()).isEqualTo(100);
    never.succeed();
    await()
        .untilAsserted(() -> assertThat(delivery.exported()).isEqualTo(SpanDelivery.MOST_PENDING));
    assertThat(delivery.dropped()).isEqualTo(100);
    delivery.close(1, TimeUnit.SECONDS);
  }

  @Test
  void counts_a_failed_batch_as_dropped() {
    SpanDelivery delivery =
        new SpanDelivery(new RecordingExporter(CompletableResultCode::ofFailure));
    end(delivery, 7);
    delivery.close(5, TimeUnit.SECONDS);

    assertThat(delivery.dropped()).isEqualTo(7);
    assertThat(delivery.exported()).isZero();
  }

  @Test
  void counts_a_batch_whose_export_threw_as_dropped() {
    SpanDelivery delivery =
        new SpanDelivery(
            new RecordingExporter(
                () -> {
                  throw new IllegalStateException("a bug");
                }));
    end(delivery, 7);
    delivery.close(5, TimeUnit.SECONDS);

    assertThat(delivery.dropped()).isEqualTo(7);
  }

  @Test
  void closes_in_time_and_counts_each_span_once_though_the_collector_hangs() {
    CompletableResultCode late = new CompletableResultCode();
    SpanDelivery delivery = new SpanDelivery(new RecordingExporter(() -> late));
    end(delivery, 7);

    long start = System.nanoTime();
    delivery.close(200, TimeUnit.MILLISECONDS);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));

    late.succeed();
    end(delivery, 1);
    assertThat(delivery.dropped()).isEqualTo(8);
    assertThat(delivery.exported()).isZero();
  }

  @Test
  void exports_on_a_thread_that_takes_over_nothing_of_the_programs() {
    InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
    local.set("of the program");
    List<String> seen = new CopyOnWriteArrayList<>();
    // Asked for there: a thread that has ended has none.
    List<ThreadGroup> groups = new CopyOnWriteArrayList<>();
    RecordingExporter exporter =
        new RecordingExporter(
            () -> {
              seen.add(local.get());
              groups.add(Thread.currentThread().getThreadGroup());
              return CompletableResultCode.ofSuccess();
            });
    SpanDelivery delivery = new SpanDelivery(exporter);
    local.remove();
    end(delivery, 1);
    delivery.close(5, TimeUnit.SECONDS);

    assertThat(delivery.exported()).isEqualTo(1);
    assertThat(seen).containsExactly((String) null);
    assertThat(groups).singleElement().extracting(ThreadGroup::getParent).isNull();
    assertThat(exporter.thread.getContextClassLoader())
        .isSameAs(SpanDelivery.class.getClassLoader());
  }

  private static void end(SpanDelivery delivery, int spans) {
    SdkTracerProvider provider = SdkTracerProvider.builder().addSpanProcessor(delivery).build();
    for (int i = 0; i < spans; i++) {
      provider.get("test").spanBuilder("span " + i).startSpan().end();
    }
  }
}
