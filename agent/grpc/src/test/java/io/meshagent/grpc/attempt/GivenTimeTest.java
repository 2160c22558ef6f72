package io.meshagent.grpc.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GivenTimeTest {

  private static final Status THROWN_AWAY =
      Status.CANCELLED.withDescription("Stream thrown away because RetriableStream committed");
  private static final long BEGAN = Long.MAX_VALUE - 1_000;

  private static boolean isOver(Status status, String timeout, long millis) {
    Metadata headers = new Metadata();
    if (timeout != null) {
      headers.put(Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER), timeout);
    }
    return GivenTime.isOver(status, headers, BEGAN, BEGAN + TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void what_is_thrown_away_when_its_time_is_over_ran_out_of_time() {
    assertThat(isOver(THROWN_AWAY, "998m", 999)).isTrue();
    assertThat(isOver(THROWN_AWAY, "998123u", 999)).isTrue();
    assertThat(isOver(THROWN_AWAY, "1S", 1_000)).isTrue();
  }

  @Test
  void what_is_thrown_away_before_lost_to_another_attempt_or_to_its_caller() {
    assertThat(isOver(THROWN_AWAY, "998m", 100)).isFalse();
    assertThat(isOver(THROWN_AWAY, null, 100_000)).as("no deadline").isFalse();
    assertThat(isOver(Status.CANCELLED, "998m", 999)).as("by the program").isFalse();
    assertThat(isOver(Status.CANCELLED.withDescription("enough"), "1m", 999)).isFalse();
    assertThat(isOver(Status.UNAVAILABLE, "1m", 999)).isFalse();
  }

  @Test
  void reads_all_units_and_survives_what_is_none() {
    assertThat(GivenTime.nanos("7n")).isEqualTo(7);
    assertThat(GivenTime.nanos("7M")).isEqualTo(TimeUnit.MINUTES.toNanos(7));
    assertThat(GivenTime.nanos("7H")).isEqualTo(TimeUnit.HOURS.toNanos(7));
    assertThat(GivenTime.nanos("7x")).isZero();
    assertThat(GivenTime.nanos("xm")).isZero();
    assertThat(GivenTime.nanos("m")).isZero();
    assertThat(GivenTime.nanos(null)).isZero();
  }
}
